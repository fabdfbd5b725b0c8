// Texts about rules: the list, one of them, and what becomes of it.
import { sayDuration } from '#core/duration.ts';
import type { Rule } from '#core/rule.ts';
import { bold, code, fold, type Html, html, lines, short } from '../html.ts';
import { countOf } from './count-of.ts';

export const noRules = (group: boolean) =>
  html`${group ? 'This group has' : 'You have'} no rules yet. A rule says what I tell ${group ? 'you all' : 'you'} about.`;
export const rulesTitle = (count: number, page: number, pages: number) =>
  html`${countOf(count, 'rule', 'rules')}${pages > 1 ? html`, page ${page + 1} of ${pages}` : ''}:`;
export const ruleLine = (number: number, rule: Rule, does: string, open: number) =>
  html`${number}. ${rule.paused ? 'Paused: ' : ''}${bold(short(rule.name, 80))}${shows(rule.name, rule.topic, does) ? '' : html`: ${code(rule.topic)}, ${short(does, 80)}`}${rule.forMs > 0 && !rule.name.includes(` for ${sayDuration(rule.forMs)}`) ? ` for ${sayDuration(rule.forMs)}` : ''}${rule.severity ? ` · ${rule.severity}` : ''}${open > 0 ? html` · ${countOf(open, 'alert', 'alerts')} open` : ''}`;
export const ruleDetail = (rule: Rule, open: number, words: Html[]) =>
  lines(
    html`${rule.paused ? 'Paused: ' : ''}${bold(short(rule.name, 100))}`,
    ...words,
    html`${open === 0 ? 'No open alerts' : countOf(open, 'open alert', 'open alerts')}.`,
  );
export const asOneLine = (line: string) => fold([html`As one line:`, code(`/watch ${line}`, 600)]);
export const shows = (name: string, topic: string, does: string) =>
  name.includes(topic) && name.includes(does);
export const saved = (rule: Rule, does: string, words: Html[]) =>
  lines(
    shows(rule.name, rule.topic, does) ? html`Saved.` : html`Saved: ${bold(short(rule.name, 100))}.`,
    ...words,
  );
export const knownRule = (_rule: Rule, _does: string, words: Html[]) =>
  lines(html`You have this rule already; nothing was added.`, ...words);
export const besideRule = (name: string) =>
  html`Your rule “${short(name, 100)}” says the same: you would be told by both.`;
export const toldYou = 'told to you here';
export const toldPrivately = 'told to you in our private chat';
export const toldGroup = (title: string) => `told in ${short(title, 40)}`;
export const toldNowhere = 'told nowhere';
export const asTheEventSays = 'as the event says';
export const edit = 'Edit …';
export const another = 'Another';
export const sendSample = 'Send me a sample';
export const sampleComes = 'A sample comes in a moment.';
export const backTest = 'Back-test';
export const trialOn = 'On trial';
export const trialOff = 'End the trial';
export const onTrial = 'On trial: it watches and tells nobody until you end that.';
export const trialOver = 'It tells again.';
export const pausedNow = 'Paused. It tells nothing until you resume it.';
export const resumedNow = 'It is watching again.';
export const deleteAsk = (name: string, open: number) =>
  html`Delete “${short(name, 100)}”?${open > 0 ? ` Its ${countOf(open, 'open alert ends', 'open alerts end')} with it.` : ''}`;
export const removeSurely = 'Delete it';
export const deleted = (name: string) => html`Deleted: ${short(name, 100)}.`;
export const ruleGone = () => 'This rule is gone.';
