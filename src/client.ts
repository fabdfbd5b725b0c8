// A client for programs that push events: batches, retries with the same ids, a bounded buffer, a flush at the end. No dependencies.

export interface TocsinEvent {
  /** The topic: a dotted path such as `disk.usage`. */
  type: string;
  /** What it is about: a host, a job, a mount point. */
  subject?: string;
  /** Who says it; the key's source when not given. */
  source?: string;
  /** Makes a repeat recognisable; made here when not given. */
  id?: string;
  /** When it happened, RFC 3339; now when not given, so that a delay on the way does not count. */
  time?: string;
  data?: Record<string, unknown>;
  labels?: Record<string, string | number | boolean>;
  severity?: 'critical' | 'warning' | 'info';
  status?: 'firing' | 'resolved';
  fingerprint?: string;
}

export interface ClientOptions {
  /** Where Tocsin is: `https://alerts.example.org`. */
  url: string;
  key: string;
  /** How many events wait at most; further ones are refused by `send`. 10,000 when not given. */
  buffer?: number;
  /** How many go in one request; 200. */
  batch?: number;
  /** How long an event waits for company; 100 ms. */
  waitMs?: number;
  /** For one request; 10 s. */
  timeoutMs?: number;
  /** The first and the longest wait after a failure; 0.5 s and 30 s. */
  retryMs?: { first: number; most: number };
  /** Hears of events that were given up, and why: a full buffer, a key without rights, an event with faults. */
  onDrop?: (events: TocsinEvent[], why: string) => void;
  fetch?: typeof fetch;
  now?: () => number;
  newId?: () => string;
}

export interface Client {
  /** Takes the event and returns at once; false when the buffer is full or the client is closed. Never throws. */
  send(event: TocsinEvent): boolean;
  /** Waits until everything sent so far is taken, at most this long; whether it is. */
  flush(withinMs?: number): Promise<boolean>;
  /** Takes no more, and flushes; whether everything was taken. What was not is given up. */
  close(withinMs?: number): Promise<boolean>;
  /** How many events are not yet taken. */
  waiting(): number;
}

/** What a request came to: take them off, try again later, or leave out some that can never be taken. */
type Verdict =
  | { is: 'taken' }
  | { is: 'later'; afterMs?: number }
  | { is: 'halve' }
  | { is: 'never'; places?: number[]; why: string };

const mostBytes = 900_000;

