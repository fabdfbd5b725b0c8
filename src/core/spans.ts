// A daily or weekly window laid over a stretch of time: its spans, so that many instants can be asked about quickly.
import { type Window, windowEdges, windowEnd } from './hours.ts';

/** `[start, end)` in epoch milliseconds. */
export type Span = readonly [start: number, end: number];

/** Where the window holds between `from` and `to`, in order; the first and last span may begin or end there. */
export function windowSpans(window: Window, zone: string, from: number, to: number): Span[] {
  const spans: Span[] = [];
  let at = from;
  while (at < to) {
    const end = windowEnd(window, zone, at);
    if (end !== undefined) {
      spans.push([at, Math.min(end, to)]);
      at = end;
      continue;
    }
    const edges = windowEdges([window], zone, at);
    const last = edges.at(-1);
    if (last === undefined) return spans;
    at = edges.find((edge) => windowEnd(window, zone, edge) !== undefined) ?? last;
  }
  return spans;
}

/** Whether the instant lies in one of the spans, which are in order. */
export function inSpans(spans: readonly Span[], instant: number): boolean {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]![1] <= instant) low = middle + 1;
    else high = middle;
  }
  const span = spans[low];
  return span !== undefined && span[0] <= instant;
}
