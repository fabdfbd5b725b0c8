// The modules as operations and the chat see them: fields, checks and offers made from the shelf, and a look at a target.
import { z } from 'zod';
import type { Json } from '#core/json.ts';
import { own } from '#core/own.ts';
import type { ModuleBook, ModuleFacts, ModuleField, Offer, Probed, Shown } from '#operations/module-book.ts';
import type { Outbound } from '#outbound/fetch.ts';
import type { FieldMeaning, Finding, Module, ModuleTopic } from './module.ts';
import { moduleNamed, modules } from './modules/index.ts';
import { valueAt } from './page.ts';
import { scrape } from './scrape.ts';

/** Opens the book; `ask` is how a target is looked at before it is added. */
export function openModuleBook(ask: Outbound): ModuleBook {
  return {
    all: () => modules.map(factsOf),
    find(name) {
      const module = moduleNamed(name);
      return module && factsOf(module);
    },
    check(name, given) {
      const module = moduleNamed(name);
      if (!module?.scrape)
        return { ok: false, faults: [{ path: 'module', text: 'there is no such module' }] };
      const read = module.params.safeParse(given);
      if (!read.success)
        return { ok: false, faults: read.error.issues.flatMap((issue) => faultsOf(issue, given)) };
      const [first] = module.scrape.requests(read.data);
      const params = read.data as Record<string, unknown>;
      return { ok: true, params, address: first!.url, everyMs: module.scrape.everyMs };
    },
    offers: (name, target) => (moduleNamed(name)?.rules ?? []).map((rule) => narrowed(rule, target)),
    async probe(name, { name: instance, params, authorization, timeoutMs }, now): Promise<Probed> {
      const module = moduleNamed(name);
      if (!module) return { ok: false, text: 'there is no such module' };
      const began = performance.now();
      const place = { params, timeoutMs, ...(authorization === undefined ? {} : { secret: authorization }) };
      const made = await scrape(module, place, null, ask, now);
      if (!made.ok) return made;
      const shown = made.findings.map((finding) => shownOf(module, finding, instance));
      return { ok: true, shown, ms: Math.round(performance.now() - began) };
    },
  };
}

function factsOf({ name, title, about, topics, scrape, params }: Module): ModuleFacts {
  return {
    name,
    title,
    about,
    topics,
    scraped: scrape !== undefined,
    everyMs: scrape?.everyMs ?? 0,
    fields: fieldsOf(params),
  };
}

function fieldsOf(params: z.ZodType): ModuleField[] {
  if (!(params instanceof z.ZodObject)) return [];
  return Object.entries(params.shape as Record<string, z.ZodType>).map(([name, type]) => {
    const meta = type.meta() ?? {};
    const usual = type.safeParse(undefined);
    return {
      name,
      label: String(meta.label ?? name),
      hint: String(meta.hint ?? ''),
      input: String(meta.input ?? 'text'),
      required: !usual.success,
      ...(usual.success && typeof usual.data === 'string' ? { usual: usual.data } : {}),
    };
  });
}

function faultsOf(issue: z.core.$ZodIssue, given: unknown): { path: string; text: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((name) => ({ path: name, text: 'is nothing this module asks for' }));
  const path = issue.path.map(String).join('.');
  const isMissing = valueAt(given as Json, path) === undefined;
  return [{ path, text: isMissing ? 'is missing' : issue.message }];
}

function narrowed({ title, document }: Module['rules'][number], target: string | undefined): Offer {
  if (target === undefined) return { title, document };
  return {
    title,
    document: { ...document, match: [`instance = ${JSON.stringify(target)}`, ...(document.match ?? [])] },
  };
}

function shownOf(module: Module, { topic, subject, data }: Finding, instance: string): Shown {
  const meanings = module.topics.find((one) => fits(one, topic))?.fields ?? {};
  const fields = Object.entries(data).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const meaning: FieldMeaning = own(meanings, name) ?? { title: name };
    return [{ name, title: meaning.title, value, ...(meaning.unit ? { unit: meaning.unit } : {}) }];
  });
  return { topic, subject: subject ?? instance, fields };
}

function fits({ topic: pattern }: ModuleTopic, topic: string): boolean {
  const [mine, its] = [pattern.split('.'), topic.split('.')];
  return mine.length === its.length && mine.every((part, i) => part === '*' || part === its[i]);
}
