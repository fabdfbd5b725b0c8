// What the wizard says about which events count, and what has an alert of its own.
import { code, html, short } from '../../html.ts';

export const typeIt = 'Type a condition';
export const allOfThem = 'All of them';
export const isOneOf = 'is one of them';
export const isNoneOf = 'is none of them';
export const eachThing = 'Each thing by itself';
export const allTogether = 'All together';
export const tooManyConditions = 'A rule has at most 20 conditions.';
export const without = (condition: string) => `Without ${short(condition, 40)}`;
export const inList = (name: string, not: boolean) => `${not ? 'not in' : 'in'} my list ${name}`;
export const each = (name: string) => `Each ${name}`;

export const onlyWhich = (match: string[]) =>
  match.length === 0
    ? html`Which of them count? Choose what sets them apart.`
    : html`Only where ${code(match.join(' and '), 300)} counts. What else sets them apart?`;
export const typeCondition = () =>
  html`Type a condition, such as ${code('host = cad1')}, ${code('status = fail or status = lost')} or ${code('block in $me.blocks', 40)}.`;
export const onlyValues = (field: string, not: boolean, values: string[]) =>
  values.length === 0
    ? html`Only where ${short(field, 40)} ${not ? 'is none of' : 'is'} … Press or type a value; ${code('> 90')} compares.`
    : html`Only where ${short(field, 40)} ${not ? 'is none of' : 'is'} ${code(values.join(', '), 200)}. More?`;
export const whichKey = (counts: boolean) =>
  counts ? html`What is counted together?` : html`What has an alert of its own?`;
export const typeKey = () => html`Type the fields, such as ${code('project, runtag')}.`;
