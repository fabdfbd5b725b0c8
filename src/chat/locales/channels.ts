// Texts about receivers: where somebody is told, and whether that works.
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import { capital, sentence } from '#core/sentence.ts';
import type { ListedReceiver } from '#operations/list-receivers.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const addOne = 'Add a channel';
export const optOuts = 'Topics left out';
export const enterCode = 'Enter the code';
export const newCode = 'Send a new code';
export const switchOn = 'Switch it on again';
export const switchOff = 'Switch off';
export const tryNow = 'Try now';
export const test = 'Test';
export const howItTells = 'How it tells';
export const deliveries = 'Last deliveries';
export const newSecret = 'New secret';
export const rename = 'Rename';
export const removeIt = 'Remove';
export const removeSurely = 'Yes, remove it';
export const skip = 'Skip';
export const notNow = 'Not now';
export const openHere = 'Open in this browser';
export const gone = 'This receiver is not here any more.';
export const codeSent = 'A new code is on its way.';
export const testSent = 'A test is on its way.';
export const isOn = 'It is on.';
export const isOff = 'It is off.';

type Shown = ListedReceiver & { title: string };

export const receiverLabel = (label: string, title: string) =>
  label === title || title === 'Telegram' ? label : `${short(label, 30)} · ${title}`;

export const channelsTitle = (told: Shown[], group: boolean): Html =>
  lines(
    told.length === 0
      ? html`${group ? 'This group is' : 'You are'} told nowhere yet.`
      : html`${group ? 'This group is' : 'You are'} told here:`,
    ...told
      .slice(0, 30)
      .map(
        (one) =>
          html`• ${bold(short(one.label, 40))}${one.label === one.title ? '' : html` · ${one.title}`} · ${stateWords(one)}`,
      ),
    told.length > 30 && html`and ${told.length - 30} more.`,
    told.every(({ channel }) => channel === 'telegram') &&
      html`A second way helps when this chat cannot be reached: e-mail, a text message, a webhook.`,
  );

const stateWords = ({
  state,
  disabled,
  failures,
}: Pick<Shown, 'state' | 'disabled' | 'failures'>): string => {
  if (state === 'works') return 'works';
  if (state === 'untried') return 'not tried yet';
  if (state === 'waits') return 'waits for its code';
  if (state === 'failing') return `fails, ${failures} ${failures === 1 ? 'time' : 'times'} in a row`;
  return `off: ${short(disabled ?? '', 80)}`;
};

export const receiverDetail = (
  one: Shown,
  { together, rules }: { together: number; rules: number },
  zone: string,
  now: number,
): Html =>
  lines(
    html`${bold(short(one.label, 60))} · ${one.title}`,
    html`${capital(stateWords(one))}${one.failingSince === null ? '' : html`, since ${sayInstant(one.failingSince, zone, now)}`}.`,
    one.state === 'waits' && html`A code was sent there. Until it is entered, nothing else is told there.`,
    one.channel !== 'telegram' &&
      (rules === 0
        ? html`No rule tells here yet: choose it in a rule, by Edit, or write ${code(`to: [${one.label}]`)} in its file.`
        : html`${rules === 1 ? '1 rule tells' : `${rules} rules tell`} here.`),
    together > 0 &&
      html`${together === 1 ? 'Another one has' : `${together} others have`} this name, too: a rule that names it tells them all, each as it is set.`,
  );

export const whichChannel = (ready: number, lacking: string[]): Html =>
  lines(
    ready > 0 ? html`What shall be added?` : html`Nothing can be added here yet.`,
    lacking.length > 0 && html`Not set up on this server: ${short(lacking.join('; '), 300)}.`,
  );

// ── adding ──────────────────────────────────────────────────────────────────
export const askField = (
  title: string,
  answers: [string, string][],
  field: { label: string; hint: string; required: boolean },
  problem?: string,
): Html =>
  lines(
    html`Add: ${bold(title)}`,
    ...answers.map(([label, value]) => html`${label}: ${code(value, 80)}`),
    problem !== undefined && html`${sentence(problem)}`,
    html`${bold(field.label)}${field.required ? '' : ' (may be left out)'}`,
    field.hint !== '' && html`${field.hint}`,
  );
export const askName = (title: string, problem?: string): Html =>
  lines(
    html`Add: ${bold(title)}`,
    problem !== undefined && html`${sentence(problem)}`,
    html`What shall it be called in lists and rules?`,
  );
