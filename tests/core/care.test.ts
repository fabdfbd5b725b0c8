// What is next for an alert that nobody takes care of.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Care, type Cared, careDocument, nextCare, nextWithNobody } from '#core/care.ts';

const firing = { status: 'firing' as const, snoozedUntil: null, acknowledgedAt: null };
const minute = 60_000;

describe('following up', () => {
  it('is read from what people write, soonest first', () => {
    expect(
      careDocument.parse({
        remind: { every: '30m' },
        ackExpires: '4h',
        escalate: [
          { after: '1h', to: ['p_ben'] },
          { after: '15m', to: ['Ana’s mail'] },
        ],
      }),
    ).toEqual({
      remind: { everyMs: 30 * minute, most: 5 },
      ackExpiresMs: 240 * minute,
      escalate: [
        { afterMs: 15 * minute, to: ['Ana’s mail'] },
        { afterMs: 60 * minute, to: ['p_ben'] },
      ],
    });
    expect(careDocument.safeParse({ remind: { every: '1s' } }).success).toBe(false);
    expect(careDocument.safeParse({ escalate: [{ after: '5m', to: [] }] }).success).toBe(false);
  });

  it('waits while an alert is snoozed, and stops when it is over', () => {
    const care: Care = { remind: { everyMs: minute, most: 3 } };
    const fresh: Cared = { since: 0, reminded: 0, escalated: 0 };
    expect(nextCare(firing, care, fresh)).toEqual({ at: minute, deed: { is: 'remind' } });
    expect(nextCare({ ...firing, snoozedUntil: 5 }, care, fresh)).toBeUndefined();
    expect(nextCare({ ...firing, status: 'resolved' }, care, fresh)).toBeUndefined();
    expect(nextCare({ ...firing, status: 'acknowledged', acknowledgedAt: 7 }, care, fresh)).toBeUndefined();
    expect(
      nextCare({ ...firing, status: 'acknowledged', acknowledgedAt: 7 }, { ackExpiresMs: 3 }, fresh),
    ).toEqual({
      at: 10,
      deed: { is: 'expire' },
    });
  });

  it('lets a reminder wait while nobody has heard, and nothing else with it', () => {
    const remind = { everyMs: minute, most: 1 };
    const care: Care = { remind, escalate: [{ afterMs: 5 * minute, to: ['x'] }] };
    const fresh: Cared = { since: 0, reminded: 0, escalated: 0 };
    const next = (given: Care, minutes: number) => {
      const { at, deed } = nextWithNobody(firing, given, fresh, minutes * minute);
      return [at / minute, deed.is];
    };
    expect([1, 2, 4, 100].map((minutes) => next({ remind }, minutes))).toEqual([
      [2, 'remind'],
      [4, 'remind'],
      [8, 'remind'],
      [160, 'remind'],
    ]);
    expect([1, 4, 6].map((minutes) => next(care, minutes))).toEqual([
      [2, 'remind'],
      [5, 'escalate'],
      [5, 'escalate'],
    ]);
  });

  it('done step by step gives each reminder and each level once, in order of time', () => {
    const care = fc.record({
      remind: fc.record({ everyMs: fc.integer({ min: 1, max: 50 }), most: fc.integer({ min: 1, max: 5 }) }),
      escalate: fc
        .array(fc.record({ afterMs: fc.integer({ min: 1, max: 200 }), to: fc.constant<string[]>(['x']) }), {
          maxLength: 3,
        })
        .map((levels) => levels.sort((a, b) => a.afterMs - b.afterMs)),
    });
    fc.assert(
      fc.property(care, (given) => {
        let cared: Cared = { since: 0, reminded: 0, escalated: 0 };
        const done: [number, string][] = [];
        for (let next = nextCare(firing, given, cared); next; next = nextCare(firing, given, cared)) {
          done.push([next.at, next.deed.is]);
          if (next.deed.is === 'remind') cared = { ...cared, reminded: cared.reminded + 1 };
          else cared = { ...cared, escalated: cared.escalated + 1 };
        }
        expect(done.map(([at]) => at)).toEqual(done.map(([at]) => at).sort((a, b) => a - b));
        expect(done.filter(([, is]) => is === 'remind').map(([at]) => at)).toEqual(
          Array.from({ length: given.remind.most }, (_, i) => given.remind.everyMs * (i + 1)),
        );
        expect(done.filter(([, is]) => is === 'escalate').map(([at]) => at)).toEqual(
          given.escalate.map(({ afterMs }) => afterMs),
        );
      }),
    );
  });
});
