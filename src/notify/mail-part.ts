// What words and sends mails: run with the first one, for most installations send none.

export async function mailPart() {
  const [composer, connection] = await Promise.all([
    import('nodemailer/lib/mail-composer'),
    import('nodemailer/lib/smtp-connection'),
  ]);
  return { MailComposer: composer.default, SmtpConnection: connection.default };
}
