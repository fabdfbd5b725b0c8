// The process ends at every place where its end would hurt most, again and again: nothing may be lost or done twice.
import { type Failpoint, failpoints } from '#core/failpoint.ts';
import { until } from '../../harness/until.ts';
import { judge, quiet } from '../judge.ts';
import { peopleOfRounds, prepareRounds, type Rounds } from '../rounds.ts';
import { type Chance, chanceFrom } from '../seed.ts';
import { openStage, type Stage } from '../stage.ts';
import { type Blow, type Victim, victim } from '../victims.ts';
import { exactly, type Flow, holds, type Row, type Scenario, told } from './scenario.ts';

/** So many times each place; dealt to the troupes, so that three is once each. */
const repeats = { short: 3, release: 20 };
/** Passed once or twice in a round; the others often. */
const seldom = /^(start|due|board|fail|poll|update|write|sight|edit)\./;
const mostRounds = 6;

interface Part {
  name: string;
  variables: Record<string, string>;
  /** Whether it passes this place. */
  passes(place: Failpoint): boolean;
}

const doorPlaces = /^(start|ingest|door|bells|sweep|poll|update|write|sight)\./;
const whole: Part[] = [
  // Alone, a process answers its own bells and writes none.
  { name: 'whole', variables: {}, passes: (place) => !place.startsWith('bells.') },
];
const apart: Part[] = [
  { name: 'front', variables: { ROLES: 'http,bot,clock' }, passes: (place) => doorPlaces.test(place) },
  {
    name: 'worker',
    variables: { ROLES: 'worker' },
    passes: (place) => place.startsWith('start.') || !doorPlaces.test(place),
  },
];

/** Each has servers of its own; they play side by side, because a process needs seconds to start. */
const troupes: { name: string; parts: Part[] }[] = [
  { name: 'one process', parts: whole },
  { name: 'one process again', parts: whole },
  { name: 'door and worker apart', parts: apart },
];

export const everyFailpoint: Scenario = {
  name: 'failpoints',
  title: 'the process ends at each of its weakest places, three times',
  covers: ['F1', 'F2', 'F3', 'F4', 'F5'],
  async run(flow) {
    const played = await Promise.all(troupes.map((_, i) => play(flow, i)));
    const kills = new Map<Failpoint, number>(failpoints.map((place) => [place, 0]));
    for (const { hits } of played) for (const place of hits) kills.set(place, kills.get(place)! + 1);
    const least = repeats[flow.profile];
    const tooFew = [...kills].filter(([, count]) => count < least);
    const missed = played.flatMap((one) => one.missed);
    return [
      told('places', failpoints.length),
      told(
        'kills, each seen to happen at its place',
        [...kills.values()].reduce((sum, n) => sum + n, 0),
      ),
      holds(
        `every place was reached ${least} times`,
        tooFew.length === 0,
        tooFew.map(([place, count]) => `${place}: ${count}`).join(', '),
      ),
      holds('nothing that was tried was missed', missed.length === 0, missed.join(', ')),
      ...played.flatMap(({ rows }) => rows),
    ];
  },
};

interface Played {
  hits: Failpoint[];
  missed: string[];
  rows: Row[];
}

/** The performance of one troupe: its share of the blows, and the verdict on its own ledger. */
async function play({ seed, queue, profile, say }: Flow, number: number): Promise<Played> {
  const { name: title, parts } = troupes[number]!;
  const chance = chanceFrom(seed + number);
  const stage = await openStage({ queue, people: peopleOfRounds });
  try {
    const victims: Victim[] = [];
    const left = new Map<Victim, Blow[]>();
    for (const part of parts) {
      const one = await victim(stage, part.name, part.variables);
      victims.push(one);
      left.set(one, blowsFor(part, number, repeats[profile], chance));
    }
    const rounds = await prepareRounds(stage, victims[0]!.app);
    const hits: Failpoint[] = [];
    const missed: string[] = [];
    while ([...left.values()].some((blows) => blows.length > 0)) {
      const marked = victims.flatMap((one) => {
        const blow = left.get(one)!.shift();
        return blow ? [{ one, blow }] : [];
      });
      const began = performance.now();
      await strike(marked, victims, rounds);
      const all = [...left.values()].reduce((sum, blows) => sum + blows.length, 0);
      for (const { one, blow } of marked) {
        const isHit = one.isHit();
        if (isHit) hits.push(blow.place);
        else missed.push(`${blow.place}, time ${blow.nth}`);
        one.spare();
        const seconds = ((performance.now() - began) / 1_000).toFixed(1);
        say(
          `${title}: ${blow.place}, time ${blow.nth}: ${isHit ? 'reached' : 'NOT REACHED'}, ${seconds} s; ${all} left`,
        );
      }
    }
    await rounds.end();
    await quiet(stage);
    const rows = [...(await judge(stage, rounds.accepted())), ...(await oneEffect(stage))];
    return { hits, missed, rows: rows.map((row) => ({ ...row, figure: `${title}: ${row.figure}` })) };
  } finally {
    await stage.close();
  }
}

/** In an order of its own: a place finds another state before it each time. */
function blowsFor(part: Part, number: number, count: number, chance: Chance): Blow[] {
  const blows: Blow[] = [];
  for (let repeat = 0; repeat < count; repeat++)
    for (const place of failpoints) {
      // What only one troupe passes, it passes for all.
      const isAlone = !whole[0]!.passes(place);
      if (!part.passes(place) || (!isAlone && repeat % troupes.length !== number)) continue;
      const at = chance.below(blows.length + 1);
      blows.splice(at, 0, { place, nth: seldom.test(place) ? 1 : 1 + (repeat % 3) });
    }
  return blows;
}

/** Marks them, and plays until each has fallen or nothing leads there; afterwards all are up and nothing waits. */
async function strike(
  marked: readonly { one: Victim; blow: Blow }[],
  all: readonly Victim[],
  rounds: Rounds,
): Promise<void> {
  const fallen = () => all.some(({ app }) => app.endedBy() !== null);
  const raise = async () => {
    for (const one of all) if (one.app.endedBy() !== null) await one.revive();
  };
  for (const { one, blow } of marked) {
    one.mark(blow);
    if (!blow.place.startsWith('start.')) continue;
    await one.app.kill();
    await one.revive(true);
  }
  const isLeft = () => marked.some(({ one }) => !one.isHit());
  for (let round = 0; round < mostRounds && isLeft(); round++) {
    await rounds.play(
      marked.map(({ blow }) => blow.place),
      fallen,
    );
    do await raise();
    while (!(await rounds.goOn(fallen)));
  }
  await until('all are up', () => !fallen(), 1_000);
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
