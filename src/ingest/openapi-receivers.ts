// Where and how people are told, and what was sent, as paths of the OpenAPI document.
import { styleDocument } from '#core/style.ts';
import { body, does, id, query } from './openapi-words.ts';
import { code, newReceiver, outcomes, range, secretOverlap } from './receiver-routes.ts';
import { left, whose } from './style-routes.ts';

const receiver = [id('The receiver’s id.')];
const delivery = [id('The delivery’s number.')];
const instant = { type: 'string', format: 'date-time' };
const owner = 'Whose, such as telegram:7001.';

/** The paths below /v1/channels, /v1/receivers, /v1/deliveries, /v1/opt-outs and /v1/browser-links. */
export function receiverPaths(): object {
  return {
    '/v1/channels': {
      get: does('The ways to tell somebody, what each needs, and what is missing', 'The channels.'),
    },
    '/v1/receivers': {
      get: {
        ...does('Everybody’s addresses, or one owner’s, and how each is', 'The receivers.'),
        parameters: [query('owner', owner)],
      },
      post: {
        ...does('Another address for somebody; most say yes to it first', 'The receiver.', 201),
        requestBody: body(newReceiver),
      },
    },
    '/v1/receivers/{id}': { delete: { ...does('Remove an address', 'Done.'), parameters: receiver } },
    '/v1/receivers/{id}/test': {
      post: { ...does('Send a test', 'What came of it.'), parameters: receiver },
    },
    '/v1/receivers/{id}/enable': {
      post: { ...does('Try again what was switched off after failures', 'Done.'), parameters: receiver },
    },
    '/v1/receivers/{id}/send-code': {
      post: { ...does('Send the code for saying yes once more', 'Done.'), parameters: receiver },
    },
    '/v1/receivers/{id}/verify': {
      post: { ...does('Say yes with the code', 'Done.'), parameters: receiver, requestBody: body(code) },
    },
    '/v1/receivers/{id}/renew-secret': {
      post: {
        ...does(
          'Another secret to sign with; both are good during the overlap',
          'The secret, shown this once.',
        ),
        parameters: receiver,
        requestBody: body(secretOverlap),
      },
    },
    '/v1/receivers/{id}/style': {
      put: {
        ...does('When it is told, how much at once, and how; all of it, so what is absent is off', 'Done.'),
        parameters: receiver,
        requestBody: body(styleDocument),
      },
    },
    '/v1/deliveries': {
      get: {
        ...does('The log of what was sent, newest first', 'The deliveries; “next” goes into “before”.'),
        parameters: [
          query('receiver', 'Only of this receiver.'),
          query('channel', 'Only on this channel.'),
          query('alert', 'Only of this alert.'),
          query('outcome', 'What came of it.', { enum: outcomes }),
          query('from', 'An instant such as 2026-05-04T10:00:00Z.', instant),
          query('to', 'An instant.', instant),
          query('before', 'Only those with a smaller number.', { type: 'integer', minimum: 1 }),
          query('limit', 'At most so many.', { type: 'integer', minimum: 1, maximum: 500, default: 100 }),
        ],
      },
    },
    '/v1/deliveries/{id}': { get: { ...does('One try', 'The delivery.'), parameters: delivery } },
    '/v1/deliveries/{id}/redeliver': {
      post: { ...does('Send it once more', 'How many go out.', 202), parameters: delivery },
    },
    '/v1/deliveries/redeliver': {
      post: {
        ...does('Send once more what one receiver was due in a time', 'How many go out.', 202),
        requestBody: body(range),
      },
    },
    '/v1/opt-outs': {
      get: {
        ...does('What somebody wishes not to be told', 'The topics and channels.'),
        parameters: [{ ...query('owner', owner), required: true }],
      },
      put: {
        ...does('Tell somebody nothing of a topic any more, or again', 'Done.'),
        requestBody: body(left),
      },
    },
    '/v1/browser-links': {
      post: {
        ...does('A link, good once, by which a browser shows somebody’s alerts', 'The link.', 201),
        requestBody: body(whose),
      },
    },
  };
}
