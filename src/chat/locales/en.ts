// What the chat says in many places, in English; what few screens say stands beside. Every text is a function or a label; values are escaped by `html`.
import type { Alert } from '#core/alert.ts';
import { printWhen } from '#core/bands.ts';
import { sayDuration } from '#core/duration.ts';
import { sayClock, sayInstant, type Window } from '#core/hours.ts';
import type { Settings } from '#core/owner.ts';
import type { Quiet } from '#core/quiet.ts';
import type { Rule } from '#core/rule.ts';
import { type Severity, severitySign } from '#core/severity.ts';
import { saySnoozeEnd, untilItChanges } from '#core/snooze-end.ts';
import type { WatchFault } from '#core/watch-line.ts';
import { bold, code, fold, type Html, html, lines, short } from '../html.ts';
import { countOf } from './count-of.ts';

// ── labels ──────────────────────────────────────────────────────────────────
export const [back, cancel, save, change, other, more, earlier] = [
  'Back',
  'Cancel',
  'Save',
  'Change …',
  'other',
  'More',
  'Earlier',
] as const;
export const lookAgain = 'Look again';
export const nothingNew = 'Nothing new yet.';
export const asTheEventSays = 'as the event says';
export const thatsRight = 'That’s right';
export const anotherPlace = 'Another place';
export const sendSample = 'Send me a sample';
export const myRules = 'My rules';
export const rulesLabel = 'Rules';
export const thisRule = 'This rule';
export const newRule = 'New rule';
export const another = 'Another';
export const pause = 'Pause';
export const resume = 'Resume';
export const edit = 'Edit …';
export const remove = 'Delete';
export const removeSurely = 'Delete it';
export const keepIt = 'Keep it';
export const yes = 'Yes';
export const whatBurns = 'What burns';
export const settingsLabel = 'Settings';
export const openPrivate = 'Open our private chat';
export const toldNowhere = 'told nowhere';
export const backTest = 'Back-test';
export const trialOn = 'On trial';
export const trialOff = 'End the trial';
export const onTrial = 'On trial: it watches and tells nobody until you end that.';
export const trialOver = 'It tells again.';
export const toldYou = 'told to you here';
export const toldPrivately = 'told to you in our private chat';

export const toldGroup = (title: string) => `told in ${short(title, 40)}`;
export const severityLabel = (severity: Severity) => `${severitySign[severity]} ${severity}`;
export const span = (ms: number) => (ms === 0 ? 'at once' : sayDuration(ms));
// ── first contact ───────────────────────────────────────────────────────────
export const stranger = () =>
  html`I only talk to people who were invited. Ask somebody who uses me for a link.`;
export const strangerHere = () =>
  html`I only talk to people who were invited. Ask an admin here for a link: /invite in their private chat with me makes one.`;
export const hidden = () => html`I cannot see who you are. Please write under your own name.`;

export const hello = (name: string, zone: string, now: number) =>
  lines(
    html`Hello ${short(name, 40)}. I tell you when something you care about goes wrong, and when it is over.`,
    yourClock(zone, now),
  );
export const yourClock = (zone: string, now: number) =>
  html`Your clock: ${zone}, ${sayInstant(now, zone, now)} now.`;
export const whichPlace = (fault?: string) =>
  lines(
    fault !== undefined && html`${fault}`,
    html`Which city is near you? Type its name, or send your location.`,
  );
export const noPlace = (typed: string) => `I know no place called “${short(typed, 40)}”.`;
export const placesFound = (typed: string) => html`Places for “${short(typed, 40)}”:`;
export const placeLabel = (name: string, zone: string, now: number) =>
  `${name} · ${sayInstant(now, zone, now)}`;
export const clockSet = (zone: string, now: number) =>
  html`Your clock is now ${zone}, ${sayInstant(now, zone, now)}.`;

export const welcomeBack = (
  name: string,
  settings: Settings,
  { rules, paused, burning }: { rules: number; paused: number; burning: number },
  now: number,
) =>
  lines(
    html`Hello ${short(name, 40)}. ${burning === 0 ? 'Nothing burns' : countOf(burning, 'alert burns', 'alerts burn')}${rules === 0 ? ', and no rule is watching yet' : `; ${countOf(rules - paused, 'rule is watching', 'rules are watching')}`}${paused > 0 ? html`, ${paused} paused` : ''}.`,
    yourClock(settings.zone, now),
    quietLine(settings.quiet),
  );

