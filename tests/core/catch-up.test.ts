// What was missed in one message: it always fits, worst first, and the quiet case says so.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '#core/alert.ts';
import { type CatchUp, isQuiet, tellCatchUp } from '#core/catch-up.ts';
import { deedsFor, deedText } from '#core/deed-words.ts';

const nothing: CatchUp = {
  since: 0,
  until: 10,
  onlyCritical: false,
  burning: { count: 0, unattended: 0, shown: [], page: 0, pages: 1 },
  changed: [],
  changedMore: 0,
  noisiest: [],
  fired: 0,
  passed: [],
  events: [],
  eventsCut: false,
  held: [],
};
const alert = (title: string, subject: string): Alert =>
  ({
    title,
    subject,
    severity: 'critical',
    since: 5,
    acknowledgedBy: null,
    reading: { is: 'met', value: 1, limit: 0, text: '1, limit 0' },
  }) as unknown as Alert;
const textOf = (facts: CatchUp) => {
  const { title, lines, fields } = tellCatchUp(facts);
  const spans = lines.map((line) =>
    line.map((span) => (typeof span === 'string' ? span : 'bold' in span ? span.bold : '00:00')).join(''),
  );
  return [title, ...spans, ...fields.map((pair) => pair.join(' '))].join('\n');
};

describe('what was missed', () => {
  it('is “nothing happened” when nothing did', () => {
    expect(isQuiet(nothing)).toBe(true);
    expect(textOf(nothing)).toContain('Nothing happened');
    expect(textOf({ ...nothing, onlyCritical: true })).toContain('Nothing critical happened');
  });

  it('numbers what burns across pages and counts the rest', () => {
    const burning = { count: 12, unattended: 12, shown: [alert('Disk', '/a')], page: 1, pages: 2 };
    const text = textOf({
      ...nothing,
      burning,
      noisiest: [{ name: 'Disk', count: 1200 }],
      passed: [{ name: 'disk.usage', count: 7 }],
      fired: 1207,
    });
    expect(text).toMatch(/Still burning: 12, worst first, page 2 of 2\n11\. 🔴 Disk: \/a · 1, limit 0/);
    expect(text).toContain('Disk · 1,200 times');
    expect(text).toContain('disk.usage 7 came and went');
  });

  it('fits into one message whatever the names are', () => {
    const name = fc.string({ minLength: 0, maxLength: 300, unit: 'grapheme' });
    const rows = fc.array(fc.record({ name, count: fc.nat() }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { maxLength: 10 }), rows, rows, (titles, passed, events) => {
        const shown = titles.map(([title, subject]) => alert(title, subject));
        const burning = { count: 40, unattended: 1, shown, page: 0, pages: 4 };
        const changed = passed
          .slice(0, 8)
          .map((one) => ({ at: 1, who: one.name, verb: 'edit-rule', what: one.name, count: 2 }));
        const { lines, fields } = tellCatchUp({ ...nothing, burning, changed, passed, events, fired: 3 });
        const folded = fields.map(([key, value]) => [...key].slice(0, 60).join('') + value);
        const plain = lines.map((line) =>
          line.map((span) => (typeof span === 'string' ? span : '0'.repeat(14))),
        );
        expect([...plain.flat(), ...folded].join('\n').length).toBeLessThan(4000);
      }),
      { numRuns: 60 },
    );
  });
});

describe('who reads of which deeds', () => {
  it('is everybody of who joined, and only admins of keys and sources', () => {
    expect(deedsFor(false).open).toContain('join');
    expect(deedsFor(false).open).not.toContain('create-source');
    expect(deedsFor(false).own).not.toContain('create-source');
    expect(deedsFor(true).open).toContain('create-source');
    expect(deedText('edit-rule', 'Disk')).toBe('changed the rule “Disk”');
    expect(deedText('unheard-of', '')).toBe('unheard of');
  });
});
