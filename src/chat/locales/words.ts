// Texts about the words of a rule: its own template, and how it looks.
import type { Preview, TemplateFault } from '#operations/template-book.ts';
import { bold, code, fold, type Html, html, lines, short } from '../html.ts';

export const words = 'Words';
export const usual = 'Usual words';
export const parts = { title: 'First line', text: 'Text', over: 'When it is over' } as const;
export type Part = keyof typeof parts;
export const saved = 'Saved.';

export const overview = (
  name: string,
  preview: Preview,
  isReal: boolean,
  own: boolean,
  changed: boolean,
): Html =>
  lines(
    html`${bold(short(name, 80))} is told in ${own ? 'words of its own' : 'the usual words'}${changed ? ', not saved yet' : ''}.`,
    html`${isReal ? 'Its last alert' : 'An example'} would read:`,
    ...preview.plain
      .split('\n')
      .slice(0, 12)
      .map((line) => html`${code(line, 300)}`),
    html`As a text message: ${code(preview.line, 160)}`,
  );
export const faults = (found: TemplateFault[]) =>
  lines(
    ...found
      .slice(0, 3)
      .map(
        ({ path, text }) =>
          html`${parts[path as Part] ?? path}: ${short(text, 200)}${/[.!?]$/.test(text) ? '' : '.'}`,
      ),
  );
export const ask = (part: Part, before: string | undefined, variables: readonly string[]): Html =>
  lines(
    before === undefined
      ? html`${parts[part]}: as usual now. Type your own.`
      : html`${parts[part]} is ${code(before, 300)} now. Type another.`,
    html`In double braces stands what differs each time, for example ${code('{{ subject }} is at {{ value }}', 80)}.`,
    fold([
      html`You can use ${variables.map((name) => name).join(', ')}. Fields of the event: ${code('{{ fields.host }}', 40)}.`,
    ]),
  );
export const pressOne = () => html`Press a button first: which part shall read otherwise?`;
