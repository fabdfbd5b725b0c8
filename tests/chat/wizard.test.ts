// The wizard as a pure machine: every way on, back and out, whatever is pressed or typed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Draft, documentOfDraft, goTo, newDraft } from '#chat/conversations/draft.ts';
import type { Facts } from '#chat/conversations/facts.ts';
import { questionsOf } from '#chat/conversations/ways.ts';
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
        : { type: 'text' as const, last, values: [last, 'Hired', 'lost'] },
    ]),
  ),
  subjects: { one: { data, at: 1 } },
});
const facts: Facts = {
  topics: [
    ...Array.from({ length: 12 }, (_, i) => seen(`builds.p${i}`, { blocks: i })),
    seen('builds.vr0', { block: 'gc_t', status: 'fail', runtag: 'r7', user: 'gpupi' }),
    seen('disk.usage', { usage: 93.5, state: 'ok', __proto__x: 'odd', '</b>': 'odd' }),
  ],
  group: 'Team <b>',
  inGroup: true,
  curl: 'curl',
  book: kindBook,
  zone: 'Europe/Berlin',
  now: Date.UTC(2026, 5, 10, 12),
  receivers: [
    { id: 'v_1', label: 'Telegram', here: true },
    { id: 'v_2', label: 'ana@example.org', here: false },
  ],
  lists: ['blocks'],
  rules: ['Router down'],
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

const walk = (draft: Draft, ...labels: string[]) => labels.reduce(answer, draft);
const documentOf = (draft: Draft) => {
  expect(draft.at).toBe('preview');
  return ruleDocument.parse(documentOfDraft(draft));
};

it('asks for the ordinary rule with nothing typed, nights included', () => {
  const draft = walk(newDraft({}), 'disk.usage', 'usage', '90', '97 then', 'Telegram', 'Done', 'Everybody');
  expect(documentOfDraft(draft)).toEqual({
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
    bands: [{ when: 'Mon-Fri 09:00-18:00' }, { when: 'otherwise', params: { limit: 97 }, to: ['v_1'] }],
  });
  documentOf(draft);
});

it('opens the tree of topics part by part, with how many lie below', () => {
  const top = newDraft({});
  const shown = (draft: Draft) =>
    viewOf(draft, facts)
      .rows.flat()
      .map(({ label }) => label);
  expect(shown(top)).toContain('builds.** · 13 topics · 39 events');
  const below = answer(top, 'builds.**');
  expect(plainOf(viewOf(below, facts).text)).toContain('All of builds, or a part of it?');
  expect(shown(answer(below, 'More'))).toContain('builds.vr0 · 1 thing · last gc_t');
  expect(answer(below, 'builds.**').doc.topic).toBe('builds.**');
  expect(answer(below, 'builds.p3').doc.topic).toBe('builds.p3');
  expect(shown(answer(below, 'Back'))).toEqual(shown(top));
});

it('changes one answer and comes straight back to the preview', () => {
  let draft = walk(newDraft({ topic: 'disk.usage' }), 'usage', '90', 'same', 'Everybody');
  expect(draft.at).toBe('preview');
  draft = walk(draft, 'Change', 'Severity', 'critical', 'Change', 'Limit', 'below instead', '10');
  expect(draft).toMatchObject({
    at: 'preview',
    whom: 'group',
    doc: { params: { op: '<', limit: 10 }, severity: 'critical' },
  });
});

it('asks the questions that a changed answer opens, and only those', () => {
  let draft = walk(newDraft({ topic: 'disk.usage' }), 'usage', '90', 'same', 'Only me', 'Change', 'What');
  draft = answer(draft, 'state changes');
  expect(draft.at).toBe('p:from');
  draft = walk(draft, 'whatever it was');
  expect(draft.at).toBe('p:to');
  expect(documentOf(answer(draft, 'Hired')).params).toEqual({ field: 'state', to: 'Hired' });
});

it('counts different values, of some events, by what names the run', () => {
  const draft = walk(
    newDraft({ topic: 'builds.**' }),
    'More ways',
    'Different values',
    'block',
    '3',
    '1 h',
    'status',
    'fail',
    'Done',
    'Done',
    'Each runtag',
    'Only me',
  );
  expect(documentOfDraft(draft)).toEqual({
    topic: 'builds.**',
    kind: 'count',
    params: { distinct: 'block', moreThan: 3, within: '1h' },
    match: ['status = "fail"'],
    key: ['runtag'],
  });
  documentOf(draft);
});

it('misses what does not come, by an interval or by a schedule', () => {
  const silence = walk(newDraft({ topic: 'disk.usage' }), 'More ways', 'Nothing came');
  expect(documentOf(walk(silence, '5 min', 'Only me')).params).toEqual({ every: '5m' });
  const nightly = walk(silence, 'by a schedule', 'Every day at 9:00', 'Only me');
  expect(documentOf(nightly).params).toEqual({ cron: '0 9 * * *' });
});

it('keeps a table of hours: rows added, days and hours pressed, a limit, where it is told, nothing at all', () => {
  let draft = walk(newDraft({ topic: 'disk.usage' }), 'usage', '90', '97 then', 'As always', 'Only me');
  draft = walk(draft, 'Change', 'Hours', 'Add hours');
  expect(draft.at).toBe('row-when');
  draft = walk(draft, 'Fri', '22–7', 'Done', 'Limit');
  const typed = type(draft, '99');
  draft = walk(typed.is === 'ask' ? typed.draft : draft, 'Told where', 'ana@', 'Done', 'Done');
  draft = walk(draft, '3. otherwise', 'Nothing then', 'Done', 'Done');
  expect(documentOfDraft(draft).bands).toEqual([
    { when: 'Mon-Fri 09:00-18:00' },
    { when: 'Fri-Sun 22:00-07:00', params: { limit: 99 }, to: ['v_2'] },
    { when: 'otherwise', off: true },
  ]);
  documentOf(draft);
  draft = walk(draft, 'Change', 'Hours', '1.', 'Remove', '2.', 'Remove', '1.', 'Remove', 'Done');
  expect(documentOfDraft(draft).bands).toBeUndefined();
});

it('takes several values, none of them, lists of one’s own, and typed conditions', () => {
  const only = walk(newDraft({ topic: 'builds.**' }), 'Every event', 'Only me', 'Only some');
  const match = (draft: Draft) => documentOf(draft).match && documentOfDraft(draft).match;
  expect(match(walk(only, 'status', 'fail', 'lost', 'Done', 'Done'))).toEqual([
    'status = "fail" or status = "lost"',
  ]);
  expect(match(walk(only, 'status', 'is none', 'fail', 'Done', 'Done'))).toEqual(['status != "fail"']);
  expect(match(walk(only, 'block', 'in my list blocks', 'Done'))).toEqual(['block in $me.blocks']);
  const typed = type(only, 'host = a and not (user = me)');
  if (typed.is !== 'ask') throw new Error('not understood');
  const both = walk(typed.draft, 'Done');
  expect(match(both)).toEqual(['host = "a" and not (user = "me")']);
  expect(match(walk(both, 'Change', 'Only some', 'Without', 'All of them'))).toBeUndefined();
  expect(type(only, 'host is a')).toMatchObject({ is: 'fault' });
});

it('saves nothing half said', () => {
  const whole = walk(newDraft({ topic: 'disk.usage' }), 'usage', '90', 'same', 'Only me');
  let draft = walk(whole, 'Change', 'What', 'More ways', 'Too many');
  while (draft.at !== 'preview') draft = answer(draft, 'Back');
  expect(takeAnswer(draft, { pressed: 'save' }, facts)).toMatchObject({
    is: 'ask',
    draft: { at: 'p:moreThan' },
  });
});

it('takes typed answers, and says what was wrong with others', () => {
  const topic = newDraft({});
  expect(type(topic, 'disk usage')).toMatchObject({ is: 'fault' });
  expect(type(topic, 'builds.**')).toMatchObject({ is: 'ask', draft: { doc: { topic: 'builds.**' } } });
  const limit = answer(newDraft({ topic: 'disk.usage' }), 'usage');
  expect(type(limit, 'many')).toMatchObject({ is: 'fault', text: '“many” is no number; try 90 or 97.5.' });
  expect(type(limit, '97,5 %')).toMatchObject({ is: 'ask', draft: { doc: { params: { limit: 97.5 } } } });
  const night = answer(limit, '90');
  expect(type(night, '99')).toMatchObject({
    is: 'ask',
    draft: { doc: { bands: [{}, { params: { limit: 99 } }] } },
  });
  const wait = walk(night, 'same', 'Only me', 'Change', 'How long');
  expect(type(wait, '10')).toMatchObject({ is: 'ask', draft: { doc: { for: '10m' } } });
  expect(type(wait, 'soon')).toMatchObject({ is: 'fault' });
  expect(type(answer(wait, 'at once'), 'bad')).toMatchObject({ is: 'fault' });
});

it('drops what a new limit contradicts, and says old and new of an edit', () => {
  const doc = {
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90, clear: 85 },
  };
  const asked = questionsOf({ ...newDraft({ doc }), ruleId: 'r_1' }, facts);
  const draft: Draft = { at: 'change', trail: [], asked, doc, before: doc, ruleId: 'r_1' };
  expect(takeAnswer(goTo(draft, 'preview'), { pressed: 'save' }, facts)).toMatchObject({ is: 'fault' });
  const typed = type(answer(draft, 'Limit'), '80');
  if (typed.is !== 'ask') throw new Error('not understood');
  const text = plainOf(viewOf(typed.draft, { ...facts, open: 1 }).text);
  expect(text).toContain('Limit: 90 → 80\nOver at: 85 → none\nIts 1 open alert stays open');
  const moved = walk(typed.draft, 'Change', 'Per what', 'Each state');
  expect(plainOf(viewOf(moved, { ...facts, open: 1 }).text)).toContain('its 1 open alert ends');
  expect(takeAnswer(draft, { pressed: 'back' }, facts)).toEqual({ is: 'leave' });
});

