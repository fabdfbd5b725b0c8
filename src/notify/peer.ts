// The contract of the shelf `peers`: how what somebody did here is passed back to the system that an alert came from.
import type { Alert } from '#core/alert.ts';
import type { Asking, Fetched, Outbound } from '#outbound/fetch.ts';

/** What was done: somebody has taken it over, has given it back, or it is over. */
export interface Deed {
  is: 'taken' | 'left' | 'over';
  /** Who did it; null: it ended by itself. */
  who: string | null;
  note: string | null;
  alert: Alert;
  /** The same for every attempt, so that a repetition can be recognised. */
  id: string;
  /** Perhaps it arrived before. */
  isRepeat: boolean;
}

/** Where the other system is, and what it knows us by. */
export interface Place {
  url: string;
  token: string;
}

/** One request and what came of it, as the log shows them. */
export interface Passed {
  asking: Asking;
  fetched: Fetched;
}

export interface Peer {
  name: string;
  title: string;
  /** What its address looks like, and what its token is. */
  example: string;
  token: string;
  /** What it is told stands on a page that the alert names: the place must say in which projects. */
  inProjects?: true;
  /** Looks whether it lets us in, changing nothing; undefined: it offers no such look. */
  check(place: Place): (Asking & { url: string }) | undefined;
  /** Passes it back; undefined: there is nothing that it could be told of this alert or deed. Nothing is tried twice. */
  pass(ask: Outbound, place: Place, deed: Deed, now: number): Promise<Passed | undefined>;
}

/** One request, kept with its answer. */
export async function passBy(ask: Outbound, url: string, asking: Asking): Promise<Passed> {
  return { asking, fetched: await ask(url, asking) };
}

/** A body of JSON with these headers. */
export function jsonAsking(
  method: Asking['method'],
  body: unknown,
  headers: Record<string, string> = {},
): Asking {
  return {
    method: method!,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  };
}

/** All requests together take no longer than one may: the lease of the address is not held for longer. */
export function within(ask: Outbound, allMs: number): Outbound {
  let left = allMs;
  return async (url, asking) => {
    if (left <= 0) return { is: 'failed', why: `no answer within ${allMs / 1000} s`, wrote: false, ms: 0 };
    const fetched = await ask(url, { ...asking, timeoutMs: left });
    left -= fetched.ms;
    return fetched;
  };
}

/** The address without the slashes at its end, and without the projects named after `#`. */
export const rootOf = ({ url }: Place): string => url.replace(/#.*$/s, '').replace(/\/+$/, '');

/** What happened, in a sentence for whoever reads it there. */
export function sayDeed({ is, who, note, isRepeat }: Deed): string {
  const did = { taken: 'has taken it over', left: 'has given it back', over: 'says that it is over' }[is];
  const said = `${who ?? 'Tocsin'} ${did}.`;
  return [said, note ? `“${note.slice(0, 500)}”` : '', isRepeat ? '(Possibly said before.)' : '']
    .filter(Boolean)
    .join(' ');
}
