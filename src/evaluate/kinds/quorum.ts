// The same said by several: enough of those who report on a thing say that it is bad.
import { z } from 'zod';
import { comparedLength, cut } from '#core/cut.ts';
import { sayDuration } from '#core/duration.ts';
import { asText, readField } from '#core/field.ts';
import { defineKind } from '../kind.ts';
import { fieldName, msOf, span, valueList, wholeNumber } from '../params.ts';

const mostVoices = 200;

const params = z.strictObject({
  field: fieldName.meta({ label: 'Field', hint: 'What each of them says', input: 'field' }),
  bad: valueList.meta({ label: 'Bad', hint: 'The value or values that are bad', input: 'list' }),
  atLeast: wholeNumber(1, 100).meta({
    label: 'At least',
    hint: 'So many must say it before I tell you',
    input: 'number',
  }),
  by: fieldName.default('source').meta({
    label: 'Who says it',
    hint: 'The field that tells them apart; usually the source',
    input: 'field',
  }),
  within: span('1s').meta({
    label: 'Good for',
    hint: 'How long a word counts when it is not said again',
    input: 'duration',
  }),
});

/** Of each voice its newest word: who, when, and whether it was bad. */
type Words = { said: [string, number, boolean][] } | null;

/**
 * Each voice counts once, with its newest word by its own time, so that late ones do no harm. A word that is not said
 * again is forgotten after `within`: then it is neither bad nor good, and its voice is none of those asked.
 */
export const quorum = defineKind<z.output<typeof params>, Words>({
  name: 'quorum',
  title: 'Several say the same',
  params,
  takesLate: true,
  key: ['subject'],
  example: {
    params: { field: 'status', bad: 'fail', atLeast: 2, by: 'satellite', within: '1h' },
    events: [
      { at: 0, data: { satellite: 'us1', status: 'ok' } },
      { at: 60, data: { satellite: 'eu1', status: 'fail' } },
      { at: 120, data: { satellite: 'eu1', status: 'fail' } },
      { at: 180, data: { satellite: 'ap1', status: 'fail' } },
      { at: 240, data: { satellite: 'ap1', status: 'ok' } },
    ],
    met: [3],
  },
  describe: ({ field, bad, atLeast, by, within }) =>
    `${field} is ${bad.join(' or ')} for at least ${atLeast} ${by} (in ${sayDuration(msOf(within))})`,
  initial: () => null,
  step({ field, bad, atLeast, by, within }, state, event, now) {
    const width = msOf(within);
    let said = (state?.said ?? []).filter(([, at]) => at > now - width);
    const value = event && asText(readField(event, field));
    const voice = event && asText(readField(event, by));
    if (value != null && voice) {
      const who = cut(voice, comparedLength);
      const at = Math.min(event.time ?? now, now);
      const before = said.find(([one]) => one === who);
      if (at > now - width && (!before || before[1] <= at))
        said = [
          ...said.filter((one) => one !== before),
          [who, at, bad.includes(cut(value, comparedLength))] as [string, number, boolean],
        ].slice(-mostVoices);
    }
    const against = said.filter(([, , isBad]) => isBad);
    const met = against.length >= atLeast;
    const ends = (met ? against : said).map(([, at]) => at + width).sort((a, b) => a - b);
    // Over when one too many is forgotten; forgotten when the last one is.
    const dueAt = met ? ends[against.length - atLeast] : ends.at(-1);
    const names = against.map(([who]) => cut(who, 60)).sort();
    const shown = names.length > 10 ? [...names.slice(0, 10), '…'] : names;
    const text =
      names.length === 0
        ? `reported by none of ${said.length}`
        : `reported by ${names.length} of ${said.length}: ${shown.join(', ')}`;
    return {
      state: said.length > 0 ? { said } : null,
      reading: { is: met ? 'met' : 'unmet', value: against.length, limit: atLeast, text },
      ...(dueAt === undefined ? {} : { dueAt }),
    };
  },
});
