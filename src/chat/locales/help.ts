// Texts of `/help`, and for what the bot does not understand.
import { code, html, lines, short } from '../html.ts';

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
export const unknownCommand = (typed: string, near: string | undefined) =>
  near === undefined
    ? html`I don’t know /${short(typed, 32)}. /help says what I can do.`
    : html`I don’t know “/${short(typed, 32)}”. Did you mean /${short(near, 200)}?`;
export const notForMembers = (typed: string, admins: string[]) =>
  html`Only admins can use /${typed}.${admins.length > 0 ? ` Ask ${short(admins.slice(0, 3).join(' or '), 100)}.` : ''}`;
export const privateOnly = () => html`That works in our private chat.`;
export const freeText = () =>
  html`I don’t understand plain text here. /subscribe makes a rule, /alerts shows what burns, /help says the rest.`;
export const withSlash = (line: string) =>
  html`A command begins with a slash. Did you mean: ${code(`/${line}`, 400)} ?`;