export const joinedRaised = (role: string) => html`You are now ${role} here.`;

// ── questions ──────────────────────────────────────────────────────────────
export const saved = (rule: Rule, does: string, words: Html[]) =>
  lines(
    shows(rule.name, rule.topic, does) ? html`Saved.` : html`Saved: ${bold(short(rule.name, 100))}.`,
    ...words,
  );
export const knownRule = (_rule: Rule, _does: string, words: Html[]) =>
  lines(html`You have this rule already; nothing was added.`, ...words);
export const besideRule = (name: string) =>
  html`Your rule “${short(name, 100)}” says the same: you would be told by both.`;
export const wizardCancelled = () => html`Closed. Nothing was saved.`;
export const conversationClosed = () =>
  html`I was renewed meanwhile, and the question we were in was closed. Nothing was saved; begin again with /subscribe.`;
export const closedToast = 'This question was closed. Begin again with /subscribe.';
export const olderScreen = 'That was an earlier question; here is the present one.';
export const notYours = 'This belongs to somebody else. Begin your own with /subscribe.';
export const stillOpen = () => html`The question above is still open; /cancel closes it.`;
export const nothingToCancel = () => html`Nothing is open. /help says what I can do.`;
export const replyHere = () => html`Answer by replying to this message.`;
export const fault = (text: string) => html`${text}`;

// ── /watch ──────────────────────────────────────────────────────────────────
export const watchHelp = () =>
  lines(
    html`One line makes a rule, for example:`,
    html`${code('/watch disk.usage usage > 90 for 5m severity critical', 120)}`,
    html`${code('/watch disk.usage usage > 90 weekdays 9-18, otherwise 97', 120)}`,
    html`${code('/watch node.state state changes from "Cluster Ready" to Hired', 120)}`,
    html`${code('/watch builds.** more than 3 different block within 1h where status = fail per runtag', 120)}`,
    html`${code('/watch host.alive absent for 5m', 120)}`,
    html`${code('/watch net.bytes rx grows by 1e9 within 1h', 120)}`,
    html`${code('/watch storj.audit score near 0.60 margin 0.05', 120)}`,
    html`${code('/watch x when "event.data.a > 3.0"', 120)}`,
    html`${code('/watch alertmanager.**', 120)} tells every event.`,
  );
export function watchFault({ fault: text, meant }: WatchFault, example: string): Html {
  return meant === undefined
    ? lines(html`${endSentence(text)}`, html`An example: ${code(`/watch ${example}`, 200)}`)
    : lines(html`${endSentence(text)}`, html`Did you mean: ${code(`/watch ${meant}`, 400)} ?`);
}
export const numbersNotVersions = (field: string, limit: string) =>
  html`${code(field)} holds numbers, and “${short(limit, 40)}” is a version. Write a number, such as ${code('90')}, or a v before the version.`;
export const takeNames = (names: string[]) => `Take ${short(names.join(' and '), 40)}`;
export const sentence = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
export const unseenField = (field: string, topic: string, near: string | undefined) =>
  near === undefined
    ? html`No event of ${code(topic)} had ${code(field)} yet; the rule waits for one.`
    : html`No event of ${code(topic)} had ${code(field)} yet. There is ${code(near)}.`;
export const unseenTopic = (topic: string, near: string | undefined) =>
  near === undefined
    ? html`Nothing was seen under ${code(topic)} yet; the rule waits for it.`
    : html`Nothing was seen under ${code(topic)} yet. There is ${code(near)}.`;

// ── rules ───────────────────────────────────────────────────────────────────
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
export const deleteAsk = (name: string, open: number) =>
  html`Delete “${short(name, 100)}”?${open > 0 ? ` Its ${countOf(open, 'open alert ends', 'open alerts end')} with it.` : ''}`;
export const deleted = (name: string) => html`Deleted: ${short(name, 100)}.`;
export const ruleGone = () => 'This rule is gone.';
export const sampleComes = 'A sample comes in a moment.';
export const pausedNow = 'Paused. It tells nothing until you resume it.';
export const resumedNow = 'It is watching again.';
export const shows = (name: string, topic: string, does: string) =>
  name.includes(topic) && name.includes(does);

