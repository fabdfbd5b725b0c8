// What somebody says of a target, checked: its module, its settings, its name, its password.
import { type Refusal, refuse } from '#core/outcome.ts';
import { nameFault } from './create-source.ts';
import type { ModuleBook, ModuleFacts } from './module-book.ts';

export type Login = { user: string; password: string } | { bearer: string };

export interface TargetInput {
  module: string;
  /** As the module's fields ask; what is left out is as usual. */
  params?: Record<string, unknown>;
  /** How it is called in alerts; its host and port when not given. */
  name?: string;
  /** Milliseconds between two looks, 10 s to a day; the module's own when not given. */
  everyMs?: number;
  /** Milliseconds for one answer, 1 to 30 s; 10 s when not given. */
  timeoutMs?: number;
  login?: Login;
}

/** A bad input's refusal names every fault with its path. */
export type TargetRefusal = Refusal & { faults?: { path: string; text: string }[] };

export interface CheckedInput {
  module: ModuleFacts;
  name: string;
  params: Record<string, unknown>;
  everyMs: number;
  timeoutMs: number;
  /** The header `Authorization`. */
  authorization: string | undefined;
}

/** Checks everything that can be known without asking the target. */
export function checkTarget(
  book: ModuleBook,
  input: TargetInput,
): { ok: true; target: CheckedInput } | TargetRefusal {
  const module = book.find(input.module);
  const scraped = book.all().filter((one) => one.scraped);
  if (!module?.scraped) {
    const known = scraped.map(({ name }) => name).join(', ');
    const text = module ? `${module.title} pushes by itself and is not asked` : `There is no such module`;
    return refuse('invalid', `${text}; there are ${known}.`);
  }
  const checked = book.check(module.name, input.params ?? {});
  const faults = checked.ok ? [] : checked.faults.map(({ path, text }) => ({ path: `params.${path}`, text }));
  const { everyMs = module.everyMs, timeoutMs = 10_000 } = input;
  if (!Number.isInteger(everyMs) || everyMs < 10_000 || everyMs > 86_400_000)
    faults.push({ path: 'every', text: 'must be from 10 seconds to a day' });
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1_000 || timeoutMs > 30_000)
    faults.push({ path: 'timeout', text: 'must be from 1 to 30 seconds' });
  const name = input.name?.trim() || (checked.ok ? hostOf(checked.address) : 'x');
  const wrong = nameFault(name);
  if (wrong) faults.push({ path: 'name', text: wrong.replace('A source’s name', 'a target’s name') });
  const authorization = authorizationOf(input.login);
  // A header must hold no line of its own.
  if (authorization === false)
    faults.push({ path: 'login', text: 'must be plain text of at most 500 characters' });
  if (checked.ok && authorization !== false && faults.length === 0)
    return { ok: true, target: { module, name, params: checked.params, everyMs, timeoutMs, authorization } };
  const text = faults.map(({ path, text }) => `${path} ${text}`).join('; ');
  return { ...refuse('invalid', `${text}.`), faults };
}

function authorizationOf(login: Login | undefined): string | false | undefined {
  if (login === undefined) return undefined;
  const said = 'bearer' in login ? login.bearer : `${login.user}:${login.password}`;
  if (said.length === 0 || said.length > 500 || !/^[^\p{Cc}]*$/u.test(said)) return false;
  if ('bearer' in login) return /^[\x21-\x7e]+$/.test(said) && `Bearer ${said}`;
  return `Basic ${Buffer.from(said, 'utf8').toString('base64')}`;
}

// A name begins with a letter or a digit, and an address of IPv6 may not: 0::1 says the same as ::1.
function hostOf(address: string): string {
  return new URL(address).host.replace(/[[\]]/g, '').replace(/^:/, '0:').slice(0, 100);
}
