// The result of something a person asked for: done, or refused with a sentence they can read.
export type RefusalCode = 'not-found' | 'forbidden' | 'conflict' | 'invalid';
export type Refusal = { ok: false; code: RefusalCode; text: string };
export type Outcome<T extends object = object> = ({ ok: true } & T) | Refusal;

/** Refuses with a sentence for the person who asked. */
export function refuse(code: RefusalCode, text: string): Refusal {
  return { ok: false, code, text };
}
