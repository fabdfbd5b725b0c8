// Screens that explain: why an alert, an event, a night; what is held back; and what was.
import type { PastSpan } from '#core/past-span.ts';
import { heldBack, pastAlerts } from '#store/past-alerts.ts';
import { receiversOf } from '#store/receivers.ts';
import { findRule } from '#store/rules.ts';
import { waitingVerdicts } from '#store/verifications.ts';
import type { ChatContext } from './context.ts';
import { wholeLabel } from './locales/files.ts';
import * as sayHistory from './locales/history.ts';
import * as labels from './locales/labels.ts';
import * as sayMuting from './locales/muting.ts';
import * as refusals from './locales/refusals.ts';
import * as say from './locales/why.ts';
import * as sayEvent from './locales/why-event.ts';
import * as sayPeriod from './locales/why-period.ts';
import type { Choice, Screen } from './screen.ts';
import { alertFacts, eventFacts } from './why-facts.ts';
import { periodFacts } from './why-period-facts.ts';

const perPage = 8;
/** So many names can be chosen from. */
const mostNames = 8;
/** What the text of an alert’s story shows. */
const [mostChanges, mostTold] = [25, 8];

/** Why this alert; a sentence when it cannot be said here. */
export async function whyAlertScreen(ctx: ChatContext, alertId: string): Promise<Screen> {
  const facts = await alertFacts(ctx, alertId);
  if (typeof facts === 'string') return { text: refusals.refused(facts) };
  const isLong = facts.changes.length > mostChanges || facts.told.length > mostTold;
  const whole: Choice[][] = isLong ? [[{ label: wholeLabel, action: 'whole', alertId }]] : [];
  return {
    text: say.why(facts),
    rows: [...(facts.rule ? await ruleRows(ctx, facts.alert.ruleId, alertId) : []), ...whole],
  };
}

/** What the rules of this place made of an event. */
export async function whyEventScreen(ctx: ChatContext, seq: number): Promise<Screen> {
  const facts = await eventFacts(ctx, seq);
  const rows: Choice[][] = [[{ label: sayPeriod.today, action: 'why-span', payload: 'today' }]];
  return facts ? { text: sayEvent.whyEvent(facts), rows } : { text: sayEvent.noEvent(seq), rows };
}

/** What was told and not told in this time, and why. */
export async function whyPeriodScreen(ctx: ChatContext, span: PastSpan, search = ''): Promise<Screen> {
  const { facts, ruleId, names } = await periodFacts(ctx, span, search);
  if (names.length > 0) return whichScreen(span, search, names);
  const others = otherPasts(search);
  const isLong = facts.sentCount > facts.sent.length || facts.dropped.some(({ count }) => count > 1);
  const whole: Choice[][] =
    isLong && search === '' ? [[{ label: wholeLabel, action: 'whole', payload: `span ${span.name}` }]] : [];
  return {
    text: sayPeriod.whyPeriod(facts),
    rows: [...(ruleId === undefined ? [] : await ruleRows(ctx, ruleId)), others, ...whole],
  };
}

/** What was typed stands only inside of words: which of them was meant. */
function whichScreen(span: PastSpan, search: string, names: string[]): Screen {
  const choices = names
    .slice(0, mostNames)
    .map((name): Choice => ({ label: name, action: 'why-span', payload: `${span.name}\n${name}` }));
  return {
    text: sayPeriod.whichName(search, names.length, names.length - choices.length),
    // Or all of it, without the word.
    rows: [...choices.map((choice) => [choice]), otherPasts('')],
  };
}

function otherPasts(search: string): Choice[] {
  return [
    { label: sayPeriod.lastNight, action: 'why-span', payload: `last night\n${search}` },
    { label: sayPeriod.today, action: 'why-span', payload: `today\n${search}` },
    { label: sayHistory.historyLabel, action: 'history', payload: `0 ${search}` },
  ];
}

