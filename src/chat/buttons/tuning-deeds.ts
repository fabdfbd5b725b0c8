// Making a rule quieter by one press: the change, what it was and is, and the way back.
import { printDuration, sayDuration } from '#core/duration.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import { onlyInWorkHours, withLimit, workHours } from '#core/tuning.ts';
import { editRule } from '#operations/edit-rule.ts';
import { gatherHourly } from '#operations/gather-hourly.ts';
import { leaveRule } from '#operations/leave-rule.ts';
import { pauseRule } from '#operations/pause-rule.ts';
import { receiversOf } from '#store/receivers.ts';
import { findRule } from '#store/rules.ts';
import type { ButtonAction } from '../button.ts';
import { type ChatContext, whoOf } from '../context.ts';
import type { Html } from '../html.ts';
import * as refusals from '../locales/refusals.ts';
import * as sayRules from '../locales/rules.ts';
import * as say from '../locales/tuning.ts';
import { limitName, tuneScreen } from '../tuning-screens.ts';

/** Payload: the rule's id (shows), and `limit n`, `for ms`, `hours on|off`, `gather on|off`, `pause`, `leave`. */
export const tune: ButtonAction = {
  action: 'tune',
  async press(ctx, row) {
    const [ruleId = '', what, value = ''] = (row.payload ?? '').split(' ');
    const rule = await findRule(ctx.deps.world.database.db, ruleId);
    // Whose rule it is decides who sees it.
    if (!rule || rule.ownerId !== ctx.ownerId) return ctx.toast(sayRules.ruleGone());
    if (what === undefined) {
      await ctx.toast();
      return void (await ctx.show(await tuneScreen(ctx, rule), 'here'));
    }
    const done = await run(ctx, rule, what, value);
    await ctx.toast(done.ok ? undefined : done.text);
    if (!done.ok) return;
    const { text, undo } = done;
    const rows = [
      [
        ...(undo === undefined
          ? []
          : [
              what === 'pause'
                ? { label: say.undo, action: 'pause', payload: `off ${rule.id}` }
                : { label: say.undo, action: 'tune', payload: `${rule.id} ${undo}` },
            ]),
        { label: say.theRule, action: 'rule', payload: rule.id },
      ],
    ];
    await ctx.show({ text, rows }, 'here');
  },
};

type Ran = { ok: true; text: Html; undo?: string } | { ok: false; text: string };

async function run(ctx: ChatContext, rule: Rule, what: string, value: string): Promise<Ran> {
  const { world } = ctx.deps;
  const { actor } = whoOf(ctx);
  const changed = (part: string, before: string, after: string) =>
    say.changed(rule.name, part, before, after);
  switch (what) {
    case 'limit': {
      const name = limitName(ctx, rule);
      if (name === undefined) return { ok: false, text: refusals.oldButton };
      const params = withLimit(rule.params, name, Number(value));
      const before = String(rule.params[name]);
      return told(await edit(ctx, rule, { params }), changed('limit', before, value), `limit ${before}`);
    }
    case 'for': {
      const said = (ms: number) => (ms === 0 ? 'at once' : `after ${sayDuration(ms)}`);
      const done = await edit(ctx, rule, { for: printDuration(Number(value)) });
      return told(done, changed('told', said(rule.forMs), said(Number(value))), `for ${rule.forMs}`);
    }
    case 'hours': {
      const on = value === 'on';
      const words: [string, string] = on ? ['at any hour', workHours] : [workHours, 'at any hour'];
      const done = await edit(ctx, rule, { bands: on ? onlyInWorkHours : null });
      return told(done, changed('told', ...words), `hours ${on ? 'off' : 'on'}`);
    }
    case 'gather': {
      const own = await receiversOf(world.database.db, [rule.ownerId]);
      const place = own.find(
        ({ id, disabled }) => disabled === null && (rule.to.length === 0 || rule.to.includes(id)),
      );
      const on = value === 'on';
      const done = await gatherHourly(world, actor, { receiverId: place?.id ?? '', on }, ctx.now);
      return told(done, say.gathered(place?.label ?? '', on), `gather ${on ? 'off' : 'on'}`);
    }
    case 'pause':
      return told(
        await pauseRule(world, actor, { ruleId: rule.id, paused: true }, ctx.now),
        changed('', 'watching', 'paused'),
        'pause',
      );
    default: {
      const done = await leaveRule(world, actor, { ruleId: rule.id }, ctx.now);
      return done.ok ? { ok: true, text: say.leftAsIs(rule.name) } : done;
    }
  }
}

function edit(ctx: ChatContext, { id: ruleId }: Rule, changes: Record<string, unknown>) {
  return editRule(ctx.deps.world, whoOf(ctx).actor, { ruleId, changes, book: ctx.deps.book }, ctx.now);
}

function told(done: Outcome<object>, text: Html, undo: string): Ran {
  return done.ok ? { ok: true, text, undo } : { ok: false, text: done.text };
}
