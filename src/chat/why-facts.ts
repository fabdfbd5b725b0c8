// What is known about why: an alert from its first event to its last message, and an event.
import type { Alert } from '#core/alert.ts';
import { printWhen } from '#core/bands.ts';
import { printCondition } from '#core/condition.ts';
import { asText, readField, readNumber } from '#core/field.ts';
import { own } from '#core/own.ts';
import { sayQuantity } from '#core/quantity.ts';
import type { Rule } from '#core/rule.ts';
import { holdingNow, type Silence, silenceCovers } from '#core/silence.ts';
import { may } from '#operations/may.ts';
import { transitionsOf } from '#store/alert-lists.ts';
import { listAudit } from '#store/audit.ts';
import { eventWithBefore } from '#store/event-before.ts';
import { findEvent } from '#store/events.ts';
import { findAlert } from '#store/find-alerts.ts';
import { settingsOf } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { findRule, rulesOf } from '#store/rules.ts';
import { silencesFor, silencesKept } from '#store/silences.ts';
import { wordingFor } from '#store/templates.ts';
import { sentWithin } from '#store/told-lately.ts';
import { notificationsOf, transitionsOfEvent } from '#store/traces.ts';
import { readsOf, whyEvent } from '#store/why.ts';
import { type ChatContext, whoOf } from './context.ts';
import * as refusals from './locales/refusals.ts';
import type { Muted, WhyFacts } from './locales/why.ts';
import type { EventFacts } from './locales/why-event.ts';
import { bandWords, type Told } from './locales/why-words.ts';
import { mutedName } from './mute-then.ts';
import { doesOf } from './rule-screens.ts';
import { silenceName } from './silence-screens.ts';

const hour = 3_600_000;

/** Everything about one alert, or the sentence why not. */
export async function alertFacts(ctx: ChatContext, alertId: string): Promise<WhyFacts | string> {
  const { db } = ctx.deps.world.database;
  const alert = await findAlert(db, alertId);
  if (!alert) return refusals.foreignButton;
  if (!may(whoOf(ctx).actor, 'act', alert.ownerId)) return refusals.notForYou;
  const rule = await findRule(db, alert.ruleId);
  const changes = await transitionsOf(db, alertId);
  const told = toldOf(await notificationsOf(db, [{ alertId }]));
  const sent = told.find(({ sentAt, kind }) => sentAt !== null && ['firing', 'notice'].includes(kind));
  return {
    alert,
    rule: rule && {
      name: rule.name,
      topic: rule.topic,
      match: rule.match.map(printCondition),
      does: doesOf(ctx, rule),
    },
    changes: changes.map(({ at, change, by, reading, note, seq }) => ({
      ...{ at, change, by, note, seq },
      text: reading.text,
    })),
    first: await firstOf(ctx, rule, changes[0]?.seq ?? null),
    passed: sent && (await passedBy(ctx, alert, sent)),
    told,
    zone: ctx.zone,
    now: ctx.now,
  };
}

/** The event with which it began: who sent it, by which hours it was read, and what was there before. */
async function firstOf(
  { deps }: ChatContext,
  rule: Rule | undefined,
  seq: number | null,
): Promise<WhyFacts['first']> {
  const { db } = deps.world.database;
  const found = seq === null ? undefined : await eventWithBefore(db, seq);
  if (!found || !rule) return undefined;
  const read = readsOf(found.trace).find(({ ruleId }) => ruleId === rule.id);
  const { field } = rule.params;
  const before = found.before && typeof field === 'string' ? found.before : undefined;
  const number = before && readNumber(before, String(field));
  const { units } = await wordingFor(db, { ruleId: rule.id, topic: found.event.type });
  const unit = own(units, String(field));
  return {
    source: found.event.source,
    band: heldHours(rule, read?.band),
    before:
      number !== undefined ? sayQuantity(number, unit) : before && asText(readField(before, String(field))),
  };
}

/** The hours that held, for rules that have some. */
function heldHours({ bands = [] }: Rule, band: number | undefined): string | undefined {
  if (band === undefined || bands.length === 0) return undefined;
  const when = bands[band]?.when;
  return bandWords(when && printWhen(when));
}

