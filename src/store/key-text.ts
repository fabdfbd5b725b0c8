// What a key looks like, how its row is found, and the digest that is all we keep of it.
import { hash, timingSafeEqual } from 'node:crypto';

/** Ids of the rows of keys that were given to us instead of made by us begin so. */
export const givenPrefix = 'k_given_';

/** SHA-256 as hex. A key holds 256 bits of chance, so it needs no slow hash. */
export function keyHash(text: string): string {
  return hash('sha256', text, 'hex');
}

/** `tk_<20 letters of the id>_<44 letters of chance>` for a row's id `k_…`. */
export function keyText(id: string, chance: string): string {
  return `tk_${id.replace(/^k_/, '')}_${chance}`;
}

/** The row id of a key whose text is not of our making. */
export function givenKeyId(text: string): string {
  return givenPrefix + keyHash(text).slice(0, 24);
}

/** The ids under which the key of this text may be kept. */
export function keyIds(text: string): string[] {
  const ours = /^tk_([0-9a-z]{20})_[\w-]{40,100}$/.exec(text);
  return ours ? [`k_${ours[1]}`, givenKeyId(text)] : [givenKeyId(text)];
}

/** Compares two digests in a time that says nothing about them. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
