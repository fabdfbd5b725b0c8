// The script of the simulated month: who there is, how they want to be told, and what really happens. The same for a seed.
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface Resident {
  number: number;
  chat: number;
  name: string;
  team: number;
  zone: string;
  /** Minutes of the day by their clock; null: none. */
  quiet: { from: number; to: number; breakthrough: 'critical' | null } | null;
  /** What they set about being told. */
  style: Record<string, unknown>;
  wears: string;
  /** Milliseconds that their own style may add. */
  patience: number;
  /** Another topic that they alone watch. */
  onCall: string | null;
  /** What they do with what they read, when they are awake. */
  habit: Habit;
}

/** quieter: as acknowledges, and takes the offer to gather hourly when it is made. */
export type Habit = 'reads' | 'acknowledges' | 'snoozes' | 'quieter';

/** Something that really happens: told to everybody who watches the topic. */
export interface Situation {
  topic: string;
  subject: string;
  from: number;
  to: number;
  critical: boolean;
  /** What is sent, and when. */
  events: { at: number; status: 'firing' | 'resolved' }[];
  storm: boolean;
}

export interface Span {
  from: number;
  to: number;
}

export interface Month {
  begins: number;
  ends: number;
  people: Resident[];
  situations: Situation[];
  /** Telegram cannot be reached. */
  outages: Span[];
  /** A fifth of the calls to Telegram goes wrong: 429, 500, cut before or after it was done. */
  troubles: Span[];
  stormSize: number;
}

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Asia/Kolkata', 'America/Sao_Paulo'];
const styles: { wears: string; style: Record<string, unknown>; patience: number }[] = [
  { wears: 'as it comes', style: {}, patience: 0 },
  { wears: 'as it comes', style: {}, patience: 0 },
  { wears: 'gathered 10 min', style: { gather: [{ wait: '10m' }] }, patience: 10 * minute },
  { wears: 'at most 6 an hour', style: { caps: { hour: 6 } }, patience: hour },
  { wears: 'gathered 1 h', style: { gather: [{ wait: '1h' }] }, patience: hour },
];
const habits: Habit[] = ['reads', 'acknowledges', 'reads', 'snoozes', 'acknowledges', 'quieter', 'reads'];
const teams = 10;

/** `days` of fifty people; three storms of `stormSize`. */
export function makeMonth({
  days,
  stormSize,
  seed,
}: {
  days: number;
  stormSize: number;
  seed: number;
}): Month {
  const chance = mulberry(seed);
  const begins = Date.UTC(2026, 9, 5);
  const ends = begins + days * day;
  const people = Array.from({ length: 50 }, (_, i): Resident => {
    const worn = styles[i % styles.length]!;
    return {
      number: i,
      chat: 10_001 + i,
      name: `Person ${i + 1}`,
      team: i % teams,
      zone: zones[Math.floor(i / teams) % zones.length]!,
      quiet:
        i % 7 === 6 ? null : { from: 22 * 60, to: 7 * 60, breakthrough: i % 4 === 3 ? null : 'critical' },
      onCall: i < 3 ? `storm${i}.volume` : null,
      habit: habits[i % habits.length]!,
      ...worn,
    };
  });
  const situations: Situation[] = [];
  const plain = (team: number, number: number): Situation => {
    const critical = chance() < 0.08;
    const from = begins + Math.floor(chance() * (ends - begins - 4 * hour));
    const to = from + Math.floor(minute + chance() ** 3 * 5 * hour);
    const topic = `team${team}.${critical ? 'outage' : 'disk'}`;
    const subject = `t${team}n${number}x`;
    const events: Situation['events'] = [
      { at: from, status: 'firing' },
      { at: to, status: 'resolved' },
    ];
    return { topic, subject, from, to, critical, events, storm: false };
  };
  for (let team = 0; team < teams; team++) {
    for (let i = 0; i < days * 3; i++) situations.push(plain(team, i));
    for (let i = 0; i < Math.ceil(days / 3); i++) situations.push(flapping(team, i, begins, ends, chance));
  }
  // By day, in a night that is quiet, and for somebody who caps.
  const hours = [15, 1, 9];
  for (const [i, at] of hours.entries()) {
    const from = begins + Math.floor(((i + 0.5) * days) / 3) * day + at * hour;
    for (let n = 0; n < stormSize; n++) {
      const start = from + Math.floor((n / stormSize) * minute);
      const end = from + 40 * minute + Math.floor((n / stormSize) * minute);
      situations.push({
        topic: `storm${i}.volume`,
        subject: `s${i}v${n}x`,
        from: start,
        to: end,
        critical: false,
        storm: true,
        events: [
          { at: start, status: 'firing' },
          { at: end, status: 'resolved' },
        ],
      });
    }
  }
  const outages = Array.from({ length: Math.max(1, Math.round(days / 10)) }, (_, i) => {
    const from = begins + Math.floor(((i + 0.4) * days * day) / Math.max(1, Math.round(days / 10)));
    return { from, to: from + 20 * minute };
  });
  const troubles = outages.map(({ from }) => ({ from: from + 6 * hour, to: from + 8 * hour }));
  return { begins, ends, people, situations, outages, troubles, stormSize };
}

/** On and off every two minutes for half an hour. */
function flapping(
  team: number,
  number: number,
  begins: number,
  ends: number,
  chance: () => number,
): Situation {
  const from = begins + Math.floor(chance() * (ends - begins - 4 * hour));
  const events = Array.from({ length: 16 }, (_, i) => ({
    at: from + i * 2 * minute,
    status: i % 2 === 0 ? ('firing' as const) : ('resolved' as const),
  }));
  const to = events.at(-1)!.at;
  return {
    topic: `team${team}.link`,
    subject: `t${team}f${number}x`,
    from,
    to,
    critical: false,
    events,
    storm: false,
  };
}

/** What somebody watches. */
export function watches({ team, onCall }: Resident, topic: string): boolean {
  return topic.startsWith(`team${team}.`) || topic === onCall;
}

/** A small generator of chance with a seed. */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
