// `tocsin rules`: files of rules in and out, beside a running program.
import { own } from '#core/own.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { templateBook } from '#notify/templates/book.ts';
import { type Form, readDocuments, ruleFiles } from '#operations/document-text.ts';
import { exportRules } from '#operations/export-rules.ts';
import { importFile } from '#operations/import-file.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { backTestRules } from './back-test.ts';
import { faultLine, formOf, readText, writeDocuments } from './files.ts';
import { operator } from './operator.ts';
import type { OperatorWorld } from './operator-world.ts';
import { misused, readFlags } from './read-flags.ts';
import { Misused, type Surroundings, type Verb } from './verb.ts';
import { many, refused } from './words.ts';

const book = { ...kindBook, checkTemplate: templateBook.check };
const usage = [
  'rules export [FILE] [--owner telegram:7001] [--form yaml|json|ndjson]',
  'rules import FILE [--owner telegram:7001] [--form yaml|json|ndjson]',
  'rules back-test FILE --owner telegram:7001 [--days 14] [--limits 80,95] [--form yaml|json|ndjson]',
];

export const rules: Verb = {
  name: 'rules',
  title: 'write rules to a file (.yaml, .json, .ndjson), take them from one, try what they would have told',
  usage,
  async run(around) {
    const [what, ...args] = around.args;
    const step = own(steps, what);
    if (!step) throw new Misused(`Say one of:\n${usage.map((line) => `  tocsin ${line}`).join('\n')}`);
    const right = rights[what!]!;
    const options = { owner: text, form: text, days: text, limits: text };
    const { values, positionals } = readFlags({ args, allowPositionals: true, options }, right);
    if (positionals.length > 1) throw misused('Name one file.', right);
    const form = formOf(values.form, positionals[0], right);
    const world = await around.open();
    try {
      const owner = values.owner === undefined ? {} : { ownerId: await findOwner(world, values.owner) };
      return await step(world, around, positionals[0], form, {
        ...owner,
        ...(values.days === undefined ? {} : { days: values.days }),
        ...(values.limits === undefined ? {} : { limits: values.limits }),
      });
    } finally {
      await world.close();
    }
  },
};

const text = { type: 'string' } as const;

type Owner = { ownerId?: string; days?: string; limits?: string };
type Step = (
  world: OperatorWorld,
  around: Surroundings,
  file: string | undefined,
  form: Form,
  owner: Owner,
) => Promise<number>;

const rights: Record<string, string> = {
  export: 'rules export rules.yaml --owner telegram:7001',
  import: 'rules import rules.yaml',
  'back-test': 'rules back-test rules.yaml --owner telegram:7001 --days 14',
};
const steps: Record<string, Step> = { export: write, import: take, 'back-test': test };

async function test(
  world: OperatorWorld,
  around: Surroundings,
  file: string | undefined,
  form: Form,
  { ownerId, days, limits = '' }: Owner,
): Promise<number> {
  if (file === undefined || ownerId === undefined)
    throw misused('Say which file and whose rules they would be.', rights['back-test']!);
  const read = readDocuments(readText(file), form, ruleFiles);
  if (!read.ok) {
    for (const fault of read.faults) around.aside(faultLine(fault));
    return 1;
  }
  return backTestRules(world, around, read.documents, {
    ownerId,
    ...(days === undefined ? {} : { days: Number(days) }),
    limits: limits.split(',').filter(Boolean).map(Number),
  });
}

async function write(
  world: OperatorWorld,
  { print }: Surroundings,
  file: string | undefined,
  form: Form,
  { ownerId }: Owner,
): Promise<number> {
  const found = await exportRules(world, operator, ownerId === undefined ? {} : { ownerId });
  if (!found.ok) return refused(found.text);
  const count = await writeDocuments(found.pages, { file, form, print });
  if (file !== undefined) print(`${many(count, 'rule')} written to ${file}.`);
  return 0;
}

async function take(
  world: OperatorWorld,
  { print, aside, now }: Surroundings,
  file: string | undefined,
  form: Form,
  { ownerId }: Owner,
): Promise<number> {
  if (file === undefined) throw misused('Say which file.', rights.import!);
  const done = await importFile(
    world,
    operator,
    { text: readText(file), form, book, ...(ownerId === undefined ? {} : { ownerId }) },
    now,
  );
  const { created, changed, unchanged, refused: rejected, faults } = done.ok ? done : done.sofar;
  for (const fault of faults) aside(faultLine(fault));
  if (!done.ok) aside(done.text);
  const isPart = rejected > 0 && created + changed + unchanged > 0;
  if (rejected > 0) aside(isPart ? `${rejected} × 1,000 lines were not taken.` : 'Nothing was taken.');
  print(`${many(created, 'rule')} made, ${changed} changed, ${unchanged} as they were.`);
  return done.ok && rejected === 0 ? 0 : 1;
}

async function findOwner({ database: { db } }: OperatorWorld, said: string): Promise<string> {
  const found = await ownerNamed(db, said);
  if (found === undefined)
    throw new Misused(`Nobody here is called ${said.slice(0, 60)}; say telegram:7001.`);
  return found;
}
