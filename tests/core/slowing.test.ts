// Too many requests: whose limit it was, and how the pace finds what is taken.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterTurn, wholePace } from '#core/pace.ts';
import { openSuspicion, partOf, type Slowed, shareAt, slower } from '#core/slowing.ts';
import { floodGate } from '#sandbox/telegram/limits.ts';

describe('whose limit it was', () => {
  it('is the chat’s while others are taken', () => {
    const suspicion = openSuspicion();
    for (let i = 0; i < 5; i++) {
      expect(suspicion.refused('1', 3_000, i)).toBe(false);
      suspicion.taken(suspicion.begin(), '2');
    }
    // The same one again says nothing new.
    expect(suspicion.refused('1', 3_000, 10)).toBe(false);
    expect(suspicion.refused('1', 3_000, 11)).toBe(false);
  });

  it('is the bot’s when the next one is refused, too', () => {
    const suspicion = openSuspicion();
    expect(suspicion.refused('1', 1_000, 0)).toBe(false);
    suspicion.taken(suspicion.begin(), '1');
    expect(suspicion.refused('2', 1_000, 900)).toBe(true);
  });

  it('is not told by what was on its way before, nor by what is long ago', () => {
    const suspicion = openSuspicion();
    const before = suspicion.begin();
    expect(suspicion.refused('1', 1_000, 0)).toBe(false);
    suspicion.taken(before, '3');
    expect(suspicion.refused('2', 1_000, 1)).toBe(true);
    expect(suspicion.refused('4', 1_000, 5_000)).toBe(false);
  });

  it('is no longer asked by a clock that was set back to before the refusal', () => {
    const suspicion = openSuspicion();
    const [then, hour] = [10 * 3_600_000, 3_600_000];
    expect(suspicion.refused('1', 3_000, then)).toBe(false);
    // Others may have looked at the clock a moment before.
    expect(suspicion.open(then - 100)).toBe(true);
    expect(suspicion.open(then - hour)).toBe(false);
    expect(suspicion.refused('2', 3_000, then - hour)).toBe(false);
  });
});

describe('the pace', () => {
  it('comes back by itself, and never exceeds what is believed', () => {
    const pace = wholePace()!;
    const slowed = slower(null, 0);
    expect(partOf(pace, shareAt(null, 5))).toEqual(pace);
    fc.assert(
      fc.property(fc.nat(2_000_000), fc.nat(2_000_000), (a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        const [one, two] = [shareAt(slowed, early), shareAt(slowed, late)];
        expect(one).toBeGreaterThan(0);
        expect(two).toBeGreaterThanOrEqual(one);
        expect(two).toBeLessThanOrEqual(1);
        expect(shareAt(slower(slowed, early), early)).toBeLessThan(one);
      }),
    );
    expect(shareAt(slowed, 300_000)).toBe(1);
    expect(shareAt(slower(slowed, 0), 300_000)).toBeCloseTo(slowed.share);
    // However often it is refused, something is spoken.
    let worst: Slowed | null = null;
    for (let i = 0; i < 100; i++) worst = slower(worst, 0);
    expect(partOf(pace, shareAt(worst, 0)).everyMs).toBeLessThan(1_000);
  });

  it('finds what Telegram takes with few refusals, and uses it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), fc.integer({ min: 1, max: 60 }), (perSecond, latency) => {
        const { taken, refused, seconds } = speak({ perSecond, latency, calls: 400 + perSecond * 120 });
        // Two to see that it is the bot, for each step on the way down; afterwards once in many minutes.
        const steps = Math.ceil(Math.log(Math.min(1, perSecond / 28)) / Math.log(0.6)) + 1;
        expect(refused).toBeLessThanOrEqual(2 * steps + (taken + refused) / 500);
        if (perSecond >= 20) expect(refused / (taken + refused)).toBeLessThanOrEqual(0.01);
        expect(taken / seconds).toBeGreaterThan(Math.min(perSecond, 27) * 0.6);
      }),
      { numRuns: 60 },
    );
  });
});

/** One after the other to many chats, at the believed pace, with the emulator’s limits on the other side. */
function speak({ perSecond, latency, calls }: { perSecond: number; latency: number; calls: number }) {
  const gate = floodGate({ globalPerSecond: perSecond, globalBurst: perSecond });
  const pace = wholePace()!;
  const suspicion = openSuspicion();
  let slowed: Slowed | null = null;
  let [now, freeAt, pausedUntil, taken, refused] = [0, 0, 0, 0, 0];
  while (taken < calls) {
    now = Math.max(now, freeAt, pausedUntil);
    freeAt = afterTurn(partOf(pace, shareAt(slowed, now)), freeAt, now);
    const chat = 1 + ((taken + refused) % 500);
    const call = suspicion.begin();
    const wait = gate.take({ id: chat, type: 'private' }, now) * 1_000;
    if (wait === 0) {
      taken++;
      suspicion.taken(call, String(chat));
    } else {
      refused++;
      if (suspicion.refused(String(chat), wait, now)) {
        slowed = slower(slowed, now);
        pausedUntil = now + wait;
        freeAt = Math.max(freeAt, pausedUntil);
      }
    }
    // Others are on their way meanwhile.
    now += Math.min(latency, pace.everyMs);
  }
  return { taken, refused, seconds: now / 1_000 };
}
