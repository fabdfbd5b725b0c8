// A message that does not fit: it says so, and offers the whole of it as a file. Pure.
import type { Reader } from '#telegram/pieces.ts';
import { fits } from '#telegram/pieces.ts';
import type { Told } from './channel.ts';

/** Where the fields of an alert were cut already, when it was read. */
const [mostFields, longestField] = [30, 300];

/** The message as it is, or with the note and the button when something of it is not shown. */
export function offeringWhole(message: Told, reader: Reader): Told {
  // “Why” stands under what is about one alert, and only there.
  const about = message.buttons.flat().find((button) => 'action' in button && button.action === 'why');
  if (about?.alertId === undefined) return message;
  const wasCut =
    message.fields.length >= mostFields || message.fields.some(([, value]) => value.length >= longestField);
  if (!wasCut && fits(message, reader)) return message;
  const button = { label: 'All of it as a file', action: 'whole', alertId: about.alertId };
  return { ...message, lines: noted(message.lines), buttons: [...message.buttons, [button]] };
}

/** The note ends what is said, and comes before it where that would be cut off. Never above the title: a preview shows that. */
function noted(lines: Told['lines']): Told['lines'] {
  const note = ['Too long for one message; the rest is in the file.'];
  return JSON.stringify(lines).length < 2_000 ? [...lines, note] : [note, ...lines];
}
