// What a Bot API server turned out to be too old for: found out by its refusals, and said otherwise from then on.

/** What may be asked of the server; forgotten with the process, so that a newer server is found out, too. */
export interface Dialect {
  times: boolean;
  copies: boolean;
  styles: boolean;
}

/** All that the newest server knows, until a refusal says otherwise. */
export const newestDialect = (): Dialect => ({ times: true, copies: true, styles: true });

const refusals: [keyof Dialect, RegExp][] = [
  ['times', /start tag "tg-time"|date_time/i],
  ['copies', /text buttons are unallowed|copy_text/i],
  ['styles', /button style/i],
];

/** Learns from a refusal; true when the same can be said otherwise now. */
export function learn(dialect: Dialect, description: string): boolean {
  const found = refusals.find(([what, words]) => dialect[what] && words.test(description));
  if (!found) return false;
  dialect[found[0]] = false;
  return true;
}

interface Spoken {
  text?: unknown;
  caption?: unknown;
  reply_markup?: unknown;
}

/** The parameters of a call as this server takes them; the same ones when it takes everything. */
export function inDialect<P extends Spoken>(dialect: Dialect, params: P): P {
  if (dialect.times && dialect.copies && dialect.styles) return params;
  const changed = { ...params };
  if (!dialect.times)
    for (const name of ['text', 'caption'] as const)
      if (typeof changed[name] === 'string')
        changed[name] = changed[name].replace(/<tg-time\b[^>]*>|<\/tg-time>/g, '') as P[typeof name];
  if (!dialect.copies || !dialect.styles)
    changed.reply_markup = plainerKeys(dialect, changed.reply_markup) as P['reply_markup'];
  return changed;
}

type Key = Record<string, unknown>;

function plainerKeys({ copies, styles }: Dialect, markup: unknown): unknown {
  const rows = (markup as { inline_keyboard?: Key[][] } | undefined)?.inline_keyboard;
  if (!rows) return markup;
  const keys = rows.map((row) =>
    row
      .filter((key) => copies || key.copy_text === undefined)
      .map(({ style, ...key }) => (styles && style !== undefined ? { ...key, style } : key)),
  );
  return { inline_keyboard: keys.filter((row) => row.length > 0) };
}
