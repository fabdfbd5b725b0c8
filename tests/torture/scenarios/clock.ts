// The clock of a running program is set by hours and days, to and fro: nothing fires twice, what is due fires once.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../harness/until.ts';
import { judge, messagesIn, quiet } from '../judge.ts';
import { type Accepted, crowd, history, ownerOf, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage, type Stage } from '../stage.ts';
import { atMost, exactly, type Row, type Scenario, told } from './scenario.ts';

const entry = 'tests/torture/clock-program.ts';
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
/** To and fro; the last one is the right time again, in which the doctor looks. */
const jumps: [number, string][] = [
  [-hour, 'an hour back'],
  [0, 'forward again'],
  [hour, 'an hour ahead'],
  [day, 'a day ahead'],
  [-day, 'two days back'],
  [0, 'the right time'],
];
const sizes = { short: 40, release: 400 };
const river = crowd(4);
/** Whoever has something of their own that waits for a time. */
const [held, silenced, resting, unattended, listening] = [4, 5, 6, 7, 8];
const everybody = crowd(9);

export const clock: Scenario = {
  name: 'clock',
  title: 'the clock of the running program is set by hours and days, to and fro',
  covers: ['F35'],
  async run({ seed, queue, profile, say }) {
    const each = sizes[profile];
    const stage = await openStage({ queue, people: everybody.length });
    const file = path.join(stage.folder, 'clock');
    writeFileSync(file, '0');
    try {
      const app = await stage.program('app', { CLOCK_FILE: file }, { entry });
      await signUp(stage.telegram.telegram, everybody);
      await withoutBoards(app.url, stage.key);
      await prepare(stage);
      const push = pusher(app.url, stage.key);
      const beats = setInterval(() => void push('beat.x', 1).catch(() => {}), 1_000);
      const accepted: Accepted[] = [];
      const events = history(each * jumps.length, seed, river);
      let [slowestHold, slowest] = [0, 0];
      // What waits for an hour to pass: an end of a silence, of quiet hours, the first of many reminders.
      for (const topic of ['silent.x', 'quiet.x', 'care.x']) await push(topic, 95);
      await isTold(stage, unattended, 'care.x');
      try {
        for (const [i, [shift, words]] of jumps.entries()) {
          await push(`hold.h${i}`, 95);
          const began = performance.now();
          writeFileSync(file, String(shift));
          const own = events.slice(i * each, (i + 1) * each);
          accepted.push(...(await pushAll(app.url, stage.key, own, [], { pauseMs: 50 })));
          const sent = performance.now();
          await push(`now.n${i}`, 95);
          await isTold(stage, listening, `now.n${i}`);
          slowest = Math.max(slowest, secondsSince(sent));
          await isTold(stage, held, `hold.h${i}`);
          slowestHold = Math.max(slowestHold, secondsSince(began));
          say(`${words}: what had to hold 10 s was told after ${secondsSince(began)} s`);
        }
      } finally {
        clearInterval(beats);
      }
      const falseAlarms = await messagesAbout(stage, listening, 'beat.x');
      const silent = performance.now();
      writeFileSync(file, String(-2 * hour));
      await until(
        'silence is noticed',
        async () => (await messagesAbout(stage, listening, 'beat.x')) > falseAlarms,
        180_000,
      );
      const noticed = secondsSince(silent);
      writeFileSync(file, '0');
      await quiet(stage);
      const count = (who: number, topic: string) => messagesAbout(stage, who, topic);
      const holds = await Promise.all(jumps.map((_, i) => count(held, `hold.h${i}`)));
      return [
        exactly('told of what had to hold, each once', holds.filter((n) => n === 1).length, jumps.length),
        atMost('the slowest of them, of 10 s', slowestHold, 90, ' s'),
        atMost('the slowest message about something new after a jump', slowest, 60, ' s'),
        exactly('told when the silence was over', await count(silenced, 'silent.x'), 1),
        exactly('told when the quiet hours were over', await count(resting, 'quiet.x'), 1),
        told('told and reminded of what nobody took care of', await count(unattended, 'care.x')),
        atMost('reminders in days of which three could be', (await count(unattended, 'care.x')) - 1, 3),
        exactly('told of a silence that was none', falseAlarms, 0),
        atMost('a real silence of 20 s was noticed after', noticed, 120, ' s'),
        ...(await judge(stage, accepted)),
      ] satisfies Row[];
    } finally {
      await stage.close();
    }
  },
};

/** Rules, a silence for an hour, quiet hours around now, reminders each half hour. */
async function prepare(stage: Stage): Promise<void> {
  const { telegram } = stage.telegram;
  const rules: [number, string, RegExp][] = [
    [held, '/watch hold.* usage > 90 for 10s', /over 90/],
    [silenced, '/watch silent.x usage > 90', /over 90/],
    [resting, '/watch quiet.x usage > 90', /over 90/],
    [unattended, '/watch care.x usage > 90', /over 90/],
    [listening, '/watch now.* usage > 90', /now\.\*/],
    [listening, '/watch beat.x absent for 20s', /beat\.x/],
  ];
  for (const [who, words, answer] of rules) {
    const person = await telegram.person(ownerOf(who));
    const before = (await person.seen()).length;
    await person.say(words);
    await until('the rule is saved', async () =>
      (await person.seen()).slice(before).some(({ text }) => answer.test(text ?? '')),
    );
  }
  const sql = stage.ledger.sql();
  const idOf = (who: number) => sql`(select id from people where telegram_id = ${ownerOf(who)})`;
  const at = Date.now();
  const ofDay = (ms: number) => Math.floor((ms % day) / minute);
  const window = { from: ofDay(at - hour / 2), to: ofDay(at + hour / 2) };
  await sql`update people set zone = 'UTC', quiet = ${sql.json({ window, breakthrough: null })} where id = ${idOf(resting)}`;
  await sql`update people set care = ${sql.json({ remind: { everyMs: hour / 2, most: 3 } })} where id = ${idOf(unattended)}`;
  await sql`insert into silences (id, owner_id, topic, match, starts_at, ends_at, by, comment)
    values ('z_clock', ${idOf(silenced)}, 'silent.x', '[]', now(), now() + interval '50 minutes', 'the torture', '')`;
}

function pusher(url: string, key: string) {
  return async (type: string, usage: number): Promise<void> => {
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ source: 'clock', type, subject: type, data: { usage } }),
    });
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
  };
}

const secondsSince = (began: number) => Math.round((performance.now() - began) / 1_000);

/** The alerts about this topic that arrived at this person, as Telegram kept them. */
async function messagesAbout(stage: Stage, who: number, topic: string): Promise<number> {
  const messages = messagesIn(await stage.telegram.telegram.ledger());
  return messages.filter(
    ({ chatId, params }) => Number(chatId) === ownerOf(who) && String(params.text).includes(topic),
  ).length;
}

async function isTold(stage: Stage, who: number, topic: string): Promise<void> {
  await until(
    `${topic} is told`,
    async () => {
      if ((await messagesAbout(stage, who, topic)) > 0) return true;
      const rows = await stage.ledger.sql()`
        select e.type, e.received_at, e.processed_at, a.status, a.due_at, n.status as told, n.reason, n.not_before
        from events e left join alerts a on a.topic = e.type left join notifications n on n.alert_id = a.id
        where e.type = ${topic}`;
      throw new Error(JSON.stringify(rows));
    },
    120_000,
  );
}
