// Addresses as a table in one parameter, each with its place in the list: answers find their question again by it.
import { type SQL, sql } from 'drizzle-orm';
import type { Place } from './leases.ts';

/** `(…) as` something with `channel`, `address` and `number`, which counts from 0. */
export function numbered(places: readonly Place[]): SQL {
  const rows = JSON.stringify(places.map(({ channel, address }, number) => ({ number, channel, address })));
  return sql`(select number, channel, address from json_to_recordset(${rows}::text::json)
    as w(number int, channel text, address text))`;
}
