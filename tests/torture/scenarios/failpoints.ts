// The process ends at every place where its end would hurt most, one after the other: nothing may be lost or done twice.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Failpoint, failpoints } from '#core/failpoint.ts';
import type { AppProcess } from '../../harness/app-process.ts';
import type { RemotePerson } from '../../harness/telegram-client.ts';
import { until } from '../../harness/until.ts';
import { judge, quiet } from '../judge.ts';
import { type Accepted, crowd, ownerOf, pushAll, signUp } from '../river.ts';
import { chanceFrom } from '../seed.ts';
import { openStage, type Stage } from '../stage.ts';
import { exactly, holds, type Row, type Scenario, told } from './scenario.ts';

const entry = 'tests/torture/failpoint-program.ts';
const who = crowd(3);
/** Passed once or twice in a round; the others often. */
const seldom = /^(start|due|board|fail|poll|update|write|edit)\./;
const mostRounds = 4;

export const everyFailpoint: Scenario = {
  name: 'failpoints',
  title: 'the process ends at each of its weakest places',
  covers: ['F1', 'F2', 'F3', 'F4', 'F5'],
  async run({ seed, queue, profile, say }) {
    const chance = chanceFrom(seed);
    const stage = await openStage({ queue, people: who.length + 2 });
    const log = path.join(stage.folder, 'failpoints.log');
    writeFileSync(log, '');
    try {
      const app = await stage.program('app', { FAILPOINT_LOG: log }, { entry });
      const round = await rounds(stage, app);
      const repeats = profile === 'short' ? 1 : 20;
      const plan = Array.from({ length: repeats }, () => failpoints)
        .flat()
        .map((name) => ({ name, nth: seldom.test(name) ? 1 : 1 + chance.below(3) }));
      const missed: string[] = [];
      for (const { name, nth } of plan) {
        await app.kill();
        const before = reached(log, name);
        await startTrapped(app, `${name}:${nth}`);
        for (let i = 0; i < mostRounds && reached(log, name) === before; i++) await round(name);
        if (reached(log, name) === before) missed.push(name);
        if (app.endedBy() === null) await app.kill();
        say(`${name}, time ${nth}: ${missed.at(-1) === name ? 'NOT REACHED' : 'reached'}`);
      }
      await app.kill();
      await app.start();
      await round('end');
      await quiet(stage);
      return [
        told('places', failpoints.length),
        exactly('kills', plan.length - missed.length, plan.length),
        holds('every place was reached', missed.length === 0, missed.join(', ')),
        ...(await judge(stage, round.accepted())),
        ...(await oneEffect(stage)),
      ];
    } finally {
      await stage.close();
    }
  },
};

function reached(log: string, name: string): number {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line === name).length;
}

async function startTrapped(app: AppProcess, FAILPOINT: string): Promise<void> {
  // It may end while it starts: then it starts again without the trap.
  await app.start({ FAILPOINT }).catch(() => app.start());
}

type Rounds = ((name: Failpoint | 'end') => Promise<void>) & { accepted(): Accepted[] };

/** Everything that a place may be on the way of: events, timers, messages, edits, a board, talk and presses. */
async function rounds(stage: Stage, app: AppProcess): Promise<Rounds> {
  const remote = stage.telegram.telegram;
  await signUp(remote, who);
  const [patient, stormy] = [who.length, who.length + 1];
  const talker = await remote.person(ownerOf(0));
  await watching(stage, patient, '/watch slow.* usage > 90 for 1s');
  await watching(stage, stormy, '/watch storm.* usage > 90');
  const accepted: Accepted[] = [];
  let count = 0;
  const event = (type: string, subject: string, usage: number, i: number) => ({
    id: `r${count}-${type}-${i}`,
    type,
    subject,
    usage,
  });
  const round = async (name: Failpoint | 'end') => {
    count += 1;
    // Up and down in turns, so that every round fires and resolves.
    const values = name === 'end' ? [50] : [95, 50, 96];
    const river = who.flatMap((person) =>
      values.flatMap((usage, i) =>
        ['/a', '/b'].map((subject) =>
          event(`disk.p${person}`, subject, usage + person / 10, i * 2 + Number(subject === '/b')),
        ),
      ),
    );
    const slow = [event('slow.one', '/s', name === 'end' || count % 2 === 0 ? 40 : 97, 0)];
    const storm =
      name.startsWith('board.') || name === 'end'
        ? Array.from({ length: 14 }, (_, i) =>
            event('storm.one', `/t${i}`, name === 'end' || count % 2 === 0 ? 30 : 99, i),
          )
        : [];
    if (name.startsWith('fail.'))
      await remote.faults.next(
        1,
        { status: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } },
        { method: 'sendMessage' },
      );
    const pushing = pushAll(app.url, stage.key, [...river, ...slow, ...storm], []);
    const talking = talk(talker);
    await Promise.race([
      app.ended(),
      until('the round is worked off', () => settled(stage), 15_000).catch(() => {}),
    ]);
    await remote.faults.clear();
    if (app.endedBy() !== null) await app.start();
    accepted.push(...(await pushing).filter(({ type }) => type.startsWith('disk.')));
    await talking;
  };
  return Object.assign(round, { accepted: () => accepted });
}

async function settled({ ledger }: Stage): Promise<boolean> {
  const [row] = await ledger.sql()`select
    (select count(*)::int from events where processed_at is null) as events,
    (select count(*)::int from notifications where status not in ('sent','suppressed','dead')) as notifications,
    (select count(*)::int from rule_states where due_at is not null and due_at < now() + interval '3 seconds') as timers,
    (select count(*)::int from copies where shown_rev < wanted_rev and message_id is not null) as edits`;
  return Object.values(row as Record<string, number>).every((left) => left === 0);
}

async function watching({ telegram: { telegram } }: Stage, person: number, line: string): Promise<void> {
  const hands = await telegram.person(ownerOf(person), { first_name: `Person ${person}` });
  await hands.start();
  await until('the bot greets', async () => (await hands.seen()).length > 0);
  await hands.say(line);
  await until('the rule is saved', async () =>
    (await hands.seen()).some(({ text }) => /over 90/.test(text ?? '')),
  );
}

async function talk(hands: RemotePerson): Promise<void> {
  await hands.say('/alerts').catch(() => {});
  // What burns may be over, and the bot may be gone, when the finger comes down.
  await hands.press('Acknowledge', { timeout: 100 }).catch(() => {});
}

/** No event was accepted twice, no press counted twice. */
async function oneEffect({ ledger }: Stage): Promise<Row[]> {
  const [row] = await ledger.sql()`select
    (select count(*)::int from (select 1 from events group by source_id, source, event_id having count(*) > 1) x) as events,
    (select count(*)::int from (select 1 from transitions group by alert_id, rev having count(*) > 1) x) as transitions,
    (select count(*)::int from (select 1 from notifications where kind in ('firing','over')
      group by alert_id, receiver_id, kind, alert_rev having count(*) > 1) x) as notifications`;
  const found = row as unknown as { events: number; transitions: number; notifications: number };
  return [
    exactly(
      'events, changes and notifications made twice',
      found.events + found.transitions + found.notifications,
      0,
    ),
  ];
}
