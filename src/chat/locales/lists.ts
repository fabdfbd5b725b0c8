// Texts about personal lists.
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const allLists = 'All lists';
export const deleteList = 'Delete the list';
export const deleteSurely = 'Yes, delete it';
export const removeItem = (item: string) => `Remove ${short(item, 30)}`;

export const noLists = (group: boolean) =>
  lines(
    html`${group ? 'This group keeps' : 'You keep'} no lists yet. A list names things that are yours, so that one rule fits everybody.`,
    html`For example ${code('/my blocks add gc_t gc_u')}, and in a rule ${code('where block in $me.blocks')}.`,
  );
export const listsTitle = () => html`Lists kept here:`;
export const listLine = (name: string, items: string[]) =>
  html`${code(`$me.${name}`)} · ${items.length === 0 ? 'empty' : short(items.join(', '), 120)}`;
export const listDetail = (name: string, items: string[], rules: string[]): Html =>
  lines(
    html`${bold(short(name, 60))}: ${items.length === 0 ? 'nothing in it' : html`${items.length} in it`}`,
    ...items.slice(0, 50).map((item) => html`• ${code(item, 100)}`),
    items.length > 50 && html`and ${items.length - 50} more.`,
    rules.length > 0 && html`Used by: ${short(rules.join(', '), 200)}.`,
    html`${code(`/my ${name} add …`)} and ${code(`/my ${name} remove …`)} change it.`,
  );
export const deleteAsk = (name: string, rules: string[]) =>
  html`Delete the list “${name}”?${rules.length > 0 ? html` These rules ask for it and will find nothing in it: ${short(rules.join(', '), 200)}.` : ''}`;
export const deleted = (name: string) => html`The list “${name}” is deleted.`;
export const fault = (typed: string) =>
  lines(
    html`I don’t understand “${short(typed, 60)}”.`,
    html`An example: ${code('/my blocks add gc_t')}, ${code('/my blocks remove gc_t')} or ${code('/my blocks')}.`,
  );
