// What words and sends mails: loaded with the first one, for most installations send none.
import type { SmtpResult } from './smtp.ts';

/** Undefined when its files went away under a program that still runs; a start at the latest finds its own again. */
export async function mailPart() {
  try {
    const [composer, connection] = await Promise.all([
      import('nodemailer/lib/mail-composer'),
      import('nodemailer/lib/smtp-connection'),
    ]);
    return { MailComposer: composer.default, SmtpConnection: connection.default };
  } catch {
    return undefined;
  }
}

/** Nothing was sent for sure. */
export const noMailPart: SmtpResult = {
  is: 'broke',
  why: 'the part of Tocsin that sends mails could not be loaded',
  wrote: false,
};