it('has a way out and, but for the first question, a way back on every screen', () => {
  const presses = fc.array(
    fc.oneof(
      { arbitrary: fc.nat(30), weight: 4 },
      fc.constantFrom('90', 'disk.usage', '5m', 'x', '', '</code>'),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(presses, fc.boolean(), (steps, inGroup) => {
      const { group: _group, inGroup: _inGroup, ...alone } = facts;
      const known = inGroup ? facts : alone;
      let draft: Draft = newDraft({});
      for (const step of steps) {
        const view = viewOf(draft, known);
        const options = view.rows.flat();
        const first = draft.trail.length === 0 && !draft.typing && draft.branch === undefined;
        expect(options.map(({ label }) => label)).toContain('Cancel');
        expect(options.some(({ label }) => label === 'Back')).toBe(!first);
        expect(options.length).toBeLessThanOrEqual(28);
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
        if (next.is === 'ask') draft = next.draft;
        expect(JSON.stringify(draft).length).toBeLessThan(10_000);
      }
      // Back, again and again, always ends at the first question.
      for (let i = 0; i < 60 && (draft.trail.length > 0 || draft.typing || draft.branch); i++) {
        const back = takeAnswer(draft, { pressed: 'back' }, known);
        if (back.is !== 'ask') throw new Error('Back did not lead back');
        draft = back.draft;
      }
      expect(draft.at).toBe('topic');
    }),
    { numRuns: 600 },
  );
});
