// What can be done by buttons with software that is asked, and with heartbeats.
import { createRule } from '#operations/create-rule.ts';
import { listTargets } from '#operations/list-targets.ts';
import { pauseTarget } from '#operations/pause-target.ts';
import { removeHeartbeat } from '#operations/remove-heartbeat.ts';
import { removeTarget } from '#operations/remove-target.ts';
import { renewHeartbeat } from '#operations/renew-heartbeat.ts';
import { findHeartbeat } from '#store/heartbeats.ts';
import { rulesOf } from '#store/rules.ts';
import type { ButtonAction } from '../button.ts';
import { type ChatContext, whoOf } from '../context.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/sources.ts';
import { type Choice, copying } from '../screen.ts';
import { copies, secretly } from '../secretly.ts';
import { heartbeatScreen, modulesScreen, ruleOf, sourcesScreen, targetScreen } from '../source-screens.ts';
import { here } from './asks.ts';

export const sources: ButtonAction = {
  action: 'sources',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await sourcesScreen(ctx), 'here');
  },
};

/** Payload: the target's id. */
export const target: ButtonAction = {
  action: 'target',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await targetScreen(ctx, row.payload ?? ''), 'here');
  },
};

/** Payload: none asks which module; its name opens its questions. */
export const addTarget: ButtonAction = {
  action: 'target-add',
  async press(ctx, row) {
    await ctx.toast();
    if (row.payload === null) return void (await ctx.show(modulesScreen(ctx), 'here'));
    ctx.opens = { dialogue: 'target', seed: { module: row.payload, typed: {} }, ...here(ctx) };
  },
};

/** Payload: the target's id, and the number of the rule it offers, or `all`. */
export const offer: ButtonAction = {
  action: 'offer',
  async press(ctx, row) {
    const [id = '', which = ''] = (row.payload ?? '').split(' ');
    const found = await targetNamed(ctx, id);
    if (!found) {
      await ctx.toast();
      return void (await ctx.show(await targetScreen(ctx, id), 'here'));
    }
    const offers = ctx.deps.modules.offers(found.module, found.name);
    const wanted = which === 'all' ? offers : offers.slice(Number(which), Number(which) + 1);
    let made = 0;
    let refused: string | undefined;
    for (const one of wanted) {
      const rules = await rulesOf(ctx.deps.world.database.db, [ctx.ownerId]);
      if (ruleOf(one, rules)) continue;
      const { name = one.title } = one.document;
      const taken = rules.some((rule) => rule.name === name);
      const document = { ...one.document, name: taken ? `${name}: ${found.name}`.slice(0, 100) : name };
      const input = { ownerId: ctx.ownerId, document, book: ctx.deps.book };
      const done = await createRule(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
      if (done.ok) made++;
      else refused ??= done.text;
    }
    await ctx.toast(refused ?? say.rulesMade(Math.max(1, made)));
    await ctx.show(await targetScreen(ctx, id), 'here');
  },
};

/** Payload: `on` or `off`, and the target's id. */
export const pauseOne: ButtonAction = {
  action: 'target-pause',
  async press(ctx, row) {
    const [on, id = ''] = (row.payload ?? '').split(' ');
    const input = { target: id, paused: on === 'on' };
    const done = await pauseTarget(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? (on === 'on' ? say.pausedNow : say.resumed) : done.text);
    await ctx.show(await targetScreen(ctx, id), 'here');
  },
};

/** Payload: the target's id, and `surely` the second time. */
export const removeOne: ButtonAction = {
  action: 'target-remove',
  async press(ctx, row) {
    const [id = '', surely] = (row.payload ?? '').split(' ');
    const found = await targetNamed(ctx, id);
    if (!found) {
      await ctx.toast();
      return void (await ctx.show(await targetScreen(ctx, id), 'here'));
    }
    if (surely === undefined) {
      await ctx.toast();
      const rules = await rulesOf(ctx.deps.world.database.db, [ctx.ownerId]);
      const about = ctx.deps.modules
        .offers(found.module, found.name)
        .flatMap((one) => ruleOf(one, rules) ?? []);
      const text = say.removeTargetAsk(
        found.name,
        about.map(({ name }) => name),
      );
      return void (await ctx.show({ text, rows: asked('target-remove', 'target', id) }, 'here'));
    }
    const done = await removeTarget(ctx.deps.world, whoOf(ctx).actor, { target: id }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    await ctx.show(await sourcesScreen(ctx, done.ok ? say.removed(done.name) : undefined), 'here');
  },
};

async function targetNamed(ctx: ChatContext, id: string) {
  const listed = await listTargets(ctx.deps.world, whoOf(ctx).actor, ctx.now);
  return listed.ok ? listed.targets.find((one) => one.id === id) : undefined;
}

const asked = (
  action: 'target-remove' | 'heartbeat-remove',
  back: 'target' | 'heartbeat',
  id: string,
): Choice[][] => [
  [
    { label: say.removeSurely, action, payload: `${id} surely`, style: 'danger' },
    { label: labels.keepIt, action: back, payload: id },
  ],
];

export const addHeartbeat: ButtonAction = {
  action: 'heartbeat-add',
  async press(ctx) {
    await ctx.toast();
    ctx.opens = { dialogue: 'heartbeat', seed: { ownerId: ctx.ownerId }, ...here(ctx) };
  },
};

/** Payload: the heartbeat's id. */
export const heartbeat: ButtonAction = {
  action: 'heartbeat',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await heartbeatScreen(ctx, row.payload ?? ''), 'here');
  },
};

