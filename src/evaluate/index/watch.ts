// A rule made ready for stepping: its kind found, its params read once.
import type { Rule } from '#core/rule.ts';
import type { Kind } from '../kind.ts';
import { kindNamed } from '../kinds/index.ts';

export interface Watch {
  rule: Rule;
  kind: Kind;
  params: unknown;
}

/** The rule with its kind, or a sentence about why it cannot be stepped. */
export function readyRule(rule: Rule): { ok: true; watch: Watch } | { ok: false; fault: string } {
  const kind = kindNamed(rule.kind);
  if (!kind) return { ok: false, fault: `there is no kind “${rule.kind}”` };
  const params = kind.params.safeParse(rule.params);
  if (!params.success)
    return { ok: false, fault: params.error.issues[0]?.message ?? 'the params are not usable' };
  return { ok: true, watch: { rule, kind, params: params.data } };
}
