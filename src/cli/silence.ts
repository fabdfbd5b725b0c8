// `tocsin silence`: what is muted, muting and lifting, and files of silences in and out.
import type { PrintedSilence } from '#core/silence-document.ts';
import { readDocuments, silenceFiles, type Written } from '#operations/document-text.ts';
import { exportSilences } from '#operations/export-silences.ts';
import { importSilences } from '#operations/import-silences.ts';
import { liftSilence } from '#operations/lift-silence.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { faultLine, formOf, readText, writeDocuments } from './files.ts';
import { operator } from './operator.ts';
import type { OperatorWorld } from './operator-world.ts';
import { misused, noFurther, readFlags, tooMuch } from './read-flags.ts';
import { runSteps, type Steps } from './steps.ts';
import { Misused, type Surroundings, type Verb } from './verb.ts';
import { many, refused } from './words.ts';

const usage = [
  'silence list [--owner telegram:7001] [--state now|later|over]',
  'silence add disk.** --owner telegram:7001 --for 2h [--match \'host = "cad1"\'] [--rule …] [--comment …]',
  '            [--from 2026-05-04T22:00:00Z] [--until …] [--weekly "Sat 02:00-04:00"]',
  'silence lift <id>',
  'silence export [FILE] [--owner telegram:7001] [--form yaml|json|ndjson]',
  'silence import FILE [--owner telegram:7001] [--form yaml|json|ndjson]',
];
const right = {
  list: 'silence list --state now',
  add: 'silence add disk.** --owner telegram:7001 --for 2h',
  lift: 'silence lift z_4f2a',
  export: 'silence export silences.yaml --owner telegram:7001',
  import: 'silence import silences.yaml',
};
const states = ['now', 'later', 'over'] as const;
const text = { type: 'string' } as const;

const steps: Steps = {
  async list(world, { args, print, now }) {
    const { values, positionals } = readFlags(
      { args, allowPositionals: true, options: { owner: text, state: text } },
      right.list,
    );
    noFurther(positionals, right.list);
    const state = states.find((one) => one === values.state);
    if (values.state !== undefined && !state)
      throw misused(`A state is one of ${states.join(', ')}.`, right.list);
    const which = { ...(await ownerOf(world, values.owner)), ...(state ? { state } : {}) };
    const found = await exportSilences(world, operator, which, now);
    if (!found.ok) return refused(found.text);
    let count = 0;
    for await (const page of found.pages) {
      for (const one of page) print(said(one));
      count += page.length;
    }
    if (count === 0) print(state ? 'There are none.' : 'Nothing is muted, and nothing will be.');
    return 0;
  },
  async add(world, { args, print, aside, now }) {
    const options = {
      owner: text,
      rule: text,
      for: text,
      from: text,
      until: text,
      weekly: text,
      comment: text,
      match: { type: 'string', multiple: true },
    } as const;
    const { values, positionals } = readFlags({ args, allowPositionals: true, options }, right.add);
    const [topic, ...more] = positionals;
    noFurther(more, right.add);
    const document = { ...values, ...(topic === undefined ? {} : { topic }) };
    const alone: Written = { document, path: '', line: undefined, lineOf: () => undefined };
    return take(world, { print, aside, now }, [alone]);
  },
  async lift(world, { args, print, now }) {
    const [silenceId, ...more] = args;
    if (silenceId === undefined) throw misused('Say which; silence list names them.', right.lift);
    noFurther(more, right.lift);
    const done = await liftSilence(world, operator, { silenceId }, now);
    if (!done.ok) return refused(done.text);
    print('Lifted. What it muted is told again.');
    return 0;
  },
  async export(world, { args, print, now }) {
    const { file, form, owner } = fileIn(args, right.export);
    const found = await exportSilences(world, operator, await ownerOf(world, owner), now);
    if (!found.ok) return refused(found.text);
    const count = await writeDocuments(found.pages, { file, form, print });
    if (file !== undefined) print(`${many(count, 'silence')} written to ${file}.`);
    return 0;
  },
  async import(world, { args, print, aside, now }) {
    const { file, form, owner } = fileIn(args, right.import);
    if (file === undefined) throw misused('Say which file.', right.import);
    const read = readDocuments(readText(file), form, silenceFiles);
    if (read.ok) return take(world, { print, aside, now }, read.documents, await ownerOf(world, owner));
    for (const fault of read.faults) aside(faultLine(fault));
    return refused('Nothing was taken.');
  },
};

export const silence: Verb = {
  name: 'silence',
  title: 'list, add and lift silences; write them to a file, take them from one',
  usage,
  run: runSteps(usage, steps),
};

async function take(
  world: OperatorWorld,
  { print, aside, now }: Pick<Surroundings, 'print' | 'aside' | 'now'>,
  written: Written[],
  owner: { ownerId?: string } = {},
): Promise<number> {
  const done = await importSilences(world, operator, { written, ...owner }, now);
  if (!done.ok) {
    for (const fault of done.faults ?? [{ path: '', text: done.text }]) aside(faultLine(fault));
    return refused('Nothing is muted.');
  }
  const { created, changed, unchanged, over } = done;
  aside(
    `${many(created, 'silence')} made, ${changed} changed, ${unchanged} as they were${over > 0 ? `, ${over} over` : ''}.`,
  );
  for (const { id } of done.silences) print(id);
  return 0;
}

function fileIn(args: string[], line: string) {
  const { values, positionals } = readFlags(
    { args, allowPositionals: true, options: { owner: text, form: text } },
    line,
  );
  const [file, extra] = positionals;
  if (extra !== undefined) throw tooMuch(extra, line);
  return { file, form: formOf(values.form, file, line), owner: values.owner };
}

async function ownerOf({ database: { db } }: OperatorWorld, named: string | undefined) {
  if (named === undefined) return {};
  const ownerId = await ownerNamed(db, named);
  if (ownerId === undefined)
    throw new Misused(`Nobody here is called ${named.slice(0, 60)}; say telegram:7001.`);
  return { ownerId };
}

/** One as a line: `z_…  now  telegram:7001  disk.** where host = "cad1"  until …` */
function said({
  id,
  state,
  owner,
  rule,
  topic,
  match,
  from,
  until,
  weekly,
  comment,
}: PrintedSilence): string {
  const what = rule === undefined ? topic : `rule ${rule}`;
  const where = match ? ` where ${match.join(' and ')}` : '';
  const when = `${state === 'later' ? `from ${from.slice(0, 16)}Z ` : ''}until ${until.slice(0, 16)}Z`;
  const hours = weekly ? `  ${weekly.when} (${weekly.zone})` : '';
  return `${id}  ${state}  ${owner}  ${what}${where}  ${when}${hours}${comment ? `  ${comment}` : ''}`;
}
