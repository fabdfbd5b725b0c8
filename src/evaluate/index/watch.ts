// A rule made ready for stepping: its kind found, its params read once.
import type { Rule } from '#core/rule.ts';
import { headOf } from '#store/rule-feed.ts';
import { type BandTable, readyBands } from '../band-table.ts';
import type { Kind } from '../kind.ts';
import { kindNamed } from '../kinds/index.ts';
import type { Asking } from './asking.ts';
import type { Form } from './slots.ts';
import type { Texts } from './texts.ts';

export interface Watch {
  rule: Rule;
  kind: Kind;
  params: unknown;
  /** True when nobody will look at the fields of its alerts: they stay empty. */
  skims?: true;
  /** Of a rule with time bands. */
  bands?: BandTable;
}

/** The rule with its kind, or a sentence about why it cannot be stepped. `zone`: of owners who have not said theirs. */
export function readyRule(
  rule: Rule,
  zone = 'UTC',
): { ok: true; watch: Watch } | { ok: false; fault: string } {
  const kind = kindNamed(rule.kind);
  if (!kind) return { ok: false, fault: `there is no kind “${rule.kind}”` };
  const params = checked(kind, rule.params);
  if (!params.success)
    return { ok: false, fault: params.error.issues[0]?.message ?? 'the params are not usable' };
  const given = kind.ground ? kind.ground(params.data, rule.zone ?? zone) : params.data;
  const watch = { rule, kind, params: given };
  if (!rule.bands?.length) return { ok: true, watch };
  const bands = readyBands(rule, kind, rule.zone ?? zone);
  return bands.ok ? { ok: true, watch: { ...watch, bands: bands.table } } : bands;
}

function checked(kind: Kind, params: Rule['params']): ReturnType<Kind['params']['safeParse']> {
  return kind.plain?.(params) ? { success: true, data: params } : kind.params.safeParse(params);
}

/** How the index reads packed rules, which it knows by their numbers among these texts. */
export function packedForm(texts: Texts): Form<number, Asking> {
  return {
    idOf: (number) => texts.head(number),
    asking(number) {
      const { id, topic, match, kind, params, key, options, ground } = headOf(texts.text(number));
      if (!Array.isArray(key)) throw new Error('its key is no list of fields');
      const { lists } = ground;
      // What time of the week it is changes what a rule with bands waits for.
      const wakes = options.bands ? undefined : wakesOf(kind, params);
      return { id, topic, match, key, lists, wakes };
    },
  };
}

function wakesOf(name: string, params: Record<string, unknown>): Asking['wakes'] {
  const gate = kindNamed(name)?.wakes?.(params);
  // Params are as they were checked, unless the kind has changed since: then the rule cannot be used anyway.
  return gate && typeof gate.field === 'string' && Number.isFinite(gate.limit) ? gate : undefined;
}
