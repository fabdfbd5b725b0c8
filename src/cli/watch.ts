// `tocsin watch --peer URL`: from another machine, without a ledger: is that Tocsin well? A dead host cannot say so itself.
import { setTimeout as after } from 'node:timers/promises';
import { parseDuration } from '#core/duration.ts';
import { everyNetwork } from '#outbound/address.ts';
import { openOutbound } from '#outbound/fetch.ts';
import { freshPeer, type Look, type Patience, readHealthz, seePeer } from './peer.ts';
import { openStateFile } from './peer-file.ts';
import { openTellers, type Teller, tellAll } from './peer-tellers.ts';
import { misused, readFlags } from './read-flags.ts';
import type { Surroundings, Verb } from './verb.ts';

const second = 1000;
const right = 'watch --peer http://tocsin.lan:8080 --telegram 123456789';

export const watch: Verb = {
  name: 'watch',
  title: 'watch another Tocsin from this machine, and tell when it falls silent',
  usage: [
    'watch --peer http://tocsin.lan:8080 --telegram 123456789 [--email ops@example.org] [--webhook https://…]',
    '      [--every 30s] [--down-after 3] [--up-after 2] [--remind 6h] [--oldest 3m] [--state watch.json]',
    'watch --peer … --once      one look, nothing is told; exit code 0: well, 1: not',
    '      Telegram: TELEGRAM_BOT_TOKEN of a bot of its own; e-mail: SMTP_URL and SMTP_FROM',
  ],
  async run(around) {
    const { values } = readFlags({ args: around.args, options }, right);
    if (values.peer === undefined) throw misused('Say whom to watch.', right);
    const url = peerUrl(values.peer);
    const patience: Patience = {
      down: count('down-after', values['down-after'], 3),
      up: count('up-after', values['up-after'], 2),
      remindMs: span('remind', values.remind, 6 * 3_600_000),
    };
    const everyMs = span('every', values.every, 30 * second);
    const oldest = Math.round(span('oldest', values.oldest, 180 * second) / second);
    if (everyMs < second) throw misused('--every must be at least 1s.', right);
    const look = () => lookAt(url, oldest);
    if (values.once) {
      const { well, text } = await look();
      around.print(`${well ? 'well' : 'not well'}: ${text}`);
      return well ? 0 : 1;
    }
    const tellers = openTellers(around.config, {
      telegram: values.telegram ?? [],
      email: values.email ?? [],
      webhook: values.webhook ?? [],
    });
    if (tellers.length === 0)
      throw misused('Say who is told: --telegram <chat>, --email <address> or --webhook <url>.', right);
    const state = openStateFile(values.state ?? 'tocsin-watch.json', url);
    return keepWatch({ url, everyMs, patience, look, tellers, state }, around);
  },
};

const one = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const options = {
  ...{ peer: one, every: one, 'down-after': one, 'up-after': one, remind: one, oldest: one, state: one },
  ...{ telegram: many, email: many, webhook: many },
  once: { type: 'boolean' },
} as const;

interface Watching {
  url: string;
  everyMs: number;
  patience: Patience;
  look(): Promise<Look>;
  tellers: Teller[];
  state: ReturnType<typeof openStateFile>;
}

/** Looks until a signal ends it. What could not be told waits, and is told when it can be. */
async function keepWatch(watching: Watching, { print, now: beganAt }: Surroundings): Promise<number> {
  const { url, everyMs, patience, look, tellers, state } = watching;
  const began = performance.now();
  const clock = () => Math.round(beganAt + performance.now() - began);
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  let { peer, untold } = state.read() ?? { peer: freshPeer, untold: {} };
  print(
    `Watching ${url} every ${everyMs / second} s; ${tellers.map(({ name }) => name).join(', ')} is told.`,
  );
  try {
    while (!ending.signal.aborted) {
      const seen = await look();
      const now = clock();
      const step = seePeer(peer, seen, patience, url, now);
      peer = step.state;
      if (step.tell !== undefined) {
        print(`${new Date(now).toISOString()} ${step.tell}`);
        untold = Object.fromEntries(tellers.map(({ name }) => [name, step.tell!]));
      }
      // Before anything is told: a kill in between tells twice rather than never.
      state.write({ peer, untold });
      if (Object.keys(untold).length > 0) {
        untold = await tellAll(tellers, untold, print, now);
        state.write({ peer, untold });
      }
      await wait(everyMs, ending.signal);
    }
    return 0;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
    for (const { close } of tellers) close();
  }
}

// The operator of this machine typed the address: it may be one of their own network.
const ask = openOutbound(everyNetwork);

async function lookAt(url: string, oldest: number): Promise<Look> {
  const asked = await ask(url, { timeoutMs: 10 * second });
  if (asked.is !== 'answer') return { well: false, text: asked.why };
  return readHealthz(asked.status, asked.body.toString('utf8'), oldest);
}

function peerUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw misused(`--peer must be an address; “${text.slice(0, 80)}” is none.`, right);
  const url = new URL(text);
  if (!url.pathname.endsWith('/healthz')) url.pathname = `${url.pathname.replace(/\/+$/, '')}/healthz`;
  return url.href;
}

function count(name: string, text: string | undefined, usual: number): number {
  const number = text === undefined ? usual : Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 100)
    throw misused(`--${name} must be a number from 1 to 100.`, right);
  return number;
}

function span(name: string, text: string | undefined, usual: number): number {
  const ms = text === undefined ? usual : parseDuration(text);
  if (ms === undefined) throw misused(`--${name} must be a time span such as 30s or 6h.`, right);
  return ms;
}

/** Resolves after so long, or as soon as it is aborted. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return after(ms, undefined, { signal }).catch(() => {});
}
