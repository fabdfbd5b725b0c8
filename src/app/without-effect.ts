// What is set in the environment and does nothing: a likely slip, told at the start.
import { nearest } from '#core/nearest.ts';
import { type VariableName, variables } from '../config/variables.ts';

/**
 * What is set and does nothing: half a pair, and names that look like ours: `OWNER_ID` → “did you mean OWNER_IDS?”.
 * `fromFile`: what stands in .env was written for us, so any name there that is near to one of ours is a slip.
 */
export function withoutEffect(
  env: Record<string, string | undefined>,
  fromFile: readonly string[] = [],
): string[] {
  const isSet = (name: VariableName) => (env[name] ?? '').trim() !== '';
  const alone = isSet('SMTP_FROM') && !isSet('SMTP_URL');
  const half = alone ? ['SMTP_FROM does nothing without SMTP_URL: no mail is sent.'] : [];
  const foreign = Object.keys(env).flatMap((name) => {
    if (
      name in variables ||
      (!fromFile.includes(name) &&
        !/^(TELEGRAM|TOCSIN|OWNER|BOOTSTRAP|DEFAULT_TIME|PUBLIC_U|REDIS_U|DATABASE_U)/.test(name))
    )
      return [];
    const known = Object.keys(variables);
    const words = name.split('_');
    // One with all its words is meant, however much longer it is: TELEGRAM_TOKEN is TELEGRAM_BOT_TOKEN.
    const whole =
      words.length > 1 && known.find((one) => words.every((word) => one.split('_').includes(word)));
    const meant = whole || nearest(name, known);
    return meant === undefined ? [] : [`${name} is not read; did you mean ${meant}?`];
  });
  return [...half, ...foreign];
}
