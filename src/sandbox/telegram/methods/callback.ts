// answerCallbackQuery: once per press, within 15 seconds.
import { badRequest, refusals } from '../errors.ts';
import { readFlag, readText } from '../params.ts';
import type { CallbackAnswer } from '../shapes.ts';
import type { Method } from './call.ts';

const answerableFor = 15_000;

const answerCallbackQuery: Method = ({ world, params }) => {
  const text = readText(params, 'text') ?? '';
  if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
  const url = readText(params, 'url') ?? '';
  const query = world.state.queries.get(readText(params, 'callback_query_id') ?? '');
  const isOpen = query && !query.answer && world.now() - query.at <= answerableFor;
  if (!isOpen) throw refusals.queryTooOld();
  if (url !== '' && !url.startsWith(`https://t.me/${world.me.username}?start=`))
    throw badRequest('URL_INVALID');
  const answer: CallbackAnswer = {
    ...(text === '' ? {} : { text }),
    show_alert: readFlag(params, 'show_alert'),
    ...(url === '' ? {} : { url }),
  };
  world.commit({ do: 'answer', id: query.id, answer });
  return true;
};

export const callbackMethods = { answerCallbackQuery };
