// Rules are streamed into a process; afterwards the same connection answers the next question.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/store/connection.ts';
import { tellRules, unpackRule } from '../../src/store/rule-feed.ts';
import { saveRule } from '../../src/store/rules.ts';
import { ruleWith } from '../evaluate/stage.ts';
import { freshLedger } from '../harness/database.ts';

let ledger: Awaited<ReturnType<typeof freshLedger>>;
let database: Database;
beforeAll(async () => {
  ledger = await freshLedger(2);
  database = ledger.database;
});
afterAll(() => ledger.close());

// The driver pauses its socket at certain sizes only: every few rules another size is read.
it('whatever their size, all are told, and the connection goes on', { timeout: 60_000 }, async () => {
  for (let count = 1; count <= 160; count++) {
    await database.db.transaction((tx) =>
      saveRule(
        tx,
        ruleWith({ id: `r_feed${count}`, name: `Rule ${count} ${'x'.repeat(80)}` }),
        'operator',
        count,
      ),
    );
    if (count % 4 !== 0) continue;
    const names: string[] = [];
    const answer = database.db.transaction(async (tx) => {
      await tellRules(tx, 0, { changed: (rule) => void names.push(unpackRule(rule).name), gone: () => {} });
      return tx.execute('select 1 as one');
    });
    const late = new Promise((_, reject) =>
      setTimeout(() => reject(new Error(`no answer after reading ${count} rules`)), 8_000).unref(),
    );
    expect(await Promise.race([answer, late])).toEqual([{ one: 1 }]);
    expect(names).toHaveLength(count);
  }
});
