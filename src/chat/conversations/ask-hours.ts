// Other hours, other limits: the short question about nights and weekends, and the table of hours behind it.
import { parseWhen, printWhen } from '#core/bands.ts';
import { sayNumber } from '#core/field.ts';
import type { Window } from '#core/hours.ts';
import { sentence } from '#core/sentence.ts';
import * as say from '../locales/wizard/hours.ts';
import * as usual from '../locales/wizard/usual.ts';
import { isAbove, readTyped } from './ask-number.ts';
import { type BandDocument, type Draft, saying } from './draft.ts';
import { limitAtNight } from './limits.ts';
import { type Answered, type Ask, after, inRows, is, type Option } from './question.ts';
import { mainNumber } from './ways.ts';

export const officeHours = 'Mon-Fri 09:00-18:00';
const usualHours = [officeHours, 'Mon-Fri 08:00-20:00', 'Mon-Sun 07:00-22:00', 'Mon-Fri'];
const mostBands = 10;

/** At night or at weekends: another limit, the same, or nothing. */
export const askNight: Ask = {
  view(draft) {
    const { hours = officeHours } = draft;
    const limit = mainOf(draft);
    const other = limit === undefined ? undefined : limitAtNight(limit, isAbove(draft));
    const options = [
      ...(other === undefined ? [] : [{ label: say.thenLimit(sayNumber(other)), answer: `limit ${other}` }]),
      { label: say.sameThen, answer: 'same' },
    ];
    return {
      text: say.whichNight(hours, hours === officeHours, other !== undefined),
      rows: [
        options,
        [
          { label: say.nothingThen, answer: 'off' },
          { label: say.otherHours, answer: 'hours' },
        ],
      ],
    };
  },
  answer(draft, given) {
    const { hours = officeHours } = draft;
    if (is('hours', given)) return { draft, to: 'night-hours' };
    if (is('same', given)) return { draft: saying(draft, { bands: undefined }) };
    if (is('off', given))
      return { draft: saying(draft, { bands: [{ when: hours }, { when: 'otherwise', off: true }] }) };
    const limit = 'typed' in given ? readTyped(given.typed) : Number(after('limit', given));
    if (limit === undefined) return { fault: usual.noNumber('typed' in given ? given.typed : '') };
    const name = mainNumber[draft.doc.kind ?? ''];
    if (!Number.isFinite(limit) || name === undefined) return { fault: usual.pressOne };
    const before = (draft.doc.bands ?? []).find(({ when }) => when === 'otherwise')?.to;
    const { critical } = draft.doc.params ?? {};
    // A limit beyond the critical one is critical by itself.
    const passed = typeof critical === 'number' && (isAbove(draft) ? limit > critical : limit < critical);
    const params = { [name]: limit, ...(passed ? { critical: limit } : {}) };
    const otherwise = { when: 'otherwise', params, ...(before ? { to: before } : {}) };
    return { draft: saying(draft, { bands: [{ when: hours }, otherwise] }) };
  },
};

export const askNightHours: Ask = {
  view: () => ({
    text: say.whichHours(),
    rows: inRows(
      usualHours.map((hours): Option => ({ label: say.hours(hours), answer: `hours ${hours}` })),
      2,
    ),
  }),
  answer(draft, given) {
    const read = parseWhen(after('hours', given) ?? ('typed' in given ? given.typed : ''));
    if (!read.ok) return { fault: sentence(read.fault) };
    if (read.when === 'otherwise') return { fault: usual.pressOne };
    return { draft: { ...draft, hours: printWhen(read.when) }, to: 'night' };
  },
};

function mainOf({ doc }: Draft): number | undefined {
  const value = doc.params?.[mainNumber[doc.kind ?? ''] ?? ''];
  return typeof value === 'number' ? value : undefined;
}

