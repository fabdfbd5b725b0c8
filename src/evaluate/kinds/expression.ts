// A condition in CEL over the event: met while it holds.
import { z } from 'zod';
import { cut } from '#core/cut.ts';
import { readExpression } from '../expression/read.ts';
import { defineKind } from '../kind.ts';

const params = z.strictObject({
  when: z
    .string()
    .trim()
    .min(1, 'which condition? for example event.usage > 90 && event.host.startsWith("a")')
    .superRefine((text, context) => {
      const read = readExpression(text);
      if (!read.ok) context.addIssue({ code: 'custom', message: read.fault });
    })
    .meta({
      label: 'When',
      hint: 'A condition over event, such as event.usage > 90 && event.host.startsWith("a")',
      input: 'expression',
    }),
});

/**
 * Remembers nothing: each event is asked alone. A field that is missing, a number compared with a text, or too much
 * work leave everything as it was (`unknown`), and the reading says which. A late event changes nothing that lasts.
 */
export const expression = defineKind<z.output<typeof params>, null>({
  name: 'expression',
  title: 'An expression holds',
  params,
  example: {
    params: { when: 'event.usage > 90 && event.host.startsWith("cad")' },
    events: [
      { at: 0, data: { usage: 95 }, labels: { host: 'web1' } },
      { at: 60, data: { usage: 95 }, labels: { host: 'cad1' } },
      { at: 120, data: {}, labels: { host: 'cad1' } },
      { at: 180, data: { usage: 80 }, labels: { host: 'cad1' } },
    ],
    met: [1],
  },
  describe: ({ when }) => cut(when.replace(/\s+/g, ' '), 200),
  initial: () => null,
  step({ when }, _state, event) {
    if (event === null) return { state: null, reading: { is: 'unknown', text: 'no new event' } };
    const read = readExpression(when);
    if (!read.ok) return { state: null, reading: { is: 'unknown', text: cut(read.fault, 300) } };
    const answer = read.expression.ask(event);
    if (answer.is === undefined)
      return { state: null, reading: { is: 'unknown', text: cut(answer.why, 300) } };
    const said = cut(when.replace(/\s+/g, ' '), 300);
    return {
      state: null,
      reading: { is: answer.is ? 'met' : 'unmet', text: answer.is ? said : `not: ${said}` },
    };
  },
});
