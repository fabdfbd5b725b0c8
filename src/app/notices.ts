// What whoever starts the program should know about this start.
import type { Config } from '../config.ts';

interface About {
  /** How many may begin. */
  owners: number;
  /** Of the tables, made by a newer program. */
  unknownChanges: number;
  queueUp: boolean;
}

export function noticesAbout(config: Config, { owners, unknownChanges, queueUp }: About): string[] {
  const isOpen = !config.telegram.token && !/^(127\.|localhost$|::1$)/.test(config.host);
  return [
    ...besideNewer(unknownChanges),
    ...(queueUp || config.redisUrl === undefined
      ? []
      : [
          `The Redis of REDIS_URL (${new URL(config.redisUrl).host}) cannot be reached now. Nothing is lost: until it can, work is found without it, a little later.`,
        ]),
    ...(owners === 0
      ? ['Nobody may begin yet: set OWNER_IDS, or run: npm run tocsin -- invite --role owner']
      : []),
    ...(isOpen
      ? [`The sandbox can be used by everybody who reaches ${config.host}; it knows no passwords.`]
      : []),
  ];
}

function besideNewer(changes: number): string[] {
  if (changes === 0) return [];
  const what = changes === 1 ? 'a change' : `${changes} changes`;
  return [
    `A newer Tocsin has been on this database (${what} of the tables that this one does not know). ` +
      'This one works beside it while you upgrade; do not leave it so.',
  ];
}
