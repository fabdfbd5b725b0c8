// What the wizard says about topics, and about what of them to watch.
import { asText, sayNumber } from '#core/field.ts';
import type { Json } from '#core/json.ts';
import { code, Html, html, lines, short } from '../../html.ts';
import { countOf } from '../count-of.ts';
import { fieldLabel } from './params.ts';
import { said } from './usual.ts';

export const lookAgain = 'Look again';
export const somethingElse = 'Something else';
export const everyEvent = 'Every event';
export const moreWays = 'More ways …';
export const otherField = 'Another field';
export const wayLimit = 'A number passes a limit';
export const wayChange = 'A value changes';
export const waySilence = 'Nothing came for a while';
export const wayMany = 'Too many within a time';
export const wayDifferent = 'Different values within a time';
export const wayGrows = 'A counter grows';
export const wayBar = 'Distance to a bar';
export const wayOwn = 'A condition of my own';

export const numberField = (name: string, min: number | undefined, max: number | undefined, last: string) =>
  min !== undefined && max !== undefined && min < max
    ? `${name} · ${sayNumber(min)} – ${sayNumber(max)}`
    : fieldLabel(name, last);
export const textField = (name: string, last: string) => `${name} changes · now ${short(last, 16)}`;

export function topicLabel(
  pattern: string,
  things: number,
  topics: { count: number }[],
  last: Json | undefined,
): string {
  const name = short(pattern, 30);
  if (topics.length > 1) {
    const events = topics.reduce((sum, { count }) => sum + count, 0);
    return `${name} · ${topics.length} topics · ${countOf(events, 'event', 'events')}`;
  }
  const value = last === undefined ? '' : ` · last ${short(said(asText(last) ?? ''), 12)}`;
  return `${name} · ${countOf(things, 'thing', 'things')}${value}`;
}

export const whichTopic = () => html`These topics are alive here. What shall I watch?`;
export const whichBelow = (branch: string) => html`All of ${code(branch)}, or a part of it?`;
export const nothingSeen = (curl: string, mayGiveKeys: boolean) =>
  lines(
    html`Nothing has arrived here yet. Send a first event, for example:`,
    new Html(`<pre>${code(curl, 600).source.replace(/<\/?code>/g, '')}</pre>`),
    html`The start screen shows this line with a key instead of YOUR_KEY${mayGiveKeys ? '; or give out one here: /sources, “What pushes”, “Give out a key”.' : '; an admin can give out another one: /sources.'}`,
    html`Then press “Look again”.`,
  );
export const typeTopic = () =>
  html`Type a topic, such as ${code('disk.usage')}, or a pattern: ${code('builds.**')} is everything below builds.`;

export const whatAbout = (count: number) =>
  count === 0
    ? html`No event of this kind has come yet. What about it shall I tell you?`
    : html`${countOf(count, 'event', 'events')} so far. What about it shall I tell you?`;
export const typeField = () => html`Type the name of the field, such as ${code('usage')}.`;
export const whichWay = (topic: string) => html`What about ${code(topic)} shall I tell you?`;
