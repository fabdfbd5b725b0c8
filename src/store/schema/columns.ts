// The columns that PostgreSQL and we call by different types: instants are epoch milliseconds here.
import { bigint, customType } from 'drizzle-orm/pg-core';

export const instant = customType<{ data: number; driverData: string | Date }>({
  dataType: () => 'timestamptz(3)',
  toDriver: (ms) => new Date(ms).toISOString(),
  fromDriver: (value) => new Date(value).getTime(),
});

/** A transaction's number, as text: it may be larger than numbers are exact. */
export const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });

/** A whole number of 64 bits, read as a number. */
export const big = (name: string) => bigint(name, { mode: 'number' });

export type Labels = Record<string, string>;
