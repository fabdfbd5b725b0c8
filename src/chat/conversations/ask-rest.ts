// The parts that every rule has: how long, how bad, its name, for whom, what else a firing does.
import { parseDuration, printDuration } from '#core/duration.ts';
import { type Severity, severities } from '#core/severity.ts';
import { isOwnTopic, patternFault, topicMatches } from '#core/topic.ts';
import { namesOneTarget } from '#core/verify.ts';
import * as labels from '../locales/labels.ts';
import * as sayRules from '../locales/rules.ts';
import * as say from '../locales/wizard/rest.ts';
import * as usual from '../locales/wizard/usual.ts';
import { rowOf, withRow } from './ask-hours.ts';
import { type Doc, type Draft, saying } from './draft.ts';
import { type Ask, after, inRows, is, type Option } from './question.ts';

const longest = 366 * 86_400_000;
const spans = [0, 60_000, 5 * 60_000, 15 * 60_000, 3_600_000];

function askSpan(part: 'for' | 'keepFiringFor'): Ask {
  return {
    view: (draft) => {
      if (draft.typing) return { text: say.typeSpan(part), rows: [] };
      const options = spans.map((ms): Option => ({ label: labels.span(ms), answer: `span ${ms}` }));
      return {
        text: say.whichSpan(part),
        rows: inRows([...options, { label: labels.other, answer: 'type' }], 3),
      };
    },
    answer(draft, given) {
      if (is('type', given)) return { draft: { ...draft, typing: true }, to: 'stay' };
      const typed = 'typed' in given ? given.typed.trim() : '';
      const ms =
        'pressed' in given
          ? Number(after('span', given))
          : typed === '0'
            ? 0
            : parseDuration(/^\d+$/.test(typed) ? `${typed}m` : typed);
      if (ms === undefined || !(ms <= longest)) return { fault: usual.noDuration(typed) };
      return { draft: saying(draft, { [part]: ms === 0 ? undefined : printDuration(ms) }) };
    },
  };
}

export const askWait = askSpan('for');
export const askKeep = askSpan('keepFiringFor');

function askBad(
  write: (draft: Draft, severity: Severity | undefined) => Draft,
  otherwise: string,
  leads?: string,
): Ask {
  return {
    view: () => ({
      text: say.howBad(),
      rows: [
        [...severities]
          .reverse()
          .map((severity): Option => ({ label: labels.severityLabel(severity), answer: `is ${severity}` })),
        [{ label: otherwise, answer: 'usual' }],
      ],
    }),
    answer(draft, given) {
      const severity = severities.find((one) => one === after('is', given));
      if (severity === undefined && !is('usual', given)) return { fault: usual.pressOne };
      return { draft: write(draft, severity), ...(leads === undefined ? {} : { to: leads }) };
    },
  };
}

export const askSeverity = askBad((draft, severity) => saying(draft, { severity }), sayRules.asTheEventSays);
export const askRowSeverity = askBad(
  (draft, severity) => {
    const { severity: _old, ...band } = rowOf(draft) ?? { when: 'otherwise' };
    return withRow(draft, severity ? { ...band, severity } : band);
  },
  usual.asTheRule,
  'row',
);

export const askName: Ask = {
  view: (draft) => ({
    text: say.typeName(draft.doc.name),
    rows: draft.doc.name === undefined ? [] : [[{ label: say.usualName, answer: 'usual' }]],
  }),
  answer(draft, given) {
    if (is('usual', given)) return { draft: saying(draft, { name: undefined }) };
    const name = 'typed' in given ? given.typed.replace(/\s+/g, ' ').trim() : '';
    if (name === '') return { fault: say.noName };
    return { draft: saying(draft, { name: [...name].slice(0, 100).join('') }) };
  },
};

export const askEmit: Ask = {
  view: ({ doc }) => ({
    text: say.typeEmit(doc.emit),
    rows: [
      [{ label: alarmsOf(doc), answer: `emit ${alarmsOf(doc)}` }],
      [{ label: doc.emit === undefined ? usual.skip : say.noEvent, answer: 'none' }],
    ],
  }),
  answer(draft, given) {
    if (is('none', given)) return { draft: saying(draft, { emit: undefined }) };
    const emit = 'typed' in given ? given.typed.trim() : (after('emit', given) ?? '');
    const fault = emit.includes('*')
      ? 'an event has one topic, without *'
      : isOwnTopic(emit)
        ? 'tocsin.* is my own'
        : topicMatches(draft.doc.topic ?? '', emit)
          ? 'it lies under the rule’s own topic, so the rule would feed itself'
          : patternFault(emit);
    return fault ? { fault: usual.noTopic(emit, fault) } : { draft: saying(draft, { emit }) };
  },
};

