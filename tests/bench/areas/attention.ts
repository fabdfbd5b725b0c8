// Attention: a month of fifty people with nights, storms, flapping and outages, judged by what stood in their chats.
import { sql } from 'drizzle-orm';
import type { Database } from '#store/connection.ts';
import { type Area, type Cell, type Findings, number, words } from '../area.ts';
import { messagesOf } from '../attention/alertmanager.ts';
import { deedsOf, takesOffer } from '../attention/deeds.ts';
import { day, hour, type Month, makeMonth } from '../attention/month.ts';
import { asleep, judgePerson, type Verdict } from '../attention/oracle.ts';
import { openTown, type Town } from '../attention/town.ts';
import { median, quantile } from '../clock.ts';
import { startServer } from '../ledger.ts';

const seed = 20_261_105;

export const attention: Area = {
  name: 'attention',
  title: 'a month of fifty people: who is told what, when, and what is spared them',
  async measure({ quick, say }) {
    // ATTENTION_STORM, ATTENTION_DAYS: less of it on a small machine; the table says how much there was.
    const stormSize = Number(process.env.ATTENTION_STORM ?? (quick ? 100 : 10_000));
    const days = Number(process.env.ATTENTION_DAYS ?? (quick ? 1 : 30));
    const month = makeMonth({ days, stormSize, seed });
    const server = await startServer({ durable: false });
    try {
      const database = await server.ledger();
      const town = await openTown(database, month.begins - hour);
      try {
        return await live(town, database, month, say);
      } finally {
        await town.close();
      }
    } finally {
      await server.stop();
    }
  },
};

async function live(
  town: Town,
  database: Database,
  month: Month,
  say: (text: string) => void,
): Promise<Findings> {
  const homes = new Map<number, string>();
  for (const person of month.people) homes.set(person.number, (await town.moveIn(person)).receiverId);
  await town.forgetUpdates();
  await town.settle();
  town.seen.length = 0;
  const quieter = await play(town, month, say);
  const verdicts = month.people.map((person) =>
    judgePerson(month, person, town.seen, quieter.get(person.number)),
  );
  const rival = messagesOf(month);
  const held = await heldAt(database);
  const { telegram, complaints } = town;
  // Those that the script of the month made Telegram say do not count.
  const tooFast = telegram.ledger.filter(
    ({ error, fault }) => error?.code === 429 && fault === undefined,
  ).length;
  for (const [text, count] of complaints) say(`${count} × ${text}`);
  return report(month, verdicts, rival, (one) => held.get(homes.get(one.person.number)!) ?? 0, tooFast);
}

/** Everything that happens, at its time; what comes within some seconds is pushed together. Who took the offer to be told less, and when. */
async function play(town: Town, month: Month, say: (text: string) => void): Promise<Map<number, number>> {
  const turns = turnsOf(town, month);
  const deeds = deedsOf(month, town.watch);
  const quieter = new Map<number, number>();
  // Past the last night, so that everything held is told.
  const end = month.ends + 2 * day;
  let shown = -1;
  for (let i = 0; town.now() < end; ) {
    const turn = turns[i];
    await town.advanceTo(() => Math.min(turn?.at ?? end, deeds.nextAt()));
    const today = Math.floor((town.now() - month.begins) / day);
    if (today !== shown) say(`day ${today + 1}, ${town.seen.length} messages and edits so far`);
    shown = today;
    const deed = deeds.due(town.now());
    if (deed) {
      for (const label of deed.presses)
        if ((await town.press(deed.chat, deed.messageId, label)) && label === takesOffer)
          quieter.set(deed.person.number, quieter.get(deed.person.number) ?? town.now());
    } else if (turn) {
      i++;
      await turn.run();
      await town.settle();
    }
  }
  return quieter;
}

function turnsOf(town: Town, month: Month): { at: number; run: () => Promise<void> | void }[] {
  let id = 0;
  const events = month.situations
    .flatMap(({ topic, subject, critical, events }) =>
      events.map(({ at, status }) => ({
        at: Math.floor(at / 5_000) * 5_000,
        event: {
          id: `e${id++}`,
          type: topic,
          subject,
          status,
          severity: critical ? 'critical' : 'warning',
          data: {},
        },
      })),
    )
    .sort((a, b) => a.at - b.at);
  const batches = new Map<number, typeof events>();
  for (const one of events) {
    const batch = batches.get(one.at);
    if (batch) batch.push(one);
    else batches.set(one.at, [one]);
  }
  const { faults } = town.telegram;
  return [
    ...[...batches].map(([at, batch]) => ({
      at,
      run: () => town.post(batch.map(({ event }) => event)),
    })),
    ...month.outages.flatMap(({ from, to }) => [
      { at: from, run: () => faults.down(true) },
      { at: to, run: () => faults.down(false) },
    ]),
    ...month.troubles.flatMap(({ from, to }) => [
      { at: from, run: () => misbehave(town) },
      { at: to, run: () => faults.clear() },
    ]),
  ].sort((a, b) => a.at - b.at);
}

