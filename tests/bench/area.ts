// The contract of a benchmark: an area that is measured in one run, everything it compares side by side.
export interface Cell {
  /** What is shown. */
  text: string;
  /** What a program reads. */
  value: number | string;
}

export interface Table {
  title: string;
  columns: string[];
  rows: Cell[][];
  /** Sentences below the table: what was compared with what. */
  notes?: string[];
}

/** An aim of the project and whether it holds in this run. */
export interface Aim {
  /** Its row in the list of goals, where it has one. */
  row?: number;
  what: string;
  /** The bar, and the wish beyond it. */
  must: string;
  wish: string;
  found: string;
  holds: boolean;
}

export interface Findings {
  tables: Table[];
  aims: Aim[];
}

export interface Run {
  /** Smaller sizes and fewer rounds, to see that everything works. */
  quick: boolean;
  /** Says what is going on, outside the result. */
  say(text: string): void;
}

export interface Area {
  name: string;
  /** One line for the list. */
  title: string;
  measure(run: Run): Promise<Findings>;
}

/** An aim that is a number which must not be exceeded. */
export function atMost(what: string, found: number, must: number, wish: number, unit: string): Aim {
  const say = (value: number) => `≤ ${value}${unit}`;
  return { what, must: say(must), wish: say(wish), found: `${short(found)}${unit}`, holds: found <= must };
}

/** An aim that is a number which must be reached. */
export function atLeast(what: string, found: number, must: number, wish: number, unit: string): Aim {
  const say = (value: number) => `≥ ${value.toLocaleString('en-US')}${unit}`;
  return { what, must: say(must), wish: say(wish), found: `${short(found)}${unit}`, holds: found >= must };
}

/** An aim of this row: so many times the peer's, or more. */
export function ratioAtLeast(row: number, what: string, found: number, must: number, wish: number): Aim {
  return { row, ...atLeast(what, found, must, wish, 'x') };
}

/** An aim of this row: so many times the peer's, or less. */
export function ratioAtMost(row: number, what: string, found: number, must: number, wish: number): Aim {
  return { row, ...atMost(what, found, must, wish, 'x') };
}

/** A number with three digits that matter. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function number(value: number): Cell {
  return { text: short(value), value };
}

export function words(text: string): Cell {
  return { text, value: text };
}
