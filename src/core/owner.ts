// Whose it is: a person (`p_…`) or a group (`g_…`), and how they want to be told.
import type { Quiet } from './quiet.ts';

export interface Settings {
  /** IANA zone. */
  zone: string;
  quiet: Quiet | null;
  /** When `until my morning` is, minutes since midnight. */
  morning: number;
}

/** Whether the owner id names a group. */
export function isGroup(ownerId: string): boolean {
  return ownerId.startsWith('g_');
}
