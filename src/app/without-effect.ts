// What is set in the environment and does nothing: a likely slip, told at the start.
import { editDistance, nearest } from '#core/nearest.ts';
import { type VariableName, variables } from '../config/variables.ts';

const ours = /^(TELEGRAM|TOCSIN|OWNER|BOOTSTRAP|DEFAULT_TIME|PUBLIC_U|REDIS_U|DATABASE_U)/;

/**
 * What is set and does nothing: half a pair, and names that look like ours: `OWNER_ID` → “did you mean OWNER_IDS?”.
 * `fromFile`: what stands in .env was written for us, so any name there that is near to one of ours is a slip.
 */
export function withoutEffect(
  env: Record<string, string | undefined>,
  fromFile: readonly string[] = [],
): string[] {
  const isSet = (name: VariableName) => (env[name] ?? '').trim() !== '';
  // Of other programs’ variables only what can hardly be anything else.
  const slipOf = (name: string, all: VariableName[]) =>
    name.length < 8
      ? undefined
      : all.find(
          (one) => !isSet(one) && Math.abs(one.length - name.length) < 2 && editDistance(name, one) === 1,
        );
  const alone = isSet('SMTP_FROM') && !isSet('SMTP_URL');
  const half = alone ? ['SMTP_FROM does nothing without SMTP_URL: no mail is sent.'] : [];
  const known = Object.keys(variables) as VariableName[];
  const foreign = Object.keys(env).flatMap((name) => {
    if (name in variables) return [];
    const meant = fromFile.includes(name) || ours.test(name) ? meantBy(name, known) : slipOf(name, known);
    return meant === undefined ? [] : [`${name} is not read; did you mean ${meant}?`];
  });
  return [...half, ...foreign];
}

function meantBy(name: string, known: readonly string[]): string | undefined {
  const words = name.split('_');
  // One with all its words is meant, however much longer it is: TELEGRAM_TOKEN is TELEGRAM_BOT_TOKEN.
  const whole = words.length > 1 && known.find((one) => words.every((word) => one.split('_').includes(word)));
  return whole || nearest(name, known);
}