// ── alerts ──────────────────────────────────────────────────────────────────
export const nothingBurns = (
  { rules, paused }: { rules: number; paused: number },
  lastAt: number | undefined,
  now: number,
) => {
  const event =
    lastAt === undefined
      ? 'no event has come yet'
      : `last event ${sayDuration(Math.max(0, now - lastAt))} ago`;
  return rules === 0
    ? html`Nothing burns, and no rule is watching yet: /subscribe makes the first. ${sentence(event)}.`
    : html`Nothing burns. ${countOf(rules - paused, 'rule is watching', 'rules are watching')}${paused > 0 ? `, ${paused} paused` : ''}; ${event}.`;
};
export const burning = (count: number, shown: number) =>
  html`${countOf(count, 'alert burns', 'alerts burn')}${shown < count ? html`, the worst ${shown}` : ''}:`;
export function alertLine(alert: Alert, zone: string, now: number): Html {
  const state =
    alert.snoozedUntil !== null && alert.snoozedUntil > now
      ? html` · snoozed until ${saySnoozeEnd(alert.snoozedUntil, zone, now)}`
      : alert.status === 'acknowledged'
        ? html` · acknowledged by ${short(alert.acknowledgedBy ?? 'somebody', 40)}`
        : '';
  return html`${severitySign[alert.severity]} ${bold(short(alert.title, 80))}: ${code(alert.subject)} · ${short(alert.reading.text, 60)} · since ${sayInstant(alert.since, zone, now)} (${sayDuration(now - alert.since)})${state}`;
}
export const ackLabel = (number: number, alert: Alert) =>
  `Acknowledge ${number}: ${short(alert.subject || alert.title, 24)}`;
export const acknowledgedNow = 'Acknowledged. Thank you.';
export const acknowledgedMany = (count: number) =>
  count === 0
    ? 'Everything is acknowledged already.'
    : `${count.toLocaleString('en-US')} acknowledged. Thank you.`;

/** `rest`: why not at the others; null: there are none. */
export const notedNow = (count: number, rest: string | null) =>
  lines(
    html`${count === 1 && rest === null ? 'Noted' : `Noted at ${count} ${count === 1 ? 'alert' : 'alerts'} there`}: everybody who was told sees it, and so do systems that the rule tells and programs that may read alerts here.`,
    rest !== null && html`Not at the others: ${rest}`,
  );
export const releasedNow = 'Released: it is nobody’s again.';
export const resolvedNow = 'Resolved.';
export const snoozedUntil = (until: number, zone: string, now: number) =>
  until === untilItChanges
    ? 'Snoozed until it gets worse or is over.'
    : `Snoozed until ${sayInstant(until, zone, now)}.`;
export const untilMorning = (until: number, zone: string, now: number) =>
  `until ${sayInstant(until, zone, now)}`;
export const untilChange = 'until it changes';

// ── quiet, silence, settings ────────────────────────────────────────────────
export function quietLine(quiet: Quiet | null): Html {
  if (!quiet) return html`No quiet hours.`;
  const { window, breakthrough } = quiet;
  return html`Quiet from ${sayClock(window.from)} to ${sayClock(window.to)}${quietDays(window)}; ${breakthrough ? (breakthrough === 'critical' ? 'critical alerts break through' : `${breakthrough} and worse break through`) : 'nothing breaks through'}.`;
}
/** Hours that pass midnight belong to the day on which they begin. */
function quietDays(window: Window): string {
  if (!window.days) return '';
  const dayOf = (day: number) => printWhen([{ ...window, days: [day] }]).replace(/ [^ ]*$/, '');
  const days = printWhen([window])
    .replace(/ [^ ]*$/, '')
    .replaceAll('-', '–');
  if (window.from < window.to) return `, on the days ${days}`;
  const nights = `, in the nights that begin ${days}`;
  if (days.includes(',') || window.days.length === 7) return nights;
  const [first, last] = [Math.min(...window.days), Math.max(...window.days)];
  const end = `${dayOf((last % 7) + 1)} ${sayClock(window.to)}`;
  return first === last
    ? `${nights} (until ${end})`
    : `${nights} (the first ${dayOf(first)} ${sayClock(window.from)}, the last until ${end})`;
}
export const quietScreen = (quiet: Quiet | null) =>
  lines(
    quietLine(quiet),
    html`What comes in quiet hours is kept and told at their end, in one message. ${quiet ? '' : html`Choose, or type for example ${code('/quiet 22-7')}.`}`,
  );
export const quietFault = (typed: string) =>
  lines(
    html`I don’t understand “${short(typed, 40)}”.`,
    html`An example: ${code('/quiet 22-7')}, ${code('/quiet weekdays 22-7')}, or ${code('/quiet off')}.`,
  );
