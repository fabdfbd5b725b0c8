// A world under attack: sends without ever accepting a 5xx, and compares what a chat shows with what was sent.
import { expect } from 'vitest';
import { receiversOf, saveStyle } from '../../src/store/receivers.ts';
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
  /** Waits until all is told, then asks everybody whether anything went wrong. */
  allIsWell(): Promise<void>;
  stop(): Promise<void>;
}

const prototypes = [Object, Array, String, Number, Boolean, Function, Map, Set, Promise, RegExp, Date, Error];
const built = () => prototypes.map(({ prototype }) => Reflect.ownKeys(prototype).map(String).join());

/** Opens a world whose every answer is looked at. */
export async function besiege(): Promise<Siege> {
  const untouched = built();
  const world = await startWorld();
  const ana = await world.enrols(world.ana, 'UTC');
  // Each message is looked at by itself.
  for (const { id } of await receiversOf(world.rooms.world.database.db, [ana]))
    await saveStyle(world.rooms.world.database.db, id, { storm: 0 });
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
  return {
    world,
    accepted: () => accepted,
    send,
    async takes(value, path, headers) {
      const { status, text } = await send(JSON.stringify(value), path, headers);
      expect(status, `${JSON.stringify(value).slice(0, 400)} → ${text}`).toBe(202);
    },
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
