// The words: one alert in each of its states, and the summary of a night.
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import type { Message } from '../../src/core/message.ts';
import { renderAlert, renderNote } from '../../src/notify/render.ts';
import { renderSummary } from '../../src/notify/summary.ts';
import { parseHtml } from '../../src/sandbox/telegram/index.ts';
import { toHtml, toText } from '../../src/telegram/html.ts';

const now = Date.UTC(2026, 5, 10, 14, 5, 0);
const alert = (given: Partial<Alert> = {}): Alert => ({
  id: 'a_1',
  ruleId: 'r_1',
  ownerId: 'p_1',
  key: 'k',
  labels: {},
  topic: 'disk.usage',
  subject: '/sarc/cad',
  title: 'Disk nearly full',
  fields: { host: 'cad1' },
  status: 'firing',
  severity: 'warning',
  reading: { is: 'met', text: '93.5, limit 90' },
  since: now - 180_000,
  firedAt: now - 180_000,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  snoozedUntil: null,
  dueAt: null,
  count: 1,
  rev: 1,
  ...given,
});
const over = { status: 'resolved', resolvedAt: now, reading: { is: 'unmet', text: '84 %' } } as const;
const text = (message: Message) => toText(message, { zone: 'UTC', now });
const labels = (message: Message) => message.buttons.map((row) => row.map(({ label }) => label).join(', '));
const first = { now, heard: false };
const later = { now, heard: true };

describe('one alert', () => {
  it('burns', () => {
    const message = renderAlert(alert(), 'firing', { ...first, occurrences: 4 });
    expect(text(message)).toBe(
      '🟠 Disk nearly full: /sarc/cad\n93.5, limit 90.\nSince 14:02, 3 min ago · 4th time in 30 days\nhost: cad1',
    );
    expect(labels(message)).toEqual(['Acknowledge, Snooze', 'Why, Resolve']);
  });

  it('says the value of its reading once; what it does not say stays', () => {
    const fields = { usage: '93.5', host: 'cad1' };
    const reading = { is: 'met', field: 'usage', value: 93.5, limit: 90, text: '93.5, limit 90' } as const;
    expect(renderAlert(alert({ fields, reading }), 'firing', first).fields).toEqual([['host', 'cad1']]);
    const older = { ...reading, value: 95, text: '95, limit 90' };
    expect(renderAlert(alert({ fields, reading: older }), 'firing', first).fields).toHaveLength(2);
    const told = { ...reading, text: '93.5 within an hour' };
    const words = { lines: [['Words of their own.']] };
    expect(renderAlert(alert({ fields, reading: told }), 'firing', { ...first, words }).fields).toHaveLength(
      2,
    );
  });

  it('is acknowledged, is snoozed', () => {
    const known = alert({ status: 'acknowledged', acknowledgedAt: now, acknowledgedBy: 'Ana' });
    expect(text(renderAlert(known, 'edit', later))).toContain('\nAcknowledged by Ana, 14:05\n');
    expect(labels(renderAlert(known, 'edit', later))).toEqual(['Release, Resolve, Why']);
    const off = alert({ snoozedUntil: now + 3_600_000 });
    expect(text(renderAlert(off, 'edit', later))).toContain('\nSnoozed until 15:05\n');
  });

  it('is over, came and went, was closed', () => {
    const known = alert({ ...over, acknowledgedBy: 'Ana' });
    expect(text(renderAlert(known, 'over', later))).toBe(
      '✅ Disk nearly full: /sarc/cad is over\n84 %, after 3 min. Acknowledged by Ana.',
    );
    expect(labels(renderAlert(known, 'over', later))).toEqual(['Why']);
    expect(text(renderAlert(alert(over), 'firing', first))).toContain('/sarc/cad came and went\n');
    const closed = alert({ status: 'resolved', resolvedAt: now });
    expect(text(renderAlert(closed, 'over', later))).toBe(
      '✅ Disk nearly full: /sarc/cad is closed\nClosed after 3 min; last seen: 93.5, limit 90.',
    );
  });

  it('is a moment', () => {
    const moment = { is: 'met', momentary: true, text: 'finished' } as const;
    const message = renderAlert(
      alert({ ...over, reading: moment, title: 'Build 12', subject: '12', fields: {} }),
      'notice',
      first,
    );
    expect(text(message)).toBe('🟠 Build 12\nfinished.\n14:02');
  });

  it('a note of ours is plain, and quiet when it only informs', () => {
    expect(text(renderNote('One.\nTwo.', 'info', { silent: false }))).toBe('One.\nTwo.');
    expect(renderNote('One.', 'info', { silent: false }).silent).toBe(true);
    expect(renderNote('One.', 'warning', { silent: false }).silent).toBe(false);
  });
});

it('the summary of the worst night fits, keeps its order and says what it leaves out', () => {
  const many = (count: number, given: Partial<Alert>) =>
    Array.from({ length: count }, (_, i) =>
      alert({ id: `a_${i}`, subject: `/very/long/path/${i}`, ...given }),
    );
  const items = [
    ...many(60, over).map((one) => ({ kind: 'firing' as const, alert: one, heard: false })),
    ...many(60, over).map((one) => ({ kind: 'over' as const, alert: one, heard: true })),
    ...many(60, {}).map((one) => ({ kind: 'firing' as const, alert: one, heard: false })),
    {
      kind: 'firing' as const,
      alert: alert({ id: 'a_c', subject: '/worst', severity: 'critical' }),
      heard: false,
    },
  ];
  const message = renderSummary(items, { now, severity: 'critical' });
  const parsed = parseHtml(toHtml(message, { zone: 'UTC', now }));
  expect(parsed.ok).toBe(true);
  const shown = text(message);
  expect(shown.length).toBeLessThanOrEqual(3500);
  expect(shown).toMatch(/^🌙 While it was quiet\nStill burning: 61\n🔴 Disk nearly full: \/worst/);
  expect(shown).toContain('and 41 more\nOver: 60\n');
  expect(message.buttons).toHaveLength(8);
  expect(message.buttons[0]![0]!.label).toBe('Acknowledge Disk nearly full: /worst');
});
