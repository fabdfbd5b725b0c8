// Every gate by a table, the order they stand in, and what the plan makes of their verdicts.
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import type { Notification, NotificationKind } from '../../src/core/notification.ts';
import { untilItChanges } from '../../src/core/snooze-end.ts';
import type { Facts, Gate, Telling } from '../../src/notify/gate.ts';
import { gates, judge } from '../../src/notify/gates/index.ts';
import { neverTold } from '../../src/notify/gates/never-told.ts';
import { notAtHome } from '../../src/notify/gates/not-at-home.ts';
import { quietHours } from '../../src/notify/gates/quiet-hours.ts';
import { repeat } from '../../src/notify/gates/repeat.ts';
import { silenced } from '../../src/notify/gates/silenced.ts';
import { snoozed } from '../../src/notify/gates/snoozed.ts';
import { superseded } from '../../src/notify/gates/superseded.ts';
import { plan } from '../../src/notify/plan.ts';

const now = Date.UTC(2026, 5, 10, 23, 0, 0);
const morning = Date.UTC(2026, 5, 11, 7, 0, 0);
const quiet = { window: { from: 22 * 60, to: 7 * 60 }, breakthrough: 'critical' as const };

const alert = (given: Partial<Alert> = {}): Alert => ({
  id: 'a_1',
  ruleId: 'r_1',
  ownerId: 'p_1',
  key: 'k',
  labels: {},
  topic: 'disk.usage',
  subject: '/home',
  title: 'Disk',
  fields: {},
  status: 'firing',
  severity: 'warning',
  reading: { is: 'met', text: '' },
  since: now,
  firedAt: now,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  snoozedUntil: null,
  dueAt: null,
  count: 1,
  rev: 1,
  ...given,
});
const resolved = alert({ status: 'resolved', resolvedAt: now });

const notification = (given: Partial<Notification> = {}): Notification => ({
  id: 10,
  kind: 'firing',
  receiverId: 'v_1',
  alertId: 'a_1',
  askedAt: null,
  alertRev: 1,
  severity: 'warning',
  status: 'pending',
  reason: null,
  detail: null,
  notBefore: null,
  body: null,
  viaId: null,
  attempts: 0,
  createdAt: now,
  ...given,
});

const facts = (given: Partial<Facts> = {}): Facts => ({
  disabled: null,
  ownerLeft: false,
  settings: { zone: 'UTC', quiet: null, morning: 540 },
  style: {},
  sent: [],
  gatheringSince: undefined,
  silences: [],
  alert: alert(),
  heard: false,
  toldOver: false,
  told: [],
  ...given,
});

const told = (given: Partial<Telling> = {}): Telling => ({
  id: 1,
  kind: 'firing',
  severity: 'warning',
  status: 'sent',
  ...given,
});
const silence = {
  id: 'z',
  ownerId: 'p_1',
  topic: 'disk.**',
  match: [],
  ruleId: null,
  startsAt: 0,
  endsAt: now + 60_000,
  by: 'Ana',
  comment: 'backup',
};
const withQuiet = facts({ settings: { zone: 'UTC', quiet, morning: 540 } });
const kinds: NotificationKind[] = ['firing', 'worse', 'over', 'reminder', 'notice', 'summary', 'note'];