export const breaks = (severity: Severity | null) =>
  severity === null
    ? 'Nothing breaks through'
    : severity === 'critical'
      ? 'Critical breaks through'
      : 'Warnings too';
export const quietOff = 'No quiet hours';

export const settingsScreen = (settings: Settings & { name: string }, now: number) =>
  lines(
    bold(html`${short(settings.name, 60)}`),
    yourClock(settings.zone, now),
    html`Your morning: ${sayClock(settings.morning)} (for “until my morning”).`,
    quietLine(settings.quiet),
    html`Sound: alerts sound, edits and notes do not. To mute all of it, mute this chat in Telegram.`,
  );
export const zoneLabel = 'Time zone';
export const morningLabel = 'Morning';
export const quietLabel = 'Quiet hours';
export const morningAsk = (minute: number) => html`Your morning is at ${sayClock(minute)}. When shall it be?`;
export const groupSettings = (title: string, settings: Settings, now: number) =>
  lines(
    bold(html`${short(title, 60)}`),
    html`The clock of this group: ${settings.zone}, ${sayInstant(now, settings.zone, now)} now.`,
    html`Its morning: ${sayClock(settings.morning)}.`,
    quietLine(settings.quiet),
  );
export const nothingHere = 'Nothing.';
export const ownSettings = 'My own settings';

// ── groups ──────────────────────────────────────────────────────────────────
export const groupHello = (title: string, zone: string) =>
  lines(
    html`Hello. I tell ${bold(short(title, 60))} when something goes wrong, and when it is over.`,
    html`Everybody here who was invited can acknowledge; admins of this group make its rules: /subscribe or /watch. Clock: ${zone}.`,
    html`Whoever was not invited yet needs a link: /invite in our private chat makes one for each.`,
  );
export const privateOnly = () => html`That works in our private chat.`;
export const groupGoodbye = () =>
  html`I only join groups of people who use me: first talk to me in private. Goodbye.`;

// ── help, invite, errors ────────────────────────────────────────────────────
export const helpScreen = (commands: { name: string; description: string; example?: string }[]) =>
  lines(
    html`I tell you when something you care about goes wrong, and when it is over.`,
    html``,
    ...commands.map(({ name, description, example }) =>
      example ? html`/${name}: ${description}, such as ${code(example, 80)}` : html`/${name}: ${description}`,
    ),
    html``,
    html`Answer an alert’s message, and what you write stays with it as a note.`,
  );
export const copyLink = 'Copy the link';
export const inviteAsk = () => html`Whom do you invite? The link works once, for one person, for a day.`;
export const inviteLink = (link: string, role: string, until: number, zone: string, now: number) =>
  lines(
    html`Send this link to the person (${role}); it works once, until ${sayInstant(until, zone, now)}:`,
    html`${link}`,
  );
export const unknownCommand = (typed: string, near: string | undefined) =>
  near === undefined
    ? html`I don’t know /${short(typed, 32)}. /help says what I can do.`
    : html`I don’t know “/${short(typed, 32)}”. Did you mean /${short(near, 200)}?`;
export const notForMembers = (typed: string, admins: string[]) =>
  html`Only admins can use /${typed}.${admins.length > 0 ? ` Ask ${short(admins.slice(0, 3).join(' or '), 100)}.` : ''}`;
export const freeText = () =>
  html`I don’t understand plain text here. /subscribe makes a rule, /alerts shows what burns, /help says the rest.`;
export const withSlash = (line: string) =>
  html`A command begins with a slash. Did you mean: ${code(`/${line}`, 400)} ?`;
export const wentWrong = () => html`That went wrong on my side. It is noted; please try again.`;
export const wentWrongToast = 'That went wrong on my side. Please try again.';
/** An answer that was sent and may have been heard, told again. */
export const possibleRepeat = (text: string) => `Possible repeat:\n${text}`;
export const oldButton = 'This button is too old. Ask for a new screen with its command.';
/** Its row is there, but nobody here knows what it does. */
export const newerButton =
  'I am just being upgraded, and this button is newer than I am. Please press it again in a minute.';
export const foreignButton = 'I do not know this button.';
export const notForYou = 'This belongs to somebody else.';
export const refused = (text: string) => html`${text}`;

function endSentence(text: string): string {
  return /[.?…]$/.test(text) ? text : `${text}.`;
}

export const triedAgain = (label: string) => `It is on its way to ${label} again.`;
