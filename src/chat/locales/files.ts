// Texts about rules as files.
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const exportLabel = 'My rules as a file';
export const leave = 'Leave it';
export const tryAgain = 'Try again';
export const asForm = (form: string) => `As ${form}`;
export const take = (many: number) => `Take ${many === 1 ? 'this rule' : `these ${many} rules`}`;

interface Counts {
  created: number;
  changed: number;
  unchanged: number;
  refused: number;
}

export const exported = (many: number, lists = 0) =>
  `${rules(many)}${lists === 0 ? '' : `, ${lists === 1 ? '1 list' : `${lists} lists`}`}. Change the file and send it back, or give it to somebody: they send it to me.`;
export const nothingToExport = (group: boolean) =>
  html`${group ? 'This group has' : 'You have'} no rules yet, so there is nothing to put into a file.`;
export const noForm = (typed: string) =>
  html`I don’t know the form “${short(typed, 40)}”. There are yaml, json and ndjson.`;
export const wholeLabel = 'All of it as a file';
export const wholeAlert = (
  { title, subject }: { title: string; subject: string },
  link: string | undefined,
) =>
  lines(
    html`${bold(short(title, 100))}: ${code(subject, 100)}`,
    link !== undefined && html`A program with a key reads the event at ${code(link, 300)}.`,
  );
export const wholeList = (shown: number, all = shown) =>
  shown < all
    ? html`The newest ${shown.toLocaleString('en-US')} of ${all.toLocaleString('en-US')}.`
    : html`All ${all.toLocaleString('en-US')}.`;
export const notSent = () => html`The file could not be sent just now.`;
export const howToImport = (group: boolean) =>
  lines(
    html`Send me a file of rules: ${code('.yaml')}, ${code('.json')} or ${code('.ndjson')}. I say first what it would change.`,
    group && html`Here, write ${code('/import')} below the file, or send it as an answer to this message.`,
    html`The file that ${code('/export')} sends shows how one looks.`,
  );
export const notRules = (name: string) =>
  lines(
    html`I cannot read ${name === '' ? 'this file' : html`“${short(name, 60)}”`}.`,
    html`I take files of rules, whose names end in ${code('.yaml')}, ${code('.json')} or ${code('.ndjson')}.`,
  );
export const notRead = (why: 'large' | 'gone' | 'lost' | 'binary', most: number) =>
  ({
    large: html`This file is larger than ${Math.round(most / 1024)} KB. Send it in parts; what is known already stays as it is.`,
    gone: html`Telegram no longer has this file. Please send it again.`,
    lost: html`The file did not come through just now.`,
    binary: html`This file holds no text that I can read; it must be UTF-8.`,
  })[why];

export const wouldDo = ({ created, changed, unchanged, refused }: Counts): Html => {
  if (created + changed === 0 && refused > 0) return html`Nothing in this file can be taken.`;
  if (created + changed === 0) return html`All of it is here already: ${rules(unchanged)} the same.`;
  return lines(
    html`This file holds:`,
    created > 0 && html`${bold(String(created))} new`,
    changed > 0 && html`${bold(String(changed))} that replace rules of the same name`,
    unchanged > 0 && html`${unchanged} the same as here`,
    html`Other rules stay as they are.`,
  );
};
export const taken = ({ created, changed, unchanged, refused }: Counts): Html => {
  if (created + changed === 0)
    return refused > 0 ? html`Nothing was taken.` : html`All of it is here already. Nothing changed.`;
  const parts = [
    created > 0 && `${created} new`,
    changed > 0 && `${changed} changed`,
    unchanged > 0 && `${unchanged} as before`,
  ].filter(Boolean);
  return html`Done: ${parts.join(', ')}. They watch from now on.`;
};
export const faultLines = (faults: { path: string; line?: number; text: string }[]): Html[] => {
  if (faults.length === 0) return [];
  return [
    html`${faults.length === 1 ? 'One thing is wrong:' : `${faults.length === 100 ? 'At least 100' : faults.length} things are wrong:`}`,
    ...faults
      .slice(0, 8)
      .map(
        ({ path, line, text }) =>
          html`• ${line === undefined ? '' : `line ${line}: `}${path === '' ? '' : html`${code(path)} `}${short(text, 200)}`,
      ),
    ...(faults.length > 8 ? [html`and ${faults.length - 8} more.`] : []),
    html`Mend the file and send it again.`,
  ];
};

const rules = (many: number) => (many === 1 ? '1 rule' : `${many} rules`);
export const nothingHere = 'Nothing.';
