// The words of a mail: one subject, a plain text and the same as HTML, and what ties the mails of an alert together.
import { lasting } from '#core/message.ts';
import { oneLine, piecesOf } from '#telegram/pieces.ts';
import type { About, Delivering, Told } from './channel.ts';
import { mailPart } from './mail-part.ts';

export interface Mail {
  from: string;
  to: string;
  acknowledge: string | null;
  unsubscribe: string | null;
}

/** The whole mail as it goes over the wire. The Message-ID is the same for every attempt. */
export async function composeMail(
  message: Told,
  about: About,
  { from, to, ...links }: Mail,
  how: Delivering,
): Promise<Buffer> {
  const { MailComposer } = await mailPart();
  const host = /@([^\s<>]+)/.exec(from)?.[1] ?? 'localhost';
  const thread = about.alert ? `<alert.${about.alert.id}@${host}>` : undefined;
  const mail = new MailComposer({
    from,
    to: { name: '', address: to },
    subject: subjectOf(message),
    messageId: `<msg.${about.id}@${host}>`,
    date: new Date(how.now),
    ...(thread ? { inReplyTo: thread, references: thread } : {}),
    text: textOf(message, links, how),
    html: htmlOf(message, links, how),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(message.severity === 'critical' && !message.silent ? { Importance: 'high' } : {}),
      ...(links.unsubscribe
        ? {
            'List-Unsubscribe': { prepared: true, value: `<${links.unsubscribe}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }
        : {}),
    },
    // What an event says is text, never a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return new Promise((resolve, reject) =>
    mail.compile().build((error, built) => (error ? reject(error) : resolve(built))),
  );
}

type Links = Pick<Mail, 'acknowledge' | 'unsubscribe'>;

/** One line, whatever the event holds. */
export function subjectOf(message: Told): string {
  const title = oneLine(message.title).trim();
  const first = message.lines[0]?.map((span) => (typeof span === 'string' ? span : '')).join('') ?? '';
  const text = [oneLine(message.sign), title === '' ? oneLine(first).trim() || 'Tocsin' : title];
  const mark = message.mark === null ? '' : ' (possible repeat)';
  return `${[...text.filter((part) => part !== '').join(' ')].slice(0, 150).join('')}${mark}`;
}

function textOf(message: Told, { acknowledge, unsubscribe }: Links, how: Delivering): string {
  const parts = piecesOf(lasting(message), how).map(({ text }) => text);
  return [
    parts.join(''),
    ...(acknowledge ? ['', `Acknowledge: ${acknowledge}`] : []),
    ...(unsubscribe ? ['', '-- ', `No more mails like this: ${unsubscribe}`] : []),
    '',
  ].join('\n');
}

function htmlOf(message: Told, { acknowledge, unsubscribe }: Links, how: Delivering): string {
  const body = piecesOf(lasting(message), how)
    .map(({ text, as }) => {
      const shown = escapeHtml(text).replace(/\n/g, '<br>\n');
      if (as === 'bold') return `<b>${shown}</b>`;
      if (as === 'code') return `<code>${shown}</code>`;
      return as === 'small' ? `<small>${shown}</small>` : shown;
    })
    .join('');
  const button = acknowledge
    ? `<p><a href="${escapeHtml(acknowledge)}" style="padding:8px 16px;background:#1f6feb;color:#fff;text-decoration:none;border-radius:6px">Acknowledge</a></p>`
    : '';
  const foot = unsubscribe
    ? `<p style="color:#666;font-size:12px"><a href="${escapeHtml(unsubscribe)}" style="color:#666">No more mails like this</a></p>`
    : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subjectOf(message))}</title></head><body style="font-family:sans-serif;line-height:1.5"><p>${body}</p>${button}${foot}</body></html>`;
}

/** The text as HTML shows it, also inside an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
