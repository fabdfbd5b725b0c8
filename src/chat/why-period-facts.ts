// What is known about a stretch of time: what was told and what not, and what came near.
import { bestFits } from '#core/name-match.ts';
import type { PastSpan } from '#core/past-span.ts';
import { receiversOf } from '#store/receivers.ts';
import { rulesOf } from '#store/rules.ts';
import { whyPeriod } from '#store/why.ts';
import type { ChatContext } from './context.ts';
import type { PeriodFacts } from './locales/why-period.ts';

const [mostSent, mostNear] = [8, 5];

/**
 * What was told and not told here in this time, only of what `search` names best; and what came near. `names`: it stands
 * only inside the words of several.
 */
export async function periodFacts(
  ctx: ChatContext,
  span: PastSpan,
  search: string,
): Promise<{ facts: PeriodFacts; ruleId: string | undefined; names: string[] }> {
  const { db } = ctx.deps.world.database;
  const receivers = await receiversOf(db, [ctx.ownerId]);
  const asked = { ownerIds: [ctx.ownerId], receiverIds: receivers.map(({ id }) => id) };
  const why = await whyPeriod(db, asked, span.from, span.until, search.trim());
  const near = await ctx.deps.backTests.near({
    ownerId: ctx.ownerId,
    from: span.from,
    until: span.until,
    most: 200,
  });
  const traced = why.misses
    .filter((miss) => !near.some(({ ruleId }) => ruleId === miss.ruleId))
    .map(({ key, ...miss }) => ({ ...miss, topic: '', subject: subjectOf(key) }));
  const all = [
    ...why.notifications.map((told) => ({ told, names: [told.title, told.subject, told.topic] })),
    ...[...near, ...traced].map((miss) => ({ miss, names: [miss.ruleName, miss.subject, miss.topic] })),
  ];
  const found = bestFits(all, ({ names }) => names, search);
  const listed = found.rows.flatMap((one) => ('told' in one ? [one.told] : []));
  const close = found.rows.flatMap((one) => ('miss' in one ? [one.miss] : []));
  const sent = listed.filter(({ status }) => status === 'sent');
  const rules = await rulesOf(db, [ctx.ownerId]);
  // Of everything, the counts are exact; of what was searched for, as far as the newest reach.
  const counted = (status: string) =>
    search === ''
      ? why.counts.filter((one) => one.status === status).reduce((sum, { count }) => sum + count, 0)
      : listed.filter((one) => one.status === status).length;
  const facts: PeriodFacts = {
    span,
    search,
    sent: sent.slice(0, mostSent).map(({ at, kind, title, subject }) => ({
      at,
      kind,
      title: title ?? '',
      subject: subject ?? '',
    })),
    sentCount: counted('sent'),
    held: heldGroups(listed),
    dropped: search === '' ? countedGroups(why.counts, listed) : groupsOf(listed.filter(isEnded)),
    near: close.slice(0, mostNear),
    watching: rules.filter(({ paused }) => !paused).length,
    zone: ctx.zone,
    now: ctx.now,
  };
  return {
    facts,
    ruleId: close[0]?.ruleId,
    names: found.fit === 3 && found.names.length > 1 ? found.names : [],
  };
}

type Listed = Awaited<ReturnType<typeof whyPeriod>>['notifications'];

function groupsOf(rows: Listed): { reason: string; count: number; example: string }[] {
  const groups = new Map<string, { reason: string; count: number; example: string }>();
  for (const { reason, title, subject, detail } of rows) {
    const name = reason ?? 'refused';
    const group = groups.get(name);
    const example = title === null ? (detail ?? '·') : [title, subject].filter(Boolean).join(': ');
    if (group) group.count++;
    else groups.set(name, { reason: name, count: 1, example });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

const isEnded = ({ status }: { status: string }) => ['suppressed', 'dead'].includes(status);

/** All of them by reason, with an example from the newest. */
function countedGroups(
  counts: Awaited<ReturnType<typeof whyPeriod>>['counts'],
  listed: Listed,
): PeriodFacts['dropped'] {
  const examples = groupsOf(listed.filter(isEnded));
  const sums = new Map<string, number>();
  for (const { reason, count } of counts.filter(isEnded))
    sums.set(reason ?? 'refused', (sums.get(reason ?? 'refused') ?? 0) + count);
  return [...sums]
    .map(([reason, count]) => ({
      reason,
      count,
      example: examples.find((one) => one.reason === reason)?.example ?? '',
    }))
    .sort((a, b) => b.count - a.count);
}

function heldGroups(listed: Listed): PeriodFacts['held'] {
  const held = listed.filter(({ status }) => status === 'held');
  return groupsOf(held).map((group) => {
    const one = held.find(({ reason }) => reason === group.reason);
    return { ...group, until: one?.until ?? null };
  });
}

/** The last part of a key that says something. */
function subjectOf(key: string): string {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) ? String(parts[1] ?? parts[0] ?? '') : '';
  } catch {
    return key;
  }
}