type Row = [string, Gate, Partial<Notification>, Facts, string];
const rows: Row[] = [
  ['works', notAtHome, {}, facts(), 'send'],
  ['disabled', notAtHome, {}, facts({ disabled: 'blocked' }), 'drop not-at-home'],
  ['owner left', notAtHome, {}, facts({ ownerLeft: true }), 'drop not-at-home'],
  ['farewell', notAtHome, { kind: 'note' }, facts({ ownerLeft: true }), 'send'],

  ['burns', superseded, {}, facts(), 'send'],
  ['ended untold', superseded, {}, facts({ alert: resolved }), 'send'],
  [
    'ended under a silence',
    superseded,
    { reason: 'silenced' },
    facts({ alert: resolved }),
    'drop superseded',
  ],
  ['ended snoozed', superseded, { reason: 'snoozed' }, facts({ alert: resolved }), 'drop superseded'],
  ['ended in quiet hours', superseded, { reason: 'quiet-hours' }, facts({ alert: resolved }), 'send'],
  ['worse, but over', superseded, { kind: 'worse' }, facts({ alert: resolved }), 'drop superseded'],
  ['reminder, but over', superseded, { kind: 'reminder' }, facts({ alert: resolved }), 'drop superseded'],
  [
    'worse, first one unsent',
    superseded,
    { kind: 'worse' },
    facts({ told: [told({ status: 'ready' })] }),
    'drop superseded',
  ],
  [
    'worse, first one in the air',
    superseded,
    { kind: 'worse' },
    facts({ told: [told({ status: 'sending' })] }),
    'send',
  ],
  [
    'over, first one unsent',
    superseded,
    { kind: 'over' },
    facts({ told: [told({ status: 'retry' })] }),
    'drop superseded',
  ],
  ['over, told so', superseded, { kind: 'over' }, facts({ heard: true, toldOver: true }), 'drop superseded'],

  ['over, heard', neverTold, { kind: 'over' }, facts({ heard: true }), 'send'],
  ['over, not heard', neverTold, { kind: 'over' }, facts(), 'drop never-told'],
  ['over, in the air', neverTold, { kind: 'over' }, facts({ told: [told({ status: 'sending' })] }), 'send'],
  ['not over', neverTold, {}, facts(), 'send'],

  ['first', repeat, {}, facts(), 'send'],
  ['heard', repeat, {}, facts({ heard: true }), 'drop repeat'],
  ['worse than told', repeat, { kind: 'worse', severity: 'critical' }, facts({ told: [told()] }), 'send'],
  [
    'not worse than told',
    repeat,
    { kind: 'worse', severity: 'critical' },
    facts({ told: [told({ severity: 'critical' })] }),
    'drop repeat',
  ],
  ['over twice', repeat, { kind: 'over' }, facts({ told: [told({ kind: 'over' })] }), 'drop repeat'],
  ['a second reminder', repeat, { kind: 'reminder' }, facts({ told: [told({ kind: 'reminder' })] }), 'send'],

  ['snoozed', snoozed, {}, facts({ alert: alert({ snoozedUntil: now + 1 }) }), `hold snoozed ${now + 1}`],
  [
    'snoozed until it changes',
    snoozed,
    {},
    facts({ alert: alert({ snoozedUntil: untilItChanges }) }),
    `hold snoozed ${now + 60_000}`,
  ],
  ['snooze ended', snoozed, {}, facts({ alert: alert({ snoozedUntil: now }) }), 'send'],
  ['snoozed, over', snoozed, { kind: 'over' }, facts({ alert: alert({ snoozedUntil: now + 1 }) }), 'send'],

  ['muted', silenced, {}, facts({ silences: [silence] }), `hold silenced ${now + 60_000}`],
  [
    'muted twice: the later end',
    silenced,
    {},
    facts({ silences: [silence, { ...silence, endsAt: now + 90_000 }] }),
    `hold silenced ${now + 90_000}`,
  ],
  ['muted and ended', silenced, {}, facts({ silences: [silence], alert: resolved }), 'drop silenced'],
  [
    'muted moment',
    silenced,
    { kind: 'notice' },
    facts({ silences: [silence], alert: resolved }),
    'drop silenced',
  ],
  ['muted, over', silenced, { kind: 'over' }, facts({ silences: [silence], alert: resolved }), 'send'],
  ['other topic', silenced, {}, facts({ silences: [{ ...silence, topic: 'cpu.**' }] }), 'send'],

  ['quiet', quietHours, {}, withQuiet, `hold quiet-hours ${morning}`],
  ['quiet, critical', quietHours, { severity: 'critical' }, withQuiet, 'send'],
  ['quiet, over', quietHours, { kind: 'over' }, withQuiet, `hold quiet-hours ${morning}`],
  [
    'quiet, moment',
    quietHours,
    { kind: 'notice', severity: 'info' },
    withQuiet,
    `hold quiet-hours ${morning}`,
  ],
  ['quiet, note', quietHours, { kind: 'note' }, withQuiet, 'send'],
  ['no quiet hours', quietHours, {}, facts(), 'send'],
];

