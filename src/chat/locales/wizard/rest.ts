// What the wizard says about where, how long, how bad and the rest of a rule.
import { code, html, short } from '../../html.ts';
import { sayWhen } from '../../rule-words.ts';

export const sameAsAlways = 'As always';
export const everywhere = 'Everywhere';
export const usualName = 'The usual name';
export const noEvent = 'No event';
export const onlyMe = 'Only me';
export const noName = 'A name has 1 to 100 characters.';
export const thisGroup = (title: string) => `Everybody in ${short(title, 24)}`;
export const whereTold = () => html`Where shall I tell you?`;
export const whereThen = () => html`And where shall I tell you then?`;
export const whereInRow = (when: string) => html`${sayWhen(when)}: where shall I tell you?`;
export const whichSpan = (part: string) =>
  part === 'for'
    ? html`How long must it last before I tell you?`
    : html`How long must the end last before it counts?`;
export const typeSpan = (_part: string) => html`Type how long, such as ${code('10m')} or ${code('2h')}.`;
export const howBad = () => html`How bad is it?`;
export const typeName = (name: string | undefined) =>
  name === undefined ? html`Type its name.` : html`It is called “${short(name, 100)}”. Type another name.`;
export const typeEmit = (emit: string | undefined) =>
  html`When it fires it can also become an event, for other rules. ${emit === undefined ? 'Of which topic?' : html`Its topic is ${code(emit)}.`} Press or type it.`;
export const whichUnless = (count: number) =>
  count === 0
    ? html`You have no other rule that could hold this one back.`
    : html`While which other rule burns shall this one tell nothing?`;
export const whichVerify = (count: number) =>
  count === 0
    ? html`No target is asked yet that could say whether it is so. An admin adds one by /sources.`
    : html`Whom shall I ask before I tell it? While it answers, you hear nothing; when it does not within a minute, I tell it.`;
export const namedLikeIt = 'The target named like what it is about';
export const noTarget = (typed: string) => `There is no target “${short(typed, 40)}”.`;
export const savedNow = () => html`Saved.`;
export const forWhom = () => html`Who is told?`;
