// Channel: e-mail, through the operator's mail server.
import { z } from 'zod';
import { linkKey, signLink, toldIn } from '#operations/signed-link.ts';
import type { World } from '#operations/world.ts';
import { type Channel, type Delivering, placed } from '../channel.ts';
import { composeMail } from '../mail.ts';
import { mailOutcome } from '../mail-outcome.ts';
import { type SmtpAccount, sendBySmtp } from '../smtp.ts';

const params = z.strictObject({
  address: z
    .email({
      pattern: /^[A-Za-z0-9._%+'=-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$/,
      error: 'must be like ana@example.org',
    })
    .max(254, 'must have at most 254 characters')
    .meta({ label: 'E-mail address', hint: 'Where the mails go: ana@example.org', input: 'email' }),
});

const day = 86_400_000;

interface Parts {
  world: World;
  publicUrl: string;
  mail?: SmtpAccount | undefined;
}

export function emailChannel({ world, publicUrl, mail }: Parts): Channel {
  return {
    name: 'email',
    title: 'E-mail',
    address: placed,
    example: 'v_0email',
    pace: () => ({ everyMs: 10_000, burst: 6 }),
    whole: { everyMs: 250, burst: 20 },
    edits: false,
    missing: mail ? null : 'SMTP_URL is not set',
    contact: {
      params,
      example: { address: 'ana@example.org' },
      confirms: true,
      label: ({ address }) => String(address).replace(/^(.)[^@]*/, '$1…'),
    },
    async deliver(message, receiverId, how) {
      if (!mail) return { is: 'refused', why: 'SMTP_URL is not set', disables: false };
      const { address } = params.parse(how.contact);
      const links = await linksFor(world, publicUrl, receiverId, how);
      const from = /<([^<>\s]+)>\s*$/.exec(mail.from)?.[1] ?? mail.from;
      const whole = await composeMail(message, how.about!, { from: mail.from, to: address, ...links }, how);
      return mailOutcome(await sendBySmtp(mail, { from, to: address }, whole));
    },
  };
}

/** Nobody is asked to acknowledge what is over, or to unsubscribe from a code that they may not have asked for. */
async function linksFor(world: World, publicUrl: string, receiverId: string, { about, now }: Delivering) {
  if (!about || about.kind === 'code') return { acknowledge: null, unsubscribe: null };
  const key = await linkKey(world);
  const link = (to: 'acknowledge' | 'unsubscribe', what: string, days: number) =>
    `${publicUrl}/mail/${signLink(key, { to, who: receiverId, what, expiresAt: now + days * day })}`;
  const what = about.alert?.id ?? toldIn(about.id);
  return {
    acknowledge: about.open > 0 ? link('acknowledge', what, 7) : null,
    unsubscribe: link('unsubscribe', '', 400),
  };
}
