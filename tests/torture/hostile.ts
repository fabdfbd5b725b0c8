// A world under attack: sends without ever accepting a 5xx, and compares what a chat shows with what was sent.
import { expect } from 'vitest';
import { invite } from '#operations/invite.ts';
import { join } from '#operations/join.ts';
import { setZone } from '#operations/set-zone.ts';
import type { SandboxMessage } from '#sandbox/telegram/index.ts';
import { receiversOf, saveStyle } from '../../src/store/receivers.ts';
import type { Person } from '../harness/actors.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

export interface Siege {
  world: StoryWorld;
  /** How many events were accepted so far. */
  accepted(): number;
  /** POSTs these bytes; a 5xx, a crash or a half-taken body fails. Nothing is settled. */
  send(
    body: string | Buffer,
    path?: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string }>;
  /** As `send`, of a value that must be accepted. */
  takes(value: unknown, path?: string, headers?: Record<string, string>): Promise<void>;
  /** As `takes`, of many events in few bodies. */
  takesAll(events: readonly object[]): Promise<void>;
  /**
   * So many people, each message to whom is looked at by itself: one chat is told about one message a second, and a
   * thousand of them would take as many rounds of everything.
   */
  listeners(count: number): Promise<Person[]>;
  /** Lets these in, all of them before anything else happens; their names are what they are called. */
  enrolAll(people: readonly { id: number; name: string }[]): Promise<void>;
  /** What the bot said to these. */
  saidTo(people: readonly Person[]): SandboxMessage[];
  /** Waits until all is told, then asks everybody whether anything went wrong. */
  allIsWell(): Promise<void>;
  stop(): Promise<void>;
}

/** Does it to each, a dozen at a time. */
export async function manyAtOnce<T>(
  all: readonly T[],
  act: (one: T, place: number) => Promise<unknown>,
): Promise<void> {
  const left = [...all.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) await act(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: 12 }, work));
}

const prototypes = [Object, Array, String, Number, Boolean, Function, Map, Set, Promise, RegExp, Date, Error];
const built = () => prototypes.map(({ prototype }) => Reflect.ownKeys(prototype).map(String).join());

/** Opens a world whose every answer is looked at. */
export async function besiege(): Promise<Siege> {
  const untouched = built();
  const world = await startWorld({ hands: 8 });
  const { db } = world.rooms.world.database;
  const withoutBoards = async (personId: string) => {
    for (const { id } of await receiversOf(db, [personId])) await saveStyle(db, id, { storm: 0 });
  };
  await withoutBoards(await world.enrols(world.ana, 'UTC'));
  let accepted = 0;
  const send: Siege['send'] = async (body, path = '/v1/events', headers = {}) => {
    const answer = await world.app.request(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await answer.text();
    const sent = `${path} ${JSON.stringify(String(body).slice(0, 300))} → ${answer.status} ${text.slice(0, 300)}`;
    expect([202, 400, 409, 413, 415, 422], sent).toContain(answer.status);
    if (answer.status === 202) {
      const told = JSON.parse(text) as { accepted: number; duplicates: number; events: unknown[] };
      expect(told.accepted + told.duplicates, sent).toBe(told.events.length);
      accepted += told.accepted;
    } else expect(answer.headers.get('content-type'), sent).toBe('application/problem+json');
    return { status: answer.status, text };
  };
  const takes: Siege['takes'] = async (value, path, headers) => {
    const { status, text } = await send(JSON.stringify(value), path, headers);
    expect(status, `${JSON.stringify(value).slice(0, 400)} → ${text}`).toBe(202);
  };
  return {
    world,
    accepted: () => accepted,
    send,
    takes,
    async takesAll(events) {
      let [batch, size]: [object[], number] = [[], 0];
      for (const [i, event] of events.entries()) {
        batch.push(event);
        size += Buffer.byteLength(JSON.stringify(event));
        if (i < events.length - 1 && batch.length < 400 && size < 500_000) continue;
        await takes(batch);
        [batch, size] = [[], 0];
      }
    },
    async listeners(count) {
      const people: Person[] = [];
      for (let i = 0; i < count; i++) {
        const { id } = world.telegram.person(8_000 + i, { first_name: `Listener ${i}` });
        const person = { ...world.ana, id, name: `Listener ${i}` };
        await withoutBoards(await world.enrols(person, 'UTC'));
        people.push(person);
      }
      return people;
    },
    async enrolAll(people) {
      const operator = { is: 'operator', name: 'the siege' } as const;
      const { world: house } = world.rooms;
      await manyAtOnce(people, async ({ id, name }) => {
        const invited = await invite(house, operator, { role: 'member' }, world.now());
        const token = invited.ok ? invited.token : undefined;
        const joined = await join(
          house,
          { telegramId: id, name, chatId: id, token, owners: [7001] },
          world.now(),
        );
        if (!joined.ok) throw new Error(joined.text);
        await setZone(house, operator, { ownerId: joined.person.id, zone: 'UTC' }, world.now());
        world.telegram.person(id).say('hello');
      });
      await world.settle();
    },
    saidTo: (people) =>
      people.flatMap(({ id }) => world.telegram.messages(id).filter(({ fromBot }) => fromBot)),
    async allIsWell() {
      await world.advance('2h');
      expect(built(), 'every prototype is as it was').toEqual(untouched);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      const { sql } = world.rooms.world.database;
      const [row] =
        await sql`select count(*)::int as all, count(*) filter (where quarantined is not null)::int as aside,
        count(*) filter (where processed_at is null)::int as waiting from events`;
      expect(row, 'each accepted event is there, and processed').toEqual({
        all: accepted,
        aside: 0,
        waiting: 0,
      });
      const bad = world.telegram.ledger.filter(
        ({ error }) => error?.code === 400 && !error.description.includes('message is not modified'),
      );
      expect(
        bad.map(({ error, params }) => `${error!.description}: ${JSON.stringify(params).slice(0, 500)}`),
        'Telegram understood every message',
      ).toEqual([]);
      expect(await world.wrongs(), 'the doctor finds nothing').toEqual([]);
      expect(world.complaints, 'nothing was logged as a warning').toEqual([]);
    },
    stop: () => world.stop(),
  };
}

/** A text as a reader sees it: what cannot be seen is gone, runs of spaces are one. */
export function visible(text: string): string {
  return text
    .replace(/\u0000/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '')
    .replace(/[\u0001-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Fails unless the line says `before` and then the text: all of it, or a good part of it and an ellipsis. */
export function expectSaid(line: string, before: string, text: string): void {
  const want = visible(`${before}${text}`);
  const got = visible(line);
  if (got === want || (visible(text) === '' && got === visible(before).replace(/:$/, ''))) return;
  const head = got.replace(/\ufffd?….*$/u, '').trimEnd();
  const isCut = got !== head && head.length >= Math.min(want.length, 40) && want.startsWith(head);
  if (!isCut) expect(got.slice(0, 700)).toBe(want.slice(0, 700));
}
