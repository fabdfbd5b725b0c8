// Every event counts: one with a status of its own is followed, one without is told once.
import { z } from 'zod';
import { cut } from '#core/cut.ts';
import type { Event } from '#core/event.ts';
import { asText, readField } from '#core/field.ts';
import { defineKind } from '../kind.ts';

const params = z.strictObject({});
/** Until when a source's word holds that has to be said again; null: it has no end of its own. */
type Memory = { until: number } | null;

export const every = defineKind<z.output<typeof params>, Memory>({
  name: 'every',
  title: 'Every event',
  params,
  follows: true,
  example: {
    params: {},
    events: [
      { at: 0, status: 'firing', data: { summary: 'Disk full' } },
      { at: 60, status: 'resolved', data: { summary: 'Disk full' } },
      { at: 120, data: { summary: 'Build 12 is done' } },
    ],
    met: [0, 2],
  },
  describe: () => 'every event',
  initial: () => null,
  step(_params, state, event, now) {
    const waits = state === null ? {} : { dueAt: state.until };
    if (event === null) {
      if (state === null || now < state.until)
        return { state, ...waits, reading: { is: 'unknown', text: 'no new event' } };
      return { state: null, reading: { is: 'unmet', text: 'no longer reported' } };
    }
    const own = titleOf(event);
    const last = event.type.split('.').at(-1)!;
    const title =
      own === undefined ? { title: cut(last, 200), untitled: true as const } : { title: cut(own, 200) };
    const severity = event.severity ? { severity: event.severity } : {};
    const said = cut(detailOf(event), 500);
    switch (event.status) {
      case 'resolved':
        return { state: null, ...title, ...severity, reading: { is: 'unmet', text: endingOf(event) } };
      case 'acknowledged':
        return { state, ...waits, acknowledged: true, reading: { is: 'unknown', text: said } };
      case 'firing': {
        const text = said === '' ? `reported by ${cut(event.source, 100)}` : said;
        const until = event.endsAt;
        const memory = until === undefined ? { state: null } : { state: { until }, dueAt: until };
        return { ...memory, ...title, ...severity, reading: { is: 'met', text } };
      }
      default:
        return {
          state,
          ...waits,
          ...title,
          ...severity,
          reading: { is: 'met', momentary: true, text: said },
        };
    }
  },
});

function titleOf(event: Event): string | undefined {
  return firstText(event, ['data.summary', 'data.annotations.summary', 'data.title', 'labels.alertname']);
}

function detailOf(event: Event): string {
  return (
    firstText(event, ['data.description', 'data.annotations.description', 'data.message', 'data.text']) ?? ''
  );
}

/** What its source says about how it ended. */
function endingOf(event: Event): string {
  return cut(firstText(event, ['data.ending']) ?? 'no longer reported', 500);
}

function firstText(event: Event, fields: string[]): string | undefined {
  for (const field of fields) {
    const text = asText(readField(event, field))?.trim() ?? '';
    // Zero-width and direction characters alone are a title that nobody can see.
    if (/[^\p{Cc}\p{Cf}\p{Z}]/u.test(text)) return text;
  }
  return undefined;
}
