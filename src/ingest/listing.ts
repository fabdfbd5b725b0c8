// What lists of what happened have in common: what is asked, a page and the place of the next, or all of it as NDJSON.
import { readTime } from '#core/instant.ts';
import { instants } from '#core/instants.ts';
import { patternFault } from '#core/topic.ts';
import type { Fault } from './format.ts';

export interface Listing {
  /** Epoch milliseconds. */
  since?: number;
  until?: number;
  topic?: string;
  /** Rows of a page. */
  limit: number;
  /** The place of the page: what the one before gave as `next`. */
  cursor?: string;
  /** Everything, one JSON document a line, instead of a page. */
  ndjson: boolean;
  /** As NDJSON, at most so many lines; all of them without it. */
  lines: number | undefined;
}

type Query = (name: string) => string | undefined;
const most = 1_000;

/** The query as a list reads it, or everything that is wrong with it; `place` says what a cursor looks like. */
export function readListing(
  query: Query,
  accept: string | null,
  place: RegExp,
): { ok: true; listing: Listing } | { ok: false; faults: Fault[] } {
  const faults: Fault[] = [];
  const instant = (name: 'since' | 'until') => {
    const text = query(name);
    if (text === undefined) return {};
    const read = readTime(text);
    if (read.ok) return { [name]: read.time };
    faults.push({ path: name, text: read.text });
    return {};
  };
  const limit = Number(query('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    faults.push({ path: 'limit', text: 'must be a whole number from 1 to 1,000' });
  const topic = query('topic');
  const wrong = topic === undefined ? undefined : patternFault(topic);
  if (wrong) faults.push({ path: 'topic', text: wrong });
  const cursor = query('cursor');
  if (cursor !== undefined && !place.test(cursor))
    faults.push({ path: 'cursor', text: 'must be what a page before gave as `next`' });
  const format = query('format') ?? (/\bndjson\b/.test(accept ?? '') ? 'ndjson' : 'json');
  if (format !== 'json' && format !== 'ndjson')
    faults.push({ path: 'format', text: 'must be json or ndjson' });
  const given = { ...instant('since'), ...instant('until') };
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    listing: {
      ...given,
      ...(topic === undefined ? {} : { topic }),
      ...(cursor === undefined ? {} : { cursor }),
      limit,
      ndjson: format === 'ndjson',
      lines: query('limit') === undefined ? undefined : limit,
    },
  };
}

/** Reads at most `limit` rows behind the cursor. */
export type ReadPage<T> = (cursor: string | undefined, limit: number) => Promise<T[]>;

/** A page with the cursor of the next (null: that was all), or everything as NDJSON, read as fast as it is taken. */
export async function answerList<T extends object>(
  name: string,
  { cursor, limit, ndjson, lines: wanted }: Listing,
  read: ReadPage<T>,
  placeOf: (row: T) => string,
): Promise<Response> {
  if (ndjson) return lines(cursor, read, placeOf, wanted);
  const rows = await read(cursor, limit + 1);
  const page = rows.slice(0, limit);
  const next = rows.length > limit ? placeOf(page.at(-1)!) : null;
  return Response.json({ [name]: page.map(instants), next });
}

function lines<T extends object>(
  from: string | undefined,
  read: ReadPage<T>,
  placeOf: (row: T) => string,
  wanted = Number.POSITIVE_INFINITY,
): Response {
  const bytes = new TextEncoder();
  let at = from;
  let left = wanted;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const asked = Math.min(most, left);
      const rows = await read(at, asked);
      left -= rows.length;
      if (rows.length > 0) {
        at = placeOf(rows.at(-1)!);
        controller.enqueue(bytes.encode(rows.map((row) => `${JSON.stringify(instants(row))}\n`).join('')));
      }
      if (rows.length < asked || left === 0) controller.close();
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' },
  });
}
