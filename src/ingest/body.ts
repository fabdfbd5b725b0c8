// Reading a request body: its media type, its size while it comes in, its text, its JSON.
import { isUtf8 } from 'node:buffer';
import { cleanText } from '#core/clean.ts';
import type { Json } from '#core/json.ts';
import type { Asked } from './asked.ts';
import { jsonFault } from './json-fault.ts';
import { type Problem, problems } from './problem.ts';
import { type Scan, scanJson } from './scan.ts';

export const bodyLimits = { body: 1 << 20, event: 256 << 10, events: 500, depth: 32 } as const;

export interface Body {
  json: Json;
  /** The sender's own text: of the whole body, or of one item when the body is a list. */
  text(item?: number): string;
  /** As it came, for signatures. */
  bytes: Buffer;
}
export type ReadBody = { ok: true; body: Body } | { ok: false; problem: Problem };

/**
 * What the body is: one event or a list of them; an event's `data` alone (binary CloudEvents), which may be any value or
 * nothing; another system's `envelope`, which as a whole may be longer than one event; any `text`; or a
 * wish whose every word is `optional`, where nothing is an empty object.
 */
export type Form = 'events' | 'data' | 'envelope' | 'text' | 'optional';

/** Reads at most 1 MB of JSON of this form. `types` are further media types that are JSON; `refusal` looks at the bytes first, and at the JSON in them. */
export async function readBody(
  request: Asked,
  form: Form,
  types: readonly string[] = [],
  refusal?: (bytes: Buffer, said: Buffer) => Promise<Problem | undefined>,
): Promise<ReadBody> {
  const name = mediaType(request.headers);
  const refused = refusedForm(request.headers, form === 'text' ? [name, ...types] : types);
  if (refused) return { ok: false, problem: refused };
  const bytes = request.whole ?? (await readBytes(request, bodyLimits.body));
  if (bytes === 'large') return refuse(tooLong());
  if (bytes === 'broken') return refuse(problems.badBody('The body ended before it was whole.'));
  const unmarked = withoutMark(bytes);
  const isForm = form === 'envelope' && name === 'application/x-www-form-urlencoded';
  const said = isForm ? payloadOf(unmarked) : unmarked;
  const unwanted = await refusal?.(bytes, said ?? bytes);
  if (unwanted) return refuse(unwanted);
  if (said === undefined) return refuse(problems.badBody('The form has no field “payload”.'));
  const read = form === 'text' ? parseText(said, name) : parseBody(said, form);
  if (!read.ok) return read;
  const { json, text } = read.body;
  return { ok: true, body: { json, text, bytes } };
}

/** The same of events, whose bytes are there. */
export function readWhole(headers: Asked['headers'], bytes: Buffer, types: readonly string[] = []): ReadBody {
  const refused = refusedForm(headers, types);
  if (refused) return refuse(refused);
  if (bytes.length > bodyLimits.body) return refuse(tooLong());
  const read = parseBody(withoutMark(bytes), 'events');
  return read.ok ? { ok: true, body: { json: read.body.json, text: read.body.text, bytes } } : read;
}

const tooLong = () => problems.tooLarge('A body has at most 1 MB (1,048,576 bytes).');

