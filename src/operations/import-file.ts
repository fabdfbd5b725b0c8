// Import a file of rules: YAML and JSON as a whole, NDJSON by the thousand lines, each thousand taken or refused together.
import type { Actor } from '#core/actor.ts';
import type { Refusal } from '#core/outcome.ts';
import { type Imported, type ImportInput, importRules } from './import-rules.ts';
import { type FileFault, type Form, mostText, piecesOf, readRules } from './rule-text.ts';
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
  const whole = text.length > mostText[form] ? [{ text, firstLine: 1 }] : piecesOf(text, form, pieceLines);
  let pieces = 0;
  for (const piece of whole) {
    pieces++;
    const read = readRules(piece.text, form, piece.firstLine);
    if (!read.ok) {
      refuse(read.faults);
      continue;
    }
    const done = await importRules(world, actor, { rules: read.rules, ...how }, now);
    if (done.ok) {
      sofar.created += done.created;
      sofar.changed += done.changed;
      sofar.unchanged += done.unchanged;
    } else if ('faults' in done && done.faults) refuse(done.faults);
    else return { ...done, sofar };
  }
  if (pieces === 0) refuse([{ path: '', text: 'there is no rule in it' }]);
  return { ok: true, ...sofar };
}
