// Words about the people who use this Tocsin, and about leaving it.
import type { Role } from '#core/actor.ts';
import { bold, type Html, html, lines, short } from '../html.ts';

export const membersTitle = (count: number): Html =>
  html`${bold('Who uses this Tocsin')}: ${count}. Press somebody to remove them.`;
export const memberLabel = (name: string, role: Role) => (role === 'member' ? name : `${name} (${role})`);

export const forgetAsk = (rules: number): Html =>
  lines(
    html`${bold('Leave, and have everything that is yours deleted?')}`,
    html`${rules === 0 ? 'Your receivers' : `${rules === 1 ? 'Your rule ends' : `Your ${rules} rules end`}; your receivers`}, lists, heartbeats, styles, buttons and open pages are deleted at once. What others rely on stays (groups’ rules, alerts that you acknowledged), without your name.`,
    html`It cannot be undone. You can come back with a new invitation, as somebody new.`,
  );
export const forgetSurely = 'Delete everything of mine';
export const removeAsk = (name: string): Html =>
  lines(
    html`${bold(`Remove ${short(name, 60)}?`)}`,
    html`Their rules end; their receivers, lists, heartbeats, buttons and open pages are deleted at once. What others rely on stays, without their name. They are told. It cannot be undone.`,
  );
export const removeSurely = 'Remove them';
export const removed = (rules: number, burning: number): Html =>
  html`Removed. ${rules === 1 ? 'One rule' : `${rules} rules`} ended${burning === 0 ? '' : `; they were told that ${burning} of what they heard of still burn`}.`;
