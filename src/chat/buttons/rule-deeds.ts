// What can be done to a rule: open, pause, edit, delete (asked once), sample, and making a new one.
import { parseWatchLine } from '#core/watch-line.ts';
import { deleteRule } from '#operations/delete-rule.ts';
import { editRule } from '#operations/edit-rule.ts';
import { authorise } from '#operations/may.ts';
import { pauseRule } from '#operations/pause-rule.ts';
import { sampleRule } from '#operations/sample-rule.ts';
import { openAlertsOf } from '#store/alert-lists.ts';
import { findRule } from '#store/rules.ts';
import type { ButtonAction } from '../button.ts';
import { documentOfLine, watchLine } from '../commands/watch.ts';
import { whoOf } from '../context.ts';
import { html, lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as refusals from '../locales/refusals.ts';
import * as sayRules from '../locales/rules.ts';
import { ruleScreen, rulesScreen, savedScreen } from '../rule-screens.ts';
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
    await ctx.toast(done.ok ? (on === 'on' ? sayRules.pausedNow : sayRules.resumedNow) : done.text);
    await ctx.show(await ruleScreen(ctx, ruleId), 'here');
  },
};

/** Payload: the rule's id, and the part to begin with; all are offered without one. */
export const edit: ButtonAction = {
  action: 'edit',
  async press(ctx, row) {
    const [ruleId = '', part] = (row.payload ?? '').split(' ');
    const { db } = ctx.deps.world.database;
    const found = await findRule(db, ruleId);
    if (!found) return ctx.toast(sayRules.ruleGone());
    const refused = await authorise(db, whoOf(ctx).actor, 'rule', found.ownerId);
    await ctx.toast(refused?.text);
    if (refused) return;
    const messageId = ctx.callbackQuery?.message?.message_id;
    const seed = { ruleId, ...(part === undefined ? {} : { part }) };
    ctx.opens = { dialogue: 'edit', seed, ...(messageId ? { messageId } : {}) };
  },
};

/** Payload: the rule's id. */
export const words: ButtonAction = {
  action: 'words',
  async press(ctx, row) {
    const ruleId = row.payload ?? '';
    const { db } = ctx.deps.world.database;
    const found = await findRule(db, ruleId);
    if (!found) return ctx.toast(sayRules.ruleGone());
    const refused = await authorise(db, whoOf(ctx).actor, 'rule', found.ownerId);
    await ctx.toast(refused?.text);
    const messageId = ctx.callbackQuery?.message?.message_id;
    if (!refused) ctx.opens = { dialogue: 'words', seed: { ruleId }, ...(messageId ? { messageId } : {}) };
  },
};

/** Payload: `on` or `off`, and the rule's id. */
export const trial: ButtonAction = {
  action: 'trial',
  async press(ctx, row) {
    const [on, ruleId = ''] = (row.payload ?? '').split(' ');
    const changes = { shadow: on === 'on' ? true : null };
    const input = { ruleId, changes, book: ctx.deps.book };
    const done = await editRule(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? (on === 'on' ? sayRules.onTrial : sayRules.trialOver) : done.text);
    await ctx.show(await ruleScreen(ctx, ruleId), 'here');
  },
};

export const remove: ButtonAction = {
  action: 'delete',
  async press(ctx, row) {
    const [ruleId = '', surely] = (row.payload ?? '').split(' ');
    const { db } = ctx.deps.world.database;
    const found = await findRule(db, ruleId);
    if (!found) {
      await ctx.toast(sayRules.ruleGone());
      return void (await ctx.show(await rulesScreen(ctx), 'here'));
    }
    if (surely === undefined) {
      await ctx.toast();
      const open = (await openAlertsOf(db, [found.ownerId], 1000)).filter(
        (alert) => alert.ruleId === ruleId,
      ).length;
      const rows: Choice[][] = [
        [
          { label: sayRules.removeSurely, action: 'delete', payload: `${ruleId} surely`, style: 'danger' },
          { label: labels.keepIt, action: 'rule', payload: ruleId },
        ],
      ];
      return void (await ctx.show({ text: sayRules.deleteAsk(found.name, open), rows }, 'here'));
    }
    const done = await deleteRule(ctx.deps.world, whoOf(ctx).actor, { ruleId }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    const after = await rulesScreen(ctx);
    await ctx.show(
      done.ok ? { ...after, text: lines(sayRules.deleted(found.name), after.text) } : after,
      'here',
    );
  },
};

export const sample: ButtonAction = {
  action: 'sample',
  async press(ctx, row) {
    const input = { ruleId: row.payload ?? '', book: ctx.deps.book };
    const done = await sampleRule(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? sayRules.sampleComes : done.text);
  },
};

export const newRule: ButtonAction = {
  action: 'new-rule',
  async press(ctx) {
    await ctx.toast();
    ctx.opens = { dialogue: 'subscribe', seed: {} };
  },
};

/** The names that were meant: the rule that was just made says them. Payload: its id, and the line. */
export const mend: ButtonAction = {
  action: 'mend',
  async press(ctx, row) {
    const [, ruleId = '', line = ''] = /^(\S+) ([\s\S]*)$/.exec(row.payload ?? '') ?? [];
    const read = parseWatchLine(line);
    const found = read.ok ? await findRule(ctx.deps.world.database.db, ruleId) : undefined;
    if (!read.ok || !found) return ctx.toast(sayRules.ruleGone());
    const input = { ruleId, changes: { ...documentOfLine(read) }, book: ctx.deps.book };
    const done = await editRule(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    await ctx.show(done.ok ? await savedScreen(ctx, done.rule) : await ruleScreen(ctx, ruleId), 'here');
  },
};

/** Yes to “Did you mean”: the payload is the line. */
export const watch: ButtonAction = {
  action: 'watch',
  async press(ctx, row) {
    await ctx.toast();
    if (row.payload) await watchLine(ctx, row.payload, 'here');
    else await ctx.show({ text: html`${refusals.oldButton}` }, 'here');
  },
};
