// What many rules cost the whole path: reading them at the start, changing one, and evaluating events of real batches.
import { saveRule } from '#store/rules.ts';
import { evaluateBatch } from '../../../src/evaluate/batch.ts';
import { type Evaluation, transact } from '../../../src/evaluate/evaluation.ts';
import { openRuleBook } from '../../../src/evaluate/index/rule-book.ts';
import { openRules } from '../../../src/evaluate/open-rules.ts';
import { type Area, atMost, type Cell, type Findings, number, ratioAtMost } from '../area.ts';
import { bytesInUse, median, quantile, timed } from '../clock.ts';
import { benchWorld, fillEvents, fillRules, startServer } from '../ledger.ts';
import { eventNumber, ruleNumber } from '../many-rules.ts';

const perBatch = 200;

export const loadedLedger: Area = {
  name: 'ledger',
  title: 'start, rule change and whole evaluation with 1,000 and with 1,000,000 rules in a real ledger',
  async measure({ quick, say }) {
    const server = await startServer();
    try {
      const sizes = quick ? [1_000, 100_000] : [1_000, 100_000, 1_000_000];
      const loaded = [];
      for (const size of sizes) {
        say(`${size.toLocaleString('en-US')} rules`);
        loaded.push(await load(await server.ledger(), size));
      }
      say('evaluating');
      for (let round = 0; round < (quick ? 4 : 8); round++)
        for (const one of loaded) await evaluateRound(one, round);
      say('changing');
      for (let round = 0; round < (quick ? 20 : 100); round++)
        for (const one of loaded) await changeRound(one, round);
      return report(loaded);
    } finally {
      await server.stop();
    }
  },
};

type Loaded = Awaited<ReturnType<typeof load>>;

async function load(
  database: Awaited<ReturnType<Awaited<ReturnType<typeof startServer>>['ledger']>>,
  size: number,
) {
  await fillRules(database, size);
  const world = benchWorld(database);
  const evaluation: Evaluation = { world, book: openRuleBook(world.log), tellOwners: async () => {} };
  const before = bytesInUse();
  const reading = await timed(() => transact(evaluation, (tx) => openRules(tx, evaluation)));
  if (evaluation.book.size !== size)
    throw new Error(`${evaluation.book.size} rules were read instead of ${size}`);
  const bytes = (bytesInUse() - before) / size;
  return {
    database,
    size,
    evaluation,
    reading,
    bytes,
    cpuUs: [] as number[],
    wallUs: [] as number[],
    matched: 0,
    changes: [] as number[],
  };
}

/** A batch of events whose keys nobody has seen: every match begins an alert, whatever the number of rules. */
async function evaluateRound(one: Loaded, round: number): Promise<void> {
  const { database, evaluation, size } = one;
  const given = Array.from({ length: perBatch }, (_, i) => {
    const event = eventNumber(round * perBatch + i, size);
    return { ...event, source: `bench-${event.id}`, fingerprint: JSON.stringify([event.id]) };
  });
  await fillEvents(database, given, 1);
  const now = given.at(-1)!.receivedAt;
  const { result, ms, cpuMs } = await timed(() =>
    transact(evaluation, (tx) => evaluateBatch(tx, evaluation, 1, perBatch, async (all) => all.length, now)),
  );
  if (result.events.length !== perBatch) throw new Error('a batch was not whole');
  // The first rounds compile.
  if (round < 2) return;
  one.cpuUs.push((cpuMs * 1000) / perBatch);
  one.wallUs.push((ms * 1000) / perBatch);
  one.matched = result.matched / perBatch;
}

/** A saved rule is known to the next evaluation. */
async function changeRound(one: Loaded, round: number): Promise<void> {
  const { evaluation, size } = one;
  const { version: _version, ...rule } = ruleNumber(round, size);
  const { ms } = await timed(async () => {
    const { db } = evaluation.world.database;
    await db.transaction((tx) => saveRule(tx, { ...rule, name: `Changed ${round}` }, 'bench', 0));
    await transact(evaluation, (tx) => openRules(tx, evaluation));
  });
  if (evaluation.book.watch(rule.id)?.rule.name !== `Changed ${round}`)
    throw new Error('the change is not known');
  one.changes.push(ms);
}

function report(loaded: Loaded[]): Findings {
  const [least] = loaded;
  const most = loaded.at(-1)!;
  const many = most.size.toLocaleString('en-US');
  const rows: Cell[][] = loaded.map((one) => [
    number(one.size),
    number(one.reading.ms / 1000),
    number(one.reading.cpuMs / 1000),
    number(one.bytes),
    number(one.matched),
    number(median(one.cpuUs)),
    number(median(one.wallUs)),
    number(median(one.changes)),
    number(quantile(one.changes, 0.99)),
  ]);
  return {
    tables: [
      {
        title: 'Many rules in a real ledger',
        columns: [
          'rules',
          'read s',
          'CPU s',
          'B/rule',
          'looking',
          'CPU µs/event',
          'wall µs/event',
          'change p50 ms',
          'p99 ms',
        ],
        rows,
        notes: [
          'Read: all rules by COPY and into the index. CPU: this process. B/rule: index and packed rules together.',
          `Event: in a batch of ${perBatch} with keys never seen, so that every match writes an alert. Change: saved, and known to the evaluator.`,
        ],
      },
    ],
    aims: [
      ratioAtMost(
        10,
        `CPU of an event with ${many} rules against 1,000`,
        median(most.cpuUs) / median(least!.cpuUs),
        1.25,
        1.05,
      ),
      {
        row: 13,
        ...atMost(`a change known with ${many} rules, p99`, quantile(most.changes, 0.99), 1000, 100, ' ms'),
      },
      ...loaded.flatMap(({ size, reading }) =>
        size === 100_000
          ? [{ row: 15, ...atMost('100,000 rules live', reading.ms / 1000, 1, 0.6, ' s') }]
          : size === 1_000_000
            ? [{ row: 15, ...atMost('1,000,000 rules live', reading.ms / 1000, 8, 4, ' s') }]
            : [],
      ),
    ],
  };
}
