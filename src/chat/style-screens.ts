// Screens about how one receiver tells: its hours, from which severity, what is gathered, how much at most.
import { printStyle } from '#core/style-print.ts';
import { type StyleOutcome, setStyle } from '#operations/set-style.ts';
import { channelScreen, ownReceiver } from './channel-screens.ts';
import { type ChatContext, whoOf } from './context.ts';
import { lines } from './html.ts';
import * as labels from './locales/labels.ts';
import { copyFrom } from './locales/named-styles.ts';
import * as say from './locales/styles.ts';
import type { Choice, Screen } from './screen.ts';

export type Part = 'hours' | 'least' | 'gather' | 'caps' | 'urgent';

/** What each part can be by a press: the label, and the value in a style's document; null: without it. */
export const presets: Record<Part, [label: string, value: unknown][]> = {
  hours: [
    [say.always, null],
    [say.workHours, 'Mon-Fri 09:00-18:00'],
    [say.afterHours, '18:00-09:00; Sat-Sun'],
  ],
  least: [
    [say.everything, null],
    [say.fromWarning, 'warning'],
    [say.onlyCritical, 'critical'],
  ],
  gather: [
    [say.atOnce, null],
    [say.eachMinute, [{ wait: '1m' }]],
    [say.eachFive, [{ wait: '5m' }]],
    [say.nightOnce, [{ when: '19:00-06:00', wait: 'end' }, { wait: '1m' }]],
  ],
  caps: [
    [say.noCaps, null],
    [say.twentyAnHour, { hour: 20 }],
    [say.hundredADay, { day: 100 }],
    [say.fiveApart, { delay: '5m' }],
  ],
  urgent: [
    [say.criticalAtOnce, undefined],
    [say.nothingAtOnce, null],
  ],
};

/** How a receiver tells, with what can be changed. */
export async function styleScreen(ctx: ChatContext, id: string): Promise<Screen> {
  const receiver = await ownReceiver(ctx, id);
  if (!receiver) return channelScreen(ctx, id);
  const { style, label } = receiver;
  const change = (text: string, part: Part): Choice => ({
    label: text,
    action: 'style',
    payload: `${id} ${part}`,
  });
  const gathers = style.gather !== undefined || style.caps !== undefined;
  return {
    text: lines(say.styleTitle(label), ...say.styleLines(style, true)),
    rows: [
      [change(say.hoursLabel, 'hours'), change(say.leastLabel, 'least')],
      [change(say.gatherLabel, 'gather'), change(say.capsLabel, 'caps')],
      ...(gathers ? [[change(say.urgentLabel, 'urgent')]] : []),
      [{ label: copyFrom, action: 'style-copy', payload: id }],
      [{ label: labels.back, action: 'channel', payload: id }],
    ],
  };
}

/** The usual answers for one part, and typing another. */
export async function partScreen(ctx: ChatContext, id: string, part: Part): Promise<Screen> {
  const receiver = await ownReceiver(ctx, id);
  if (!receiver) return channelScreen(ctx, id);
  const rows = presets[part].map(([label], at): Choice[] => [
    { label, action: 'style', payload: `${id} ${part} ${at}` },
  ]);
  if (part !== 'least' && part !== 'urgent')
    rows.push([{ label: labels.other, action: 'style', payload: `${id} ${part} type` }]);
  return {
    text: say.partAsk(part, receiver.label),
    rows: [...rows, [{ label: labels.back, action: 'style', payload: id }]],
  };
}

/** Changes one part and leaves the others; null or undefined takes it away, but for `urgent`, where null says something. */
export async function changeStyle(
  ctx: ChatContext,
  id: string,
  part: Part,
  value: unknown,
): Promise<StyleOutcome> {
  const receiver = await ownReceiver(ctx, id);
  const { [part]: _old, ...rest } = printStyle(receiver?.style ?? {});
  const without = value === undefined || (value === null && part !== 'urgent');
  const document = without ? rest : { ...rest, [part]: part === 'caps' ? capsDocument(value) : value };
  return setStyle(ctx.deps.world, whoOf(ctx).actor, { receiverId: id, document }, ctx.now);
}

// Typed caps come in milliseconds, pressed ones as a document.
function capsDocument(value: unknown): unknown {
  const { delayMs, ...rest } = value as { delayMs?: number };
  return delayMs === undefined ? rest : { ...rest, ...(printStyle({ caps: { delayMs } }).caps as object) };
}
