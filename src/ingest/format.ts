// The contract of the shelf `formats`: how one system's own words become events.
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import type { Mapping } from '#core/mapping.ts';

/** What is wrong and where: `{ path: '[3].labels.host', text: 'must be text' }`. The path is empty for the body itself. */
export interface Fault {
  path: string;
  text: string;
}

/** An event as a format read it, and where in the body it was found (`[3]`, `alerts[3]`, empty for the body itself). */
export interface Found {
  at: string;
  event: NewEvent;
}

export type Parsed = { ok: true; events: NewEvent[]; at: string[] } | { ok: false; faults: Fault[] };

/** What came with the body. */
export interface Around {
  /** By lower-case names. */
  headers: Record<string, string>;
  /** The address's parameters, without the key. */
  query: Record<string, string>;
  /** Who pushes, and what is known of its fields. */
  source: { name: string; mapping?: Mapping };
}

export interface Format {
  /** The last part of `/v1/in/{name}`. */
  name: string;
  title: string;
  /** Media types it is sent with besides `application/json` and `…+json`. */
  contentTypes?: readonly string[];
  /** True when a body that cannot be read yet is kept until the source's mapping can read it. */
  keeps?: true;
  /** True when any text is a body of it, JSON or not: text that is no object or list is given as a string. */
  text?: true;
  /** A real body, as the system's own documentation or source has it; the contract tests parse it. */
  example: { body: Json; headers?: Record<string, string> };
  /**
   * Pure: the same body gives the same events, and the body is left as it was. Never throws: what cannot be read is a
   * fault with its path.
   */
  parse(body: Json, around: Around, now: number): Parsed;
  /** True when the body is more than its events: then the whole of it is kept with the first one. */
  translates: boolean;
}

/** The parsed form of events that were found without a fault. */
export function parsed(found: Found[], faults: Fault[]): Parsed {
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, 50) };
  return { ok: true, events: found.map(({ event }) => event), at: found.map(({ at }) => at) };
}
