// Where it is reached, and where it keeps what it knows.
import { text, url, type Variable, whole } from './variable.ts';

export const places = {
  PUBLIC_URL: {
    why: 'The address by which people and services reach this server; used in links and for the webhook.',
    default: '',
    read: url(['https:', 'http:'], 'must be an address such as https://alerts.example.org')
      .transform((value) => value.replace(/\/+$/, ''))
      .optional(),
  },
  DATABASE_URL: {
    why: 'Your PostgreSQL (13 or newer), the server itself and not a pooler such as PgBouncer. None: an embedded one keeps its files in DATA_DIR.',
    default: '',
    secret: true,
    read: url(
      ['postgres:', 'postgresql:'],
      'must look like postgres://user:password@host:5432/tocsin',
    ).optional(),
  },
  REDIS_URL: {
    why: 'Your Redis (maxmemory-policy noeviction). None: the queue runs on the same PostgreSQL.',
    default: '',
    secret: true,
    read: url(
      ['redis:', 'rediss:'],
      'must look like redis://host:6379 or rediss://user:password@host:6380',
    ).optional(),
  },
  DATA_DIR: {
    why: 'The folder for everything that is embedded: the database, the sandbox, the first key.',
    default: './data',
    read: text.min(1, 'must name a folder').default('./data'),
  },
  HOST: {
    why: 'The address to listen on: 127.0.0.1 is this machine only, 0.0.0.0 is everybody who can reach it.',
    default: '127.0.0.1',
    read: text.min(1, 'must be an address such as 127.0.0.1').default('127.0.0.1'),
  },
  PORT: {
    why: 'The port to listen on; 0 takes any free one.',
    default: '8080',
    read: whole(65_535, 8080),
  },
} as const satisfies Record<string, Variable>;
