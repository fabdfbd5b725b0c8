// How soon the program takes events, beside the imports of its libraries alone.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { program, startWords } from '../../harness/program.ts';
import { type Area, number, ratioAtMost, words } from '../area.ts';
import { median } from '../clock.ts';
import { startServer } from '../ledger.ts';
import { startYard } from '../load/yard.ts';
import { installed, startAlertmanager } from '../peers/alertmanager.ts';
import { cpuOf, rssOf } from '../peers/process.ts';
import { startOn } from '../peers/tocsin.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const isTrue = `const began = performance.now();
  const { isTrue } = await import('${root}build/truth.mjs');
  isTrue('${root}', 'src/main.ts', '${root}built/main.mjs');
  console.log(performance.now() - began);`;
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
      const [own, check, bare, memory, peer]: number[][] = [[], [], [], [], []];
      const [ownCpu, bareCpu]: number[][] = [[], []];
      // Built before it counts, as after a first start.
      await program('src/main.ts');
      for (let round = 0; round < (quick ? 2 : 5); round++) {
        say(`round ${round + 1}`);
        const imports = libraries.map((name) => `import '${name}';`).join('');
        const alone = timed(['--input-type=module', '-e', `${imports}process.exit(0)`]);
        bare!.push(alone.ms);
        bareCpu!.push(alone.cpuMs);
        const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', isTrue]);
        check!.push(Number(stdout));
        const tocsin = await startOn(place, { apiRoot: yard.apiRoot, words: startWords });
        own!.push(tocsin.startMs);
        ownCpu!.push(cpuOf(tocsin.pid) / 1_000);
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
              row('of it, to see that the program is true to src, ms', check!),
              row('imports of its libraries alone, ms', bare!),
              row('CPU until it takes events, ms', ownCpu!),
              row('CPU of the imports alone, ms', bareCpu!),
              row('Alertmanager, ms', peer!),
              row('memory two seconds later, MB', memory!),
            ],
            notes: [
              'PostgreSQL is there already, and the program was built before. The libraries are imported as they are installed.',
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

/** Runs Node to its end: how long it took, and how much CPU it says it used. */
function timed(args: string[]): { ms: number; cpuMs: number } {
  const tell = 'process.on("exit",()=>{const{user,system}=process.cpuUsage();console.log(user+system)})';
  const began = performance.now();
  const { stdout } = spawnSync(process.execPath, ['--import', `data:text/javascript,${tell}`, ...args], {
    encoding: 'utf8',
  });
  return { ms: performance.now() - began, cpuMs: Number(stdout.trim().split('\n').at(-1)) / 1_000 };
}
