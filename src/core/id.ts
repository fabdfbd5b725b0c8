// Names for new things: a prefix that says what it is, and enough chance that nobody guesses it.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** `a_` and 20 letters (100 bits) from the bytes given; needs at least 20 bytes. */
export function makeId(prefix: string, bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 20; i++) text += alphabet[bytes[i]! & 31];
  return `${prefix}_${text}`;
}
