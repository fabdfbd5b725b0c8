// /start: the first contact by a deep link, and later what I know about you.
import { zoneOfLanguage } from '#core/zones.ts';
import { join } from '#operations/join.ts';
import { openAlertsOf } from '#store/alert-lists.ts';
import { rulesOf } from '#store/rules.ts';
import type { Command } from '../command.ts';
import type { ChatContext } from '../context.ts';
import * as sayContact from '../locales/contact.ts';
import * as labels from '../locales/labels.ts';
import * as sayPlace from '../locales/place.ts';
import { packScreen } from '../pack-screens.ts';
import { settingsScreen } from '../settings-screens.ts';

export const start: Command = {
  name: 'start',
  description: 'what I know about you, and what next',
  scopes: ['private'],
  who: 'member',
  async handle(ctx, rest) {
    const who = ctx.who;
    if (!who) return;
    const packId = /^pack-(k_[0-9a-z]{1,40})$/.exec(rest)?.[1];
    if (packId !== undefined && who.person.zone !== null)
      return void (await ctx.show(await packScreen(ctx, packId)));
    if (rest === 'settings') return void (await ctx.show(await settingsScreen(ctx)));
    // A known person may hold an invitation to a higher role, and their address works again.
    const joined = await join(ctx.deps.world, joinInput(ctx, rest), ctx.now);
    if (joined.ok && joined.person.role !== who.person.role)
      await ctx.show({ text: sayContact.joinedRaised(joined.person.role) });
    if (who.person.zone === null) return firstContact(ctx, who.person.name);
    const { db } = ctx.deps.world.database;
    const rules = await rulesOf(db, [who.person.id]);
    const burning = (await openAlertsOf(db, [who.person.id], 1000)).length;
    const counts = { rules: rules.length, paused: rules.filter(({ paused }) => paused).length, burning };
    await ctx.show({
      text: sayContact.welcomeBack(who.person.name, ctx.settings, counts, ctx.now),
      rows: [
        [
          { label: labels.newRule, action: 'new-rule' },
          { label: labels.myRules, action: 'rules', payload: '0' },
        ],
        [
          { label: labels.whatBurns, action: 'alerts' },
          { label: labels.settingsLabel, action: 'settings' },
        ],
      ],
    });
  },
};

/** Who wants to come in, with the invitation in the link, if there is one. */
export function joinInput(ctx: ChatContext, token: string) {
  const from = ctx.from!;
  return {
    telegramId: from.id,
    name: [from.first_name, from.last_name].filter(Boolean).join(' '),
    username: from.username,
    chatId: ctx.chatId!,
    ...(/^[A-Za-z0-9_-]{16,64}$/.test(token) ? { token } : {}),
    owners: ctx.deps.owners,
  };
}

/** The first screen: who I am, and whether the clock is right. */
export async function firstContact(ctx: ChatContext, name: string): Promise<void> {
  const zone = zoneOfLanguage(ctx.from?.language_code) ?? ctx.deps.world.defaultZone;
  await ctx.show({
    text: sayContact.hello(name, zone, ctx.now),
    rows: [
      [
        { label: sayPlace.thatsRight, action: 'zone-right', payload: zone },
        { label: sayPlace.anotherPlace, action: 'place', payload: 'first' },
      ],
    ],
  });
}
