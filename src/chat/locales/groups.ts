// Words about the groups that are told.
import { bold, type Html, html, lines, short } from '../html.ts';

interface Line {
  title: string;
  zone: string;
  rules: number;
  burning: number;
}

const many = (count: number, one: string, more: string) =>
  `${count === 0 ? 'no' : count.toLocaleString('en-US')} ${count === 1 ? one : more}`;

/** `left`: how many more there are, as far as that is known; `isUnsure`: Telegram did not say of each who is in it. */
export const groupsScreen = (groups: Line[], left: number | 'unknown', isUnsure: boolean): Html =>
  lines(
    groups.length === 0
      ? isUnsure
        ? html`I am in no group with you, as far as I can see.`
        : html`I am in no group with you.`
      : html`${bold('Groups that I tell')}, with rules of their own:`,
    ...groups.map(
      ({ title, zone, rules, burning }) =>
        html`${bold(short(title, 60))}: ${many(rules, 'rule', 'rules')}, ${burning === 0 ? 'nothing burns' : many(burning, 'alert burns', 'alerts burn')}; clock ${zone}.`,
    ),
    isUnsure && groups.length > 0 && html`That is as far as I can see: Telegram did not say who is in each.`,
    left === 'unknown' && html`There are more groups here than I asked about.`,
    typeof left === 'number' && left > 0 && html`And ${many(left, 'more', 'more')}.`,
    html`Add me to a group, and say /watch or /subscribe there: everybody in it is told, its admins manage the rules.`,
  );
export const addToGroup = 'Add me to a group';
