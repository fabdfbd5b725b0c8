// The words of a storm board: how many, from where, the worst ten; edited while it grows. Pure.
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import type { Line } from '#core/message.ts';
import { type Severity, severitySign } from '#core/severity.ts';
import type { Told } from './channel.ts';
import { nameOf, readingText } from './wording.ts';

/** What stands on a board. */
export interface BoardFacts {
  id: string;
  beganAt: number;
  lastAt: number;
  ended: boolean;
  total: number;
  burning: number;
  acknowledged: number;
  /** Topic → how many, most first; at most ten, `others` are the rest. */
  topics: [string, number][];
  others: number;
  /** Those that burn, worst first; at most ten. */
  worst: Alert[];
  severity: Severity;
}

/** The board as it is now. */
export function renderBoard(board: BoardFacts, mark: string | null = null): Told {
  const span = sayDuration(Math.max(1000, board.lastAt - board.beganAt));
  const count = board.total.toLocaleString('en-US');
  const [first] = board.topics;
  const from = board.topics.length === 1 && first ? ` from ${first[0]}` : '';
  const over = board.total - board.burning;
  const rows: Line[] = [
    [
      `${board.burning.toLocaleString('en-US')} burning`,
      board.acknowledged > 0 ? `, ${board.acknowledged.toLocaleString('en-US')} of them acknowledged` : '',
      over > 0 ? `, ${over.toLocaleString('en-US')} over` : '',
      '.',
    ],
    ...(board.topics.length > 1
      ? board.topics.map(([topic, many]): Line => [{ code: topic }, ` · ${many.toLocaleString('en-US')}`])
      : []),
    ...(board.others > 0 ? [[`and ${board.others.toLocaleString('en-US')} from other topics`]] : []),
    ...(board.worst.length > 0 ? [[{ bold: 'The worst' }]] : []),
    ...board.worst.map(
      (alert): Line => [`${severitySign[alert.severity]} `, nameOf(alert), ` · ${readingText(alert)}`],
    ),
    [
      board.ended
        ? 'It has calmed down; single messages again.'
        : 'I gather here what comes, instead of single messages.',
    ],
  ];
  const open = board.burning - board.acknowledged;
  return {
    sign: board.burning === 0 ? '✅' : severitySign[board.severity],
    severity: board.severity,
    title: `${count} ${board.total === 1 ? 'alert' : 'alerts'} in ${span}${from}`,
    lines: rows,
    fields: [],
    buttons: [
      [
        ...(open > 0 ? [{ label: 'Acknowledge all', action: 'board-acknowledge', payload: board.id }] : []),
        ...(board.ended ? [] : [{ label: 'Mute 1 h', action: 'board-mute', payload: board.id }]),
        { label: 'List', action: 'alerts' },
      ],
    ],
    silent: false,
    mark,
  };
}

/** The line that says that the storm is over. */
export function sayCalm(board: BoardFacts): string {
  const span = sayDuration(Math.max(1000, board.lastAt - board.beganAt));
  const rest =
    board.burning === 0
      ? 'all of them are over'
      : `${board.burning.toLocaleString('en-US')} still ${board.burning === 1 ? 'burns' : 'burn'}; /alerts lists them`;
  return `The storm is over: ${board.total.toLocaleString('en-US')} alerts in ${span}, ${rest}.`;
}

/** The line that says that everything on a board that was closed earlier is over now. */
export function sayAllOver({ total, beganAt }: BoardFacts, zone: string, now: number): string {
  const storm = `of the storm that began at ${sayInstant(beganAt, zone, now)}`;
  return total === 1
    ? `The last alert ${storm} is over.`
    : `All ${total.toLocaleString('en-US')} alerts ${storm} are over.`;
}
