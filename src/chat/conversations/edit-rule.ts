// One part of a rule changed by typing: limit, duration or name; old and new are shown.
import { parseDuration, printDuration } from '#core/duration.ts';
import { editRule } from '#operations/edit-rule.ts';
import { findRule } from '#store/rules.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { html, lines } from '../html.ts';
import * as en from '../locales/en.ts';
import { ruleScreen } from '../rule-screens.ts';
import type { Dialogue, Shown } from './dialogue.ts';

export interface EditSeed {
  ruleId: string;
  field: 'limit' | 'for' | 'name';
}

export const edit: Dialogue<EditSeed, EditSeed> = {
  name: 'edit',
  begin: (ctx, own) => ask(ctx, own),
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return undefined;
    if (heard.is === 'press') return over(ctx, own);
    const rule = await findRule(ctx.deps.world.database.db, own.ruleId);
    if (!rule) return { own, screen: { over: { text: html`${en.ruleGone()}` } } };
    const read = readTyped(own.field, heard.text, rule.params);
    if ('fault' in read) return ask(ctx, own, read.fault);
    const input = { ruleId: own.ruleId, changes: read.changes, book: ctx.deps.book };
    const done = await editRule(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    if (!done.ok) return ask(ctx, own, done.text);
    return over(ctx, own, en.editDone(own.field, oldValue(own.field, rule), oldValue(own.field, done.rule)));
  },
};

async function ask(ctx: ChatContext, own: EditSeed, problem?: string): Promise<Shown<EditSeed>> {
  const rule = await findRule(ctx.deps.world.database.db, own.ruleId);
  if (!rule) return { own, screen: { over: { text: html`${en.ruleGone()}` } } };
  const text = lines(en.editAsk(own.field, oldValue(own.field, rule), problem), ctx.group && en.replyHere());
  return { own, screen: { text, rows: [[{ label: en.back, answer: 'back' }]] } };
}

async function over(
  ctx: ChatContext,
  own: EditSeed,
  what?: ReturnType<typeof html>,
): Promise<Shown<EditSeed>> {
  const screen = await ruleScreen(ctx, own.ruleId);
  return { own, screen: { over: { ...screen, text: lines(what, screen.text) } } };
}

/** The part as a person reads it. */
export function oldValue(
  field: string,
  rule: { params: Record<string, unknown>; forMs: number; name: string; severity: string | null },
): string {
  if (field === 'limit') return String(rule.params.limit ?? '');
  if (field === 'for') return rule.forMs === 0 ? 'at once' : printDuration(rule.forMs);
  return field === 'severity' ? (rule.severity ?? en.asTheEventSays) : rule.name;
}

function readTyped(
  field: EditSeed['field'],
  typed: string,
  params: Record<string, unknown>,
): { changes: Record<string, unknown> } | { fault: string } {
  const text = typed.trim();
  if (field === 'name') return { changes: { name: text.slice(0, 100) } };
  if (field === 'for') {
    const ms = text === '0' ? 0 : parseDuration(/^\d+$/.test(text) ? `${text}m` : text);
    return ms === undefined ? { fault: en.noDuration(typed) } : { changes: { for: ms } };
  }
  const limit = Number(text.replace(/\s*%$/, '').replace(/^(-?\d+),(\d+)$/, '$1.$2'));
  if (text === '' || !Number.isFinite(limit)) return { fault: en.noNumber(typed) };
  // A limit to clear at that no longer fits is dropped with the old limit.
  const { clear, ...rest } = params;
  const above = String(params.op).startsWith('>');
  const fits = typeof clear === 'number' && (above ? clear <= limit : clear >= limit);
  return { changes: { params: { ...rest, limit, ...(fits ? { clear } : {}) } } };
}