/** The table: a row for each time of the week. */
export const askHours: Ask = {
  view(draft, facts) {
    const { bands = [] } = draft.doc;
    const rows = bands.map(
      (band, i): Option => ({ label: say.rowLabel(i + 1, band.when), answer: `row ${i}` }),
    );
    const more: Option[] = bands.length < mostBands ? [{ label: say.addHours, answer: 'add' }] : [];
    if (bands.length === 0) more.push({ label: say.onlyOffice, answer: 'office' });
    return {
      text: say.hoursTable(draft.doc, facts),
      rows: [...inRows(rows, 2), more, [{ label: usual.done, answer: 'done' }]],
    };
  },
  answer(draft, given) {
    const { bands = [] } = draft.doc;
    if (is('done', given)) return { draft };
    if (is('office', given))
      return {
        draft: saying(draft, { bands: [{ when: officeHours }, { when: 'otherwise', off: true }] }),
        to: 'stay',
      };
    if (is('add', given)) {
      // What comes after “otherwise” would never hold.
      const at = bands.findIndex(({ when }) => when === 'otherwise');
      const row = at < 0 ? bands.length : at;
      const fresh: BandDocument[] =
        bands.length === 0 ? [{ when: officeHours }] : bands.toSpliced(row, 0, { when: 'Sat,Sun' });
      return { draft: { ...saying(draft, { bands: fresh }), row }, to: 'row-when' };
    }
    const row = Number(after('row', given));
    if (!bands[row]) return { fault: usual.pressOne };
    return { draft: { ...draft, row }, to: 'row' };
  },
};

/** One row: its hours, its limit, where it is told, how bad it is then, or nothing. */
export const askRow: Ask = {
  view(draft, facts) {
    const band = rowOf(draft);
    if (!band) return { text: usual.pressOneText(), rows: [[{ label: usual.done, answer: 'done' }]] };
    const limit = mainOf(draft) !== undefined && band.off !== true;
    const told = (facts.receivers?.length ?? 0) > 1 && band.off !== true;
    return {
      text: say.rowText(draft.row ?? 0, band, draft.doc, facts),
      rows: [
        [
          ...(band.when === 'otherwise' ? [] : [{ label: say.daysAndHours, answer: 'when' }]),
          ...(limit ? [{ label: say.limitLabel, answer: 'limit' }] : []),
          ...(told ? [{ label: say.toldWhere, answer: 'to' }] : []),
        ],
        [
          { label: say.severityLabelShort, answer: 'severity' },
          { label: band.off ? say.tellThen : say.nothingThenShort, answer: 'off' },
        ],
        [
          { label: say.removeRow, answer: 'remove' },
          { label: usual.done, answer: 'done' },
        ],
      ].filter((row) => row.length > 0),
    };
  },
  answer(draft, given) {
    const band = rowOf(draft);
    if (is('done', given) || !band) return { draft, to: 'hours' };
    for (const part of ['when', 'limit', 'to', 'severity'])
      if (is(part, given)) return { draft, to: `row-${part}` };
    if (is('off', given)) {
      const { off, ...rest } = band;
      return { draft: withRow(draft, off ? rest : { when: band.when, off: true }), to: 'stay' };
    }
    if (is('remove', given)) {
      const left = (draft.doc.bands ?? []).filter((_, i) => i !== draft.row);
      const bare =
        left.every(({ when }) => when === 'otherwise') && left.every((one) => Object.keys(one).length === 1);
      return { draft: saying(draft, { bands: bare ? undefined : left }), to: 'hours' };
    }
    return { fault: usual.pressOne };
  },
};

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const spans = ['08:00-18:00', '09:00-17:00', '09:00-18:00', '18:00-22:00', '22:00-07:00', '00:00-24:00'];