/** `builds.vr0.**` tells of `alarms.builds.vr0`. */
function alarmsOf({ topic = '' }: Doc): string {
  const plain = topic.split('.').filter((part) => !part.includes('*'));
  return ['alarms', ...plain].join('.').slice(0, 200);
}

/** Not while another rule burns. */
export const askUnless: Ask = {
  view: ({ doc }, facts) => {
    const chosen = (doc.unless ?? []).map(({ rule }) => rule);
    const names = [...new Set([...chosen, ...(facts.rules ?? [])])].slice(0, 10);
    const options = names.map(
      (name, i): Option => ({
        label: chosen.includes(name) ? usual.chosen(name) : name,
        answer: `rule ${i}`,
      }),
    );
    return {
      text: say.whichUnless(names.length),
      rows: [
        ...inRows(options, 1),
        [{ label: chosen.length === 0 ? usual.skip : usual.done, answer: 'done' }],
      ],
    };
  },
  answer(draft, given, facts) {
    const unless = draft.doc.unless ?? [];
    if (is('done', given)) return { draft };
    const names = [...new Set([...unless.map(({ rule }) => rule), ...(facts.rules ?? [])])].slice(0, 10);
    const at = after('rule', given);
    const name = 'typed' in given ? given.typed.trim() : names[Number(at)];
    if (name === undefined || !names.includes(name)) return { fault: usual.pressOne };
    const left = unless.filter(({ rule }) => rule !== name);
    const now = left.length < unless.length ? left : [...unless, { rule: name }];
    return { draft: saying(draft, { unless: now.length === 0 ? undefined : now }), to: 'stay' };
  },
};

/** The target that is asked before it is told. */
export const askVerify: Ask = {
  view: ({ doc }, facts) => {
    const names = targetsOf(doc, facts.targets);
    const options = names.slice(0, 12).map(
      (name, i): Option => ({
        label: name === doc.verify ? usual.chosen(name) : name,
        answer: `target ${i}`,
      }),
    );
    const like = { label: say.namedLikeIt, answer: 'like' };
    return {
      text: say.whichVerify(names.length),
      rows: [
        ...inRows(options, 2),
        ...(names.length > 1 ? [[like]] : []),
        [{ label: doc.verify === undefined ? usual.skip : usual.takeAway, answer: 'none' }],
      ],
    };
  },
  answer(draft, given, facts) {
    if (is('none', given)) return { draft: saying(draft, { verify: undefined }) };
    if (is('like', given)) return { draft: saying(draft, { verify: '{subject}' }) };
    const names = targetsOf(draft.doc, facts.targets);
    const at = after('target', given);
    const name = 'typed' in given ? given.typed.trim() : names[Number(at)];
    if (name === undefined) return { fault: usual.pressOne };
    if (!names.includes(name) && namesOneTarget(name)) return { fault: say.noTarget(name) };
    return { draft: saying(draft, { verify: name }) };
  },
};

function targetsOf({ verify }: Doc, targets: string[] = []): string[] {
  return [...new Set([...(verify === undefined ? [] : [verify]), ...targets])];
}

export const askWhom: Ask = {
  view: (_draft, facts) => ({
    text: say.forWhom(),
    rows: [
      [
        { label: say.thisGroup(facts.group ?? ''), answer: 'group' },
        { label: say.onlyMe, answer: 'me' },
      ],
    ],
  }),
  answer(draft, given) {
    if (!is('group', given) && !is('me', given)) return { fault: usual.pressOne };
    const whom = is('me', given) ? 'me' : 'group';
    return { draft: { ...(whom === (draft.whom ?? 'group') ? draft : forSomebodyElse(draft)), whom } };
  },
};

/** Receivers and rules belong to their owner. */
function forSomebodyElse(draft: Draft): Draft {
  const bands = draft.doc.bands?.map(({ to: _to, ...band }) => band);
  return saying(draft, { to: undefined, unless: undefined, bands });
}
