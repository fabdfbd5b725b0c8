// Every secret value that the environment gives, for the log's scrubber.
import type { Variable } from './variable.ts';
import { variables } from './variables.ts';

/** Secret variables, the passwords inside addresses, and keys; none shorter than six characters. */
export function secretsIn(env: Record<string, string | undefined>): string[] {
  return (Object.entries(variables) as [string, Variable][])
    .filter(([, variable]) => variable.secret)
    .flatMap(([name]) => [env[name] ?? '', ...passwordOf(env[name]), ...keysOf(name, env[name])])
    .filter((secret) => secret.length >= 6);
}

function keysOf(name: string, value = ''): string[] {
  return name === 'ENCRYPTION_KEYS' ? value.split(/[\s,]+/).map((one) => one.replace(/^[^:]*:/, '')) : [];
}

function passwordOf(value: string | undefined): string[] {
  if (value === undefined || !URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
