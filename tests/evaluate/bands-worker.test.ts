// Time bands on a real ledger: one batch, many batches and two workers with timers tell the same.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { savePerson } from '#store/people.ts';
import { groundRules, saveRule } from '#store/rules.ts';
import { notifications } from '#store/schema/notifications.ts';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { berlin, minute, workAndHome } from './band-stage.ts';
import { openStage, type Stage } from './stage.ts';

const stages: Stage[] = [];
const open = async () => {
  const stage = await openStage();
  stages.push(stage);
  return stage;
};
let first: Stage;
beforeEach(async () => {
  first = await open();
});
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

const given = {
  id: 'r_bands',
  to: ['v_work'],
  bands: workAndHome,
  zone: 'Europe/Berlin',
  forMs: 2 * minute,
  flapping: { after: 3, withinMs: 120 * minute, holdMs: 30 * minute },
};
/** Values through a week, each some hours apart, of three subjects. */
const values = [93, 98, 50, 93, 93, 98, 50, 98, 94, 50, 95, 50, 96, 50, 99, 93, 30, 98];
const history = values.map((usage, i) => ({
  at: berlin('Mon 08:50') + i * 37 * minute + (i > 8 ? 1440 * minute : 0),
  subject: `/d${i % 3}`,
  data: { usage },
}));
const end = berlin('Sun 12:00');

async function tells(stage: Stage): Promise<string[]> {
  const rows = await stage.world.database.db.select().from(notifications);
  return rows.map(({ kind, receiverId, alertRev }) => `${kind} ${receiverId} ${alertRev}`).sort();
}

it('in one batch, event by event, and with two workers', async () => {
  const rule = { ...given, ownerId: 'p_ana' };
  const give = async (stage: Stage) => {
    await savePerson(stage.world.database.db, ana);
    await stage.rule(rule);
  };
  await give(first);
  const whole = evaluateWork(first.world);
  await first.push(...history);
  await first.drainAll(whole, end);
  await whole.due('all', end);
  const lives = await first.lives();
  expect(lives.join(' ')).toMatch(/fired.*resolved/);
  expect((await tells(first)).join()).toMatch(/v_home.*v_work/);

  const second = await open();
  await give(second);
  const [one, two] = [evaluateWork(second.world), evaluateWork(second.second())];
  for (const [i, event] of history.entries()) {
    await second.push(event);
    await Promise.all([second.drainAll(one, event.at), second.drainAll(two, event.at)]);
    // Time passes in between, as the sweeper lets it.
    const until = history[i + 1]?.at ?? end;
    for (let at = event.at + 11 * minute; at < until; at += 11 * minute)
      await (i % 2 === 0 ? one : two).due('all', at);
  }
  await two.due('all', end);
  expect(await second.lives()).toEqual(lives);
  expect(await tells(second)).toEqual(await tells(first));
  for (const work of [whole, one, two]) await work.close();
}, 60_000);

const ana = {
  id: 'p_ana',
  telegramId: 7001,
  name: 'Ana',
  username: null,
  role: 'member' as const,
  zone: 'Europe/Berlin',
  morning: 540,
  quiet: null,
  createdAt: 0,
  leftAt: null,
};

it('another zone, and other bands, count at once for what waits', async () => {
  const { db } = first.world.database;
  await savePerson(db, ana);
  const rule = await first.rule({ ...given, forMs: 0 });
  const work = evaluateWork(first.world);
  await first.push({ at: berlin('Tue 03:00'), data: { usage: 93 } });
  await first.drainAll(work, berlin('Tue 03:00'));
  // Where it is nine already.
  await savePerson(db, { ...ana, zone: 'Asia/Tokyo' });
  await db.transaction((tx) => groundRules(tx, 'p_ana', berlin('Tue 03:30')));
  await work.due('all', berlin('Tue 03:30'));
  expect((await first.lives()).join()).toContain(`fired@${berlin('Tue 03:30')}`);
  const { version: _, ...plain } = rule;
  await first.push(
    { at: berlin('Tue 04:00'), subject: '/b', data: { usage: 80 } },
    { at: berlin('Tue 04:00'), subject: '/c', data: { usage: 93 } },
  );
  await first.drainAll(work, berlin('Tue 04:00'));
  await db.transaction((tx) => saveRule(tx, { ...plain, bands: [] }, 'operator', berlin('Tue 04:30')));
  await work.due('all', berlin('Tue 04:30'));
  await first.push({ at: berlin('Tue 05:00'), data: { usage: 40 } });
  await first.drainAll(work, berlin('Tue 05:00'));
  expect((await first.lives())[0]).toContain(`resolved@${berlin('Tue 05:00')}`);
  await work.close();
});
