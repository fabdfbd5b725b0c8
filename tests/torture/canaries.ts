// Secrets that are known, so that they can be looked for: in what was printed, kept and answered, in every form.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export interface Canary {
  /** What it is, for the finding; never the secret. */
  what: string;
  secret: string;
}

/** Where one was found, without the secret. */
export interface Sighting {
  what: string;
  place: string;
  /** How it was written there. */
  form: string;
}

/** The ways in which a secret is written down without being hidden. */
function formsOf(secret: string): [form: string, text: string][] {
  const bytes = Buffer.from(secret, 'utf8');
  // Base64 of a longer text that holds it depends on where it begins: the middle of all three is looked for.
  const within = [0, 1, 2].map((at) => {
    const coded = Buffer.concat([Buffer.alloc(at), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return coded.slice(at === 0 ? 0 : at + 1, -2);
  });
  return [
    ['plainly', secret],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in an address', encodeURIComponent(secret)],
    ['in hexadecimal', bytes.toString('hex')],
    ...within.map((text): [string, string] => ['in base64', text]),
  ];
}

/** Looks for all of them in these texts, by the name of the place. */
export function search(canaries: readonly Canary[], places: ReadonlyMap<string, string>): Sighting[] {
  return canaries.flatMap(({ what, secret }) =>
    [...places].flatMap(([place, text]) => {
      const found = formsOf(secret).find(([, form]) => form.length >= 8 && text.includes(form));
      return found ? [{ what, place, form: found[0] }] : [];
    }),
  );
}

/** Every file below a folder, byte by byte as text. */
export function filesIn(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) for (const [inner, text] of filesIn(file)) found.set(inner, text);
    else found.set(file, readFileSync(file).toString('latin1'));
  }
  return found;
}
