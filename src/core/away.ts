// Away: somebody is not here until an instant, and may have named who is told instead.
export interface Away {
  until: number;
  /** The person told instead; null: what is not critical waits for the return. */
  delegate: string | null;
  since: number;
}

/** Whether they are away now. */
export function isAway(away: Away | null | undefined, now: number): away is Away {
  return away != null && away.since <= now && now < away.until;
}