// A byte order mark is no part of the text.
function withoutMark(bytes: Buffer): Buffer {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

/** What nearly everybody writes. */
const usual = 'application/json';

function mediaType(headers: Asked['headers']): string {
  const type = headers.get('content-type');
  if (type === usual) return usual;
  return (type ?? '').toLowerCase().split(';')[0]!.trim();
}

// `curl -d` calls everything a form.
function payloadOf(bytes: Buffer): Buffer | undefined {
  if (/^\s*[[{]/.test(bytes.toString('latin1', 0, 100))) return bytes;
  const payload = new URLSearchParams(bytes.toString('utf8')).get('payload');
  return payload === null ? undefined : Buffer.from(payload);
}

// What says that it is JSON has to be; otherwise JSON is only tried, and the text itself is as good.
function parseText(bytes: Buffer, name: string): ParsedBody {
  const isJson = name === 'application/json' || name.endsWith('+json');
  if (isJson) return parseBody(bytes, 'data');
  if (!isUtf8(bytes)) return { ok: false, problem: problems.badBody('The body is not UTF-8.') };
  const text = bytes.toString('utf8');
  if (/^\s*[[{]/.test(text)) {
    const read = parseBody(bytes, 'data');
    if (read.ok || read.problem.status === 413) return read;
  }
  if (bytes.length > bodyLimits.event)
    return { ok: false, problem: problems.tooLarge('An event has at most 256 KB (262,144 bytes).') };
  return { ok: true, body: { json: text, text: () => cleanText(text) } };
}

type ParsedBody = { ok: true; body: Omit<Body, 'bytes'> } | { ok: false; problem: Problem };

const refuse = (problem: Problem): { ok: false; problem: Problem } => ({ ok: false, problem });

/** Why the headers promise something we do not read, or undefined. */
function refusedForm(headers: Asked['headers'], types: readonly string[]): Problem | undefined {
  const encoding = headers.get('content-encoding');
  if (encoding && encoding.trim().toLowerCase() !== 'identity')
    return problems.mediaType('Compressed bodies are not read; send it as it is, without Content-Encoding.');
  if (headers.get('content-type') === usual) return undefined;
  const name = mediaType(headers);
  const isJson = name === '' || name === 'application/json' || /^application\/[\w.-]+\+json$/.test(name);
  if (!isJson && !types.includes(name))
    return problems.mediaType('Send JSON with “Content-Type: application/json” (curl: --json).');
  const [, ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='));
  if (charset && !/^charset="?(utf-?8|us-ascii)"?$/.test(charset))
    return problems.mediaType('Send the text as UTF-8.');
  return undefined;
}

/** The body's bytes, or why there are none. Never holds more than the limit and one chunk. */
export async function readBytes(request: Asked, most: number): Promise<Buffer | 'large' | 'broken'> {
  try {
    const promised = request.headers.get('content-length');
    if (promised !== null && Number(promised) > most) return 'large';
    // Node's parser never lets through more than was promised.
    if (promised !== null) {
      const whole = await request.arrayBuffer();
      const bytes = Buffer.isBuffer(whole) ? whole : Buffer.from(whole as ArrayBuffer);
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

function parseBody(bytes: Buffer, form: Form): ParsedBody {
  if (isBlank(bytes)) {
    if (form === 'optional') return { ok: true, body: { json: {}, text: () => '{}' } };
    if (form === 'data') return { ok: true, body: { json: null, text: () => '' } };
    return refuse(problems.badBody(`The body is empty; ${wanted(form)}.`));
  }
  if (!isUtf8(bytes)) return refuse(problems.badBody('The body is not UTF-8.'));
  const events = form === 'events' ? bodyLimits.events : Number.POSITIVE_INFINITY;
  const scan = scanJson(bytes, bodyLimits.depth, events);
  if (scan.depth > bodyLimits.depth)
    return refuse(problems.badBody(`The body is nested deeper than ${bodyLimits.depth} levels.`));
  if (scan.items > events) return refuse(problems.tooLarge(`A list holds at most ${events} events.`));
  const text = bytes.toString('utf8');
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return refuse(problems.badBody(`The body is not JSON. At ${jsonFault(text)}.`));
  }
  if (form !== 'data' && (json === null || typeof json !== 'object'))
    return refuse(problems.badBody(`The body is a single value; ${wanted(form)}.`));
  const large = form === 'envelope' ? [] : largeItems(scan, form === 'events' && scan.list, bytes.length);
  if (large.length > 0)
    return refuse(problems.tooLarge('An event has at most 256 KB (262,144 bytes).', large));
  const item = (index: number) => bytes.toString('utf8', scan.edges[2 * index], scan.edges[2 * index + 1]);
  return { ok: true, body: { json, text: (index) => (index === undefined ? text : item(index)) } };
}

function wanted(form: Form): string {
  return form === 'events' ? 'an event is a JSON object' : 'a JSON object is needed';
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

function largeItems(scan: Scan, each: boolean, size: number): { path: string; text: string }[] {
  if (!each)
    return size > bodyLimits.event ? [{ path: '', text: `has ${size.toLocaleString('en-US')} bytes` }] : [];
  return Array.from({ length: scan.items }, (_, i) => scan.edges[2 * i + 1]! - scan.edges[2 * i]!).flatMap(
    (length, i) =>
      length > bodyLimits.event
        ? [{ path: `[${i}]`, text: `has ${length.toLocaleString('en-US')} bytes` }]
        : [],
  );
}
