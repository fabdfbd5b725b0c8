// The law of kinds of actions, over the whole shelf: fields that explain themselves, plans that are pure and stay where they were declared.
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionBook } from '#act/action-book.ts';
import { actions } from '#act/actions/index.ts';
import type { Alert } from '#core/alert.ts';

const alert = (given: Partial<Alert> = {}): Alert => ({
  id: 'a_1',
  ruleId: 'r_1',
  ownerId: 'p_1',
  key: 'k',
  labels: { host: 'cad1' },
  topic: 'node.audit',
  subject: 'node-7',
  title: 'Audit',
  fields: { score: '0.9' },
  status: 'firing',
  severity: 'warning',
  reading: { is: 'met', value: 1, limit: 0, text: '1' },
  since: 0,
  firedAt: 0,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  snoozedUntil: null,
  dueAt: null,
  count: 1,
  rev: 1,
  ...given,
});
const wanted = (one: Alert) => ({
  id: 'act_1',
  action: 'restart',
  alert: one,
  by: { id: 'p_1', name: 'Ana' },
  now: 0,
});

it('each stands in the index, in a file of its name', () => {
  const files = readdirSync(new URL('../../src/act/actions', import.meta.url)).filter(
    (file) => file !== 'index.ts',
  );
  expect(files.sort()).toEqual(actions.map(({ name }) => `${name}.ts`).sort());
});

describe.each(actions.map((one) => [one.name, one] as const))('%s', (name, kind) => {
  it('takes its example and plans the same twice', () => {
    const read = actionBook.check(name, kind.example);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const planned = actionBook.plan(name, read.params, wanted(alert()));
    expect(planned).toMatchObject({ ok: true });
    expect(actionBook.plan(name, read.params, wanted(alert()))).toEqual(planned);
    expect(kind.timeoutMs(read.params)).toBeLessThanOrEqual(30_000);
  });

  it('every field has a label and a hint', () => {
    for (const field of Object.values(kind.params.shape))
      expect((field as { meta(): unknown }).meta()).toMatchObject({
        label: expect.any(String),
        hint: expect.any(String),
      });
  });
});

describe('http', () => {
  const plan = (url: string, one: Alert) => {
    const read = actionBook.check('http', { url });
    return read.ok ? actionBook.plan('http', read.params, wanted(one)) : read;
  };

  it('whatever an alert holds, the request goes where it was declared, to the path that was declared', () => {
    const hostile = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '..',
        '.',
        '../..',
        '%2e%2e',
        '..%2f',
        '/etc',
        '?x=1',
        '#x',
        '\\..\\',
        '@evil.example',
        ':80',
        '\r\nX: 1',
        '\u0000',
        '//evil.example',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, (subject, host) => {
        const planned = plan(
          'https://ops.example:8443/nodes/{subject}/restart?host={labels.host}',
          alert({ subject, labels: { host } }),
        );
        if (!planned.ok || !('request' in planned)) return;
        const url = new URL(planned.request.url);
        expect(url.origin).toBe('https://ops.example:8443');
        expect(url.pathname.split('/')).toHaveLength(4);
        expect(url.pathname).toMatch(/^\/nodes\/[^/]+\/restart$/);
        expect([...url.searchParams.keys()]).toEqual(['host']);
        expect(url.hash).toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['..', '.', '...', ''])('a part “%s” would be a way up, or nothing: refused', (subject) => {
    expect(plan('https://ops.example/{subject}/x', alert({ subject }))).toMatchObject({ ok: false });
  });

  it('what the alert has not is said', () => {
    expect(plan('https://ops.example/{labels.rack}', alert())).toEqual({
      ok: false,
      fault: 'this alert has no labels.rack',
    });
  });

  it.each([
    'https://{subject}/x',
    'https://ops.{labels.host}.example/',
    'https://ops.example@{subject}/',
    'https://ops.example:{labels.port}/',
    '{subject}',
    'ftp://ops.example/',
    'javascript:alert(1)',
    'https://ops.example/a b',
    'https://ops.example\\{subject}',
    'https://ops.example/{nothing}',
    'https:///x',
  ])('%s cannot be declared', (url) => {
    expect(actionBook.check('http', { url })).toMatchObject({ ok: false });
  });
});
