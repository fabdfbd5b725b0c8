// The law of formats, over the whole shelf: pure, never throwing, faults with paths, events that the ledger can take.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '#core/json.ts';
import { severities } from '#core/severity.ts';
import { topicFault } from '#core/topic.ts';
import type { Format, Parsed } from '#ingest/format.ts';
import { formats } from '#ingest/formats/index.ts';

const source = { name: 'ci', mapping: { topic: 'ci.{event}', status: '{state}', subject: '{host}' } };
const now = Date.UTC(2026, 4, 4, 12);
const around = (headers: Record<string, string>) => ({ headers, query: {}, source });
const headerSets = [{}, { 'ce-specversion': '1.0', 'ce-id': '%E0%A4%A', 'ce-type': 'a', 'ce-source': 's' }];

function lawful(parsed: Parsed): void {
  if (!parsed.ok) {
    expect(parsed.faults.length).toBeGreaterThan(0);
    expect(parsed.faults.length).toBeLessThanOrEqual(50);
    for (const { path, text } of parsed.faults) {
      expect(typeof path).toBe('string');
      expect(text).toMatch(/\S/);
      expect(text).not.toMatch(/Invalid input|expected|received/i);
    }
    return;
  }
  expect(parsed.events.length).toBeGreaterThan(0);
  expect(parsed.at).toHaveLength(parsed.events.length);
  expect(new Set(parsed.at).size).toBe(parsed.at.length);
  for (const event of parsed.events) {
    expect(topicFault(event.type)).toBeUndefined();
    expect(event.source.length).toBeGreaterThan(0);
    for (const name of [event.id, event.fingerprint, event.source])
      expect(name?.length ?? 1).toBeLessThanOrEqual(200);
    for (const text of [
      event.id ?? '',
      event.fingerprint ?? '',
      event.source,
      event.subject,
      ...Object.entries(event.labels).flat(),
    ]) {
      expect(text).not.toMatch(/\p{Surrogate}|\u0000/u);
    }
    expect(event.subject.length).toBeLessThanOrEqual(500);
    expect(Object.keys(event.labels).length).toBeLessThanOrEqual(64);
    for (const value of Object.values(event.labels)) expect(value.length).toBeLessThanOrEqual(1_000);
    expect(event.data !== null && typeof event.data === 'object' && !Array.isArray(event.data)).toBe(true);
    expect([undefined, ...severities]).toContain(event.severity);
    expect([undefined, 'firing', 'acknowledged', 'resolved']).toContain(event.status);
    if (event.time !== undefined) expect(new Date(event.time).getUTCFullYear()).toBeGreaterThanOrEqual(2000);
  }
}

it('the shelf has formats, each with a name of its own', () => {
  expect(formats.length).toBeGreaterThanOrEqual(13);
  expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length);
  for (const { name, title } of formats) {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(title).toMatch(/\S/);
  }
});

describe.each(formats.map((format) => [format.name, format] as [string, Format]))('%s', (_name, format) => {
  const { body, headers = {} } = format.example;

  it('reads its own example', () => {
    const parsed = format.parse(body, around(headers), now);
    expect(parsed.ok).toBe(true);
    lawful(parsed);
  });

  it('gives the same events each time, and leaves the body as it was', () => {
    const frozen = freeze(structuredClone(body));
    expect(format.parse(frozen, around(headers), now)).toEqual(format.parse(body, around(headers), now));
    expect(frozen).toEqual(body);
  });

  it('survives any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(...headerSets, headers), (json, given) => {
        lawful(format.parse(freeze(json as Json), around(given), now));
      }),
      { numRuns: 1_000 },
    );
  });

  it('survives its example with any part replaced', () => {
    const paths = pathsOf(body);
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: 'binary', maxLength: 2_000 })),
        (path, value) => {
          lawful(format.parse(freeze(replaced(body, path, value as Json)), around(headers), now));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

function pathsOf(value: Json, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}

function replaced(value: Json, path: string[], by: Json): Json {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  const copy = structuredClone(value) as Record<string, Json>;
  copy[first] = replaced(copy[first]!, rest, by);
  return copy;
}
