// Texts of `/watch`: examples, and what a line lacks.
import { ended } from '#core/sentence.ts';
import type { WatchFault } from '#core/watch-line.ts';
import { code, type Html, html, lines, short } from '../html.ts';

export const watchHelp = () =>
  lines(
    html`One line makes a rule, for example:`,
    html`${code('/watch disk.usage usage > 90 for 5m severity critical', 120)}`,
    html`${code('/watch disk.usage usage > 90 weekdays 9-18, otherwise 97', 120)}`,
    html`${code('/watch node.state state changes from "Cluster Ready" to Hired', 120)}`,
    html`${code('/watch builds.** more than 3 different block within 1h where status = fail per runtag', 120)}`,
    html`${code('/watch host.alive absent for 5m', 120)}`,
    html`${code('/watch net.bytes rx grows by 1e9 within 1h', 120)}`,
    html`${code('/watch storj.audit score near 0.60 margin 0.05', 120)}`,
    html`${code('/watch x when "event.data.a > 3.0"', 120)}`,
    html`${code('/watch alertmanager.**', 120)} tells every event.`,
  );
export function watchFault({ fault: text, meant }: WatchFault, example: string): Html {
  return meant === undefined
    ? lines(html`${ended(text)}`, html`An example: ${code(`/watch ${example}`, 200)}`)
    : lines(html`${ended(text)}`, html`Did you mean: ${code(`/watch ${meant}`, 400)} ?`);
}

export const numbersNotVersions = (field: string, limit: string) =>
  html`${code(field)} holds numbers, and “${short(limit, 40)}” is a version. Write a number, such as ${code('90')}, or a v before the version.`;
export const takeNames = (names: string[]) => `Take ${short(names.join(' and '), 40)}`;
export const unseenField = (field: string, topic: string, near: string | undefined) =>
  near === undefined
    ? html`No event of ${code(topic)} had ${code(field)} yet; the rule waits for one.`
    : html`No event of ${code(topic)} had ${code(field)} yet. There is ${code(near)}.`;
export const unseenTopic = (topic: string, near: string | undefined) =>
  near === undefined
    ? html`Nothing was seen under ${code(topic)} yet; the rule waits for it.`
    : html`Nothing was seen under ${code(topic)} yet. There is ${code(near)}.`;
