// What a variable of the environment is, and the ways of reading that several share.
import { z } from 'zod';

/** One variable: why it exists, what it means when it is not set, and how it is read. */
export interface Variable {
  why: string;
  /** As it stands in .env.example; empty for none. */
  default: string;
  secret?: true;
  read: z.ZodType;
}

export const text = z.string().trim();
/** An address of one of these protocols; `good` is an example for who gave another. */
export const url = (protocols: string[], good: string) =>
  text.superRefine((value, context) => {
    const message = faultOfUrl(value, protocols, good);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

function faultOfUrl(value: string, protocols: string[], good: string): string | undefined {
  // A unix socket's folder as the host is percent-encoded, which URL refuses for http alone.
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol))
    return value.includes('@')
      ? `${good}; in a user or password # / ? @ : % are written %23 %2F %3F %40 %3A %25`
      : good;
  const { username, password, hostname, pathname } = new URL(value);
  return [username, password, hostname, pathname].every(decodes)
    ? undefined
    : 'has a % that stands for nothing: in a user or password it is written %25';
}

function decodes(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** The address of something that messages go through; `has` must be in it, `lacks` says that it is not. */
export const gateway = (has: 'username' | 'password' | 'host', good: string, lacks = good) =>
  url(['https:', 'http:'], good)
    .refine((value) => !URL.canParse(value) || new URL(value)[has] !== '', lacks)
    .transform((value) => new URL(value))
    .optional();

/** A whole number, and where none is given. */
export const whole = (most: number, none: number) => {
  const good = `must be a number from 0 to ${most}`;
  return z.coerce.number(good).int(good).min(0, good).max(most, good).default(none);
};
