// What the fields of a source's JSON mean: a guess from the newest sample, corrected by presses, with what it makes of it.
import type { Json } from '#core/json.ts';
import { applyMapping, type Mapping, mappingSchema } from '#core/mapping.ts';
import { readMapping } from '#operations/read-mapping.ts';
import { setMapping } from '#operations/set-mapping.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/pushing.ts';
import * as sayQuestion from '../locales/questions.ts';
import * as refusals from '../locales/refusals.ts';
import { pusherScreen } from '../pushing-screens.ts';
import { inPairs } from '../screen.ts';
import type { Dialogue, Shown } from './dialogue.ts';

export interface MappingSeed {
  source: string;
  /** What was said so far; the present mapping or a guess at first. */
  draft?: Mapping;
  /** The part that is asked for now. */
  part?: say.MappingPart;
}
type Own = MappingSeed;

export const mapping: Dialogue<Own, Own> = {
  name: 'mapping',
  takesSlash: () => true,
  begin: (ctx, own) => show(ctx, own),
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return undefined;
    const { part, ...rest } = own;
    if (heard.is === 'text') return part ? change(ctx, own, part, heard.text.trim()) : show(ctx, own);
    const [word = '', value = ''] = heard.answer.split(/ (.*)/s);
    if (word === 'no') return { own, screen: { over: await pusherScreen(ctx, own.source) } };
    if (word === 'use') return save(ctx, rest);
    if (word === 'part') return show(ctx, { ...rest, part: value as say.MappingPart });
    if (word === 'field' && part) return change(ctx, own, part, `{${value}}`);
    if (word === 'none' && part && part !== 'topic') {
      const { [part]: _gone, ...draft } = own.draft ?? { topic: '' };
      return show(ctx, { ...rest, draft: draft as Mapping });
    }
    return show(ctx, rest);
  },
};

async function change(ctx: ChatContext, own: Own, part: say.MappingPart, text: string): Promise<Shown<Own>> {
  const { part: _part, ...rest } = own;
  // A topic that is one field alone stays below the source's own name.
  const base = own.draft?.topic.split('.')[0] ?? own.source;
  const value = part === 'topic' && /^\{[^{}]+\}$/.test(text) ? `${base}.${text}` : text;
  const read = mappingSchema.safeParse({ ...own.draft, [part]: value });
  if (!read.success) return show(ctx, own, `${say.partLabel[part]} ${read.error.issues[0]?.message ?? ''}`);
  return show(ctx, { ...rest, draft: read.data });
}

async function show(ctx: ChatContext, own: Own, problem?: string): Promise<Shown<Own>> {
  const view = await readMapping(ctx.deps.world, whoOf(ctx).actor, { source: own.source }, ctx.now);
  if (!view.ok)
    return { own, screen: { over: await pusherScreen(ctx, own.source, refusals.refused(view.text)) } };
  const draft = own.draft ?? view.mapping ?? view.guess?.mapping;
  if (!draft) {
    const above = say.nothingToMap(ctx.deps.publicUrl);
    return { own, screen: { over: await pusherScreen(ctx, own.source, above) } };
  }
  const next = { ...own, draft };
  if (own.part !== undefined) return askPart(ctx, next, own.part, view.guess?.fields ?? [], problem);
  const sample: Json = view.samples[0]?.sample ?? null;
  const made = sample === null ? { ok: true as const, events: [] } : applyMapping(draft, sample, own.source);
  const presses = say.parts.map((part) => ({ label: say.partLabel[part], answer: `part ${part}` }));
  const text = say.mappingShown(own.source, draft, made, problem);
  const rows = [
    ...[0, 3].map((at) => presses.slice(at, at + 3)),
    [
      { label: say.useIt, answer: 'use' },
      { label: say.notNow, answer: 'no' },
    ],
  ];
  return { own: next, screen: { text: ctx.group ? lines(text, sayQuestion.replyHere()) : text, rows } };
}

function askPart(
  ctx: ChatContext,
  own: Own,
  part: say.MappingPart,
  fields: { path: string; value: string }[],
  problem?: string,
): Shown<Own> {
  const presses = fields
    .slice(0, 16)
    .map(({ path, value }) => ({ label: say.fieldLabel(path, value), answer: `field ${path}` }));
  const rows = inPairs(presses);
  const none = part === 'topic' ? [] : [{ label: say.none, answer: 'none' }];
  const asked = lines(problem !== undefined && refusals.refused(problem), say.askPart(part));
  return {
    own,
    screen: {
      text: ctx.group ? lines(asked, sayQuestion.replyHere()) : asked,
      rows: [...rows, [...none, { label: labels.back, answer: 'back' }]],
    },
  };
}

async function save(ctx: ChatContext, own: Own): Promise<Shown<Own>> {
  const input = { source: own.source, mapping: own.draft };
  const done = await setMapping(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
  if (!done.ok) {
    const first = 'faults' in done ? done.faults[0] : undefined;
    return show(ctx, own, first ? `${first.path} ${first.text}` : done.text);
  }
  return { own, screen: { over: await pusherScreen(ctx, own.source, say.mapped(done.waiting)) } };
}
