// The law of modules, over the whole shelf: real examples read as they say, pure reading, fields that mean something, rules that can be made.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Json } from '#core/json.ts';
import { ruleDocument } from '#core/rule.ts';
import { topicMatches } from '#core/topic.ts';
import type { Module, Page } from '#ingest/module.ts';
import { openModuleBook } from '#ingest/module-book.ts';
import { moduleNamed, modules } from '#ingest/modules/index.ts';
import { metricsOf, openCounters, readMetrics } from '#ingest/page.ts';
import { scrape } from '#ingest/scrape.ts';
import type { Outbound } from '#outbound/fetch.ts';
import { kindBook } from '../../src/evaluate/kind-book.ts';

const nobody: Outbound = async () => ({ is: 'failed', why: 'nobody is there', wrote: false, ms: 0 });

it('the shelf has modules, each under its own name', () => {
  expect(modules.length).toBeGreaterThan(0);
  expect(new Set(modules.map(({ name }) => name)).size).toBe(modules.length);
  for (const module of modules) expect(moduleNamed(module.name)).toBe(module);
  expect(moduleNamed('toString')).toBeUndefined();
});

describe.each(modules.map((module) => [module.name, module] as [string, Module]))('%s', (name, module) => {
  const book = openModuleBook(nobody);

  it('has a name, a title and a sentence about it', () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(module.title).toMatch(/^[A-Z][^!]*[^.!]$/);
    expect(module.about).toMatch(/^[A-Z].*[.]$/);
  });

  it('gives every field a label, a hint and an input, from which forms are made', () => {
    expect(module.params).toBeInstanceOf(z.ZodObject);
    for (const field of book.find(name)!.fields) {
      expect(field).toMatchObject({ label: expect.stringMatching(/./), hint: expect.stringMatching(/./) });
      expect(['address', 'text', 'list', 'number', 'choice']).toContain(field.input);
    }
  });

  it('says what each topic and field means', () => {
    expect(module.topics.length).toBeGreaterThan(0);
    for (const { topic, title, subject, fields } of module.topics) {
      expect(topic).toMatch(/^[a-z*]/);
      expect([title, subject].every((text) => /\S/.test(text))).toBe(true);
      expect(Object.keys(fields).length).toBeGreaterThan(0);
      for (const [field, { title: meaning }] of Object.entries(fields)) {
        expect(field).toMatch(/^[a-z][A-Za-z0-9]*$/);
        expect(meaning).toMatch(/\S/);
      }
    }
  });

  it('offers rules that can be made, about topics and fields that it has', () => {
    expect(module.rules.length).toBeGreaterThan(0);
    for (const { title, document } of book.offers(name, 'a "name"')) {
      expect(title).toMatch(/^[A-Z][^!]*[^.!]$/);
      const read = ruleDocument.safeParse(document);
      expect(read.error?.issues ?? []).toEqual([]);
      const about = module.topics.filter(({ topic }) =>
        topicMatches(document.topic, topic.replaceAll('*', 'x')),
      );
      const field = (document.params as { field?: string } | undefined)?.field;
      if (topicMatches(document.topic, `${name}.up`)) continue;
      expect(about.length, `${document.topic} is a topic of the module`).toBeGreaterThan(0);
      if (field !== undefined)
        expect(
          about.some(({ fields }) => field in fields),
          field,
        ).toBe(true);
      if (kindBook.names().includes(document.kind))
        expect(kindBook.check(document.kind, document.params ?? {})).toMatchObject({ ok: true });
      else expect(['count', 'absence', 'increase', 'ratio', 'expression']).toContain(document.kind);
    }
  });
});

