// Screens about what is watched: all of it, the modules to choose from, one target with the rules it offers, one heartbeat.
import type { Rule } from '#core/rule.ts';
import { mayKeepSources } from '#operations/create-source.ts';
import { listHeartbeats } from '#operations/list-heartbeats.ts';
import { listTargets } from '#operations/list-targets.ts';
import type { Offer } from '#operations/module-book.ts';
import { rulesOf } from '#store/rules.ts';
import { type ChatContext, whoOf } from './context.ts';
import { type Html, lines } from './html.ts';
import * as labels from './locales/labels.ts';
import { pushersLabel } from './locales/pushing.ts';
import * as refusals from './locales/refusals.ts';
import * as say from './locales/sources.ts';
import { type Choice, inPairs, type Screen } from './screen.ts';

const most = 12;

/** Everything that tells something; software and what pushes are for admins. */
export async function sourcesScreen(ctx: ChatContext, above?: Html): Promise<Screen> {
  const [{ world }, { actor }] = [ctx.deps, whoOf(ctx)];
  const admin = await mayKeepSources(world.database.db, actor);
  const targets = await listTargets(world, actor, ctx.now);
  const beats = await listHeartbeats(world, actor, { ownerId: ctx.ownerId });
  const asked = targets.ok ? targets.targets : [];
  const called = beats.ok ? beats.heartbeats : [];
  const opens: Choice[] = [
    ...asked.slice(0, most).map(({ id, name }): Choice => ({ label: name, action: 'target', payload: id })),
    ...called
      .slice(0, most)
      .map(({ id, name }): Choice => ({ label: name, action: 'heartbeat', payload: id })),
  ];
  return {
    text: lines(
      above,
      say.sourcesTitle(asked, called, { admin, group: ctx.group !== undefined }, ctx.zone, ctx.now),
    ),
    rows: [
      ...inPairs(opens),
      [
        ...(admin ? [{ label: say.watchSoftware, action: 'target-add' }] : []),
        { label: say.addHeartbeat, action: 'heartbeat-add' },
        ...(admin ? [{ label: pushersLabel, action: 'pushers' }] : []),
      ],
    ],
  };
}

/** The modules that can be asked, each with its button. */
export function modulesScreen(ctx: ChatContext): Screen {
  const scraped = ctx.deps.modules.all().filter((one) => one.scraped);
  const presses = scraped.map(
    ({ name, title }): Choice => ({ label: title, action: 'target-add', payload: name }),
  );
  return {
    text: say.whichModule(),
    rows: [...inPairs(presses), [{ label: labels.back, action: 'sources' }]],
  };
}

/** One target: how it is, and the rules that it offers and that are not here yet. */
export async function targetScreen(ctx: ChatContext, id: string, above?: Html): Promise<Screen> {
  const listed = await listTargets(ctx.deps.world, whoOf(ctx).actor, ctx.now);
  if (!listed.ok) return { text: refusals.refused(listed.text) };
  const target = listed.targets.find((one) => one.id === id);
  if (!target) return sourcesScreen(ctx, say.targetGone());
  const module = ctx.deps.modules.find(target.module);
  const rules = await rulesOf(ctx.deps.world.database.db, [ctx.ownerId]);
  const offers = ctx.deps.modules.offers(target.module, target.name);
  const open = offers.flatMap((offer, at) => (ruleOf(offer, rules) ? [] : [{ offer, at }]));
  const made = offers.flatMap((offer) => ruleOf(offer, rules) ?? []);
  const take = (label: string, what: string | number): Choice => ({
    label,
    action: 'offer',
    payload: `${id} ${what}`,
  });
  const rows: Choice[][] = open.map(({ offer, at }) => [take(offer.title, at)]);
  if (open.length > 1) rows.unshift([{ ...take(say.allOf(open.length), 'all'), style: 'primary' } as Choice]);
  const offered = open.map(({ offer }) => say.offerLine(offer.title, doesOf(ctx, offer), offer.document.for));
  const names = made.map(({ name }) => name);
  return {
    text: lines(
      above,
      say.targetDetail(target, module?.title ?? target.module, ctx.zone, ctx.now),
      say.rulesHere(names),
      ...(offered.length > 0 ? [say.offersTitle(), ...offered] : []),
    ),
    rows: [
      ...rows,
      [
        {
          label: target.state === 'paused' ? labels.resume : labels.pause,
          action: 'target-pause',
          payload: `${target.state === 'paused' ? 'off' : 'on'} ${id}`,
        },
        { label: say.remove, action: 'target-remove', payload: id },
        { label: labels.back, action: 'sources' },
      ],
    ],
  };
}

/** The rule here that an offer would make again. */
export function ruleOf({ document }: Offer, rules: Rule[]): Rule | undefined {
  const field = (document.params as { field?: unknown } | undefined)?.field;
  const narrow = /^instance = "(.*)"$/.exec(document.match?.[0] ?? '')?.[1];
  return rules.find((rule) => {
    const same = rule.topic === document.topic && rule.kind === document.kind && rule.params.field === field;
    return same && JSON.stringify(rule.match).includes(JSON.stringify(narrow ?? ''));
  });
}

function doesOf(ctx: ChatContext, { document }: Offer): string {
  const checked = ctx.deps.book.check(String(document.kind), document.params ?? {});
  return checked.ok ? ctx.deps.book.describe(String(document.kind), checked.params) : '';
}

/** One heartbeat: when it should call, and when it did. */
export async function heartbeatScreen(ctx: ChatContext, id: string, above?: Html): Promise<Screen> {
  const listed = await listHeartbeats(ctx.deps.world, whoOf(ctx).actor, { ownerId: ctx.ownerId });
  const beat = listed.ok ? listed.heartbeats.find((one) => one.id === id) : undefined;
  if (!beat) return sourcesScreen(ctx, say.heartbeatGone());
  const rules = beat.ruleIds.map(
    (ruleId, i): Choice => ({ label: say.beatRule[i] ?? labels.thisRule, action: 'rule', payload: ruleId }),
  );
  return {
    text: lines(above, say.heartbeatDetail(beat, ctx.zone, ctx.now)),
    rows: [
      rules,
      [
        { label: say.newAddress, action: 'heartbeat-renew', payload: id },
        { label: say.remove, action: 'heartbeat-remove', payload: id },
        { label: labels.back, action: 'sources' },
      ],
    ],
  };
}
