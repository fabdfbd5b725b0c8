// What a room may say to the operator: structured lines and counts. The real ones come from main.ts.

export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export interface Meter {
  /** Adds to a counter; names and labels come from closed sets. */
  count(name: string, labels?: Record<string, string>, by?: number): void;
  /** Records a duration in seconds. */
  observe(name: string, seconds: number, labels?: Record<string, string>): void;
}
