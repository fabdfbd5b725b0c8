// What can be done to a rule: open, pause, edit, delete (asked once), sample, and making a new one.
import { severities } from '#core/severity.ts';
import { deleteRule } from '#operations/delete-rule.ts';
import { editRule } from '#operations/edit-rule.ts';
import { pauseRule } from '#operations/pause-rule.ts';
import { sampleRule } from '#operations/sample-rule.ts';
import { openAlertsOf } from '#store/alerts.ts';
import { findRule } from '#store/rules.ts';
import type { ButtonAction } from '../button.ts';
import { watchLine } from '../commands/watch.ts';
import { whoOf } from '../context.ts';
import { oldValue } from '../conversations/edit-rule.ts';
import { html, lines } from '../html.ts';
import * as en from '../locales/en.ts';
import { ruleScreen, rulesScreen } from '../rule-screens.ts';
import type { Choice } from '../screen.ts';

export const rules: ButtonAction = {
  action: 'rules',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await rulesScreen(ctx, Number(row.payload ?? 0)), 'here');
  },
};

export const rule: ButtonAction = {
  action: 'rule',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await ruleScreen(ctx, row.payload ?? ''), 'here');
  },
};

export const pause: ButtonAction = {
  action: 'pause',
  async press(ctx, row) {
    const [on, ruleId = ''] = (row.payload ?? '').split(' ');
    const done = await pauseRule(ctx.deps.world, whoOf(ctx).actor, { ruleId, paused: on === 'on' }, ctx.now);
    await ctx.toast(done.ok ? (on === 'on' ? en.pausedNow : en.resumedNow) : done.text);
    await ctx.show(await ruleScreen(ctx, ruleId), 'here');
  },
};

/** Payload: the rule's id, or the rule's id, a part and for severity its new value. */
export const edit: ButtonAction = {
  action: 'edit',
  async press(ctx, row) {
    const [ruleId = '', part, value] = (row.payload ?? '').split(' ');
    const found = await findRule(ctx.deps.world.database.db, ruleId);
    if (!found) return ctx.toast(en.ruleGone());
    if (part === 'limit' || part === 'for' || part === 'name') {
      await ctx.toast();
      const messageId = ctx.callbackQuery?.message?.message_id;
      ctx.opens = { dialogue: 'edit', seed: { ruleId, field: part }, ...(messageId ? { messageId } : {}) };
      return;
    }
    if (part === 'severity' && value !== undefined) {
      const changes = { severity: value === 'event' ? null : value };
      const done = await editRule(
        ctx.deps.world,
        whoOf(ctx).actor,
        { ruleId, changes, book: ctx.deps.book },
        ctx.now,
      );
      await ctx.toast(done.ok ? undefined : done.text);
      const after = await ruleScreen(ctx, ruleId);
      const what = done.ok
        ? en.editDone('severity', oldValue('severity', found), oldValue('severity', done.rule))
        : undefined;
      return void (await ctx.show({ ...after, text: lines(what, after.text) }, 'here'));
    }
    await ctx.toast();
    const backRow: Choice[] = [{ label: en.back, action: 'rule', payload: ruleId }];
    if (part === 'severity') {
      const choices = [...severities].reverse().map(
        (one): Choice => ({
          label: en.severityLabel(one),
          action: 'edit',
          payload: `${ruleId} severity ${one}`,
        }),
      );
      const event: Choice = { label: en.asTheEventSays, action: 'edit', payload: `${ruleId} severity event` };
      return void (await ctx.show(
        { text: en.editAsk('severity', oldValue('severity', found)), rows: [choices, [event], backRow] },
        'here',
      ));
    }
    const parts = [...(found.kind === 'threshold' ? ['limit'] : []), 'for', 'severity', 'name'];
    const screen = await ruleScreen(ctx, ruleId);
    const rows = [
      parts.map((one): Choice => ({ label: en.editField(one), action: 'edit', payload: `${ruleId} ${one}` })),
      backRow,
    ];
    await ctx.show({ text: en.editWhat(screen.text), rows }, 'here');
  },
};

export const remove: ButtonAction = {
  action: 'delete',
  async press(ctx, row) {
    const [ruleId = '', surely] = (row.payload ?? '').split(' ');
    const { db } = ctx.deps.world.database;
    const found = await findRule(db, ruleId);
    if (!found) {
      await ctx.toast(en.ruleGone());
      return void (await ctx.show(await rulesScreen(ctx), 'here'));
    }
    if (surely === undefined) {
      await ctx.toast();
      const open = (await openAlertsOf(db, [found.ownerId], 1000)).filter(
        (alert) => alert.ruleId === ruleId,
      ).length;
      const rows: Choice[][] = [
        [
          { label: en.removeSurely, action: 'delete', payload: `${ruleId} surely`, style: 'danger' },
          { label: en.keepIt, action: 'rule', payload: ruleId },
        ],
      ];
      return void (await ctx.show({ text: en.deleteAsk(found.name, open), rows }, 'here'));
    }
    const done = await deleteRule(ctx.deps.world, whoOf(ctx).actor, { ruleId }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    const after = await rulesScreen(ctx);
    await ctx.show(done.ok ? { ...after, text: lines(en.deleted(found.name), after.text) } : after, 'here');
  },
};

export const sample: ButtonAction = {
  action: 'sample',
  async press(ctx, row) {
    const input = { ruleId: row.payload ?? '', book: ctx.deps.book };
    const done = await sampleRule(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? en.sampleComes : done.text);
  },
};

export const newRule: ButtonAction = {
  action: 'new-rule',
  async press(ctx) {
    await ctx.toast();
    ctx.opens = { dialogue: 'subscribe', seed: {} };
  },
};

/** Yes to “Did you mean”: the payload is the line. */
export const watch: ButtonAction = {
  action: 'watch',
  async press(ctx, row) {
    await ctx.toast();
    if (row.payload) await watchLine(ctx, row.payload, 'here');
    else await ctx.show({ text: html`${en.oldButton}` }, 'here');
  },
};
