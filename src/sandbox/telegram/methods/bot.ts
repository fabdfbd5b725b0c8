// The bot about itself: getMe, its commands by scope, its descriptions, its menu button.
import type { BotCommand, MenuButton } from '@grammyjs/types';
import { badRequest } from '../errors.ts';
import { readInt, readJson, readText } from '../params.ts';
import type { Call, Method } from './call.ts';

const getMe: Method = ({ world }) => world.me;

/** One key per scope and language, as Telegram keeps the lists apart. */
function commandsKey(call: Call): string {
  const scope = (readJson(call.params, 'scope') ?? { type: 'default' }) as Record<string, unknown>;
  const types = ['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators'];
  const inChat = ['chat', 'chat_administrators', 'chat_member'];
  const type = String(scope.type);
  if (!types.includes(type) && !inChat.includes(type))
    throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  if (inChat.includes(type) && !call.world.state.chats.has(Number(scope.chat_id)))
    throw badRequest('chat not found');
  const language = readText(call.params, 'language_code') ?? '';
  const where = inChat.includes(type) ? `:${scope.chat_id}` : '';
  const whom = type === 'chat_member' ? `:${scope.user_id}` : '';
  return `${type}${where}${whom}|${language}`;
}

const setMyCommands: Method = (call) => {
  const given = readJson(call.params, 'commands') ?? [];
  if (!Array.isArray(given)) throw badRequest("can't parse commands: expected an Array of BotCommand");
  if (given.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  const commands = given.map((raw: unknown): BotCommand => {
    const { command, description } = (raw ?? {}) as Record<string, unknown>;
    const name = typeof command === 'string' ? command.replace(/^\//, '') : '';
    if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest('BOT_COMMAND_INVALID');
    if (typeof description !== 'string' || description.trim() === '' || description.length > 256) {
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    }
    return { command: name, description };
  });
  call.world.commit({ do: 'commands', key: commandsKey(call), commands });
  return true;
};

const getMyCommands: Method = (call) => call.world.state.commands.get(commandsKey(call)) ?? [];

const deleteMyCommands: Method = (call) => {
  call.world.commit({ do: 'commands', key: commandsKey(call), commands: null });
  return true;
};

/** A setter and a getter for one text of the bot's profile. */
function profileText(field: string, limit: number): { set: Method; get: Method } {
  const key = (call: Call) => `${field}|${readText(call.params, 'language_code') ?? ''}`;
  return {
    set: (call) => {
      const text = readText(call.params, field) ?? '';
      if (text.length > limit) throw badRequest(`bot ${field.replace('_', ' ')} is too long`);
      call.world.commit({ do: 'profile', key: key(call), text });
      return true;
    },
    get: (call) => ({
      [field]: call.world.state.profile.get(key(call)) ?? call.world.state.profile.get(`${field}|`) ?? '',
    }),
  };
}

const description = profileText('description', 512);
const shortDescription = profileText('short_description', 120);
const name = profileText('name', 64);

const setChatMenuButton: Method = ({ world, params }) => {
  const button = (readJson(params, 'menu_button') ?? { type: 'default' }) as MenuButton;
  if (!['commands', 'web_app', 'default'].includes(button.type)) throw badRequest('MENU_BUTTON_INVALID');
  if (button.type === 'web_app' && (!button.text || !button.web_app?.url))
    throw badRequest('MENU_BUTTON_INVALID');
  world.commit({ do: 'menu', chat: readInt(params, 'chat_id') ?? 0, button });
  return true;
};

const getChatMenuButton: Method = ({ world, params }) => {
  const { menus } = world.state;
  return menus.get(readInt(params, 'chat_id') ?? 0) ?? menus.get(0) ?? { type: 'default' };
};

export const botMethods = {
  getMe,
  setMyCommands,
  getMyCommands,
  deleteMyCommands,
  setMyDescription: description.set,
  getMyDescription: description.get,
  setMyShortDescription: shortDescription.set,
  getMyShortDescription: shortDescription.get,
  setMyName: name.set,
  getMyName: name.get,
  setChatMenuButton,
  getChatMenuButton,
};
