// How a watcher tells: by a Telegram bot of its own, by mail, by a webhook. No ledger is behind it.
import { sendPlainMail } from '#notify/plain-mail.ts';
import { everyNetwork } from '#outbound/address.ts';
import { openOutbound } from '#outbound/fetch.ts';
import { createTelegram } from '#telegram/client.ts';
import type { Config } from '../config.ts';
import { Misused } from './verb.ts';

export interface Teller {
  /** `telegram 123456789` */
  name: string;
  /** Undefined: told. Otherwise why not. */
  tell(text: string, now: number): Promise<string | undefined>;
  close(): void;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Everybody who is to be told; throws `Misused` when the environment lacks what one of them needs. */
export function openTellers(
  { telegram, gateways }: Config,
  to: { telegram: string[]; email: string[]; webhook: string[] },
): Teller[] {
  const { token, apiRoot } = telegram;
  const { mail } = gateways;
  if (to.telegram.length > 0 && token === undefined)
    throw new Misused('--telegram needs TELEGRAM_BOT_TOKEN, the token of a bot of its own.');
  if (to.email.length > 0 && mail === undefined) throw new Misused('--email needs SMTP_URL and SMTP_FROM.');
  const ask = openOutbound(everyNetwork);
  return [
    ...to.telegram.map((chat): Teller => {
      if (!/^(-?\d{1,20}|@\w{3,40})$/.test(chat))
        throw new Misused(
          `--telegram must be a chat’s number such as 123456789; “${chat.slice(0, 40)}” is none.`,
        );
      const client = createTelegram({ token: token!, apiRoot, log: silent });
      return {
        name: `telegram ${chat}`,
        async tell(text) {
          const sent = await client.call('sendMessage', { chat_id: chat, text });
          if (sent.ok) return undefined;
          return sent.is === 'refused' ? sent.description : sent.why;
        },
        close: () => client.close(),
      };
    }),
    ...to.email.map(
      (address): Teller => ({
        name: `e-mail ${address}`,
        async tell(text, now) {
          const sent = await sendPlainMail(mail!, address, text, now);
          if (sent.is === 'taken') return undefined;
          return sent.is === 'broke' ? sent.why : `the mail server says ${sent.code} ${sent.text}`;
        },
        close() {},
      }),
    ),
    ...to.webhook.map((url, i): Teller => {
      if (!URL.canParse(url))
        throw new Misused(`--webhook must be an address; “${url.slice(0, 80)}” is none.`);
      return {
        // An address can hold a secret.
        name: `webhook ${to.webhook.length > 1 ? `${i + 1} ` : ''}${new URL(url).host}`,
        async tell(text, now) {
          const asked = await ask(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ text, at: new Date(now).toISOString() }),
          });
          if (asked.is !== 'answer') return asked.why;
          return asked.status >= 200 && asked.status < 300 ? undefined : `it answers with ${asked.status}`;
        },
        close() {},
      };
    }),
  ];
}

/** Tells each what waits for it; resolves with what still waits. */
export async function tellAll(
  tellers: Teller[],
  untold: Record<string, string>,
  print: (text: string) => void,
  now: number,
): Promise<Record<string, string>> {
  const left = await Promise.all(
    tellers.map(async ({ name, tell }): Promise<[string, string][]> => {
      const text = untold[name];
      if (text === undefined) return [];
      const why = await tell(text, now);
      if (why === undefined) return [];
      print(`${name} could not be told: ${why}`);
      return [[name, text]];
    }),
  );
  return Object.fromEntries(left.flat());
}
