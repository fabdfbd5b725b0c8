// A mail of nothing but words, for what is told without a ledger.
import { mailPart } from './mail-part.ts';
import { type SmtpAccount, type SmtpResult, sendBySmtp } from './smtp.ts';

/** Sends it; the first line is the subject. */
export async function sendPlainMail(
  account: SmtpAccount,
  to: string,
  text: string,
  now: number,
): Promise<SmtpResult> {
  const [subject = ''] = text.split('\n');
  const { MailComposer } = await mailPart();
  const composer = new MailComposer({
    from: account.from,
    to: { name: '', address: to },
    subject: subject.slice(0, 200),
    text,
    date: new Date(now),
    headers: { 'auto-submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const from = /<([^<>\s]+)>\s*$/.exec(account.from)?.[1] ?? account.from;
  return sendBySmtp(account, { from, to }, await composer.compile().build());
}
