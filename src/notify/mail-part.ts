// What words and sends mails: run with the first one, for most installations send none.

/** Loads what composes mails and what speaks SMTP. */
export async function mailPart() {
  const [composer, connection] = await Promise.all([
    import('nodemailer/lib/mail-composer'),
    import('nodemailer/lib/smtp-connection'),
  ]);
  return { MailComposer: composer.default, SmtpConnection: connection.default };
}