/** Days pressed on and off, and hours. */
export const askRowWhen: Ask = {
  view(draft) {
    const when = rowOf(draft)?.when ?? officeHours;
    const { days, span } = partsOf(when);
    const toggles = dayNames.map(
      (name, i): Option => ({
        label: days.includes(i + 1) ? usual.chosen(name) : name,
        answer: `day ${i + 1}`,
      }),
    );
    const hours = spans.map(
      (one): Option => ({
        label: one === span ? usual.chosen(say.span(one)) : say.span(one),
        answer: `span ${one}`,
      }),
    );
    return {
      text: say.whichWhen(when),
      rows: [...inRows(toggles, 4), ...inRows(hours, 3), [{ label: usual.done, answer: 'done' }]],
    };
  },
  answer(draft, given) {
    const band = rowOf(draft);
    if (!band || is('done', given)) return { draft, to: 'row' };
    const set = (text: string): Answered => {
      const read = parseWhen(text);
      if (!read.ok) return { fault: sentence(read.fault) };
      if (read.when === 'otherwise') return { fault: usual.pressOne };
      return { draft: withRow(draft, { ...band, when: printWhen(read.when) }), to: 'stay' };
    };
    if ('typed' in given) return set(given.typed);
    const { days, span } = partsOf(band.when);
    const day = Number(after('day', given));
    const chosen = days.includes(day) ? days.filter((one) => one !== day) : [...days, day].sort();
    const wanted = after('span', given) ?? span;
    const kept = Number.isFinite(day) && chosen.length > 0 ? chosen : days;
    return set(
      `${kept.length === 7 && wanted !== '00:00-24:00' ? '' : kept.map((one) => dayNames[one - 1]).join(',')} ${wanted}`.trim(),
    );
  },
};

/** The days and the hours of the first time of the week in a band. */
function partsOf(when: string): { days: number[]; span: string } {
  const read = parseWhen(when);
  const first: Window | undefined = read.ok && read.when !== 'otherwise' ? read.when[0] : undefined;
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const { from, to, days } = first ?? { from: 0, to: 1440 };
  return { days: days ?? [1, 2, 3, 4, 5, 6, 7], span: `${clock(from)}-${clock(to)}` };
}

export const askRowLimit: Ask = {
  view(draft) {
    const name = mainNumber[draft.doc.kind ?? ''] ?? '';
    const limit = Number(rowOf(draft)?.params?.[name] ?? mainOf(draft) ?? 0);
    const above = isAbove(draft);
    const numbers = [...new Set([limitAtNight(limit, above), limitAtNight(limit, !above)])];
    const options = numbers.map((one): Option => ({ label: sayNumber(one), answer: `limit ${one}` }));
    return {
      text: say.rowLimit(rowOf(draft)?.when ?? '', sayNumber(limit)),
      rows: [options, [{ label: usual.asTheRule, answer: 'same' }]],
    };
  },
  answer(draft, given) {
    const band = rowOf(draft);
    const name = mainNumber[draft.doc.kind ?? ''];
    if (!band || name === undefined) return { draft, to: 'row' };
    const { [name]: _old, ...others } = band.params ?? {};
    if (is('same', given)) return { draft: withRow(draft, { ...band, params: others }), to: 'row' };
    const limit = 'typed' in given ? readTyped(given.typed) : Number(after('limit', given));
    if (limit === undefined || !Number.isFinite(limit))
      return { fault: usual.noNumber('typed' in given ? given.typed : '') };
    return { draft: withRow(draft, { ...band, params: { ...others, [name]: limit } }), to: 'row' };
  },
};

/** The row of the table of hours that the draft is at. */
export function rowOf({ doc, row = 0 }: Draft): BandDocument | undefined {
  return doc.bands?.[row];
}

/** The draft with this row instead; what is empty in it is left out. */
export function withRow(draft: Draft, band: BandDocument): Draft {
  const { params, to, ...rest } = band;
  const tidy = {
    ...rest,
    ...(params && Object.keys(params).length > 0 ? { params } : {}),
    ...(to && to.length > 0 ? { to } : {}),
  };
  return saying(draft, { bands: (draft.doc.bands ?? []).map((one, i) => (i === draft.row ? tidy : one)) });
}
