// What operations and the chat may know of the modules: names, fields, rules on offer, a look before adding. The ingest room fills it in.
import type { Json } from '#core/json.ts';
import type { RuleDocument } from '#core/rule.ts';

/** One thing that is asked when a target is added, as a wizard or a form shows it. */
export interface ModuleField {
  name: string;
  label: string;
  hint: string;
  /** `address`, `text`, `list`, `number`. */
  input: string;
  required: boolean;
  /** What is taken when nothing is said. */
  usual?: string;
}

export interface TopicMeaning {
  topic: string;
  title: string;
  subject: string;
  fields: Record<string, { title: string; unit?: string; from?: string }>;
}

export interface ModuleFacts {
  name: string;
  title: string;
  about: string;
  /** False: the software pushes by itself; it cannot be added as a target. */
  scraped: boolean;
  everyMs: number;
  fields: ModuleField[];
  topics: readonly TopicMeaning[];
}

export interface Offer {
  title: string;
  /** For `createRule`: narrowed to the target when one was named. */
  document: RuleDocument;
}

/** What a target tells now, as it would come in. */
export interface Shown {
  topic: string;
  subject: string;
  fields: { name: string; title: string; value: Json; unit?: string }[];
}

export type CheckedTarget =
  | { ok: true; params: Record<string, unknown>; address: string; everyMs: number }
  | { ok: false; faults: { path: string; text: string }[] };

export type Probed = { ok: true; shown: Shown[]; ms: number } | { ok: false; text: string };

export interface ModuleBook {
  /** In the order in which they are offered. */
  all(): ModuleFacts[];
  find(module: string): ModuleFacts | undefined;
  /** The params as the ledger keeps them, or every fault with its path. */
  check(module: string, params: unknown): CheckedTarget;
  /** The rules on offer; with a target's name they ask about that target alone. */
  offers(module: string, target?: string): Offer[];
  /** Asks once, keeps nothing. `name` is what the target would be called. */
  probe(
    module: string,
    place: { name: string; params: Record<string, unknown>; authorization?: string; timeoutMs: number },
    now: number,
  ): Promise<Probed>;
}
