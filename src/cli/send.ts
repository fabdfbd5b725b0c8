// `tocsin send`: events to a running server, over HTTP as any service would send them; from flags, or from what is piped in.
import { cut } from '#core/cut.ts';
import { openClient, type TocsinEvent } from '../client.ts';
import { eventFlags, eventOf, serverFlags } from './event-flags.ts';
import { misused, readFlags } from './read-flags.ts';
import { findServer, type Server } from './server.ts';
import { Misused, type Surroundings, type Verb } from './verb.ts';

/** Of text that is piped in. */
const mostText = 8_000;

const right = 'send disk.usage --subject /home --data usage=93.5';
const rightPiped = 'send cron.output - < log.txt';

const badKey = 'The key is not good. Give another with --key or in TOCSIN_KEY; tocsin key create makes one.';

type Voices = Pick<Surroundings, 'print' | 'aside'>;

export const send: Verb = {
  name: 'send',
  title: 'send an event, or what is piped in, to the running server',
  usage: [
    'send disk.usage --subject /home --data usage=93.5 [--label env=prod] [--severity critical]',
    '     [--status firing|resolved] [--fingerprint …] [--id …] [--source …] [--key …] [--url http://…]',
    'send - < events.ndjson        JSON, a list, or one event a line; flags fill in what is missing',
    'send cron.output - < log.txt  any other text becomes the field “text”',
  ],
  async run({ args, config, print, aside, input }) {
    const options = { ...eventFlags, ...serverFlags };
    const { values, positionals } = readFlags({ args, allowPositionals: true, options }, right);
    const { key, url, ...flags } = values;
    const isPiped = positionals.includes('-');
    const [named, ...rest] = positionals.filter((word) => word !== '-');
    const type = values.type ?? named;
    const fault = faultOf(named, rest, values.type, isPiped);
    if (fault !== undefined) throw misused(fault, isPiped ? rightPiped : right);
    const given = { ...eventOf(flags, right), ...(type === undefined ? {} : { type }) };
    const server = findServer(config, { ...(key ? { key } : {}), ...(url ? { url } : {}) });
    if (!isPiped) return sendOne(server, given, { print, aside });
    const read = readEvents(await textOf(input), given);
    if (typeof read === 'string') throw misused(read, rightPiped);
    return sendMany(server, read, { print, aside });
  },
};

/** What is wrong with the words that are no flags; undefined: nothing. */
function faultOf(
  named: string | undefined,
  rest: string[],
  type: string | undefined,
  isPiped: boolean,
): string | undefined {
  const stray = [named, ...rest].find((word) => word?.includes('='));
  if (stray !== undefined) return `“${stray.slice(0, 40)}” stands alone: write --data ${stray.slice(0, 40)}`;
  if (rest[0] !== undefined)
    return `“${rest[0].slice(0, 40)}” is one word too many; a text with spaces stands in quotes.`;
  if (type !== undefined && named !== undefined)
    return `What happened is said twice: “${named.slice(0, 40)}” and --type ${type.slice(0, 40)}.`;
  if (!type && !named && !isPiped) return 'What happened is missing: a topic, such as disk.usage.';
  return undefined;
}

/** One event, and the server's own answer. */
async function sendOne({ url, key }: Server, event: object, { print, aside }: Voices): Promise<number> {
  const answer = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: crypto.randomUUID(), ...event }),
  }).catch((error: Error) => new Misused(`${url} does not answer (${whyNot(error)}). Is Tocsin running?`));
  if (answer instanceof Misused) throw answer;
  const text = (await answer.text()).trim();
  if (answer.ok) print(text);
  else aside(answer.status === 401 ? badKey : (refusalOf(text, answer.status) ?? text));
  return answer.ok ? 0 : 1;
}

/**
 * What the server finds wrong, a line each, and, when the event itself is wrong, a line that would be right; undefined:
 * it says nothing that is known.
 */
export function refusalOf(text: string, status: number): string | undefined {
  const [problem] = (asJson(text) ?? []) as { title?: unknown; detail?: unknown; errors?: unknown }[];
  const said = problem?.detail ?? problem?.title;
  if (typeof said !== 'string') return undefined;
  const errors = Array.isArray(problem?.errors) ? (problem.errors as { path: string; text: string }[]) : [];
  const faults = errors.map(({ path, text: fault }) => `  ${path === '' ? '' : `${path}: `}${fault}`);
  const isOurs = (status === 400 || status === 422) && faults.length > 0;
  return [said, ...faults, ...(isOurs ? [`Right is, for example: tocsin ${right}`] : [])].join('\n');
}

/** Many, in batches that are tried again; says how many were taken, and which were not. */
async function sendMany(server: Server, events: TocsinEvent[], { print, aside }: Voices): Promise<number> {
  let dropped = 0;
  const client = openClient({
    ...server,
    buffer: events.length,
    waitMs: 0,
    retryMs: { first: 500, most: 2_000 },
    onDrop(gone, why) {
      dropped += gone.length;
      aside(`Not taken: ${gone.length} (${why}), the first: ${JSON.stringify(gone[0]).slice(0, 200)}`);
    },
  });
  for (const event of events) client.send(event);
  await client.close(30_000);
  print(`${events.length - dropped} of ${events.length} events were taken.`);
  return dropped === 0 ? 0 : 1;
}

/** The events in a text: JSON, one a line, or the text itself as the event that the flags tell of. */
export function readEvents(text: string, given: Partial<TocsinEvent>): TocsinEvent[] | string {
  if (text.trim() === '') return 'Nothing was piped in.';
  const found = asJson(text) ?? asLines(text);
  if (found === undefined) {
    if (given.type === undefined) return `${whereNoJson(text)}; to send it as text, say what it is.`;
    return [{ ...given, type: given.type, data: { ...given.data, text: text.trimEnd().slice(-mostText) } }];
  }
  const events = found.map((event) => ({ ...given, ...event })) as TocsinEvent[];
  const bare = events.findIndex(({ type }) => type === undefined);
  return bare < 0 ? events : `The event ${bare + 1} has no type; give one.`;
}

/** Of a list with an event on each line: which line is none. */
function whereNoJson(text: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.trim() !== '' && asJson(line) === undefined);
  return at > 0 ? `Line ${at + 1} is no JSON: ${cut(lines[at]!.trim(), 60)}` : 'That is no JSON';
}

function asJson(text: string): object[] | undefined {
  try {
    const json: unknown = JSON.parse(text);
    const list = Array.isArray(json) ? json : [json];
    return list.every(isObject) ? list : undefined;
  } catch {
    return undefined;
  }
}

function asLines(text: string): object[] | undefined {
  try {
    const list: unknown[] = text
      .split('\n')
      .flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)]));
    return list.every(isObject) ? list : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

async function textOf(input: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of input) {
    size += part.length;
    if (size > 64 << 20) throw new Misused('More than 64 MB were piped in; send them in parts.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The network's own reason; `fetch failed` says none. Of several addresses that all refused there is only the code. */
function whyNot({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message;
  return cause.message || (cause as NodeJS.ErrnoException).code || message;
}
