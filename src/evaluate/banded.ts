// One rule with time bands and one key: every band reads, only the one that holds now speaks. Pure; see docs/decisions/0006-time-bands.md.
import type { Actor } from '#core/actor.ts';
import type { Alert, Birth, Signal, Step } from '#core/alert.ts';
import { openAlert, stepAlert } from '#core/alert-life.ts';
import type { Event } from '#core/event.ts';
import { sameJson } from '#core/json.ts';
import { type BandMemory, lastEvent, nextView, readMemory, type View, writeMemory } from './band-memory.ts';
import type { BandTable } from './band-table.ts';
import type { Ringing, Standing, Told, Turn } from './evaluate.ts';
import { flaps } from './flapping.ts';
import type { Watch } from './index/watch.ts';
import type { Sight } from './kind.ts';
import { observe } from './observe.ts';

/** What each of the rule's readings sees. */
export function lookBands(
  { kind }: Watch,
  table: BandTable,
  { state }: Standing,
  event: Event | null,
  now: number,
) {
  const { views } = readMemory(state, table.asks.length);
  return table.asks.map((params, i) =>
    kind.step(params, views[i]!.state ?? kind.initial(params), event, now),
  );
}

/** What the band that holds now sees; of one that is off, what the rule would see. */
export function presentOf(table: BandTable, sights: Sight[], now: number): { sight: Sight; band: number } {
  const { band } = table.at(now);
  return { sight: sights[Math.max(0, table.askOf(band))] ?? sights[0]!, band };
}

/** What comes to the alert by itself at the instant `now`: its own timer, or a verdict. */
export function ringBands(table: BandTable, before: Standing, signal: Ringing, now: number): Turn {
  const { alert } = before;
  if (!alert) return { standing: before, steps: [] };
  const memory = readMemory(before.state, table.asks.length);
  const { band } = table.at(now);
  const here = memory.views[table.askOf(band)];
  // Whoever would be told now does not wait for it: it never counted.
  const lapses = alert.status === 'pending' && here?.since === undefined;
  const step = stepAlert(alert, lapses ? { is: 'lapse' } : signal, now);
  if (!step) return { standing: before, steps: [] };
  const over = step.alert.status === 'resolved';
  const receivers = over ? everybody(table, memory.told) : table.receiversOf(band);
  const after = over
    ? { ...memory, views: memory.views.map(unspent), told: [] }
    : { ...memory, told: step.alert.status === 'pending' ? [] : [band] };
  const standing = { ...before, state: writeMemory(after), alert: over ? undefined : step.alert };
  return { standing, steps: [{ ...step, receivers }] };
}

