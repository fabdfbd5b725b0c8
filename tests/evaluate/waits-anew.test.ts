// Whoever waits for what does not come waits by what the rule and the owner's settings say now.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { savePerson } from '#store/people.ts';
import { groundRules, saveRule } from '#store/rules.ts';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const [minute, hour] = [60_000, 3_600_000];

it('a shorter wait counts from the edit, not from the end of the longer one', async () => {
  const { db } = stage.world.database;
  const work = evaluateWork(stage.world);
  const { version: _, ...rule } = await stage.rule({
    kind: 'absence',
    topic: 'backup.done',
    params: { every: '24h' },
    begins: true,
  });
  await stage.push({ at: 0, type: 'backup.done', subject: 'nas' });
  await stage.drainAll(work, 0);
  await db.transaction((tx) => saveRule(tx, { ...rule, params: { every: '1h' } }, 'operator', 10 * minute));
  await work.due('all', 11 * minute);
  await work.due('all', 10 * minute + hour);
  expect((await stage.lives()).join()).toContain(`fired@${10 * minute + hour}`);
  await work.close();
});

it('a schedule counts by the zone in which its owner is now', async () => {
  const { db } = stage.world.database;
  const person = {
    id: 'p_bo',
    telegramId: 7002,
    name: 'Bo',
    username: null,
    role: 'member' as const,
    zone: 'UTC',
    morning: 540,
    quiet: null,
    createdAt: 0,
    leftAt: null,
  };
  await savePerson(db, person);
  const work = evaluateWork(stage.world);
  await stage.rule({
    ownerId: 'p_bo',
    kind: 'absence',
    topic: 'report.done',
    params: { cron: '0 9 * * *', grace: '0s' },
    begins: true,
  });
  await stage.push({ at: Date.UTC(2025, 5, 2, 12), type: 'report.done', subject: 'sales' });
  await stage.drainAll(work, Date.UTC(2025, 5, 2, 12));
  // Nine in Tokyo is midnight in UTC.
  await savePerson(db, { ...person, zone: 'Asia/Tokyo' });
  await db.transaction((tx) => groundRules(tx, 'p_bo', Date.UTC(2025, 5, 2, 13)));
  await work.due('all', Date.UTC(2025, 5, 2, 13));
  await work.due('all', Date.UTC(2025, 5, 3, 0));
  expect((await stage.lives()).join()).toContain(`fired@${Date.UTC(2025, 5, 3, 0)}`);
  await work.close();
});
