// Texts about how one receiver tells.
import { printWhen } from '#core/bands.ts';
import { sayDuration } from '#core/duration.ts';
import { sentence } from '#core/sentence.ts';
import { type Style, sayCaps } from '#core/style.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const hoursLabel = 'Hours';
export const leastLabel = 'How bad at least';
export const gatherLabel = 'Gather';
export const capsLabel = 'At most';
export const urgentLabel = 'What is urgent';
export const always = 'At any hour';
export const workHours = 'Work hours';
export const afterHours = 'Evenings and weekends';
export const everything = 'Everything';
export const fromWarning = 'From warning on';
export const onlyCritical = 'Only critical';
export const atOnce = 'At once';
export const eachMinute = 'What comes in a minute';
export const eachFive = 'What comes in five minutes';
export const nightOnce = 'Each minute by day, once for 19–6';
export const noCaps = 'As many as come';
export const twentyAnHour = '20 an hour';
export const hundredADay = '100 a day';
export const fiveApart = '5 min apart';
export const criticalAtOnce = 'Critical is told at once';
export const nothingAtOnce = 'Nothing is an exception';
export const styleSet = 'So it is.';

export const styleTitle = (label: string) => html`How ${bold(short(label, 60))} tells:`;

/** What differs from telling everything at once; with `whole` also what does not. */
export const styleLines = (style: Style, whole = false): Html[] => {
  const { hours, least, gather, caps, urgent } = style;
  const urgentText =
    urgent === null
      ? 'Nothing is told earlier than that.'
      : `${urgent ?? 'critical'} is told at once all the same.`;
  return [
    hours
      ? html`Begins to tell ${printWhen(hours)}; the rest waits for then.`
      : whole && html`Tells at any hour.`,
    least ? html`From ${least} on.` : whole && html`Whatever the severity.`,
    gather ? html`Gathers: ${gather.map(gatherWords).join('; ')}.` : whole && html`At once, each for itself.`,
    caps
      ? html`At most ${sayCaps(caps)}; what is more comes as one summary.`
      : whole && html`As many as come.`,
    (gather || caps) && html`${sentence(urgentText)}`,
  ].filter((line): line is Html => typeof line === 'object');
};

const gatherWords = ({ when, waitMs }: NonNullable<Style['gather']>[number]): string => {
  const words =
    waitMs === 'end' ? 'once, at the end' : waitMs === 0 ? 'at once' : `what comes in ${sayDuration(waitMs)}`;
  return when === 'otherwise' ? words : `${printWhen(when)} ${words}`;
};

export const partAsk = (part: 'hours' | 'least' | 'gather' | 'caps' | 'urgent', label: string): Html =>
  ({
    hours: html`When may ${bold(short(label, 60))} begin to tell? What comes at other hours waits.`,
    least: html`How bad must it be to be told by ${bold(short(label, 60))}?`,
    gather: html`Shall ${bold(short(label, 60))} gather what comes closely together into one message?`,
    caps: html`How much at most? What is more comes as one summary.`,
    urgent: html`May something be told at once, whatever is gathered or capped?`,
  })[part];

export const askHours = (problem?: string) =>
  lines(
    problem !== undefined && html`${sentence(problem)}`,
    html`Type the hours, for example ${code('Mon-Fri 8-17')} or ${code('18-23; Sat-Sun')}.`,
  );
export const askGather = (problem?: string) =>
  lines(
    problem !== undefined && html`${sentence(problem)}`,
    html`For how long shall it gather? For example ${code('10m')} or ${code('1h')}.`,
  );
export const askCaps = (problem?: string) =>
  lines(
    problem !== undefined && html`${sentence(problem)}`,
    html`Type the limits, for example ${code('20 an hour, 100 a day, 5 min apart')}, or ${code('none')}.`,
  );
export const notUnderstood = {
  hours: 'I do not understand these hours',
  gather: 'That is no time span',
  caps: 'I do not understand these limits',
};
