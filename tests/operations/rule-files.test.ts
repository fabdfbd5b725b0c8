// Files of rules: what goes out comes in again unchanged, faults are told by line, and hostile files end quickly.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Actor } from '#core/actor.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { createRule } from '#operations/create-rule.ts';
import { type Form, forms, printDocuments, readDocuments, ruleFiles } from '#operations/document-text.ts';
import { exportRules } from '#operations/export-rules.ts';
import { importFile } from '#operations/import-file.ts';
import { auditTrail } from '#store/audit.ts';
import { rulesOf } from '#store/rules.ts';
import { addAlert, addPerson, addRule, noon, openStage, operator, type Stage } from './stage.ts';

let stage: Stage;
let ana: Awaited<ReturnType<typeof addPerson>>;
let ben: Awaited<ReturnType<typeof addPerson>>;
const admin: Actor = { is: 'key', sourceId: 's_1', name: 'ci', scopes: ['admin'] };

beforeAll(async () => {
  stage = await openStage();
});
beforeEach(async () => {
  ana = await addPerson(stage.world, 'Ana');
  ben = await addPerson(stage.world, 'Ben');
});
afterAll(() => stage.end());

const ownerOf = ({ person }: typeof ana) => `telegram:${person.telegramId}`;
const take = (text: string, form: Form, actor: Actor = admin, ownerId?: string) =>
  importFile(
    stage.world,
    actor,
    { text, form, book: kindBook, ...(ownerId === undefined ? {} : { ownerId }) },
    noon,
  );
const yaml = (lines: string) => lines.replace(/^ {4}/gm, '').trimStart();

it('takes a file of YAML, and the same file again changes nothing', async () => {
  const file = yaml(`
    # who watches what
    - owner: ${ownerOf(ana)}
      name: Disk nearly full
      topic: disk.usage
      match: ['host =~ "cad.*"', 'not (env = "dev" or block in $me.blocks)']
      kind: threshold
      params: { field: usage, op: ">", limit: 90, clear: 85 }
      for: 5m
      bands:
        - { when: "Mon-Fri 09:00-18:00" }
        - { when: otherwise, params: { limit: 97 } }
    - owner: ${ownerOf(ben)}
      topic: builds.**
      kind: every
  `);
  expect(await take(file, 'yaml')).toMatchObject({ ok: true, created: 2, changed: 0, faults: [] });
  expect(await take(file, 'yaml')).toMatchObject({ ok: true, created: 0, changed: 0, unchanged: 2 });
  const [disk] = await rulesOf(stage.world.database.db, [ana.person.id]);
  expect(disk).toMatchObject({ name: 'Disk nearly full', forMs: 300_000, to: [ana.receiver.id] });
  const edited = file.replace('limit: 90', 'limit: 91');
  expect(await take(edited, 'yaml')).toMatchObject({ created: 0, changed: 1, unchanged: 1 });
  expect((await rulesOf(stage.world.database.db, [ana.person.id]))[0]).toMatchObject({
    id: disk!.id,
    params: { limit: 91 },
  });
  const [record] = await auditTrail(stage.world.database.db, { target: 'rules' });
  expect(record).toMatchObject({ verb: 'import-rules', detail: { changed: 1, rules: [{ id: disk!.id }] } });
});

it('takes back every export, also of rules with one name, and elsewhere twice without a second copy', async () => {
  const over = { topic: 'disk.usage', kind: 'threshold', params: { field: 'usage', op: '>', limit: 90 } };
  const make = (document: object) =>
    createRule(stage.world, operator, { ownerId: ana.person.id, document, book: kindBook }, noon);
  const plain = await make(over);
  const waits = await make({ ...over, for: '5m' });
  if (!plain.ok || !waits.ok) throw new Error('refused');
  expect(waits.rule.name).toBe(`${plain.rule.name} for 5 min`);
  for (const limit of [91, 92]) await make({ ...over, name: 'One', params: { ...over.params, limit } });
  const read = await exportRules(stage.world, admin, { ownerId: ana.person.id });
  if (!read.ok) throw new Error(read.text);
  let file = '';
  for await (const page of read.pages) file += printDocuments(page, 'yaml');
  expect(await take(file, 'yaml')).toMatchObject({ created: 0, changed: 0, unchanged: 4, faults: [] });
  const edited = file.replace('limit: 92', 'limit: 93');
  expect(await take(edited, 'yaml')).toMatchObject({ created: 0, changed: 1, unchanged: 3 });
  const elsewhere = file.replaceAll(ownerOf(ana), ownerOf(ben));
  expect(await take(elsewhere, 'yaml')).toMatchObject({ created: 4, faults: [] });
  expect(await take(elsewhere, 'yaml')).toMatchObject({ created: 0, changed: 0, unchanged: 4 });
  const same = `{ name: One, topic: a.b, kind: every, owner: "${ownerOf(ana)}" }`;
  expect(await take(`[${same}, ${same}]`, 'yaml')).toMatchObject({
    refused: 1,
    faults: [{ text: expect.stringContaining('further up') }],
  });
});

