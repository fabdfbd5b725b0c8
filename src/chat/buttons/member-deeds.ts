// What can be done with people by buttons: leaving, and removing somebody.
import { erasePerson } from '#operations/erase-person.ts';
import { findPerson, peopleHere } from '#store/people.ts';
import type { ButtonAction } from '../button.ts';
import { calledApart } from '../called.ts';
import { whoOf } from '../context.ts';
import { html, lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/members.ts';
import { membersScreen } from '../member-screens.ts';

export const members: ButtonAction = {
  action: 'members',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await membersScreen(ctx), 'here');
  },
};

/** Payload: the person's id, and `surely` the second time. */
export const removeMember: ButtonAction = {
  action: 'member-remove',
  async press(ctx, row) {
    const [personId = '', surely] = (row.payload ?? '').split(' ');
    const { world } = ctx.deps;
    const person = await findPerson(world.database.db, personId);
    if (surely === undefined && person && person.leftAt === null) {
      await ctx.toast();
      const called = calledApart(await peopleHere(world.database.db)).get(personId) ?? person.name;
      const rows = [
        [
          {
            label: say.removeSurely,
            action: 'member-remove',
            payload: `${personId} surely`,
            style: 'danger' as const,
          },
          { label: labels.back, action: 'members' },
        ],
      ];
      return void (await ctx.show({ text: say.removeAsk(called), rows }, 'here'));
    }
    const done = await erasePerson(world, whoOf(ctx).actor, { personId }, ctx.now);
    await ctx.toast();
    const screen = await membersScreen(ctx);
    const above = done.ok ? say.removed(done.rules, done.burning.length) : html`${done.text}`;
    await ctx.show({ ...screen, text: lines(above, screen.text) }, 'here');
  },
};

/** The one who presses; the button is asked for by /forget and stands in their own chat. */
export const forgetMe: ButtonAction = {
  action: 'forget-me',
  async press(ctx) {
    const { actor, person } = whoOf(ctx);
    const done = await erasePerson(ctx.deps.world, actor, { personId: person.id }, ctx.now);
    // The last words come as a message of their own; nothing else is said to somebody who is not here any more.
    await ctx.toast(done.ok ? undefined : done.text, { alert: true });
  },
};