/** What could have kept the message back at that instant, and did not. */
async function passedBy(
  ctx: ChatContext,
  alert: Alert,
  { at: made, sentAt }: Told,
): Promise<WhyFacts['passed']> {
  const { db } = ctx.deps.world.database;
  const at = sentAt ?? made;
  const { quiet } = await settingsOf(db, alert.ownerId, ctx.deps.world.defaultZone);
  const [receiver] = await receiversOf(db, [alert.ownerId]);
  const sent = receiver ? (await sentWithin(db, [receiver.id], at - hour)).get(receiver.id) : [];
  const before = (sent ?? []).filter((one) => one < at);
  return {
    quiet,
    silenced: (await silencesFor(db, [alert.ownerId], at)).some((one) => silenceCovers(one, alert, at)),
    muted: await mutedUntil(ctx, alert, made, at),
    told: before.length,
    cap: receiver?.style.caps?.hour,
  };
}

/** The silence that held it until it could be told, and who lifted it, when somebody did. */
async function mutedUntil(
  ctx: ChatContext,
  alert: Alert,
  made: number,
  sentAt: number,
): Promise<Muted | undefined> {
  const { db } = ctx.deps.world.database;
  const kept = await silencesKept(db, [alert.ownerId], made);
  const [ended, end] =
    kept
      .flatMap((one): [Silence, number][] => {
        const held = silenceCovers(one, alert, made) ? holdingNow(one, made) : undefined;
        return held && held.endsAt <= sentAt ? [[one, held.endsAt]] : [];
      })
      .toSorted(([, one], [, other]) => other - one)[0] ?? [];
  if (!ended || end === undefined) return undefined;
  // A weekly one that is lifted later ended by itself then.
  const [lift] =
    end === ended.endsAt ? await listAudit(db, { verb: 'lift-silence', target: ended.id, limit: 1 }) : [];
  const what = ended.ruleId ? await mutedName(ctx, `rule ${ended.ruleId}`) : silenceName(ended);
  return { what, at: end, ...(lift ? { liftedBy: lift.name ?? 'somebody' } : {}) };
}

function toldOf(rows: Awaited<ReturnType<typeof notificationsOf>>): Told[] {
  return rows.map((one) => {
    const sent = one.deliveries.find(({ outcome }) => outcome === 'sent');
    return {
      kind: one.kind,
      status: one.status,
      reason: one.reason,
      detail: one.detail,
      at: one.at,
      // One that waits for another alert is only looked at again then.
      until: one.status === 'held' && one.reason !== 'inhibited' ? one.notBefore : null,
      sentAt: sent ? (sent.endedAt ?? sent.startedAt) : null,
      where: one.receiver ?? 'a receiver that is gone',
      repeats: one.deliveries.length,
    };
  });
}

/** What this place's rules made of an event; undefined when it is not there. */
export async function eventFacts(ctx: ChatContext, seq: number): Promise<EventFacts | undefined> {
  const { db } = ctx.deps.world.database;
  const row = await findEvent(db, seq);
  const why = row && (await whyEvent(db, seq, [ctx.ownerId]));
  if (!row || !why) return undefined;
  const own = await rulesOf(db, [ctx.ownerId]);
  const changes = (await transitionsOfEvent(db, seq)).filter((change) =>
    own.some(({ id }) => id === change.ruleId),
  );
  return {
    seq,
    topic: row.type,
    subject: row.subject,
    source: row.source,
    at: row.receivedAt,
    quarantined: why.quarantined,
    processed: why.processedAt !== null,
    looked: why.looked.map(({ ruleId, ruleName, is, text, band }) => {
      const rule = own.find(({ id }) => id === ruleId);
      return { ruleName, is, text, band: rule && heldHours(rule, band) };
    }),
    passed: why.passed,
    more: why.more,
    told: toldOf(await notificationsOf(db, changes)),
    zone: ctx.zone,
    now: ctx.now,
  };
}
