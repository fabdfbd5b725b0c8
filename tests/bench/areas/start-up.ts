// How soon the program takes events, beside the imports of its libraries alone.
import { spawnSync } from 'node:child_process';
import { type Area, number, ratioAtMost, words } from '../area.ts';
import { median } from '../clock.ts';
import { startServer } from '../ledger.ts';
import { startYard } from '../load/yard.ts';
import { installed, startAlertmanager } from '../peers/alertmanager.ts';
import { rssOf } from '../peers/process.ts';
import { startOn } from '../peers/tocsin.ts';

const libraries = [
  'hono',
  '@hono/node-server',
  'grammy',
  '@grammyjs/conversations',
  'bullmq',
  'ioredis',
  'pg',
  'postgres',
  'drizzle-orm',
  'zod',
  'pino',
  'prom-client',
];

export const startUp: Area = {
  name: 'start-up',
  title: 'from the start of the process to the first event it takes, beside the imports of its libraries',
  async measure({ quick, say }) {
    const server = await startServer();
    const yard = await startYard();
    try {
      const place = await server.place();
      const [own, bare, memory, peer]: number[][] = [[], [], [], []];
      for (let round = 0; round < (quick ? 2 : 5); round++) {
        say(`round ${round + 1}`);
        const began = performance.now();
        const imports = libraries.map((name) => `import '${name}';`).join('');
        spawnSync(process.execPath, ['--input-type=module', '-e', `${imports}process.exit(0)`]);
        bare!.push(performance.now() - began);
        const tocsin = await startOn(place, { apiRoot: yard.apiRoot });
        own!.push(tocsin.startMs);
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        memory!.push(rssOf(tocsin.pid));
        await tocsin.stop();
        if (!installed('prometheus-alertmanager')) continue;
        const other = await startAlertmanager();
        peer!.push(other.startMs);
        await other.stop();
      }
      const row = (what: string, values: number[]) => [words(what), number(median(values))];
      return {
        tables: [
          {
            title: 'Start-up',
            columns: ['what', 'found'],
            rows: [
              row('takes events after ms', own!),
              row('imports of its libraries alone, ms', bare!),
              row('Alertmanager, ms', peer!),
              row('memory two seconds later, MB', memory!),
            ],
            notes: [
              'PostgreSQL is there already, and the program is built. The libraries are imported as they are installed.',
            ],
          },
        ],
        aims: [
          ratioAtMost(15, 'takes events, against the bare imports', median(own!) / median(bare!), 1.5, 1.2),
        ],
      };
    } finally {
      await yard.stop();
      await server.stop();
    }
  },
};
