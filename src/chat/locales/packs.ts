// Texts about packs and shared rules.
import type { PackAsk } from '#core/pack.ts';
import type { Difference } from '#core/rule-differences.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const take = (count: number) => (count === 1 ? 'Add this rule' : `Add these ${count} rules`);
export const notNow = 'Not now';
export const share = 'Share';
export const allPacks = 'All packs';
export const takeChange = 'Take the change';
export const keepMine = 'Keep mine';
export const packGone = 'This pack is no longer offered.';
export const notTaken = () => html`Nothing was added.`;

export const noPacks = () =>
  lines(
    html`No packs are offered yet. A pack is a set of rules that you take with one press.`,
    html`To make one: open a rule with ${code('/rules')} and press ${bold('Share')}.`,
  );
export const packsTitle = () => html`Rules ready to be taken:`;
export const packLine = (title: string, rules: number, mine: boolean) =>
  html`${bold(short(title, 80))} · ${rules === 1 ? '1 rule' : `${rules} rules`}${mine ? ' · shared by you' : ''}`;

export function packDetail(
  pack: { title: string; description: string },
  from: string | undefined,
  rules: string[],
): Html {
  return lines(
    html`${bold(short(pack.title, 100))}${from === undefined ? '' : html`, shared by ${short(from, 60)}`}`,
    pack.description !== '' && html`${short(pack.description, 600)}`,
    html`It adds:`,
    ...rules.slice(0, 12).map((rule) => html`• ${short(rule, 200)}`),
    rules.length > 12 && html`and ${rules.length - 12} more.`,
  );
}
export const haveAlready = (count: number) =>
  html`You have ${count === 1 ? 'this rule' : 'these rules'} already.`;
export const taken = (title: string, names: string[]) =>
  lines(
    html`Added from “${short(title, 100)}”:`,
    ...names.slice(0, 12).map((name) => html`• ${short(name, 100)}`),
  );
export const ask = (
  title: string,
  { label, hint }: PackAsk,
  at: number,
  of: number,
  answered: [string, string][],
  problem?: string,
) =>
  lines(
    problem !== undefined && html`${problem}`,
    html`${bold(short(title, 100))}${of > 1 ? html` · ${at + 1} of ${of}` : ''}`,
    ...answered.map(([name, value]) => html`${short(name, 60)}: ${code(value, 100)}`),
    html`${label}${hint === '' ? '' : html`: ${hint}`}. Press, or type it.`,
  );
export const shared = (title: string, link: string, again: boolean) =>
  lines(
    html`${again ? 'Its link, with what the rule says now:' : 'Whoever opens this link can take the rule as their own:'}`,
    html`${link}`,
    html`“${short(title, 100)}” stays yours. Where it is told is not shared; people without access are refused.`,
  );
export const origin = (title: string) => html`Taken from the pack “${short(title, 80)}”.`;
export const changed = (title: string, differences: Difference[]) =>
  lines(
    html`The pack “${short(title, 80)}” has changed since:`,
    ...differences
      .slice(0, 8)
      .map(
        ({ part, before, after }) =>
          html`${short(part.replace(/^params\./, ''), 40)}: ${code(before === '' ? 'nothing' : before, 80)} → ${code(after === '' ? 'nothing' : after, 80)}`,
      ),
    differences.length === 0 && html`nothing that your rule does not say already.`,
  );
export const followed = 'Taken over.';
export const kept = 'Yours stays as it is.';
