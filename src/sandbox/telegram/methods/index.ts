// The list of all methods the emulator has, by lower-case name as Telegram compares them.
import { botMethods } from './bot.ts';
import type { Method } from './call.ts';
import { callbackMethods } from './callback.ts';
import { chatMethods } from './chats.ts';
import { editMethods } from './edit.ts';
import { fileMethods } from './files.ts';
import { sendMethods } from './send.ts';
import { topicMethods } from './topics.ts';
import { updateMethods } from './updates.ts';

const families = {
  ...botMethods,
  ...updateMethods,
  ...sendMethods,
  ...editMethods,
  ...callbackMethods,
  ...fileMethods,
  ...chatMethods,
  ...topicMethods,
} satisfies Record<string, Method>;

/** Method name (lower case) to its canonical name and code. */
export const methods = new Map(
  Object.entries(families).map(([name, run]) => [name.toLowerCase(), { name, run: run as Method }]),
);
