// Texts of the first contact: strangers, hello, invitations, and the groups that the bot comes into.
import { sayInstant } from '#core/hours.ts';
import type { Settings } from '#core/owner.ts';
import { bold, html, lines, short } from '../html.ts';
import { countOf } from './count-of.ts';
import { yourClock } from './place.ts';
import { quietLine } from './quiet.ts';

export const stranger = () =>
  html`I only talk to people who were invited. Ask somebody who uses me for a link.`;
export const strangerHere = () =>
  html`I only talk to people who were invited. Ask an admin here for a link: /invite in their private chat with me makes one.`;
export const hidden = () => html`I cannot see who you are. Please write under your own name.`;
export const hello = (name: string, zone: string, now: number) =>
  lines(
    html`Hello ${short(name, 40)}. I tell you when something you care about goes wrong, and when it is over.`,
    yourClock(zone, now),
  );
export const welcomeBack = (
  name: string,
  settings: Settings,
  { rules, paused, burning }: { rules: number; paused: number; burning: number },
  now: number,
) =>
  lines(
    html`Hello ${short(name, 40)}. ${burning === 0 ? 'Nothing burns' : countOf(burning, 'alert burns', 'alerts burn')}${rules === 0 ? ', and no rule is watching yet' : `; ${countOf(rules - paused, 'rule is watching', 'rules are watching')}`}${paused > 0 ? html`, ${paused} paused` : ''}.`,
    yourClock(settings.zone, now),
    quietLine(settings.quiet),
  );
export const joinedRaised = (role: string) => html`You are now ${role} here.`;
export const inviteAsk = () => html`Whom do you invite? The link works once, for one person, for a day.`;
export const inviteLink = (link: string, role: string, until: number, zone: string, now: number) =>
  lines(
    html`Send this link to the person (${role}); it works once, until ${sayInstant(until, zone, now)}:`,
    html`${link}`,
  );
export const copyLink = 'Copy the link';
export const groupHello = (title: string, zone: string) =>
  lines(
    html`Hello. I tell ${bold(short(title, 60))} when something goes wrong, and when it is over.`,
    html`Everybody here who was invited can acknowledge; admins of this group make its rules: /subscribe or /watch. Clock: ${zone}.`,
    html`Whoever was not invited yet needs a link: /invite in our private chat makes one for each.`,
  );
export const groupGoodbye = () =>
  html`I only join groups of people who use me: first talk to me in private. Goodbye.`;
