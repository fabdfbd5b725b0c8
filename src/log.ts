// The log: one JSON line each, or readable text on a terminal; errors by an allow-list, secrets scrubbed at the very end.
import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Log } from '#core/log.ts';
import { comesFromQuery, tellable } from '#core/say-error.ts';
import { hideSecrets } from '#core/secret-shapes.ts';

/** What of an error is written: never its other fields, which hold requests, addresses and tokens. */
const shownFields = ['method', 'status', 'error_code'] as const;

/**
 * The parts of an error that may be logged: name, message, stack, a few codes, and the same of its causes (3 deep). Of a
 * failed query only its innermost cause.
 */
export function errorFields(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: tellable(error).message };
  const out: Record<string, unknown> = { ...tellable(error) };
  for (const field of shownFields) {
    const value = (error as unknown as Record<string, unknown>)[field];
    if (typeof value === 'string' || typeof value === 'number') out[field] = value;
  }
  if (depth === 0) out.stack = framesOf(error);
  if (error.cause !== undefined && depth < 3 && !comesFromQuery(error))
    out.cause = errorFields(error.cause, depth + 1);
  return out;
}

// A stack begins with the message, which may have many lines; without it nothing but frames is left.
function framesOf({ stack = '', message }: Error): string | undefined {
  const start = stack.indexOf(message);
  if (start < 0) return undefined;
  const lines = stack.slice(start + message.length).split('\n');
  return lines.slice(1, 8).join('\n');
}

/** A function that takes secrets out of a text: by their shape, and these values wherever they stand. */
export function scrubber(secrets: readonly string[]): (text: string) => string {
  const values = [...new Set(secrets)].filter((secret) => secret.length >= 6);
  const forms = values.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => {
    let out = text;
    for (const form of ordered) out = out.replaceAll(form, '[secret]');
    return hideSecrets(out);
  };
}

export interface LogOptions {
  level: string;
  secrets: readonly string[];
  /** True for text that a person reads as it appears. */
  readable: boolean;
  write(line: string): void;
}

/** Opens the log. Everything written passes the scrubber, whatever a caller put into it. */
export function openLog({ level, secrets, readable, write }: LogOptions): Log {
  const scrub = scrubber(secrets);
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const line = scrub(String(chunk));
      write(readable ? sayLine(line) : line);
      done();
    },
  });
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorFields } },
    stream,
  );
}

const levelWords: Record<number, string> = {
  20: 'debug',
  30: '',
  40: 'warning: ',
  50: 'error: ',
  60: 'fatal: ',
};

// One line for a person: the clock, what happened, and the fields that were given.
function sayLine(line: string): string {
  try {
    const { time, level, msg, err, ...fields } = JSON.parse(line);
    const said = Object.entries(fields)
      .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join('');
    const cause = err ? ` (${err.name}: ${err.message}${err.cause ? `; ${err.cause.message}` : ''})` : '';
    const stack = err?.stack && level >= 50 ? `\n${err.stack}` : '';
    return `${String(time).slice(11, 19)} ${levelWords[level] ?? ''}${msg}${cause}${said}${stack}\n`;
  } catch {
    return line;
  }
}
