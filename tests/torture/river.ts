// The river that the torture pushes through: who listens, which events flow, and what must come of them.
import type { RemoteTelegram } from '../harness/telegram-client.ts';
import { until } from '../harness/until.ts';

/** Eight owners, each with a topic of their own, so that no chat's pace is the bottleneck. */
export const people = [0, 1, 2, 3, 4, 5, 6, 7];
export const ownerOf = (person: number) => 7001 + person;

export interface Accepted {
  id: string;
  type: string;
  subject: string;
  usage: number;
}

/** That many owners. */
export const crowd = (count: number) => Array.from({ length: count }, (_, person) => person);

/** Everybody starts, keeps the clock that is offered, and watches their own topic. */
export async function signUp(telegram: RemoteTelegram, who = people): Promise<void> {
  for (const person of who) {
    const hands = await telegram.person(ownerOf(person), { first_name: `Person ${person}` });
    await hands.start();
    await until('the bot greets', async () => (await hands.seen()).length > 0);
    await hands.say(`/watch disk.p${person} usage > 90`);
    await until('the rule is saved', async () =>
      (await hands.seen()).some((message) => /over 90/.test(message.text ?? '')),
    );
  }
}

/** Nobody wants a storm on one board: every message is counted by itself. */
export async function withoutBoards(url: string, key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const { receivers } = (await (await fetch(`${url}/v1/receivers`, { headers })).json()) as {
    receivers: { id: string }[];
  };
  for (const { id } of receivers) {
    const body = JSON.stringify({ storm: 0 });
    const answer = await fetch(`${url}/v1/receivers/${id}/style`, { method: 'PUT', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

/** `count` events over ten keys a person, the same for the same seed: most stay below 90, some cross it and come back. */
export function history(count: number, seed = 20261121, who = people): Accepted[] {
  let state = seed;
  const chance = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, (_, i) => ({
    id: `e${i}`,
    type: `disk.p${Math.floor(chance() * who.length)}`,
    subject: `/fs${Math.floor(chance() * 10)}`,
    usage: Math.round((chance() < 0.12 ? 91 + chance() * 8 : 40 + chance() * 45) * 10) / 10,
  }));
}

/** What a threshold over 90 must make of each key: fired, resolved, fired … */
export function expectedChanges(events: Accepted[]): Map<string, string[]> {
  const changes = new Map<string, string[]>();
  const over = new Map<string, boolean>();
  for (const event of events) {
    const key = `${event.type} ${event.subject}`;
    const was = over.get(key) ?? false;
    const is = event.usage > 90;
    if (was !== is) changes.set(key, [...(changes.get(key) ?? []), is ? 'fired' : 'resolved']);
    over.set(key, is);
  }
  return changes;
}

export interface PushOptions {
  seen?(status: number, ms: number): void;
  pauseMs?: number;
}

/**
 * Pushes the events, one sender per topic, each waiting for its 202 before the next; what fails is sent again with the
 * same id. When so many are accepted, the mischief happens while the senders go on. Returns what was accepted, in the
 * order of each topic. `seen` hears of every answer, with the milliseconds it took; 0: there was none. `pauseMs`: between
 * two events of a topic.
 */
export async function pushAll(
  url: string,
  key: string,
  events: Accepted[],
  mischief: [number, () => Promise<void>][],
  { seen = () => {}, pauseMs = 0 }: PushOptions = {},
): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  const waiting = [...mischief];
  let running: Promise<void> = Promise.resolve();
  const send = async (event: Accepted) => {
    await until(
      `${event.id} is accepted`,
      async () => {
        const began = performance.now();
        const response = await fetch(`${url}/v1/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            id: event.id,
            source: 'river',
            type: event.type,
            subject: event.subject,
            data: { usage: event.usage },
          }),
        }).catch((error) => {
          seen(0, performance.now() - began);
          throw error;
        });
        seen(response.status, performance.now() - began);
        if (response.status >= 400 && response.status < 500 && response.status !== 429)
          throw new Error(await response.text());
        return response.status === 202;
      },
      90_000,
    );
    accepted.push(event);
    if (waiting.length > 0 && accepted.length >= waiting[0]![0]) {
      const [, act] = waiting.shift()!;
      running = running.then(act);
      // Told at the end; until then it must not end the whole run.
      running.catch(() => {});
    }
  };
  await Promise.all(
    [...new Set(events.map(({ type }) => type))].map(async (topic) => {
      for (const event of events.filter(({ type }) => type === topic)) {
        await send(event);
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }),
  );
  await running;
  return accepted;
}