/** Payload: the heartbeat's id, and `surely` the second time. */
export const renewBeat: ButtonAction = {
  action: 'heartbeat-renew',
  async press(ctx, row) {
    const [id = '', surely] = (row.payload ?? '').split(' ');
    const found = await ownHeartbeat(ctx, id);
    if (!found || surely === undefined) {
      await ctx.toast();
      if (!found) return void (await ctx.show(await heartbeatScreen(ctx, id), 'here'));
      const rows: Choice[][] = [
        [
          { label: say.renewSurely, action: 'heartbeat-renew', payload: `${id} surely` },
          { label: labels.keepIt, action: 'heartbeat', payload: id },
        ],
      ];
      return void (await ctx.show({ text: say.renewAsk(found.name), rows }, 'here'));
    }
    const done = await renewHeartbeat(ctx.deps.world, whoOf(ctx).actor, { heartbeat: id }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    const address = done.ok ? `${ctx.deps.publicUrl}/v1/ping/${done.token}` : undefined;
    const above = address && (await secretly(ctx, found.name, say.curlLine(address)));
    const screen = await heartbeatScreen(ctx, id, above || undefined);
    const copied = address ? copies(ctx, { [say.copyLine]: say.callOf(address) }) : {};
    await ctx.show(copying(screen, copied), 'here');
  },
};

/** Payload: the heartbeat's id, and `surely` the second time. */
export const removeBeat: ButtonAction = {
  action: 'heartbeat-remove',
  async press(ctx, row) {
    const [id = '', surely] = (row.payload ?? '').split(' ');
    const found = await ownHeartbeat(ctx, id);
    if (!found || surely === undefined) {
      await ctx.toast();
      if (!found) return void (await ctx.show(await heartbeatScreen(ctx, id), 'here'));
      const rows = asked('heartbeat-remove', 'heartbeat', id);
      return void (await ctx.show({ text: say.removeBeatAsk(found.name), rows }, 'here'));
    }
    const done = await removeHeartbeat(ctx.deps.world, whoOf(ctx).actor, { heartbeat: id }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    await ctx.show(await sourcesScreen(ctx, done.ok ? say.removed(done.name) : undefined), 'here');
  },
};

async function ownHeartbeat(ctx: ChatContext, id: string) {
  const found = await findHeartbeat(ctx.deps.world.database.db, id);
  return found?.ownerId === ctx.ownerId ? found : undefined;
}
