// An instant as SQL takes it.
import { sql } from 'drizzle-orm';

/** `ms`: epoch milliseconds. */
export const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
