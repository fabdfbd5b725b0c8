// What would make a rule quieter: the changes worth trying, and which of them is worth offering. Pure.

/** So often put aside within so long, and it is offered to make the rule quieter. */
export const enough = 5;
export const lookBack = 14 * 86_400_000;
/** Not offered again for so long, and when it was left as it is. */
export const pauseMs = { offered: 14 * 86_400_000, left: 30 * 86_400_000 } as const;
/** Resolved by hand sooner than this, it was not worth telling. */
export const hastyMs = 60_000;
export const workHours = 'Mon-Fri 09:00-18:00';

const waits = [5, 15, 60].map((minutes) => minutes * 60_000);
/** Numbers that only mean something beside the limit. */
const beside = ['clear', 'critical'];

/** Limits on the quieter side, nearest first. */
export function quieterLimits(limit: number, params: Record<string, unknown>): number[] {
  const down = /^</.test(String(params.op ?? '')) || params.side === 'below';
  const step = limit === 0 ? 1 : 5 * 10 ** (Math.floor(Math.log10(Math.abs(limit))) - 1);
  const whole = Number.isInteger(limit) && step < 1 ? 1 : step;
  return [1, 2, 4].map((times) => Number((limit + (down ? -1 : 1) * times * whole).toPrecision(12)));
}

/** The nearest limit that quarters it, else the one that tells least; undefined: none tells less. */
export function bestLimit<T extends { limit: number; told: number }>(
  told: number,
  variants: T[],
): T | undefined {
  const quieter = variants.filter((one) => one.told < told);
  return quieter.find((one) => one.told <= told / 4) ?? quieter.toSorted((a, b) => a.told - b.told)[0];
}

/** The next longer wait; undefined: it waits long already. */
export function longerWait(forMs: number): number | undefined {
  return waits.find((ms) => ms > forMs);
}

/** The params with another limit; what stands beside it keeps its distance. */
export function withLimit(
  params: Record<string, unknown>,
  name: string,
  limit: number,
): Record<string, unknown> {
  const before = params[name];
  // 0.1 + 0.2 is 0.3 to people.
  const moved = Object.fromEntries(
    beside.flatMap((other) => {
      const value = params[other];
      return typeof value === 'number' && typeof before === 'number'
        ? [[other, Number((value + limit - before).toPrecision(12))]]
        : [];
    }),
  );
  return { ...params, ...moved, [name]: limit };
}

/** Told only in work hours. */
export const onlyInWorkHours = [{ when: workHours }, { when: 'otherwise', off: true }];