/** What the readings make of the alert. */
export function followBands(
  watch: Watch,
  table: BandTable,
  before: Standing,
  sights: Sight[],
  event: Event | null,
  birth: Birth,
  newId: () => string,
  now: number,
): Turn {
  const { band, edge } = table.at(now);
  const ask = table.askOf(band);
  const memory = readMemory(before.state, table.asks.length);
  const views = sights.map((sight, i) => nextView(memory.views[i]!, sight, event, now));
  const seen = event ? lastEvent(event, birth) : memory.event;
  const [here, sight] = [views[ask], sights[ask]];
  const steps: Told[] = [];
  let { alert } = before;
  let told = alert ? memory.told : [];

  const say = (step: Step | undefined, receivers: string[]) => {
    if (!step) return;
    steps.push({ ...step, receivers });
    alert = step.alert;
  };
  const observed = (look: Pick<Sight, 'reading' | 'severity' | 'title' | 'untitled'>) => ({
    ...observe(watch, look, event, alert?.fields ?? seen?.fields ?? {}, {
      band: table.bandOf(band),
      flaps: flaps(watch.rule, before, look.reading.is, now),
    }),
    ...(seen?.hops ? { hops: seen.hops } : {}),
  });
  const met = (i: number) => views[i]?.since !== undefined;
  const present = () => (sight?.reading.is === 'met' ? sight : (here?.last ?? alert));

  if (sights.some(({ acknowledged }) => acknowledged)) {
    const source = event?.source ?? '';
    const by: Actor = { is: 'key', sourceId: source, name: source, scopes: [] };
    say(alert && stepAlert(alert, { is: 'acknowledge', by }, now), []);
  }
  if (sight?.reading.is === 'met' && sight.reading.momentary) {
    const moment = openAlert({ ...birth, id: newId() }, observed(sight), now);
    steps.push({ ...moment, receivers: table.receiversOf(band) });
  }
  if (!alert) {
    const look = present();
    if (here?.since !== undefined && !here.spent && look) {
      const waited = now - here.since;
      const observation = { ...observed(look), forMs: Math.max(0, watch.rule.forMs - waited) };
      const where = seen ? { topic: seen.topic, subject: seen.subject } : {};
      say(openAlert({ ...birth, ...where, id: newId() }, observation, now), table.receiversOf(band));
      if (alert!.status === 'firing') told = [band];
    }
  } else if (alert.status === 'pending') {
    if (sight?.reading.is === 'met') say(stepAlert(alert, { is: 'met', seen: observed(sight) }, now), []);
    else if (!met(ask)) {
      const unmet = sight?.reading.is === 'unmet' ? sight : undefined;
      say(stepAlert(alert, unmet ? { is: 'unmet', seen: observed(unmet) } : { is: 'lapse' }, now), []);
    }
  } else {
    // Whoever was told by a band is told of the end by the same: it is over when nobody's limit is passed any more.
    const speaking = [...new Set([ask, ...told.map(table.askOf)])].filter((i) => i >= 0);
    const readings = speaking.length > 0 ? speaking : [...views.keys()];
    const signal = signalOf(
      readings.some(met),
      readings.map((i) => sights[i]!),
      (one) => event === null && sameJson(one.reading, before.alert?.reading),
      // The band that holds now does not mind: it gets no worse.
      met(ask) ? observed : (one) => ({ ...observed(one), severity: before.alert!.severity }),
    );
    const heard = told.length > 0 ? everybody(table, told) : table.receiversOf(band);
    if (signal) say(stepAlert(alert, signal, now), signal.is === 'unmet' ? heard : table.receiversOf(band));
    if (met(ask) && alert.status !== 'resolved' && !told.includes(band)) {
      const look = present()!;
      const tells = told.length === 0 || table.receiversOf(band).some((id) => !heard.includes(id));
      if (steps.at(-1)?.transition.change !== 'worse')
        say(stepAlert(alert, { is: 'reached', seen: observed(look), tells }, now), table.receiversOf(band));
      told = [...told, band];
    }
  }
  const over = alert?.status === 'resolved';
  const open = over ? undefined : alert;
  const kept = keep(
    { views: over ? views.map(unspent) : views, told: open ? told : [], ...(seen ? { event: seen } : {}) },
    table,
    open,
  );
  const waits = open !== undefined || kept.views.some(({ since, spent }) => since !== undefined && !spent);
  const dueAt = least([...sights.map((one) => one.dueAt), open?.dueAt, waits ? edge : undefined]);
  const standing = {
    ...before,
    state: writeMemory(kept),
    met: views.some(({ since }) => since !== undefined),
    alert: open,
    dueAt,
  };
  return { standing, steps };
}

function signalOf(
  burns: boolean,
  sights: Sight[],
  still: (sight: Sight) => boolean,
  observed: (sight: Sight) => ReturnType<typeof observe>,
): Extract<Signal, { is: 'met' | 'unmet' }> | undefined {
  const met = sights.find(({ reading }) => reading.is === 'met' && !reading.momentary);
  const unmet = sights.find(({ reading }) => reading.is === 'unmet');
  // Time that passed and changed nothing is no news of an alert.
  if (met && still(met)) return undefined;
  if (met) return { is: 'met', seen: observed(met) };
  return !burns && unmet ? { is: 'unmet', seen: observed(unmet) } : undefined;
}

// Only what a later edge may need: an open alert has its own words, and what is spent begins nothing.
function keep(memory: BandMemory, table: BandTable, open: Alert | undefined): BandMemory {
  const spoken = new Set(memory.told.map(table.askOf));
  const views = memory.views.map((view, i): View => {
    const { last, ...rest } = view;
    if (view.since === undefined) return rest;
    const spent = open ? { ...rest, spent: true as const } : rest;
    const needed = open ? !spoken.has(i) : !view.spent;
    return needed && last ? { ...spent, last } : spent;
  });
  const { event, ...rest } = memory;
  return event && views.some(({ last }) => last) ? { ...rest, views, event } : { ...rest, views };
}

function unspent({ spent: _spent, ...view }: View): View {
  return view;
}

function everybody(table: BandTable, bands: number[]): string[] {
  return [...new Set(bands.flatMap(table.receiversOf))];
}

function least(instants: (number | null | undefined)[]): number | null {
  const known = instants.filter((at) => at != null);
  return known.length === 0 ? null : Math.min(...known);
}