it('ends the alerts of a rule that asks for something else, and tells why', async () => {
  const rule = await addRule(stage.world, ana.person.id);
  const alert = await addAlert(stage.world, rule);
  const document = { owner: ownerOf(ana), name: rule.name, topic: 'disk.other', kind: 'every' };
  expect(await take(JSON.stringify(document), 'json')).toMatchObject({ changed: 1 });
  const [left] = await stage.world.database.sql`select status from alerts where id = ${alert.id}`;
  expect(left).toEqual({ status: 'resolved' });
});

it('writes a file that makes the same rules in every form', async () => {
  const documents = [
    { topic: 'a.b', kind: 'every', name: 'It’s “quoted”: #1\n- yes' },
    {
      topic: 'a.*',
      kind: 'threshold',
      params: { field: 'x', op: '<', limit: -0.5 },
      match: ['y = "no"', 'z = "1e3"'],
    },
    {
      topic: '**',
      kind: 'change',
      params: { field: 's', to: ['true', '007'] },
      key: ['host'],
      severity: 'info',
      paused: true,
    },
  ];
  for (const document of documents)
    expect(
      await createRule(stage.world, operator, { ownerId: ana.person.id, document, book: kindBook }, noon),
    ).toMatchObject({ ok: true });
  const found = await exportRules(stage.world, admin, { ownerId: ana.person.id });
  if (!found.ok) throw new Error(found.text);
  const pages = [];
  for await (const page of found.pages) pages.push(...page);
  expect(pages).toHaveLength(3);
  for (const form of forms) {
    const text = printDocuments(pages, form);
    expect(await take(text, form)).toMatchObject({ created: 0, changed: 0, unchanged: 3, faults: [] });
    const forBen = text.replaceAll(ownerOf(ana), ownerOf(ben));
    expect(await take(forBen, form)).toMatchObject({ changed: 0, faults: [] });
    expect(await rulesOf(stage.world.database.db, [ben.person.id])).toHaveLength(3);
  }
  const [first] = await rulesOf(stage.world.database.db, [ben.person.id]);
  expect(first!.to).toEqual([ben.receiver.id]);
});

it('tells every fault with its line and takes nothing of a file that has one', async () => {
  const file = yaml(`
    - owner: ${ownerOf(ana)}
      topic: disk.usage
      kind: every
    - owner: telegram:1
      topic: x
      kind: every
    - owner: ${ownerOf(ana)}
      topic: disk..usage
      kind: threshold
      params:
        field: usage
        op: ">"
    - owner: ${ownerOf(ana)}
      topic: disk.usage
      kind: every
      colour: red
      to: [pager]
    - owner: ${ownerOf(ana)}
      topic: disk.usage
      kind: every
  `);
  const done = await take(file, 'yaml');
  if (!done.ok) throw new Error(done.text);
  expect(done).toMatchObject({ created: 0, refused: 1 });
  expect(done.faults.map(({ line, path }) => `${line} ${path}`)).toEqual([
    '4 [1].owner',
    '8 [2].topic',
    '11 [2].params.limit',
    '13 [3]',
    '18 [4].name',
  ]);
  expect(await rulesOf(stage.world.database.db, [ana.person.id])).toEqual([]);
  expect((await take('- {a: 1, a: 2}\n- [', 'yaml')) as object).toMatchObject({ refused: 1 });
  expect(readDocuments('{"topic": "a"\n,,}', 'json', ruleFiles)).toMatchObject({
    ok: false,
    faults: [{ line: 2 }],
  });
});