it.each(rows)('%s', (_name, gate, given, known, expected) => {
  const verdict = gate.judge(notification(given), known, now);
  const said =
    verdict.is === 'send'
      ? 'send'
      : `${verdict.is} ${verdict.reason}${verdict.is === 'hold' ? ` ${verdict.until}` : ''}`;
  expect(said).toBe(expected);
  if (verdict.is !== 'send') expect(verdict.text).toMatch(/^[A-Z].*\.$/);
});

it('the order', () => {
  expect(gates.map(({ name }) => name)).toEqual([
    'not-at-home',
    'opted-out',
    'on-trial',
    'superseded',
    'never-told',
    'repeat',
    'inhibited',
    'snoozed',
    'silenced',
    'away',
    'too-mild',
    'off-hours',
    'quiet-hours',
    'digest',
    'grouped',
    'cap',
  ]);
  const everything = facts({ disabled: 'blocked', heard: true, silences: [silence] });
  expect(judge(notification(), everything, now)).toMatchObject({ reason: 'not-at-home' });
});

it('every kind passes when nothing is against it', () => {
  for (const kind of kinds) {
    const heard = kind !== 'firing';
    expect(judge(notification({ kind }), facts({ heard }), now), kind).toEqual({ is: 'send' });
  }
});

describe('the plan', () => {
  const held = (id: number, given: Partial<Notification> = {}) =>
    notification({ id, alertId: `a_${id}`, status: 'held', reason: 'quiet-hours', ...given });

  it('one that was held is told as itself, several in one summary', () => {
    expect(plan([held(1)], () => facts(), now).summarised).toEqual([]);
    const both = plan([held(1), held(2, { severity: 'critical' })], () => facts(), now);
    expect(both.summarised.map(({ id }) => id)).toEqual([1, 2]);
    expect(both.severity).toBe('critical');
    expect(both.decisions.map(({ verdict }) => 'reason' in verdict && verdict.reason)).toEqual([
      'in-summary',
      'in-summary',
    ]);
  });

  it('what came just now is told beside the summary', () => {
    const decided = plan([held(1), held(2), notification({ id: 3, alertId: 'a_3' })], () => facts(), now);
    expect(decided.decisions.at(-1)).toEqual({ id: 3, verdict: { is: 'send' } });
  });

  it('worse behind an untold firing makes that one worse', () => {
    const two = [notification({ id: 1 }), notification({ id: 2, kind: 'worse', severity: 'critical' })];
    const decided = plan(two, () => facts(), now);
    expect(decided.decisions.map(({ verdict }) => verdict.is)).toEqual(['send', 'drop']);
    expect(decided.raised).toEqual([{ id: 1, severity: 'critical' }]);
  });

  it('firing and over together are one message', () => {
    const two = [notification({ id: 1 }), notification({ id: 2, kind: 'over' })];
    const decided = plan(two, () => facts({ alert: resolved }), now);
    expect(decided.decisions.map(({ verdict }) => verdict.is)).toEqual(['send', 'drop']);
  });
});

describe('quiet hours on the days the clock changes', () => {
  // Night of 22:00-7:00 over the change: held until 7:00 by the wall, which is not 9 hours after 22:00.
  const nights = [
    ['Europe/Berlin', Date.UTC(2026, 2, 28, 21, 0), 8],
    ['Europe/Berlin', Date.UTC(2026, 9, 24, 20, 0), 10],
    ['America/New_York', Date.UTC(2026, 2, 8, 3, 0), 8],
    ['America/New_York', Date.UTC(2026, 10, 1, 2, 0), 10],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 11, 0), 9.5],
    ['Australia/Lord_Howe', Date.UTC(2026, 9, 3, 11, 30), 8.5],
  ] as const;
  it.each(nights)('%s from %d: %d hours', (zone, start, hours) => {
    const known = facts({ settings: { zone, quiet, morning: 540 } });
    const at = (ms: number) => quietHours.judge(notification(), known, ms);
    const end = start + hours * 3_600_000;
    expect(at(start - 1)).toEqual({ is: 'send' });
    for (const ms of [start, start + 3 * 3_600_000, start + 4.5 * 3_600_000, end - 1])
      expect(at(ms)).toMatchObject({ is: 'hold', until: end });
    expect(at(end)).toEqual({ is: 'send' });
  });
});
