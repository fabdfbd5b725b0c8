// Import a file of rules, and of the lists that they ask for: YAML and JSON as a whole, NDJSON by the thousand lines, each thousand taken or refused together.
import type { Actor } from '#core/actor.ts';
import type { Refusal } from '#core/outcome.ts';
import { type FileFault, type Form, piecesOf, readDocuments, ruleFiles } from './document-text.ts';
import { importLists, isList } from './import-lists.ts';
import { type Earlier, type Imported, type ImportInput, importRules } from './import-rules.ts';
import type { World } from './world.ts';

export interface FileImported extends Imported {
  /** How many pieces were not taken; then `faults` says why, at most a hundred times. */
  refused: number;
  faults: FileFault[];
}

const pieceLines = 1_000;
const mostFaults = 100;

/** What became of the file. A refusal for another reason than its content (whose it is, how many) ends it there. */
export async function importFile(
  world: World,
  actor: Actor,
  input: { text: string; form: Form } & Omit<ImportInput, 'rules'>,
  now: number,
): Promise<({ ok: true } & FileImported) | (Refusal & { sofar: FileImported })> {
  const { text, form, ...how } = input;
  const sofar: FileImported = { created: 0, changed: 0, unchanged: 0, refused: 0, faults: [] };
  const refuse = (faults: FileFault[]) => {
    sofar.refused++;
    sofar.faults.push(...faults.slice(0, mostFaults - sofar.faults.length));
  };
  const whole =
    text.length > ruleFiles.text[form] ? [{ text, firstLine: 1 }] : piecesOf(text, form, pieceLines);
  let pieces = 0;
  let earlier: Earlier = { names: new Map(), ids: new Set() };
  for (const piece of whole) {
    pieces++;
    const read = readDocuments(piece.text, form, ruleFiles, piece.firstLine);
    if (!read.ok) {
      refuse(read.faults);
      continue;
    }
    const lists = read.documents.filter(isList);
    const rules = read.documents.filter((one) => !isList(one));
    const took = (done: Imported) => {
      sofar.created += done.created;
      sofar.changed += done.changed;
      sofar.unchanged += done.unchanged;
    };
    if (lists.length > 0) {
      const { ownerId, onlyLook } = how;
      if (ownerId === undefined) {
        refuse([{ path: '', text: 'a file with lists is taken for one owner' }]);
        continue;
      }
      const done = await importLists(
        world,
        actor,
        { lists, ownerId, ...(onlyLook ? { onlyLook } : {}) },
        now,
      );
      if (!done.ok) return { ...done, sofar };
      took(done);
      for (const fault of done.faults) refuse([fault]);
    }
    if (rules.length === 0) continue;
    const done = await importRules(world, actor, { rules, ...how, earlier }, now);
    if (done.ok) {
      took(done);
      earlier = done;
    } else if ('faults' in done && done.faults) refuse(done.faults);
    else return { ...done, sofar };
  }
  if (pieces === 0) refuse([{ path: '', text: 'there is no rule in it' }]);
  return { ok: true, ...sofar };
}
