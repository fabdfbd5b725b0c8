// What a rule saw now: met, unmet or unknown, with the value and the limit.
export interface Reading {
  is: 'met' | 'unmet' | 'unknown';
  /** True for a fact that neither lasts nor ends, such as a finished build. */
  momentary?: boolean;
  value?: number | string;
  limit?: number | string;
  /** A short sentence a person can read: `93.5, limit 90`. */
  text: string;
}
