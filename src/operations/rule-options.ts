// The rarer parts of a rule's document: read, checked against the kind and the receivers, and printed again.
import type { z } from 'zod';
import { type Band, printWhen } from '#core/bands.ts';
import { printDuration } from '#core/duration.ts';
import type { RuleDocument, RuleOptions, ruleDocument } from '#core/rule.ts';
import { topicMatches } from '#core/topic.ts';
import type { KindBook } from './kind-book.ts';
import type { Fault } from './rule-draft.ts';

/** Names of receivers as ids; those that are not there are noted as faults below `path`. */
type Receivers = (wanted: string[], path: string) => string[];

/** What the document says beyond the usual; faults are added to `faults`. */
export function readOptions(
  document: z.output<typeof ruleDocument>,
  book: KindBook,
  receivers: Receivers,
  faults: Fault[],
): RuleOptions {
  const { emit, unless, verify, shadow, pilot, template, flapping, origin } = document;
  const bands = readBands(document, book, receivers, faults);
  if (emit !== undefined && topicMatches(document.topic, emit))
    faults.push({ path: 'emit', text: `“${emit}” lies under the rule’s own topic: it would feed itself` });
  if (template)
    for (const { path, text } of book.checkTemplate?.(defined(template)) ?? [])
      faults.push({ path: `template.${path}`, text });
  return {
    ...(bands.length > 0 ? { bands } : {}),
    ...(emit === undefined ? {} : { emit }),
    ...(unless?.length ? { unless: unless.map(({ rule, same }) => (same ? { rule, same } : { rule })) } : {}),
    ...(verify === undefined ? {} : { verify }),
    ...(shadow ? { shadow: true } : {}),
    ...(pilot?.length ? { pilot: receivers(pilot, 'pilot') } : {}),
    ...(template && Object.keys(defined(template)).length > 0 ? { template: defined(template) } : {}),
    ...(flapping
      ? { flapping: { after: flapping.after, withinMs: flapping.within, holdMs: flapping.hold } }
      : {}),
    ...(origin ? { origin } : {}),
  };
}

function readBands(
  { kind, params, bands = [] }: z.output<typeof ruleDocument>,
  book: KindBook,
  receivers: Receivers,
  faults: Fault[],
): Band[] {
  const otherwise = bands.findIndex(({ when }) => when === 'otherwise');
  if (otherwise >= 0 && otherwise < bands.length - 1)
    faults.push({ path: `bands.${otherwise + 1}`, text: 'no band after “otherwise” can ever hold' });
  return bands.map(({ when, params: other, to, severity, off }, at): Band => {
    const path = `bands.${at}`;
    if (other && book.names().includes(kind)) {
      const checked = book.check(kind, { ...params, ...other });
      if (!checked.ok)
        for (const fault of checked.faults)
          faults.push({
            path: fault.path === '' ? `${path}.params` : `${path}.params.${fault.path}`,
            text: fault.text,
          });
    }
    return {
      when,
      ...(other ? { params: other } : {}),
      ...(to ? { to: receivers(to, `${path}.to`) } : {}),
      ...(severity ? { severity } : {}),
      ...(off ? { off } : {}),
    };
  });
}

/** The parts of the document that make these options again. */
export function optionsDocument(rule: RuleOptions): Partial<RuleDocument> {
  const { bands, emit, unless, verify, shadow, pilot, template, flapping, origin } = rule;
  return {
    ...(bands ? { bands: bands.map(({ when, ...rest }) => ({ when: printWhen(when), ...rest })) } : {}),
    ...(emit === undefined ? {} : { emit }),
    ...(unless ? { unless } : {}),
    ...(verify === undefined ? {} : { verify }),
    ...(shadow ? { shadow } : {}),
    ...(pilot ? { pilot } : {}),
    ...(template ? { template } : {}),
    ...(flapping
      ? {
          flapping: {
            after: flapping.after,
            within: printDuration(flapping.withinMs),
            hold: printDuration(flapping.holdMs),
          },
        }
      : {}),
    ...(origin ? { origin } : {}),
  };
}

/** Without the names whose value is undefined. */
function defined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