export const askCode = (label: string, problem?: string): Html =>
  lines(
    problem !== undefined && html`${sentence(problem)}`,
    html`A code of six digits was sent to ${bold(short(label, 60))}. Type it here.`,
    html`It is good for 30 minutes.`,
  );
export const notAdded = () => html`Closed. Nothing was added.`;
export const codeLater = () => html`It waits for its code.`;
export const confirmed = () => html`Confirmed. It is told from now on.`;
export const added = () => html`Added. A first message is on its way there.`;
/** The secrets, each under what copies it. */
export const secretCopies = (shown: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(shown).map(([name, value]) => [`Copy the ${name}`, value]));
export const secretOnce = (shown: Record<string, string>): Html =>
  lines(
    html`Its ${Object.keys(shown).join(' and ')}, shown only now; keep it where the receiver checks signatures:`,
    ...Object.values(shown).map((value) => code(value, 200)),
  );
export const saidPrivately = () => html`I have told you the secret in our private chat.`;
export const notSaidPrivately = () =>
  html`The secret is not for a group, and I could not write to you in private. Write to me there, then make a new one.`;
export const renewed = (oldUntil: number, zone: string, now: number, shown: Html): Html =>
  lines(
    shown,
    html`The old one is good until ${sayInstant(oldUntil, zone, now)}; until then I sign with both.`,
  );
export const renewAsk = (label: string) =>
  html`A new secret for ${bold(short(label, 60))}? The old one stays good besides it for as long as you say.`;
export const overlap = (hours: number) =>
  hours === 0 ? 'Not at all' : `For ${sayDuration(hours * 3_600_000)}`;
export const browserLink = (link: string, until: number, zone: string, now: number): Html =>
  lines(
    html`Open this in the browser that shall tell you, and allow notifications there:`,
    html`${link}`,
    html`It works once, until ${sayInstant(until, zone, now)}.`,
  );

// ── renaming, removing ──────────────────────────────────────────────────────
export const askRename = (label: string, problem?: string): Html =>
  lines(
    problem !== undefined && html`${sentence(problem)}`,
    html`What shall ${bold(short(label, 60))} be called?`,
    html`Two with the same name make one style: a rule that names it tells both, each at its own hours.`,
  );
export const renamed = (label: string, together: number): Html =>
  lines(
    html`It is called ${bold(short(label, 60))} now.`,
    together > 0 && html`Rules that are made or changed from now on and name it tell all of that name.`,
  );
export const removeAsk = (label: string, rules: string[]): Html =>
  lines(
    html`Remove ${bold(short(label, 60))}? What was typed for it is forgotten.`,
    rules.length > 0 && html`These rules tell there: ${short(rules.join(', '), 200)}.`,
  );
export const removed = (label: string) => html`${short(label, 60)} is removed.`;

// ── opt-outs ────────────────────────────────────────────────────────────────
export const optOutMore = 'Leave out a topic';
export const optIn = (topic: string, where: string) =>
  `Tell ${short(topic, 25)} again${where && ` · ${where}`}`;
export const optOutsTitle = (all: { topic: string; where: string; digest: boolean }[]): Html =>
  all.length === 0
    ? html`Nothing is left out: every rule tells where it says.`
    : lines(
        html`Not told, whatever the rules say:`,
        ...all
          .slice(0, 20)
          .map(
            ({ topic, where, digest }) =>
              html`• ${code(topic)}${where && ` by ${where}`}${digest ? ', but with the digest' : ''}`,
          ),
        all.length > 20 && html`and ${all.length - 20} more.`,
        html`Whoever heard that something broke still hears that it is over.`,
      );
export const askTopic = (problem?: string): Html =>
  lines(
    problem !== undefined && html`${sentence(problem)}`,
    html`Which topic shall be left out? Press one or type it; ${code('builds.**')} takes all below.`,
  );

export const askWhere = (topic: string): Html => html`Where shall ${code(topic)} be left out?`;
export const noPattern = (fault: string) => `This is no topic pattern: ${fault}.`;
export const everywhere = 'Everywhere';
export const onlyDigest = 'Tell it with my digest';
export const inDigest = 'It comes with the digest; what is critical at once.';
export const onlyBy = (title: string) => `Only by ${title}`;
export const leftOut = 'Left out.';
export const leftOutAlready = 'It was left out already.';