/** About a fifth of the calls. */
function misbehave({ telegram: { faults } }: Town): void {
  faults.rate(0.05, {
    status: 429,
    description: 'Too Many Requests: retry after 5',
    parameters: { retry_after: 5 },
  });
  faults.rate(0.05, { status: 500, description: 'Internal Server Error' });
  faults.rate(0.05, 'reset-before');
  faults.rate(0.05, 'drop-answer');
}

async function heldAt({ db }: Database): Promise<Map<string, number>> {
  const rows = await db.execute<{ id: string; n: number }>(sql`
    select receiver_id as id, count(*)::int as n from notifications
    where status = 'suppressed' or reason is not null group by 1`);
  return new Map([...rows].map(({ id, n }) => [id, n]));
}

function report(
  month: Month,
  verdicts: Verdict[],
  rival: number[][],
  heldOf: (one: Verdict) => number,
  tooFast: number,
): Findings {
  const nightsOf = (one: Verdict) => rival[one.person.number]!.filter((at) => asleep(one.person, at)).length;
  const rows = verdicts.map((one): Cell[] => [
    words(
      `${one.person.name}, ${one.person.wears}, ${one.person.habit}${one.person.onCall ? ', on call' : ''}`,
    ),
    number(one.situations),
    number(one.sounding),
    number(one.silent),
    number(one.edits),
    number(heldOf(one)),
    number(one.atNight.length),
    number(rival[one.person.number]!.length),
    number(nightsOf(one)),
  ]);
  const sum = (of: (one: Verdict) => number) => verdicts.reduce((all, one) => all + of(one), 0);
  const total: Cell[] = [
    words('all fifty'),
    number(sum(({ situations }) => situations)),
    number(sum(({ sounding }) => sounding)),
    number(sum(({ silent }) => silent)),
    number(sum(({ edits }) => edits)),
    number(sum(heldOf)),
    number(sum(({ atNight }) => atNight.length)),
    number(sum(({ person }) => rival[person.number]!.length)),
    number(sum(nightsOf)),
  ];
  const waits = verdicts.flatMap((one) => one.waits);
  const none = (what: string, of: (one: Verdict) => string[]) => {
    const found = verdicts.flatMap((one) => of(one).map((text) => `${one.person.name}: ${text}`));
    const some = found.slice(0, 3).join('; ');
    return {
      what,
      must: '0',
      wish: '0',
      found: found.length === 0 ? '0' : `${found.length} (${some})`,
      holds: found.length === 0,
    };
  };
  return {
    tables: [
      {
        title: `${Math.round((month.ends - month.begins) / day)} days, 50 people, 3 storms of ${month.stormSize.toLocaleString('en-US')} alerts in a minute, ${month.outages.length} outages of Telegram of 20 min, ${month.troubles.length} times 2 h with a fifth of the calls failing`,
        columns: [
          'who',
          'situations',
          'sounding',
          'silent',
          'edits',
          'held or folded',
          'at night',
          'Alertmanager',
          'at night',
        ],
        rows: [...rows, total],
        notes: [
          'At night: sounding messages in their quiet hours about nothing that may break through.',
          'Alertmanager: a model of its documented grouping, not the program: group_by topic, group_wait 30s, group_interval 5m,',
          'repeat_interval 4h, send_resolved, into a chat whose messages are not edited and which knows no quiet hours.',
          `Told at once where nothing held it: median ${Math.round(median(waits) / 1000)} s, 99 % within ${Math.round(quantile(waits, 0.99) / 1000)} s.`,
        ],
      },
    ],
    aims: [
      none('situations never told', ({ untold }) => untold),
      none('told later than their wishes and outages explain', ({ late }) => late),
      none('heard that it burns, never that it is over', ({ orphans }) => orphans),
      none('sounded at night without leave', ({ atNight }) => atNight),
      none('told twice without a mark', ({ doubled }) => doubled),
      {
        what: 'refusals by Telegram for going too fast',
        must: '0',
        wish: '0',
        found: String(tooFast),
        holds: tooFast === 0,
      },
      {
        what: 'sounding messages against the model of Alertmanager',
        must: 'fewer',
        wish: 'half',
        found: `${sum(({ sounding }) => sounding).toLocaleString('en-US')} to ${sum(({ person }) => rival[person.number]!.length).toLocaleString('en-US')}`,
        holds: sum(({ sounding }) => sounding) < sum(({ person }) => rival[person.number]!.length),
      },
    ],
  };
}