/** What can be done to a rule so that it tells more, or less. */
async function ruleRows(ctx: ChatContext, ruleId: string, alertId?: string): Promise<Choice[][]> {
  const rule = await findRule(ctx.deps.world.database.db, ruleId);
  if (!rule) return [];
  const own = rule.ownerId === ctx.ownerId;
  const limit = ctx.deps.book.fields(rule.kind).find(({ input, required }) => input === 'number' && required);
  const edits: Choice[] = [
    ...(limit ? [{ label: say.changeLimit, action: 'edit', payload: `${ruleId} p:${limit.name}` }] : []),
    { label: say.otherHours, action: 'edit', payload: `${ruleId} hours` },
  ];
  const rest: Choice[] = [
    // An answer to the screen is about this alert.
    {
      label: labels.thisRule,
      action: 'rule',
      payload: ruleId,
      ...(alertId === undefined ? {} : { alertId }),
    },
    { label: sayMuting.muteMore, action: 'mute', payload: `rule ${ruleId}` },
  ];
  return own ? [edits, rest] : [rest];
}

/** What is held back here, by which gate, until when. */
export async function heldScreen(ctx: ChatContext): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const receivers = await receiversOf(db, [ctx.ownerId]);
  const rows = await heldBack(
    db,
    receivers.map(({ id }) => id),
  );
  const groups = new Map<string, sayHistory.HeldFacts['groups'][number]>();
  for (const { reason, until, title, subject, detail } of rows) {
    const name = `${reason} ${until}`;
    const group = groups.get(name) ?? { reason: reason ?? '', until, items: [] };
    group.items.push([title ?? detail ?? '', subject].filter(Boolean).join(': '));
    groups.set(name, group);
  }
  // Not told either: what a target answers for.
  const asked = (await waitingVerdicts(db, [ctx.ownerId])).filter(({ status }) => status === 'pending');
  for (const { answered, target, title, subject } of asked) {
    const reason = answered ? sayEvent.answersFirst(target) : sayEvent.isAskedFirst(target);
    const group = groups.get(reason) ?? { reason, said: true, until: null, items: [] };
    group.items.push([title, subject].filter(Boolean).join(': '));
    groups.set(reason, group);
  }
  const count = rows.length + asked.length;
  const facts = { groups: [...groups.values()], count, zone: ctx.zone, now: ctx.now };
  return {
    text: sayHistory.held(facts),
    rows: [
      [
        { label: labels.lookAgain, action: 'held' },
        { label: sayPeriod.lastNight, action: 'why-span', payload: 'last night' },
      ],
    ],
  };
}

/** The alerts that were, a page at a time; each opens its story. */
export async function historyScreen(ctx: ChatContext, search: string, wanted = 0): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const asked = { ownerId: ctx.ownerId, search: search.slice(0, 100), page: wanted, perPage };
  const found = await pastAlerts(db, asked);
  const { alerts, page, pages } = found;
  const choices = alerts.map(
    ({ id }, i): Choice => ({ label: `${say.whyLabel} ${i + 1}`, action: 'why-alert', alertId: id }),
  );
  const rows: Choice[][] = [];
  for (let i = 0; i < choices.length; i += 4) rows.push(choices.slice(i, i + 4));
  const turns: Choice[] = [];
  if (page > 0) turns.push({ label: labels.earlier, action: 'history', payload: `${page - 1} ${search}` });
  if (page < pages - 1)
    turns.push({ label: labels.more, action: 'history', payload: `${page + 1} ${search}` });
  return {
    text: sayHistory.history({ ...found, search, zone: ctx.zone, now: ctx.now }),
    rows: [
      ...rows,
      ...(turns.length > 0 ? [turns] : []),
      [
        { label: labels.whatBurns, action: 'alerts' },
        ...(pages > 1 ? [{ label: wholeLabel, action: 'whole', payload: `history ${search}` }] : []),
      ],
    ],
  };
}