const scraped = modules.filter(({ scrape }) => scrape !== undefined);
describe.each(scraped.map((module) => [module.name, module] as [string, Module]))(
  '%s, asked',
  (name, module) => {
    const topics = [...module.topics.map(({ topic }) => topic), `${name}.up`];
    const { example } = module;
    it('reads its own example', async () => {
      let asked = 0;
      const ask: Outbound = async () => {
        const page = example!.pages[asked++]!;
        const headers = { 'content-type': page.mediaType ?? 'text/plain' };
        return { is: 'answer', status: 200, headers, body: Buffer.from(page.body), truncated: false, ms: 1 };
      };
      const made = await scrape(
        module,
        { params: example!.params, timeoutMs: 1_000 },
        null,
        ask,
        example!.now,
      );
      if (!made.ok) throw new Error(made.text);
      expect(asked).toBe(example!.pages.length);
      expect(made.findings.map(({ labels: _, ...rest }) => rest)).toEqual(example!.findings);
      for (const { topic, data } of made.findings) {
        const meanings = module.topics.find((one) => topicMatches(one.topic, topic))?.fields;
        if (!meanings) throw new Error(`${topic} is no topic of the module`);
        if (!('value' in meanings))
          expect(Object.keys(meanings)).toEqual(expect.arrayContaining(Object.keys(data)));
      }
      expect(topics.every((topic) => topic.length < 100)).toBe(true);
      expect(JSON.parse(JSON.stringify(made.memory))).toEqual(made.memory);
    });

    it('says that it is another software when it understands nothing', async () => {
      const answers =
        (body: string): Outbound =>
        async () => ({
          is: 'answer',
          status: 200,
          headers: {},
          body: Buffer.from(body),
          truncated: false,
          ms: 1,
        });
      const place = { params: example!.params, timeoutMs: 1_000 };
      for (const body of ['', 'up 1\n', '{}', '[]', 'null', '<html>'])
        expect(await scrape(module, place, null, answers(body), example!.now)).toMatchObject({
          ok: false,
          text: expect.stringMatching(/^it (answers|does not answer|did not answer)/),
        });
    });

    it('is pure and never throws, whatever the pages hold', () => {
      const params = module.params.parse(example!.params);
      const requests = module.scrape!.requests(params);
      const names = [
        ...new Set(
          (example!.pages
            .map(({ body }) => body)
            .join('\n')
            .match(/^[a-z_:0-9]+/gim) ?? []) as string[],
        ),
      ];
      const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0, -1));
      const label = fc.dictionary(
        fc.constantFrom('mountpoint', 'device', 'instance', '__proto__'),
        fc.string(),
        { maxKeys: 3 },
      );
      const sample = fc.tuple(fc.constantFrom(...names, 'x'), label, number);
      fc.assert(
        fc.property(fc.array(sample, { maxLength: 30 }), fc.jsonValue({ maxDepth: 4 }), (given, json) => {
          const samples = given.map(([one, labels, value]) => ({
            name: one,
            labels: new Map(Object.entries(labels)),
            value,
          }));
          const pages = requests.map(
            ({ form }): Page =>
              form === 'metrics' ? { form, metrics: metricsOf(samples) } : { form, json: json as Json },
          );
          const read = () =>
            module.scrape!.read(pages, params, openCounters(null, example!.now), example!.now);
          const findings = read();
          expect(read()).toEqual(findings);
          expect(JSON.stringify(findings ?? [])).toBeTypeOf('string');
        }),
        { numRuns: 200 },
      );
    });
  },
);

describe('pages of metrics', () => {
  it('leaves stale samples out', () => {
    const now = 1_800_000_000_000;
    const page = `old 1 ${now - 300_001}\nfresh 2 ${now - 299_000}\nplain 3\n`;
    const read = readMetrics(page, 'text/plain', undefined, now);
    if (!read.ok) throw new Error(read.text);
    expect([read.page.one('old'), read.page.one('fresh'), read.page.one('plain')]).toEqual([undefined, 2, 3]);
  });

  it('knows how counters grow, and that they begin anew', () => {
    const first = openCounters(null, 1_000);
    expect([first.growth('a', 5), first.perSecond('b', 100)]).toEqual([undefined, undefined]);
    const second = openCounters(first.memory(), 11_000);
    expect([second.growth('a', 8), second.perSecond('b', 150), second.growth('c', undefined)]).toEqual([
      3,
      5,
      undefined,
    ]);
    const third = openCounters(second.memory(), 21_000);
    expect([third.growth('a', 2), third.growth('toString', 2)]).toEqual([undefined, undefined]);
    expect(openCounters(third.memory(), 21_000).perSecond('a', 3)).toBeUndefined();
  });
});
