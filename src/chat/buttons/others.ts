// Buttons that belong to no room of their own: what burns, an invitation, the command that was meant.
import type { Role } from '#core/actor.ts';
import { invite as makeInvitation } from '#operations/invite.ts';
import { retryNotification } from '#operations/retry-notification.ts';
import { alertsScreen } from '../alert-screens.ts';
import type { ButtonAction } from '../button.ts';
import { isOffered } from '../command.ts';
import { whoOf } from '../context.ts';
import * as sayContact from '../locales/contact.ts';
import * as sayDelivery from '../locales/deliveries.ts';
import { copying, presentAgain } from '../screen.ts';
import { isGroupChat } from '../who.ts';

export const alerts: ButtonAction = {
  action: 'alerts',
  async press(ctx) {
    await presentAgain(ctx, await alertsScreen(ctx));
  },
};

/** Payload: the role. */
export const invite: ButtonAction = {
  action: 'invite',
  async press(ctx, row) {
    const role = (row.payload ?? 'member') as Role;
    const done = await makeInvitation(ctx.deps.world, whoOf(ctx).actor, { role }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    if (!done.ok) return;
    const link = `https://t.me/${ctx.me.username}?start=${done.token}`;
    const text = sayContact.inviteLink(link, role, done.expiresAt, ctx.zone, ctx.now);
    await ctx.show(copying({ text }, { [sayContact.copyLink]: link }), 'here');
  },
};

/** Payload: the number of a message that could not be told. */
export const tryAgain: ButtonAction = {
  action: 'retry-notification',
  async press(ctx, row) {
    const notificationId = Number(row.payload);
    const done = await retryNotification(ctx.deps.world, whoOf(ctx).actor, { notificationId }, ctx.now);
    await ctx.toast(done.ok ? sayDelivery.triedAgain(done.label) : done.text);
  },
};

/** Payload: the name of the command that was meant. */
export const meant: ButtonAction = {
  action: 'command',
  async press(ctx, row) {
    await ctx.toast();
    const scope = isGroupChat(ctx) ? 'group' : 'private';
    const [word, rest = ''] = (row.payload ?? '').split(/\s(.*)/s);
    const command = ctx.commands.find(({ name }) => name === word);
    if (command && isOffered(command, scope, whoOf(ctx).person.role)) await command.handle(ctx, rest);
  },
};
