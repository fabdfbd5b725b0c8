// What a law is: a name, a sentence for whoever breaks it, a search, and proof that the search finds something.
import type { House } from './house.ts';

export interface Finding {
  file: string;
  line?: number;
  what: string;
}

export interface Rule {
  name: string;
  /** Why, and what to do instead. */
  sentence: string;
  find(house: House): Finding[];
  /** Violations, each as files to lay over the clean fixture; every one must be found by this rule. */
  plants: Record<string, string>[];
}

export const ROOMS = ['ingest', 'evaluate', 'notify', 'act', 'chat', 'dashboard'];

export const SHELVES: Record<string, string> = {
  'src/notify/peers': 'peer',
  'src/ingest/formats': 'format',
  'src/ingest/modules': 'module',
  'src/evaluate/kinds': 'kind',
  'src/notify/gates': 'gate',
  'src/notify/channels': 'channel',
  'src/act/actions': 'action',
  'src/chat/commands': 'command',
};

/** The entry of a shelf that a file belongs to: its file name, or its folder on the shelf. */
export function onShelf(file: string): { shelf: string; entry: string } | undefined {
  const shelf = Object.keys(SHELVES).find((s) => file.startsWith(`${s}/`));
  return shelf === undefined
    ? undefined
    : { shelf, entry: file.slice(shelf.length + 1).split('/')[0] as string };
}

/** The index and the contract are what shelf-mates may share. */
export function isShared(shelf: string, entry: string): boolean {
  return ['index.ts', 'contract.ts', `${SHELVES[shelf]}.ts`].includes(entry);
}
