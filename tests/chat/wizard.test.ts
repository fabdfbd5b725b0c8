// The wizard as a pure machine: every way on, back and out, whatever is pressed or typed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Draft, documentOfDraft, newDraft, wayOf } from '#chat/conversations/draft.ts';
import type { Facts } from '#chat/conversations/facts.ts';
import { takeAnswer, viewOf } from '#chat/conversations/wizard.ts';
import { plainOf } from '#chat/html.ts';
import { ruleDocument } from '#core/rule.ts';
import { kindBook } from '#evaluate/kind-book.ts';

const seen = (topic: string, data: Record<string, string | number>) => ({
  topic,
  count: 3,
  lastAt: 0,
  fields: Object.fromEntries(
    Object.entries(data).map(([name, last]) => [
      name,
      typeof last === 'number'
        ? { type: 'number' as const, last, min: last / 2, max: last }
        : { type: 'text' as const, last, values: [last, 'Hired'] },
    ]),
  ),
  subjects: { one: { data, at: 1 } },
});
const facts: Facts = {
  topics: [
    ...Array.from({ length: 12 }, (_, i) => seen(`builds.p${i}`, { blocks: i })),
    seen('disk.usage', { usage: 93.5, state: 'ok', __proto__x: 'odd', '</b>': 'odd' }),
  ],
  group: 'Team <b>',
  inGroup: true,
  curl: 'curl',
  sentence: 'something',
};

const answer = (draft: Draft, label: string): Draft => {
  const option = viewOf(draft, facts)
    .rows.flat()
    .find((one) => one.label.includes(label));
  if (!option)
    throw new Error(
      `no “${label}” on ${draft.at}: ${viewOf(draft, facts)
        .rows.flat()
        .map((one) => one.label)}`,
    );
  const next = takeAnswer(draft, { pressed: option.answer }, facts);
  if (next.is !== 'ask') throw new Error(`${label} leads to ${next.is}`);
  return next.draft;
};
const type = (draft: Draft, typed: string) => takeAnswer(draft, { typed }, facts);

it('changes one answer and comes straight back to the preview', () => {
  let draft: Draft = newDraft({ topic: 'disk.usage' });
  for (const label of ['usage', '90', 'at once', 'critical', 'Everybody']) draft = answer(draft, label);
  expect(draft.at).toBe('preview');
  draft = answer(answer(draft, 'Change'), 'Limit');
  draft = answer(draft, 'below instead');
  draft = answer(draft, '10');
  expect(draft).toMatchObject({ at: 'preview', op: '<', limit: 10, severity: 'critical', whom: 'group' });
});

it('asks the questions that a changed answer opens, and only those', () => {
  let draft: Draft = newDraft({ topic: 'disk.usage' });
  for (const label of ['usage', '90', '5 min', 'critical', 'Only me', 'Change', 'What', 'state changes'])
    draft = answer(draft, label);
  expect(draft.at).toBe('from');
  draft = answer(draft, 'whatever it was');
  expect(draft.at).toBe('to');
  draft = answer(draft, 'Hired');
  expect(draft.at).toBe('severity');
});

it('takes typed answers, and says what was wrong with others', () => {
  const topic = newDraft({});
  expect(type(topic, 'disk usage')).toMatchObject({ is: 'fault' });
  expect(type(topic, 'builds.**')).toMatchObject({ is: 'ask', draft: { topic: 'builds.**', at: 'what' } });
  const limit = answer(newDraft({ topic: 'disk.usage' }), 'usage');
  expect(type(limit, 'many')).toMatchObject({ is: 'fault', text: '“many” is no number; try 90 or 97.5.' });
  expect(type(limit, '97,5 %')).toMatchObject({ is: 'ask', draft: { limit: 97.5, at: 'wait' } });
  const wait = answer(limit, '90');
  expect(type(wait, '10')).toMatchObject({ is: 'ask', draft: { forMs: 600_000 } });
  expect(type(wait, 'soon')).toMatchObject({ is: 'fault' });
  expect(type(answer(wait, 'at once'), 'bad')).toMatchObject({ is: 'fault' });
});

it('has a way out and, but for the first question, a way back on every screen', () => {
  const presses = fc.array(
    fc.oneof(fc.nat(30), fc.constantFrom('90', 'disk.usage', '5m', 'x', '', '</code>')),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(presses, fc.boolean(), (steps, inGroup) => {
      const known = inGroup ? facts : { ...facts, group: undefined as never, inGroup: false };
      if (!inGroup) delete (known as { group?: string }).group;
      let draft: Draft = newDraft({});
      for (const step of steps) {
        const view = viewOf(draft, known);
        const options = view.rows.flat();
        expect(options.map(({ label }) => label)).toContain('Cancel');
        expect(options.some(({ label }) => label === 'Back')).toBe(draft.at !== 'topic' || draft.typing);
        expect(options.length).toBeLessThanOrEqual(20);
        expect(plainOf(view.text).trim()).not.toBe('');
        expect(view.rows.every((row) => row.length > 0 && row.length <= 4)).toBe(true);
        const given =
          typeof step === 'number' ? { pressed: options[step % options.length]!.answer } : { typed: step };
        const next = takeAnswer(draft, given, known);
        if (next.is === 'cancel') break;
        if (next.is === 'save') {
          const document = ruleDocument.parse(documentOfDraft(draft));
          expect(kindBook.check(document.kind, document.params).ok).toBe(true);
          break;
        }
        if (next.is === 'ask') {
          draft = next.draft;
          expect(wayOf(draft, inGroup)).toContain(draft.at);
        }
      }
      // Back, again and again, always ends at the first question.
      for (let i = 0; i < 30 && (draft.at !== 'topic' || draft.typing); i++) {
        const back = takeAnswer(draft, { pressed: 'back' }, known);
        if (back.is !== 'ask') throw new Error('Back did not lead back');
        draft = back.draft;
      }
      expect(draft.at).toBe('topic');
    }),
    { numRuns: 600 },
  );
});
