// Declared topics: what may be said, what an event breaks, and how much of what came lacked a required field.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Event } from '#core/event.ts';
import {
  countsOf,
  type DeclaredTopic,
  declarationFaults,
  lacking,
  topicDocument,
} from '../../src/core/declared-topic.ts';
import { sayQuantity } from '../../src/core/quantity.ts';
import { mergeSeen, newSeen, noteEvent } from '../../src/core/seen-topic.ts';
import { treeOf } from '../../src/core/topic-tree.ts';
import { eventWith } from '../evaluate/stage.ts';

const declared = (fields: DeclaredTopic['fields'], base = countsOf(undefined)): DeclaredTopic => ({
  ...{ topic: 'disk.usage', title: null, description: null, strict: false, declaredAt: 0, declaredBy: 'x' },
  fields,
  base,
});

it('refuses what cannot be said, with its path', () => {
  const faults = (document: unknown) =>
    topicDocument.safeParse(document).error?.issues.map(({ path }) => path.join('.')) ?? [];
  expect(faults({ fields: { usage: { type: 'number', unit: '%', required: true } } })).toEqual([]);
  expect(faults({ fields: { host: { type: 'text', unit: '%' } } })).toEqual(['fields.host.unit']);
  expect(faults({ fields: { list: { type: 'other', required: true } } })).toEqual(['fields.list.required']);
  expect(faults({ fields: { 'a b': {}, '__proto__.x': {} } })).not.toEqual([]);
  expect(faults({ fields: { usage: { unit: 'x'.repeat(21) } } })).toEqual(['fields.usage.unit']);
});

it('finds what an event lacks or says in another form; a number may be a text', () => {
  const said = declared({ usage: { type: 'number', required: true }, host: { type: 'text' } });
  const faults = (data: Event['data'], labels = {}) =>
    declarationFaults(said, eventWith({ data, labels })).map(({ path, text }) => `${path} ${text}`);
  expect(faults({ usage: 93.5, host: 'cad1' })).toEqual([]);
  expect(faults({ usage: '93.5' }, { host: 'cad1' })).toEqual([]);
  expect(faults({ usage: null, host: 7 })).toEqual(['data.usage is required', 'data.host must be a text']);
  expect(faults({ usage: 'much' })).toEqual(['data.usage must be a number']);
});

it('counts exactly what lacked a required field since it was said, in halves put together', () => {
  const data = fc.record({ usage: fc.constantFrom(1, 'x', true, null, undefined, [1]), other: fc.nat() });
  const events = fc.array(data, { maxLength: 20 });
  fc.assert(
    fc.property(events, events, events, (before, first, second) => {
      const note = (all: { usage: unknown }[]) => {
        const seen = newSeen('disk.usage');
        for (const { usage, ...rest } of all)
          noteEvent(
            seen,
            eventWith({ data: { ...rest, ...(usage === undefined ? {} : { usage }) } as never }),
          );
        return seen;
      };
      const earlier = note(before);
      const base = countsOf(earlier);
      const whole = mergeSeen(mergeSeen(earlier, note(first)), note(second));
      const lacked = [...first, ...second].filter(({ usage }) => usage == null).length;
      expect(lacking(declared({ usage: { required: true } }, base), whole)).toEqual(
        lacked === 0 ? {} : { usage: lacked },
      );
    }),
  );
});

it('says numbers with their unit', () => {
  const said = (value: number, unit?: string) => sayQuantity(value, unit);
  expect([said(93.5, '%'), said(93.5), said(12, 'ms'), said(3, ' GB ')]).toEqual([
    '93.5 %',
    '93.5',
    '12 ms',
    '3 GB',
  ]);
  expect([said(1536, 'bytes'), said(1.5e9, 'B'), said(999, 'B'), said(999_999, 'B')]).toEqual([
    '1.54 kB',
    '1.5 GB',
    '999 B',
    '1,000 kB',
  ]);
  expect([said(90, 's'), said(7200, 's'), said(0.5, 's')]).toEqual(['2 min', '2 h', '0.5 s']);
});

it('makes a tree whose counts add up', () => {
  const topic = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('.'));
  fc.assert(
    fc.property(fc.uniqueArray(topic, { maxLength: 12 }), (names) => {
      const tree = treeOf(names.map((name, i) => ({ topic: name, count: i + 1, lastAt: i })));
      const sum = (branches: typeof tree): number => branches.reduce((all, { events }) => all + events, 0);
      expect(sum(tree)).toBe((names.length * (names.length + 1)) / 2);
      const leaves: string[] = [];
      const visit = (branches: typeof tree) => {
        for (const branch of branches) {
          if (branch.isTopic) leaves.push(branch.path);
          const own = branch.isTopic ? names.indexOf(branch.path) + 1 : 0;
          expect(sum(branch.below) + own).toBe(branch.events);
          visit(branch.below);
        }
      };
      visit(tree);
      expect(leaves.sort()).toEqual(names.toSorted());
    }),
  );
});
