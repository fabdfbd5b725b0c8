// Screens about packs: the list, one pack, and what a rule and its pack say about each other.
import { fillPack, type Pack, type PackAsk } from '#core/pack.ts';
import type { Rule } from '#core/rule.ts';
import { packChangeOf } from '#operations/follow-pack.ts';
import { findPack, packsFor } from '#store/packs.ts';
import { findPerson } from '#store/people.ts';
import { rulesOf } from '#store/rules.ts';
import type { ChatContext } from './context.ts';
import { type Html, html, lines } from './html.ts';
import * as labels from './locales/labels.ts';
import * as say from './locales/packs.ts';
import type { Choice, Screen } from './screen.ts';

/** What is offered here, each with its button. */
export async function packsScreen(ctx: ChatContext): Promise<Screen> {
  const packs = await packsFor(ctx.deps.world.database.db, ctx.ownerId);
  if (packs.length === 0)
    return { text: say.noPacks(), rows: [[{ label: labels.myRules, action: 'rules', payload: '0' }]] };
  return {
    text: lines(
      say.packsTitle(),
      ...packs.map((pack) => say.packLine(pack.title, pack.rules.length, pack.ownerId === ctx.ownerId)),
    ),
    rows: packs.map((pack): Choice[] => [{ label: pack.title, action: 'pack', payload: pack.id }]),
  };
}

/** One pack: what its rules do, and the press that takes them. */
export async function packScreen(ctx: ChatContext, packId: string): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const others: Choice = { label: say.allPacks, action: 'packs' };
  const pack = await findPack(db, packId);
  if (!pack) return { text: html`${say.packGone}`, rows: [[others]] };
  const owner = pack.ownerId?.startsWith('p_') ? await findPerson(db, pack.ownerId) : undefined;
  const text = say.packDetail(pack, owner?.name, rulesSaid(ctx, pack));
  const mine = (await rulesOf(db, [ctx.ownerId])).filter(
    ({ origin, id }) => origin?.pack === pack.id || id === pack.ruleId,
  );
  if (mine.length > 0)
    return {
      text: lines(text, say.haveAlready(mine.length)),
      rows: [
        ...mine.slice(0, 6).map((rule): Choice[] => [{ label: rule.name, action: 'rule', payload: rule.id }]),
        [others],
      ],
    };
  return {
    text,
    rows: [
      [
        { label: say.take(pack.rules.length), action: 'take-pack', payload: pack.id, style: 'primary' },
        others,
      ],
    ],
  };
}

/** What a rule has to do with a pack: where it came from, and what the pack says differently by now. */
export async function originRows(ctx: ChatContext, rule: Rule): Promise<{ text?: Html; rows: Choice[][] }> {
  const { db } = ctx.deps.world.database;
  const share: Choice[] = [{ label: say.share, action: 'share', payload: rule.id }];
  if (!rule.origin) return { rows: [share] };
  const change = await packChangeOf(db, rule);
  const pack = change?.pack ?? (await findPack(db, rule.origin.pack, rule.origin.version));
  if (!change) return { ...(pack ? { text: say.origin(pack.title) } : {}), rows: [share] };
  const presses: Choice[] = [
    { label: say.takeChange, action: 'follow-pack', payload: `take ${rule.id}` },
    { label: say.keepMine, action: 'follow-pack', payload: `keep ${rule.id}` },
  ];
  return { text: say.changed(change.pack.title, change.differences), rows: [presses, share] };
}

// A blank shows as its label: “usage over (limit)”.
function rulesSaid(ctx: ChatContext, pack: Pack): string[] {
  const shown = Object.fromEntries(pack.asks.map((ask) => [ask.name, exampleOf(ask)]));
  return fillPack(pack, shown).map((rule) => {
    const [kind, params] = [String(rule.kind ?? ''), rule.params ?? {}];
    const checked = ctx.deps.book.check(kind, params);
    const does = checked.ok ? ctx.deps.book.describe(kind, checked.params) : kind;
    const name = rule.name === undefined ? '' : `${String(rule.name)}: `;
    return `${name}${String(rule.topic)}, ${does}`;
  });
}

function exampleOf({ input, usual, label }: PackAsk): string | number {
  return usual ?? (input === 'number' ? 0 : `(${label})`);
}
