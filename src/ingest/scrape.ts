// One scrape of one target: its pages are asked for, its module reads them, and findings or a reason come out.
import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import { isOwnTopic, topicFault } from '#core/topic.ts';
import type { Outbound } from '#outbound/fetch.ts';
import { limits } from './fields.ts';
import type { Finding, Module, Page, Request } from './module.ts';
import { type Memory, openCounters, readMetrics } from './page.ts';
import { scanJson } from './scan.ts';

export const scrapeLimits = { pageBytes: 16 << 20, findings: 500, value: 4_000, depth: 64 } as const;

/** What a target is, as far as asking it is concerned. */
export interface Place {
  params: unknown;
  /** The header `Authorization`. */
  secret?: string;
  timeoutMs: number;
}

export type Scrape = { ok: true; findings: Finding[]; memory: Memory } | { ok: false; text: string };

/** Asks and reads. Never throws for what the other side does; `text` is a sentence for the person who added it. */
export async function scrape(
  module: Module,
  place: Place,
  before: Memory | null,
  ask: Outbound,
  now: number,
): Promise<Scrape> {
  if (!module.scrape) return { ok: false, text: `${module.title} is not asked: it pushes by itself` };
  const params = module.params.safeParse(place.params);
  if (!params.success)
    return { ok: false, text: `its settings cannot be used: ${params.error.issues[0]!.message}` };
  const pages: Page[] = [];
  for (const request of module.scrape.requests(params.data)) {
    const read = await askPage(request, place, ask, now);
    if (!read.ok) return read;
    pages.push(read.page);
  }
  const counters = openCounters(before, now);
  const read = module.scrape.read(pages, params.data, counters, now);
  const findings = unique((read ?? []).flatMap(proper));
  if (read === undefined || (findings.length === 0 && !module.scrape.emptyIsFine))
    return { ok: false, text: `it answers, but tells nothing of what “${module.title}” reads` };
  if (findings.length > scrapeLimits.findings)
    return {
      ok: false,
      text: `it tells of ${findings.length} things; at most ${scrapeLimits.findings} are taken`,
    };
  return { ok: true, findings, memory: counters.memory() };
}

type PageAsked = { ok: true; page: Page } | { ok: false; text: string };
const refuse = (text: string): PageAsked => ({ ok: false, text: cut(text, 300) });

const accepted = {
  metrics: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=1,*/*;q=0.1',
  json: 'application/json',
} as const;

async function askPage(request: Request, place: Place, ask: Outbound, now: number): Promise<PageAsked> {
  const { secret, timeoutMs } = place;
  const asked = await ask(request.url, {
    headers: { accept: accepted[request.form], ...(secret === undefined ? {} : { authorization: secret }) },
    timeoutMs,
    maxBytes: scrapeLimits.pageBytes,
  });
  if (asked.is === 'refused') return refuse(`it may not be asked: ${asked.why}`);
  if (asked.is === 'failed') return refuse(`it does not answer: ${asked.why}`);
  if (asked.status >= 300 && asked.status < 400)
    return refuse(
      `it answers with ${asked.status} and sends us elsewhere; give the address that answers itself`,
    );
  if (asked.status === 401 || asked.status === 403)
    return refuse(`it answers with ${asked.status}: it wants a user and password, or a token`);
  if (asked.status < 200 || asked.status >= 300) return refuse(`it answers with ${asked.status}`);
  if (asked.truncated && asked.body.length < scrapeLimits.pageBytes)
    return refuse('its answer ended in the middle');
  if (asked.truncated) return refuse(`its answer has more than ${scrapeLimits.pageBytes >> 20} MB`);
  const text = Buffer.from(asked.body.buffer, asked.body.byteOffset, asked.body.byteLength).toString('utf8');
  if (request.form === 'metrics') {
    const read = readMetrics(text, asked.headers['content-type'] ?? '', request.wanted, now);
    return read.ok ? { ok: true, page: { form: 'metrics', metrics: read.page } } : refuse(read.text);
  }
  if (scanJson(asked.body, scrapeLimits.depth, Number.POSITIVE_INFINITY).depth > scrapeLimits.depth)
    return refuse(`its JSON is nested deeper than ${scrapeLimits.depth} levels`);
  try {
    return { ok: true, page: { form: 'json', json: JSON.parse(text) as Json } };
  } catch {
    return refuse('it does not answer with JSON');
  }
}

/** One finding of a thing: the first. Two would be one event with two contents. */
function unique(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ topic, subject }) => {
    const name = JSON.stringify([topic, subject]);
    return !seen.has(name) && seen.add(name);
  });
}

/** Findings as the ledger takes them; those under no proper topic, and values too long, are left out. */
function proper({ topic, subject, data, labels: given = {} }: Finding): Finding[] {
  if (topicFault(topic) || isOwnTopic(topic)) return [];
  const labels = Object.fromEntries(
    Object.entries(given)
      .slice(0, limits.labels - 1)
      .map(([name, value]) => [cut(name, limits.labelName), cut(value, limits.labelValue)]),
  );
  const kept = Object.fromEntries(
    Object.entries(data).flatMap(([name, value]): [string, Json][] => {
      if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return [];
      if (typeof value === 'string') return [[name, cut(value, scrapeLimits.value)]];
      return JSON.stringify(value).length > scrapeLimits.value ? [] : [[name, value]];
    }),
  );
  return [
    {
      topic,
      data: kept,
      labels,
      ...(subject === undefined ? {} : { subject: cut(subject, limits.subject) }),
    },
  ];
}
