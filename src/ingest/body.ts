// Reading a request body: its media type, its size while it comes in, its text, its JSON.
import { isUtf8 } from 'node:buffer';
import type { Json } from '#core/json.ts';
import { jsonFault } from './json-fault.ts';
import { type Problem, problems } from './problem.ts';
import { type Scan, scanJson } from './scan.ts';

export const bodyLimits = { body: 1 << 20, event: 256 << 10, events: 500, depth: 32 } as const;

export interface Body {
  json: Json;
  /** The sender's own text: of the whole body, or of one item when the body is a list. */
  text(item?: number): string;
}
export type ReadBody = { ok: true; body: Body } | { ok: false; problem: Problem };

/**
 * Reads at most 1 MB of JSON. `types` are further media types that are JSON; `mayBeEmpty` lets no body be `null`;
 * `whole` is set for bodies that are more than their events, which as a whole may be longer than one event.
 */
export async function readBody(
  request: Request,
  {
    types = [],
    mayBeEmpty = false,
    whole = false,
  }: { types?: readonly string[]; mayBeEmpty?: boolean; whole?: boolean },
): Promise<ReadBody> {
  const refused = refusedForm(request.headers, types);
  if (refused) return { ok: false, problem: refused };
  const bytes = await readBytes(request, bodyLimits.body);
  if (bytes === 'large')
    return { ok: false, problem: problems.tooLarge('A body has at most 1 MB (1,048,576 bytes).') };
  if (bytes === 'broken')
    return { ok: false, problem: problems.badBody('The body ended before it was whole.') };
  return parseBody(bytes, mayBeEmpty, whole);
}

/** Why the headers promise something we do not read, or undefined. */
function refusedForm(headers: Headers, types: readonly string[]): Problem | undefined {
  const encoding = headers.get('content-encoding');
  if (encoding && encoding.trim().toLowerCase() !== 'identity')
    return problems.mediaType('Compressed bodies are not read; send it as it is, without Content-Encoding.');
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  const name = type.trim();
  if (
    name !== '' &&
    name !== 'application/json' &&
    !/^application\/[\w.-]+\+json$/.test(name) &&
    !types.includes(name)
  )
    return problems.mediaType('Send JSON with “Content-Type: application/json” (curl: --json).');
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='));
  if (charset && !/^charset="?(utf-?8|us-ascii)"?$/.test(charset))
    return problems.mediaType('Send the text as UTF-8.');
  return undefined;
}

/** The body's bytes, or why there are none. Never holds more than the limit and one chunk. */
export async function readBytes(request: Request, most: number): Promise<Buffer | 'large' | 'broken'> {
  try {
    const promised = request.headers.get('content-length');
    if (promised !== null && Number(promised) > most) return 'large';
    // Node's parser never lets through more than was promised.
    if (promised !== null) {
      const bytes = Buffer.from(await request.arrayBuffer());
      return bytes.length > most ? 'large' : bytes;
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > most) return 'large';
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return 'broken';
  }
}

function parseBody(given: Buffer, mayBeEmpty: boolean, whole: boolean): ReadBody {
  const refuse = (problem: Problem): ReadBody => ({ ok: false, problem });
  // A byte order mark is no part of the text.
  const bytes = given[0] === 0xef && given[1] === 0xbb && given[2] === 0xbf ? given.subarray(3) : given;
  if (
    bytes.length === 0 ||
    (/^[ \t\r\n]*$/.test(bytes.subarray(0, 64).toString('latin1')) && bytes.toString('latin1').trim() === '')
  ) {
    if (mayBeEmpty) return { ok: true, body: { json: null, text: () => '' } };
    return refuse(problems.badBody('The body is empty; an event is a JSON object.'));
  }
  if (!isUtf8(bytes)) return refuse(problems.badBody('The body is not UTF-8.'));
  const scan = scanJson(bytes, bodyLimits.depth, bodyLimits.events);
  if (scan.depth > bodyLimits.depth)
    return refuse(problems.badBody(`The body is nested deeper than ${bodyLimits.depth} levels.`));
  if (scan.items > bodyLimits.events)
    return refuse(problems.tooLarge(`A list holds at most ${bodyLimits.events} events.`));
  const text = bytes.toString('utf8');
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return refuse(problems.badBody(`The body is not JSON. At ${jsonFault(text)}.`));
  }
  if (json === null || typeof json !== 'object')
    return refuse(problems.badBody('The body is a single value; an event is a JSON object.'));
  const large = whole ? [] : largeItems(scan, bytes.length);
  if (large.length > 0)
    return refuse(problems.tooLarge('An event has at most 256 KB (262,144 bytes).', large));
  const item = (index: number) => bytes.toString('utf8', scan.edges[2 * index], scan.edges[2 * index + 1]);
  return { ok: true, body: { json, text: (index) => (index === undefined ? text : item(index)) } };
}

function largeItems(scan: Scan, size: number): { path: string; text: string }[] {
  if (!scan.list)
    return size > bodyLimits.event ? [{ path: '', text: `has ${size.toLocaleString('en-US')} bytes` }] : [];
  return Array.from({ length: scan.items }, (_, i) => scan.edges[2 * i + 1]! - scan.edges[2 * i]!).flatMap(
    (length, i) =>
      length > bodyLimits.event
        ? [{ path: `[${i}]`, text: `has ${length.toLocaleString('en-US')} bytes` }]
        : [],
  );
}
