// One channel of which a share of the attempts goes wrong: what was told, what it came to, and how soon all was well again.
import type { Actor } from '../../src/core/actor.ts';
import { finalStatuses } from '../../src/core/notification.ts';
import { usualPatience } from '../../src/notify/backoff.ts';
import { addReceiver } from '../../src/operations/add-receiver.ts';
import { examine, type Finding } from '../../src/store/doctor.ts';
import { enableReceiver } from '../../src/store/receivers.ts';
import { nextDue } from '../harness/due.ts';
import { openStage, type Stage, unmet } from './stage.ts';
import { chanceFrom } from './stand-ins/chance.ts';
import type { Taken } from './stand-ins/places.ts';
import { openPlaces, type Places } from './stand-ins/places.ts';
import type { Mood } from './stand-ins/post-office.ts';
import type { Answer } from './stand-ins/sink.ts';

export interface FaultPlan {
  /** So many alerts, each of which fires and ends. */
  alerts: number;
  /** Of all attempts, from 0 up to 1. */
  share: number;
  seed: number;
}

export interface FaultReport {
  channel: string;
  faults: number;
  told: Awaited<ReturnType<Stage['notifications']>>;
  tries: Awaited<ReturnType<Stage['deliveries']>>;
  /** What stood at the other end. */
  taken: Taken[];
  /** From the last fault until nothing waited any more; at most `statedMs`, if all is well. */
  recoveredMs: number;
  /** The longest wait before another attempt, after as many as there were, or as the other side asked for. */
  statedMs: number;
  wrongs: Finding[];
}

const actor: Actor = { is: 'person', personId: 'p_1', name: 'P1', role: 'member' };
/** What the other sides ask us to wait. */
const askedMs: Record<string, number> = { email: 60_000, signal: 300_000 };
const usuallyAskedMs = 2_000;

/** Runs it on a ledger and with other ends of its own. */
export async function faultRun(channel: string, plan: FaultPlan): Promise<FaultReport> {
  const chance = chanceFrom(plan.seed);
  let share = 0;
  let faults = 0;
  const struck = () => {
    const hit = chance() < share;
    if (hit) faults++;
    return hit;
  };
  const places = await openPlaces();
  const stage = await openStage({ limits: 'off', gateways: places.set, random: chance });
  try {
    await stage.person(1);
    const receiverId = channel === 'telegram' ? 'v_1' : await placeOn(channel, stage, places);
    const before = places.taken().length;
    misfortunes(places, chance, struck);
    const goesWrong = async (part: number) => {
      share = part;
      if (channel === 'telegram') await telegramMisfortunes(stage, part);
    };
    const { pace, patience = usualPatience } = stage.channels.find(({ name }) => name === channel)!;
    const between = Math.max(20_000, pace(receiverId).everyMs * 1.5);
    await goesWrong(plan.share);
    for (let i = 0; i < plan.alerts; i++) {
      // In the end nothing works at all.
      if (i === plan.alerts - 1) await goesWrong(1);
      const alert = await stage.fire(`/data${i}`, [receiverId]);
      await stage.pass(between, between / 2);
      await stage.step(alert, unmet(), [receiverId]);
      await stage.pass(between, between / 2);
    }
    await goesWrong(0);
    faults += stage.sandbox.ledger.filter(({ fault }) => fault !== undefined).length;
    const ceased = stage.clock.now;
    const mine = async () =>
      (await stage.notifications()).filter(
        (one) => one.receiverId === receiverId && (one.kind === 'firing' || one.kind === 'over'),
      );
    const waiting = async () =>
      (await mine()).some(({ status }) => !(finalStatuses as readonly string[]).includes(status));
    await stage.settle();
    while (await waiting()) {
      const due = await nextDue(stage.database, stage.clock.now);
      if (due === undefined) break;
      stage.clock.now = due;
      await stage.settle();
    }
    const told = await mine();
    const ids = new Set(told.map(({ id }) => id));
    const attempts = Math.max(...told.map((one) => one.attempts));
    return {
      channel,
      faults,
      told,
      tries: (await stage.deliveries()).filter(({ notificationId }) => ids.has(notificationId)),
      taken: channel === 'telegram' ? inChat(stage) : places.taken().slice(before),
      recoveredMs: stage.clock.now - ceased,
      statedMs: Math.max(patience.wait(attempts, 1), askedMs[channel] ?? usuallyAskedMs),
      wrongs: (await examine(stage.database, stage.clock.now)).filter(
        // The stage fires alerts of rules that nobody made.
        ({ weight, check }) => weight === 'wrong' && !/rules|remembered/.test(check),
      ),
    };
  } finally {
    await stage.close();
    await places.close();
  }
}

async function placeOn(channel: string, stage: Stage, places: Places): Promise<string> {
  const input = { ownerId: 'p_1', channel, contact: places.contact(channel)!, label: channel };
  const added = await addReceiver(stage.world, stage.book, actor, input, stage.clock.now);
  if (!added.ok) throw new Error(added.text);
  await enableReceiver(stage.db, added.id);
  await stage.settle();
  return added.id;
}

/** What HTTP and the mail server do when they are struck. */
function misfortunes(places: Places, chance: () => number, struck: () => boolean): void {
  const oneOf = <T>(list: T[]): T => list[Math.floor(chance() * list.length)]!;
  const answer = (status: number, taken: boolean): Answer => {
    const headers = status === 429 ? { 'retry-after': '2' } : {};
    return (response, received) => {
      if (taken) places.takes(received);
      response.writeHead(status, headers).end();
    };
  };
  const cut =
    (taken: boolean): Answer =>
    (response, received) => {
      if (taken) places.takes(received);
      response.destroy();
    };
  const http = [answer(429, false), answer(500, true), answer(502, false), cut(false), cut(true)];
  const mail: Mood[] = [
    { at: 'rcpt', code: 450, text: '4.2.0 later' },
    { at: 'rcpt', code: 421, text: '4.3.2 closing' },
    { at: 'data', code: 451, text: '4.3.0 out of room' },
    { at: 'data', code: 554, text: '5.7.1 looks like spam' },
    'cut',
    'slam',
  ];
  places.sink.faults(() => (struck() ? oneOf(http) : undefined));
  places.office.faults(() => (struck() ? oneOf(mail) : undefined));
}

async function telegramMisfortunes({ sandbox: { faults } }: Stage, share: number): Promise<void> {
  await faults.clear();
  const kinds = [
    { status: 429, description: 'Too Many Requests: retry after 2', parameters: { retry_after: 2 } },
    { status: 500, description: 'Internal Server Error', effect: true },
    { status: 502, description: 'Bad Gateway' },
    'reset-before',
    'drop-answer',
    'hang',
    'hang-after',
  ] as const;
  const each = share / kinds.length;
  // They are drawn one after another: each has its part of what those before it left.
  for (const [i, kind] of kinds.entries()) faults.rate(each / (1 - i * each), kind);
}

/** What came into the chat, as it was before it was edited. */
function inChat(stage: Stage): Taken[] {
  return stage.sent(1).map(({ text, history }) => {
    const first = history[0]?.text ?? text;
    return { text: first, marked: first.includes('possible repeat') };
  });
}
