// Methods that put a new message into a chat: sendMessage, sendDocument, sendPhoto, sendLocation, sendChatAction.
import { badRequest, refusals } from '../errors.ts';
import { type FormattedText, formattedText } from '../formatted-text.ts';
import { readMarkup } from '../markup.ts';
import { readFlag, readJson, readText } from '../params.ts';
import type { Chat, SandboxMessage } from '../shapes.ts';
import { nextMessageId } from '../state.ts';
import { messageView } from '../views.ts';
import { botAsUser } from '../world.ts';
import { type Call, type Method, replyTarget, spend, threadOf, userOf, writableChat } from './call.ts';
import { documentOf, fileFrom } from './files.ts';

const textLimit = 4096;
const captionLimit = 1024;

const nothing: FormattedText = { text: '', entities: [] };

/** A server from before `date_time` does not know its tag. */
function refuseNewTags({ params, world }: Call, name: string): void {
  const text = readText(params, name) ?? '';
  const at = text.search(/<tg-time/i);
  if (at < 0 || !world.lacks.has('date_time') || readText(params, 'parse_mode') === undefined) return;
  const offset = Buffer.byteLength(text.slice(0, at));
  throw badRequest(`can't parse entities: Unsupported start tag "tg-time" at byte offset ${offset}`);
}

/** The text of a message, refused when empty or too long. */
export function messageText(call: Call): FormattedText {
  refuseNewTags(call, 'text');
  const formatted = formattedText(call.params, { text: 'text', entities: 'entities' }, userOf(call.world));
  if (formatted.text === '') throw refusals.textEmpty();
  if (formatted.text.length > textLimit) throw refusals.tooLong();
  return formatted;
}

/** The caption of a document or photo, possibly empty. */
export function messageCaption(call: Call): FormattedText {
  if (readText(call.params, 'caption') === undefined) return nothing;
  refuseNewTags(call, 'caption');
  const names = { text: 'caption', entities: 'caption_entities' };
  const formatted = formattedText(call.params, names, userOf(call.world));
  if (formatted.text.length > captionLimit) throw refusals.captionTooLong();
  return formatted;
}

function deliver(call: Call, chat: Chat, content: FormattedText & Partial<SandboxMessage>): unknown {
  const { world, params } = call;
  const markup = readMarkup(call, chat);
  const replyTo = replyTarget(call, chat);
  const thread = threadOf(call, chat, replyTo);
  spend(call, chat);
  const preview = readJson(params, 'link_preview_options') as { is_disabled?: boolean } | undefined;
  const message: SandboxMessage = {
    chat_id: chat.id,
    message_id: nextMessageId(world.state, chat),
    date: Math.floor(world.now() / 1000),
    from: botAsUser(world),
    fromBot: true,
    silent: readFlag(params, 'disable_notification'),
    deleted: false,
    history: [],
    ...content,
    ...(markup ? { reply_markup: markup } : {}),
    ...(replyTo === undefined ? {} : { reply_to: replyTo }),
    ...(thread === undefined ? {} : { thread_id: thread }),
    ...(preview?.is_disabled || readFlag(params, 'disable_web_page_preview') ? { previewOff: true } : {}),
  };
  world.commit({ do: 'message', message });
  return messageView(world.state, message);
}

const sendMessage: Method = (call) => {
  const chat = writableChat(call);
  return deliver(call, chat, messageText(call));
};

const sendDocument: Method = (call) => {
  const chat = writableChat(call);
  const caption = messageCaption(call);
  return deliver(call, chat, { ...caption, document: documentOf(fileFrom(call, 'document')) });
};

const sendPhoto: Method = (call) => {
  const chat = writableChat(call);
  const caption = messageCaption(call);
  const file = fileFrom(call, 'photo');
  if (!/^image\//.test(file.mime) && !/\.(png|jpe?g|webp|gif)$/i.test(file.name)) {
    throw badRequest('IMAGE_PROCESS_FAILED');
  }
  const size = {
    file_id: file.file_id,
    file_unique_id: file.unique,
    width: 800,
    height: 600,
    file_size: file.size,
  };
  return deliver(call, chat, { ...caption, photo: [size] });
};

const sendLocation: Method = (call) => {
  const chat = writableChat(call);
  const latitude = Number(readText(call.params, 'latitude') ?? Number.NaN);
  const longitude = Number(readText(call.params, 'longitude') ?? Number.NaN);
  if (Number.isNaN(latitude) || Number.isNaN(longitude)) throw badRequest('invalid location specified');
  return deliver(call, chat, { ...nothing, location: { latitude, longitude } });
};

const knownActions = new Set(
  'typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note'.split(
    ' ',
  ),
);

const sendChatAction: Method = (call) => {
  const chat = writableChat(call);
  const action = readText(call.params, 'action') ?? '';
  if (!knownActions.has(action)) throw badRequest('wrong parameter action in request');
  threadOf(call, chat);
  call.world.signal({ do: 'typing', chat: chat.id, action });
  return true;
};

export const sendMethods = { sendMessage, sendDocument, sendPhoto, sendLocation, sendChatAction };