it('rules that share a name stay as many as they are, though a thousand lines stand between them', async () => {
  const lines = Array.from({ length: 1_200 }, (_, i) => ({
    id: `r_${i}`,
    owner: ownerOf(ana),
    name: i % 600 === 0 ? 'The same' : `rule ${i}`,
    topic: `a.b${i}`,
    kind: 'every',
  }));
  const far = [...lines, { ...lines[0]!, id: 'r_last', topic: 'a.last' }];
  const file = printDocuments(far, 'ndjson');
  expect(await take(file, 'ndjson')).toMatchObject({ ok: true, created: 1_201, changed: 0, refused: 0 });
  expect(await take(file, 'ndjson')).toMatchObject({ created: 0, changed: 0, unchanged: 1_201 });
  const same = (await rulesOf(stage.world.database.db, [ana.person.id])).filter(
    ({ name }) => name === 'The same',
  );
  expect(same.map(({ topic }) => topic).sort()).toEqual(['a.b0', 'a.b600', 'a.last']);
  const { id: _, ...nameless } = far.at(-1)!;
  const twice = await take(printDocuments([...lines, nameless], 'ndjson'), 'ndjson');
  expect(twice).toMatchObject({ refused: 1, faults: [{ path: 'name', line: 1_201 }] });
});

it('takes NDJSON by the thousand lines', async () => {
  const lines = Array.from({ length: 2_500 }, (_, i) =>
    JSON.stringify({
      owner: ownerOf(ana),
      name: `rule ${i}`,
      topic: `t.n${i}`,
      kind: i === 1_700 ? 'none' : 'every',
    }),
  );
  const done = await take(lines.join('\n'), 'ndjson');
  expect(done).toMatchObject({
    ok: true,
    created: 1_500,
    refused: 1,
    faults: [{ line: 1_701, path: 'kind' }],
  });
  const again = await take(lines.join('\n').replace('"none"', '"every"'), 'ndjson');
  expect(again).toMatchObject({ ok: true, created: 1_000, unchanged: 1_500, refused: 0 });
});

it('keeps the limit of five hundred for people, and others’ rules out of their reach', async () => {
  const actor: Actor = { is: 'person', personId: ana.person.id, name: 'Ana', role: 'member' };
  const lines = Array.from({ length: 501 }, (_, i) =>
    JSON.stringify({ name: `r${i}`, topic: 'a', kind: 'every' }),
  );
  expect(await take(lines.join('\n'), 'ndjson', actor, ana.person.id)).toMatchObject({
    ok: false,
    code: 'conflict',
  });
  expect(await take(lines[0]!, 'ndjson', actor, ana.person.id)).toMatchObject({ ok: true, created: 1 });
  const foreign = JSON.stringify({ owner: ownerOf(ben), name: 'x', topic: 'a', kind: 'every' });
  expect(await take(foreign, 'json', actor, ana.person.id)).toMatchObject({ ok: false, code: 'forbidden' });
  expect(await exportRules(stage.world, actor, {})).toMatchObject({ ok: false, code: 'forbidden' });
});

it('ends quickly with hostile files, and says why', () => {
  const deep = 5_000;
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghij'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[i]}`)}]`),
  ];
  const files: [string, Form][] = [
    ['['.repeat(deep), 'yaml'],
    ['['.repeat(deep) + ']'.repeat(deep), 'yaml'],
    ['['.repeat(deep) + ']'.repeat(deep), 'json'],
    [Array.from({ length: 2_000 }, (_, i) => `${' '.repeat(Math.min(i, 400))}a${i}:`).join('\n'), 'yaml'],
    [bomb.join('\n'), 'yaml'],
    [`{${Array.from({ length: 5_000 }, (_, i) => `k${i}: 1`).join(', ')}, k1: 2}`, 'yaml'],
    ['- &a [*a]', 'yaml'],
    ['{"__proto__": {"topic": "a"}}', 'json'],
    ['__proto__: { topic: a }', 'yaml'],
    ['!!js/function "x"', 'yaml'],
    ['? [a]\n: b', 'yaml'],
    [Array.from({ length: 2_000 }, (_, i) => `- &a${i} x\n- *a${i}`).join('\n'), 'yaml'],
    ['"'.repeat(60_000), 'yaml'],
    ['- '.repeat(30_000), 'yaml'],
    ['x'.repeat(2 << 20), 'yaml'],
    [`[${Array(3_000).fill('{}')}]`, 'json'],
    [`{"a":"${'x'.repeat(70_000)}"}`, 'ndjson'],
    ['', 'yaml'],
    ['---\n---\n', 'yaml'],
    ['\u0000\ufffe', 'yaml'],
  ];
  for (const [text, form] of files) {
    const began = process.cpuUsage();
    const read = readDocuments(text, form, ruleFiles);
    const { user } = process.cpuUsage(began);
    const about = `${form} ${text.slice(0, 30)}`;
    expect(user / 1e6, about).toBeLessThan(5);
    if (!read.ok) expect(read.faults[0]!.text.length, about).toBeGreaterThan(10);
    else for (const { document } of read.documents) expect(typeof document, about).not.toBe('function');
  }
  expect(({} as { topic?: string }).topic).toBeUndefined();
});
