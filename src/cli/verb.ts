// The contract of a command of the command line, and what it is given.
import type { Config } from '../config.ts';
import type { OperatorWorld } from './operator-world.ts';

export interface Surroundings {
  config: Config;
  /** The arguments after the verb. */
  args: string[];
  /** What was asked for: a pipe or a file may take it. */
  print(text: string): void;
  /** What only a person reads: why not, and what to do next. */
  aside(text: string): void;
  now: number;
  /** What is piped in. */
  input: AsyncIterable<Uint8Array>;
  /** Asks whoever sits at the terminal for a line; absent where nobody does. */
  ask?(question: string): Promise<string>;
  /** Opens the ledger of DATABASE_URL, or of the program that is running in DATA_DIR; closed by whoever started the verb. */
  open(): Promise<OperatorWorld>;
}

export interface Verb {
  name: string;
  /** One line for the list. */
  title: string;
  usage: string[];
  /** Resolves with the exit code: 0 done, 1 refused or something is wrong. Throws `Misused` or `Refused`. */
  run(around: Surroundings): Promise<number>;
}

/** Nothing was done; the message says why. */
export class Refused extends Error {
  override name = 'Refused';
}

/** Wrong arguments; the message says what would be right. */
export class Misused extends Error {
  override name = 'Misused';
}
