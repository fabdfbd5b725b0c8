// Forum topics: made, renamed, closed, reopened and deleted by the bot, in groups and in private chats.
import { badRequest, refusals } from '../errors.ts';
import { readInt, readText } from '../params.ts';
import type { Chat } from '../shapes.ts';
import { nextMessageId } from '../state.ts';
import { botAsUser } from '../world.ts';
import { type Call, type Method, managesTopics, spend, topicOf, writableChat } from './call.ts';

const colours = new Set([7322096, 16766590, 13338331, 9367192, 16749490, 16478047]);
const longestName = 128;

/** A chat with topics, in which the bot may manage them. */
function managed(call: Call, what: string): Chat {
  const chat = writableChat(call);
  if (!chat.forum) throw refusals.notAForum();
  if (!managesTopics(chat)) throw badRequest(`not enough rights to ${what}`);
  return chat;
}

const createForumTopic: Method = (call) => {
  const { world, params } = call;
  const chat = managed(call, 'create a topic');
  const name = readText(params, 'name')?.trim() ?? '';
  if (name === '' || name.length > longestName) throw badRequest('TOPIC_TITLE_EMPTY');
  const colour = readInt(params, 'icon_color') ?? 7322096;
  if (!colours.has(colour)) throw badRequest('invalid forum topic icon color specified');
  spend(call, chat);
  const thread = nextMessageId(world.state, chat);
  world.commit({ do: 'topic', chat: chat.id, thread, name, closed: false });
  world.commit({
    do: 'message',
    message: {
      chat_id: chat.id,
      message_id: thread,
      date: Math.floor(world.now() / 1000),
      from: botAsUser(world),
      fromBot: true,
      text: '',
      entities: [],
      silent: true,
      deleted: false,
      history: [],
      thread_id: thread,
      service: { kind: 'topic', name },
    },
  });
  return { message_thread_id: thread, name, icon_color: colour };
};

const editForumTopic: Method = (call) => {
  const chat = managed(call, 'edit the topic');
  const topic = topicOf(call, chat);
  const name = readText(call.params, 'name')?.trim() || topic.name;
  if (name.length > longestName) throw badRequest('TOPIC_TITLE_EMPTY');
  if (name === topic.name) throw badRequest('TOPIC_NOT_MODIFIED');
  spend(call, chat);
  call.world.commit({ do: 'topic', chat: chat.id, ...topic, name });
  return true;
};

function closing(closed: boolean): Method {
  return (call) => {
    const chat = managed(call, closed ? 'close the topic' : 'reopen the topic');
    if (chat.type === 'private') throw refusals.notAForum();
    const topic = topicOf(call, chat);
    if (topic.closed === closed) throw badRequest('TOPIC_NOT_MODIFIED');
    spend(call, chat);
    call.world.commit({ do: 'topic', chat: chat.id, ...topic, closed });
    return true;
  };
}

const deleteForumTopic: Method = (call) => {
  const chat = managed(call, 'delete the topic');
  const topic = topicOf(call, chat);
  spend(call, chat);
  call.world.commit({ do: 'topic', chat: chat.id, ...topic, deleted: true });
  return true;
};

export const topicMethods = {
  createForumTopic,
  editForumTopic,
  closeForumTopic: closing(true),
  reopenForumTopic: closing(false),
  deleteForumTopic,
};