/** Opens a client. Nothing is sent before the first `send`; timers keep no process alive. */
export function openClient(options: ClientOptions): Client {
  const { url, key, buffer = 10_000, waitMs = 100, timeoutMs = 10_000, onDrop = () => {} } = options;
  const {
    retryMs = { first: 500, most: 30_000 },
    now = Date.now,
    newId = () => crypto.randomUUID(),
  } = options;
  const most = Math.min(options.batch ?? 200, 500);
  const ask = options.fetch ?? fetch;
  const address = `${url.replace(/\/+$/, '')}/v1/events`;
  const queue: { event: TocsinEvent; text: string }[] = [];
  /** Aborted when what is left is given up. */
  const leaving = new AbortController();
  let closed = false;
  let failures = 0;
  let working: Promise<void> | undefined;
  let wake = () => {};
  let hurry = false;
  let size = most;

  const drop = (count: number, why: string, places?: number[]) => {
    const gone = places
      ? places
          .toReversed()
          .flatMap((at) => queue.splice(at, 1))
          .reverse()
      : queue.splice(0, count);
    const events = gone.map(({ event }) => event);
    if (events.length > 0) onDrop(events, why);
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      (timer as { unref?: () => void }).unref?.();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function work(): Promise<void> {
    if (!hurry) await pause(waitMs);
    while (queue.length > 0) {
      const batch = nextBatch();
      const verdict = await post(batch.map(({ text }) => text));
      if (verdict.is === 'later') {
        // Somebody who closes does not wait for the longest pause; the last tries are made close together.
        const grown = Math.min(retryMs.most, retryMs.first * 2 ** Math.min(failures++, 16));
        await pause(hurry ? Math.min(grown, retryMs.first) : (verdict.afterMs ?? grown));
        continue;
      }
      failures = 0;
      if (verdict.is === 'taken') queue.splice(0, batch.length);
      else if (verdict.is === 'never') drop(batch.length, verdict.why, verdict.places);
      else if (batch.length === 1) drop(1, 'it is too large');
      size = verdict.is === 'halve' ? Math.max(1, Math.floor(batch.length / 2)) : most;
    }
    working = undefined;
  }

  function nextBatch() {
    let bytes = 0;
    let count = 0;
    for (const { text } of queue) {
      bytes += text.length * 2;
      if (count > 0 && (count >= size || bytes > mostBytes)) break;
      count++;
    }
    return queue.slice(0, count);
  }

  async function post(texts: string[]): Promise<Verdict> {
    try {
      const response = await ask(address, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: `[${texts.join(',')}]`,
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), leaving.signal]),
      });
      return await judge(response, texts.length);
    } catch {
      return { is: 'later' };
    }
  }

  const settled = async (withinMs: number): Promise<boolean> => {
    hurry = true;
    wake();
    const end = now() + withinMs;
    while (working && now() < end) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      await Promise.race([
        working,
        new Promise((resolve) => {
          timer = setTimeout(resolve, Math.max(0, end - now()));
        }),
      ]);
      clearTimeout(timer);
    }
    hurry = closed;
    return queue.length === 0;
  };

  return {
    send(event) {
      if (closed) return false;
      if (queue.length >= buffer) {
        onDrop([event], 'the buffer is full');
        return false;
      }
      const whole = { id: newId(), time: new Date(now()).toISOString(), ...event };
      let text: string | undefined;
      try {
        text = JSON.stringify(whole);
      } catch {
        onDrop([event], 'it cannot be written as JSON');
        return false;
      }
      queue.push({ event: whole, text });
      working ??= work();
      return true;
    },
    flush: (withinMs = 10_000) => settled(withinMs),
    async close(withinMs = 10_000) {
      closed = true;
      const done = await settled(withinMs);
      if (!done) drop(queue.length, 'the program ended before they were taken');
      leaving.abort();
      wake();
      await working;
      return done;
    },
    waiting: () => queue.length,
  };
}

async function judge(response: Response, count: number): Promise<Verdict> {
  const text = await response.text().catch(() => '');
  if (response.ok) return { is: 'taken' };
  if (response.status === 413) return { is: 'halve' };
  if (response.status === 429 || response.status >= 500 || response.status === 408) {
    const seconds = Number(response.headers.get('retry-after'));
    return seconds > 0 ? { is: 'later', afterMs: seconds * 1_000 } : { is: 'later' };
  }
  const said = readProblem(text);
  const why = said.detail ?? `it was refused with ${response.status}`;
  const places = [
    ...new Set(said.errors.flatMap(({ path }) => /^\[(\d+)\]/.exec(path)?.[1] ?? []).map(Number)),
  ]
    .filter((place) => place < count)
    .sort((a, b) => a - b);
  // Those that are named go; the others are tried again without them.
  if (places.length > 0) return { is: 'never', places, why: said.errors[0]?.text ?? why };
  if (response.status === 401 || response.status === 403 || count === 1) return { is: 'never', why };
  return { is: 'halve' };
}

function readProblem(text: string): { detail?: string; errors: { path: string; text: string }[] } {
  try {
    const { detail, errors } = JSON.parse(text) as { detail?: unknown; errors?: unknown };
    const faults = Array.isArray(errors) ? (errors as { path: string; text: string }[]) : [];
    return {
      ...(typeof detail === 'string' ? { detail } : {}),
      errors: faults.filter((one) => typeof one?.path === 'string'),
    };
  } catch {
    return { errors: [] };
  }
}
