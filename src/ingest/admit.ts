// From a request to its body: who sends it, whether they may, how fast, and whether they signed it.
import { admitBody } from './admit-body.ts';
import type { Admitted, Admitting } from './admitting.ts';
import type { Asked } from './asked.ts';
import { type Form, readBody, readWhole } from './body.ts';
import { callerBy } from './caller.ts';
import type { Format } from './format.ts';
import { sourceOf } from './keep.ts';
import { type Caller, hasScope, keyIn } from './key-book.ts';
import { type Problem, problems } from './problem.ts';
import { checkSignature } from './signature.ts';
import type { Taken } from './taken.ts';
import { tooFast } from './telling-owners.ts';

/** The key's text in the body, for an API that carries it there: looked for before the body is parsed. */
export type KeyInBody = (said: Buffer) => string | undefined;

/** The same as `admit` for events that are there, of a key that is known and signs nothing; undefined where it has to wait. */
export function admitAtOnce(
  way: Admitting,
  request: Asked,
  format: Format,
  keyInBody: KeyInBody | undefined,
): Admitted | Problem | Promise<Admitted | Taken | Problem> | undefined {
  const { headers, whole } = request;
  if (whole === undefined || keyInBody || format.name !== 'native') return undefined;
  const now = way.now();
  const text = keyIn(request);
  const caller = text === undefined ? undefined : way.keys.recall(text, now, headers);
  if (!caller || caller.secrets.length > 0) return undefined;
  const unwelcome = turnedAway(way, caller, now);
  if (unwelcome) return unwelcome;
  const read = readWhole(headers, whole, format.contentTypes);
  if (!read.ok) return read.problem;
  const around = { headers: {}, query: {}, source: sourceOf(caller.source) };
  return admitBody(way, caller, format, read.body, around, undefined, now);
}

/** What may go into the ledger, what was kept without being an event, or the refusal. */
export async function admit(
  way: Admitting,
  request: Asked,
  format: Format,
  keyInBody: KeyInBody | undefined,
): Promise<Admitted | Taken | Problem> {
  const now = way.now();
  const headers = headersOf(request, format);
  const form = formOf(format, headers);
  const early = keyInBody ? undefined : await senderBy(way, keyIn(request), now);
  if (early && !('keyId' in early)) return early;
  let caller = early;
  let delivery: string | undefined;
  // Who has no key, or cannot sign, hears nothing about what was sent.
  const unwanted = async (bytes: Buffer, said: Buffer): Promise<Problem | undefined> => {
    const sender = caller ?? (await senderBy(way, keyInBody?.(said) ?? keyIn(request), now));
    if (!('keyId' in sender)) return sender;
    caller = sender;
    if (sender.secrets.length === 0) return undefined;
    const signed = checkSignature(sender.secrets, request.headers, bytes, now);
    if (!signed.ok) return problems.unsigned(signed.why);
    delivery = signed.id;
    return undefined;
  };
  const read = await readBody(request, form, format.contentTypes, unwanted);
  if (!read.ok) return read.problem;
  const around = { headers, query: queryOf(request, format), source: sourceOf(caller!.source) };
  return admitBody(way, caller!, format, read.body, around, delivery, now);
}

/** Who may push with this key now, or the refusal. */
async function senderBy(way: Admitting, text: string | undefined, now: number): Promise<Caller | Problem> {
  const caller = text === undefined ? problems.unauthorized() : await callerBy(way.keys, text, now);
  return 'keyId' in caller ? (turnedAway(way, caller, now) ?? caller) : caller;
}

function turnedAway(way: Admitting, caller: Caller, now: number): Problem | undefined {
  if (!hasScope(caller, 'ingest'))
    return problems.forbidden('Pushing events needs a key with the scope “ingest”.');
  return tooFast(way, caller, now);
}

// Only the shelf's translators and binary CloudEvents look at headers; copying them all costs the hot path.
function headersOf(request: Asked, format: Format): Record<string, string> {
  if (format.name === 'native') return {};
  return Object.fromEntries((request as Request).headers);
}

function formOf(format: Format, headers: Record<string, string>): Form {
  if (format.text) return 'text';
  if (format.translates) return 'envelope';
  return headers['ce-specversion'] === undefined ? 'events' : 'data';
}

function queryOf(request: Asked, format: Format): Record<string, string> {
  const at = format.translates ? request.url.indexOf('?') : -1;
  if (at < 0) return {};
  const { key: _, ...query } = Object.fromEntries(new URLSearchParams(request.url.slice(at + 1)));
  return query;
}
