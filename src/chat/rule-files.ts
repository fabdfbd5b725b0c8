// Rules as files in the chat: sent as a document, looked at when one is sent, and taken when that is pressed.
import { nearest } from '#core/nearest.ts';
import { type Form, forms, printDocuments } from '#operations/document-text.ts';
import { exportRules } from '#operations/export-rules.ts';
import { type FileImported, importFile } from '#operations/import-file.ts';
import { listsOf } from '#store/lists.ts';
import { type ChatContext, whoOf } from './context.ts';
import { lines } from './html.ts';
import * as say from './locales/files.ts';
import * as labels from './locales/labels.ts';
import * as refusals from './locales/refusals.ts';
import type { Choice, Screen } from './screen.ts';
import { sendFile } from './send-file.ts';
import { download, mostBytes } from './sent-file.ts';

/** The form of a file by its name. */
export function formOf(name: string): Form | undefined {
  const ending = /\.(\w+)$/.exec(name.toLowerCase())?.[1] ?? '';
  return { yaml: 'yaml', yml: 'yaml', json: 'json', ndjson: 'ndjson', jsonl: 'ndjson' }[ending] as
    | Form
    | undefined;
}

/** Sends the rules of this place as a document; whose they are is left out, so that anybody can take them. */
export async function sendRules(ctx: ChatContext, wanted: string): Promise<void> {
  const form = wanted === '' ? 'yaml' : formOf(`.${wanted}`);
  if (!form) {
    const near = nearest(wanted, forms) ?? 'yaml';
    const rows = [[{ label: say.asForm(near), action: 'export', payload: near }]];
    return void (await ctx.show({ text: say.noForm(wanted), rows }));
  }
  const exported = await exportRules(ctx.deps.world, whoOf(ctx).actor, { ownerId: ctx.ownerId });
  if (!exported.ok) return void (await ctx.show({ text: refusals.refused(exported.text) }));
  const lists = await listsOf(ctx.deps.world.database.db, ctx.ownerId);
  const documents: object[] = lists.map(({ name, items }) => ({ list: name, items }));
  for await (const page of exported.pages)
    for (const { id: _id, owner: _owner, ...document } of page) documents.push(document);
  if (documents.length === 0) {
    const rows = [[{ label: labels.newRule, action: 'new-rule' }]];
    return void (await ctx.show({ text: say.nothingToExport(ctx.group !== undefined), rows }));
  }
  const name = `tocsin-rules-${new Date(ctx.now).toISOString().slice(0, 10)}.${form}`;
  await sendFile(ctx, {
    name,
    text: printDocuments(documents, form),
    caption: say.exported(documents.length - lists.length, lists.length),
    again: { label: say.tryAgain, action: 'export', payload: form },
  });
}

/** Says what a file that was just sent would do. */
export async function lookAtFile(ctx: ChatContext, name: string, fileId: string): Promise<void> {
  const form = formOf(name);
  if (!form) return void (await ctx.show({ text: say.notRules(name) }));
  await showResult(ctx, form, fileId, true);
}

/** Takes what stands in the file; pressed twice, the second time finds everything as it is. */
export async function takeFile(ctx: ChatContext, form: string, fileId: string): Promise<void> {
  await showResult(ctx, form as Form, fileId, false);
}

async function showResult(ctx: ChatContext, form: Form, fileId: string, onlyLook: boolean): Promise<void> {
  const where = onlyLook ? 'new' : 'here';
  const again: Choice = { label: say.tryAgain, action: 'import', payload: `${form} ${fileId}` };
  const read = await download(ctx, fileId);
  if (!read.ok)
    return void (await ctx.show({ text: say.notRead(read.why, mostBytes), rows: [[again]] }, where));
  const input = {
    text: read.text,
    form,
    ownerId: ctx.ownerId,
    allTheirs: true,
    book: ctx.deps.book,
  } as const;
  const looking = { ...input, ...(onlyLook ? { onlyLook } : {}) } as const;
  const done = await importFile(ctx.deps.world, whoOf(ctx).actor, looking, ctx.now);
  if (!done.ok) return void (await ctx.show({ text: refusals.refused(done.text) }, where));
  await ctx.show(onlyLook ? lookScreen(done, form, fileId) : takenScreen(done), where);
}

function lookScreen(done: FileImported, form: Form, fileId: string): Screen {
  const { created, changed, faults } = done;
  const text = lines(say.wouldDo(done), ...say.faultLines(faults));
  if (created + changed === 0)
    return { text, rows: [[{ label: labels.myRules, action: 'rules', payload: '0' }]] };
  const take: Choice = {
    label: say.take(created + changed),
    action: 'import',
    payload: `${form} ${fileId}`,
    style: 'primary',
  };
  return { text, rows: [[take, { label: say.leave, action: 'rules', payload: '0' }]] };
}

function takenScreen(done: FileImported): Screen {
  const text = lines(say.taken(done), ...say.faultLines(done.faults));
  return { text, rows: [[{ label: labels.myRules, action: 'rules', payload: '0' }]] };
}
