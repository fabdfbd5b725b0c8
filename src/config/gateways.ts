// What messages go through besides Telegram.
import { z } from 'zod';
import { readGateway } from '#notify/sms-gateway.ts';
import { gateway, text, url, type Variable } from './variable.ts';

export const gateways = {
  SMTP_URL: {
    why: 'Your mail server: smtp://user:password@mail.example.org:587 (STARTTLS) or smtps://…:465. None: no e-mail.',
    default: '',
    secret: true,
    read: url(['smtp:', 'smtps:'], 'must be like smtp://user:password@mail.example.org:587').optional(),
  },
  SMTP_FROM: {
    why: 'Who the mails are from: Tocsin <alerts@example.org>. Needed with SMTP_URL.',
    default: '',
    read: text
      .regex(/^([^<>\r\n]{0,60}<)?[^\s<>@]+@[^\s<>@]+>?$/, 'must be like Tocsin <alerts@example.org>')
      .optional(),
  },
  SMS_GATEWAY: {
    why: 'How text messages are sent, as JSON: {"url":"https://…","headers":{…},"body":"to={to}&text={text}"}. None: no texts.',
    default: '',
    secret: true,
    read: text.optional().transform((value, context) => {
      const read = value === undefined ? undefined : readGateway(value);
      if (read === undefined || read.ok) return read?.gateway;
      context.addIssue({ code: 'custom', message: `cannot be used: ${read.wrong}` });
      return z.NEVER;
    }),
  },
  SIGNAL_URL: {
    why: 'A signal-cli-rest-api with the number it sends from: http://%2B4930123456@127.0.0.1:8080. None: no Signal.',
    default: '',
    secret: true,
    read: gateway(
      'username',
      'must be like http://%2B4930123456@127.0.0.1:8080',
      'lacks the number that it sends from: it goes before the @, as in http://%2B4930123456@127.0.0.1:8080',
    ),
  },
  MATRIX_URL: {
    why: 'A Matrix homeserver with the access token of the account that tells: https://:syt_…@matrix.example.org. None: no Matrix.',
    default: '',
    secret: true,
    read: gateway(
      'password',
      'must be like https://:syt_…@matrix.example.org',
      'lacks the access token: it goes between : and @, as in https://:syt_…@matrix.example.org',
    ),
  },
  WAKU_URL: {
    why: 'The REST interface of a Waku node: http://127.0.0.1:8645. None: no Waku.',
    default: '',
    read: gateway('host', 'must be like http://127.0.0.1:8645'),
  },
} as const satisfies Record<string, Variable>;
