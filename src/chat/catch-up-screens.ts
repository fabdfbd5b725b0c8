// The screen that tells somebody what they missed, page by page, and how it may be asked for.
import type { Alert } from '#core/alert.ts';
import { tellCatchUp } from '#core/catch-up.ts';
import { parseDuration } from '#core/duration.ts';
import { nextAt, sayInstant } from '#core/hours.ts';
import type { Line } from '#core/message.ts';
import { readCatchUp } from '#store/catch-up.ts';
import { absentSince } from '#store/sightings.ts';
import { type ChatContext, whoOf } from './context.ts';
import { bold, code, fold, type Html, html, lines, short } from './html.ts';
import * as say from './locales/catch-up.ts';
import * as labels from './locales/labels.ts';
import type { Choice, Screen } from './screen.ts';

export const day = 86_400_000;
const mostButtons = 5;

/** What is looked at: a button carries it. */
export interface Looking {
  since: number;
  page?: number;
  onlyCritical?: boolean;
}

/** `since page critical`, as a button carries it. */
export function payloadOf({ since, page = 0, onlyCritical = false }: Looking): string {
  return `${since} ${page} ${onlyCritical ? 1 : 0}`;
}

/** The same read back. */
export function lookingOf(payload: string | null): Looking | undefined {
  const [since, page, critical] = (payload ?? '').split(' ').map(Number);
  return since ? { since, page: page ?? 0, onlyCritical: critical === 1 } : undefined;
}

/** What happened since then, with the buttons to work through it. */
export async function catchUpScreen(ctx: ChatContext, looking: Looking): Promise<Screen> {
  const { person } = whoOf(ctx);
  const facts = await readCatchUp(ctx.deps.world.database.db, {
    ...looking,
    ownerId: ctx.ownerId,
    // In a group everybody reads it.
    staff: person.role !== 'member' && ctx.group === undefined,
    until: ctx.now + 1,
  });
  const { burning } = facts;
  const { title, lines: told, fields } = tellCatchUp(facts);
  const here = { ...looking, page: burning.page };
  const turn = (label: string, page: number): Choice => press(label, { ...here, page });
  const turns = [
    ...(burning.page > 0 ? [turn(labels.earlier, burning.page - 1)] : []),
    ...(burning.page < burning.pages - 1 ? [turn(labels.more, burning.page + 1)] : []),
  ];
  const only = looking.onlyCritical
    ? press(say.everything, { since: looking.since })
    : press(say.onlyCritical, { since: looking.since, onlyCritical: true });
  const pile: Choice[] =
    burning.unattended > 0 && !looking.onlyCritical
      ? [
          {
            label: say.pile(burning.unattended),
            action: 'catchup-pile',
            payload: `${ctx.now} ${payloadOf(here)}`,
            style: 'success',
          },
        ]
      : [];
  return {
    text: lines(
      say.span(title, looking.since, ctx.zone, ctx.now),
      ...told.map((line) => written(line, ctx)),
      fields.length > 0 && fold(fields.map(([name, value]) => html`${code(name)} ${value}`)),
    ),
    rows: [
      ...burning.shown
        .flatMap((alert, i) =>
          alert.status === 'firing' ? [{ alert, number: burning.page * 10 + i + 1 }] : [],
        )
        .slice(0, mostButtons)
        .map(({ alert, number }): Choice[] => [acknowledge(alert, number, here)]),
      pile,
      turns,
      burning.count > 0 || looking.onlyCritical ? [only] : [],
      spans(ctx),
    ].filter((row) => row.length > 0),
  };
}

/** The usual spans as buttons. */
export function spans(ctx: ChatContext): Choice[] {
  return [
    press(say.today, { since: midnight(ctx) }),
    press(say.threeDays, { since: ctx.now - 3 * day }),
    press(say.aWeek, { since: ctx.now - 7 * day }),
  ];
}

/** Since when they mean: `3d`, `today`, `week`; nothing typed: since they were last here or went away. */
export async function sinceOf(ctx: ChatContext, typed: string): Promise<number | undefined> {
  const words = typed
    .trim()
    .toLowerCase()
    .replace(/^since /, '');
  if (words === 'today') return midnight(ctx);
  if (words === 'yesterday') return midnight(ctx) - day;
  if (/^(a |the |last )?week$/.test(words)) return ctx.now - 7 * day;
  if (/^(a |the |last )?month$/.test(words)) return ctx.now - 30 * day;
  if (words !== '') {
    const span = parseDuration(words);
    return span === undefined || span === 0 ? undefined : ctx.now - span;
  }
  const { person } = whoOf(ctx);
  const absent = await absentSince(ctx.deps.world.database.db, person.id);
  const { away } = person;
  const wentAway =
    away && away.since <= ctx.now && away.until >= (absent ?? ctx.now) ? away.since : undefined;
  const first = Math.min(absent ?? ctx.now, wentAway ?? ctx.now);
  return first < ctx.now ? first : ctx.now - day;
}

function midnight(ctx: ChatContext): number {
  return nextAt(0, ctx.zone, ctx.now - day);
}

function press(label: string, looking: Looking): Choice {
  return { label, action: 'catchup', payload: payloadOf(looking) };
}

function acknowledge(alert: Alert, number: number, looking: Looking): Choice {
  return {
    label: say.acknowledge(number, short(alert.subject || alert.title, 24)),
    action: 'catchup-acknowledge',
    alertId: alert.id,
    rev: alert.rev,
    payload: payloadOf(looking),
  };
}

function written(line: Line, ctx: ChatContext): Html {
  const parts = line.map((span): Html => {
    if (typeof span === 'string') return html`${span}`;
    if ('bold' in span) return bold(span.bold);
    if ('code' in span) return code(span.code);
    return html`${sayInstant(span.instant, ctx.zone, ctx.now)}`;
  });
  return html`${parts}`;
}
