// What is next for an alert that nobody takes care of.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterDeed,
  type Care,
  type Cared,
  careDocument,
  firstHeard,
  type Hearer,
  nextCare,
  toRemind,
} from '#core/care.ts';

const firing = { status: 'firing' as const, snoozedUntil: null, acknowledgedAt: null };
const minute = 60_000;
const fresh: Cared = { since: 0, heard: 0, reminded: 0, escalated: 0 };

/** What is done, and when, in minutes; it is looked at whenever something is next. */
function lived(care: Care, heard: number): [number, string][] {
  const done: [number, string][] = [];
  let cared: Cared = { ...fresh, heard: undefined };
  for (let now = 0; done.length < 100; ) {
    if (now >= heard) cared = { ...cared, heard };
    const next = nextCare(firing, care, cared, now);
    if (!next) return done;
    if (next.at > now) {
      now = next.at;
      continue;
    }
    done.push([now / minute, next.deed.is]);
    cared = afterDeed(next.deed, care, cared, now);
  }
  throw new Error('it never ends');
}

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
    expect(nextCare(firing, care, fresh, 0)).toEqual({ at: minute, deed: { is: 'remind' } });
    expect(nextCare({ ...firing, snoozedUntil: 5 }, care, fresh, 0)).toBeUndefined();
    expect(nextCare({ ...firing, status: 'resolved' }, care, fresh, 0)).toBeUndefined();
    expect(
      nextCare({ ...firing, status: 'acknowledged', acknowledgedAt: 7 }, care, fresh, 0),
    ).toBeUndefined();
    expect(
      nextCare({ ...firing, status: 'acknowledged', acknowledgedAt: 7 }, { ackExpiresMs: 3 }, fresh, 0),
    ).toEqual({
      at: 10,
      deed: { is: 'expire' },
    });
  });

  it('counts reminders from when the first person heard, and nothing else waits for that', () => {
    const care = (every: number, most: number): Care => ({
      remind: { everyMs: every * minute, most },
      escalate: [{ afterMs: 45 * minute, to: ['x'] }],
    });
    // Heard in the morning, between two looks, and just before one.
    for (const heard of [540, 551, 569.5])
      expect(lived(care(30, 3), heard * minute)).toEqual([
        [45, 'escalate'],
        [heard + 30, 'remind'],
        [heard + 60, 'remind'],
        [heard + 90, 'remind'],
      ]);
    expect(lived(care(1, 1), minute / 6)).toEqual([
      [1 + 1 / 6, 'remind'],
      [45, 'escalate'],
    ]);
  });

  it('counts them anew when the alert is nobody’s again', () => {
    const care: Care = { remind: { everyMs: 30 * minute, most: 3 } };
    const again = { ...fresh, since: 100 * minute, heard: 7 * minute };
    expect(nextCare(firing, care, again, 100 * minute)?.at).toBe(130 * minute);
  });

  it('reminds once for those whose time passed while nobody could remind', () => {
    const care: Care = { remind: { everyMs: 10 * minute, most: 5 } };
    const cared = { ...fresh, heard: 100 * minute, reminded: 1 };
    const after = (minutes: number) => afterDeed({ is: 'remind' }, care, cared, minutes * minute).reminded;
    expect([120, 129, 130, 145, 200].map(after)).toEqual([2, 2, 3, 4, 10]);
  });

  it('hears people only, and reminds whoever was told as the next an interval after that', () => {
    const one = (receiverId: string, heardAt: number, nextAt: number | null, isMachine = false): Hearer => ({
      receiverId,
      heardAt,
      nextAt,
      isMachine,
    });
    expect(firstHeard([])).toBeUndefined();
    expect(firstHeard([one('hook', 0, null, true)])).toBeUndefined();
    expect(firstHeard([one('hook', 0, null, true), one('ben', 9, 8), one('ana', 7, null)])).toBe(7);
    const heard = [
      one('late', 95, null),
      one('next', 51, 50),
      one('long next', 11, 9),
      // Named once more.
      one('next again', 3, 50),
      one('hook', 0, null, true),
    ];
    const reminded = (now: number) => toRemind(heard, { everyMs: 100, most: 1 }, now);
    expect(reminded(100)).toEqual(['late', 'long next', 'next again', 'hook']);
    expect(reminded(140)).toContain('next');
  });

  it('gives each reminder once, on time, and each level, however late somebody hears', () => {
    const care = fc.record({
      remind: fc.record({ everyMs: fc.integer({ min: 1, max: 50 }), most: fc.integer({ min: 1, max: 5 }) }),
      escalate: fc
        .array(fc.record({ afterMs: fc.integer({ min: 1, max: 200 }), to: fc.constant<string[]>(['x']) }), {
          maxLength: 3,
        })
        .map((levels) => levels.sort((a, b) => a.afterMs - b.afterMs)),
    });
    fc.assert(
      fc.property(care, fc.integer({ min: 0, max: 300 }), (given, heard) => {
        const done = lived(given, heard);
        const times = (what: string) => done.filter(([, is]) => is === what).map(([at]) => at * minute);
        expect(done.map(([at]) => at)).toEqual(done.map(([at]) => at).sort((a, b) => a - b));
        expect(times('remind').map(Math.round)).toEqual(
          Array.from({ length: given.remind.most }, (_, i) => heard + given.remind.everyMs * (i + 1)),
        );
        expect(times('escalate').map(Math.round)).toEqual(given.escalate.map(({ afterMs }) => afterMs));
      }),
    );
  });
});
