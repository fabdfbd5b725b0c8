// Telegram's refusals in Telegram's own words.
import type { ResponseParameters } from '@grammyjs/types';

/** A refusal of the Bot API; thrown by methods and turned into an answer by the server. */
export class BotApiError extends Error {
  readonly code: number;
  readonly parameters: ResponseParameters | undefined;
  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

/** 400 with the usual prefix. */
export const badRequest = (text: string, parameters?: ResponseParameters) =>
  new BotApiError(400, `Bad Request: ${text}`, parameters);

/** 403 with the usual prefix. */
export const forbidden = (text: string) => new BotApiError(403, `Forbidden: ${text}`);

/** 429 with the wait in whole seconds. */
export const tooMany = (seconds: number) =>
  new BotApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });

export const refusals = {
  unauthorized: () => new BotApiError(401, 'Unauthorized'),
  notFound: () => new BotApiError(404, 'Not Found'),
  chatIdEmpty: () => badRequest('chat_id is empty'),
  chatNotFound: () => badRequest('chat not found'),
  userNotFound: () => badRequest('user not found'),
  textEmpty: () => badRequest('message text is empty'),
  tooLong: () => badRequest('message is too long'),
  captionTooLong: () => badRequest('message caption is too long'),
  notModified: () =>
    badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    ),
  editNotFound: () => badRequest('message to edit not found'),
  cantEdit: () => badRequest("message can't be edited"),
  nothingToEdit: () => badRequest('there is no text in the message to edit'),
  deleteNotFound: () => badRequest('message to delete not found'),
  cantDelete: () => badRequest("message can't be deleted for everyone"),
  replyNotFound: () => badRequest('message to be replied not found'),
  buttonData: () => badRequest('BUTTON_DATA_INVALID'),
  buttonType: () => badRequest('BUTTON_TYPE_INVALID'),
  queryTooOld: () => badRequest('query is too old and response timeout expired or query ID is invalid'),
  threadNotFound: () => badRequest('message thread not found'),
  topicClosed: () => badRequest('TOPIC_CLOSED'),
  notAForum: () => badRequest('the chat is not a forum'),
  upgraded: (to: number) =>
    badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: to }),
  blocked: () => forbidden('bot was blocked by the user'),
  kicked: (type: 'group' | 'supergroup') => forbidden(`bot was kicked from the ${type} chat`),
  notMember: (type: 'group' | 'supergroup') => forbidden(`bot is not a member of the ${type} chat`),
  deactivated: () => forbidden('user is deactivated'),
  cantInitiate: () => forbidden("bot can't initiate conversation with a user"),
  conflictPolling: () =>
    new BotApiError(
      409,
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    ),
  conflictWebhook: () =>
    new BotApiError(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    ),
} as const;
