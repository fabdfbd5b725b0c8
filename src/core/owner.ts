// Whose it is: a person (`p_…`) or a group (`g_…`), and how they want to be told.
import type { Away } from './away.ts';
import type { Care } from './care.ts';
import type { Quiet } from './quiet.ts';

export interface Settings {
  /** IANA zone. */
  zone: string;
  quiet: Quiet | null;
  /** When `until my morning` is, minutes since midnight. */
  morning: number;
  /** How unattended alerts are followed up; null: not. */
  care?: Care | null | undefined;
  /** Not here, and who is told instead; null: here. */
  away?: Away | null | undefined;
}

/** Whether the owner id names a group. */
export function isGroup(ownerId: string): boolean {
  return ownerId.startsWith('g_');
}

/** Tocsin itself as an owner: it is told the canary's notes, is nobody's person, and never leaves. */
export const house = 'p_tocsin';
