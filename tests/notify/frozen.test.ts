// Processes that were stopped in the middle of a send or an edit, and go on a minute later beside those that took over.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStage, type Stage, unmet } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const texts = (chat: number) => stage.sent(chat).map(({ text }) => text);
/** What the first message in the chat of person 1 says now. */
const standing = () => stage.sent(1)[0]!.text;
const repeat = /^possible repeat, first try 8:00:00\n/;

describe('a process', () => {
  it.each([
    ['before it looked', 1],
    ['between intent and the first byte', 2],
  ])('that was stopped for a minute, %s, sends nothing late', async (_when, steady) => {
    const { receiverId } = await stage.person(1);
    const { notifyWork } = await import('../../src/notify/worker.ts');
    let asked = 0;
    const zombie = notifyWork(stage.world, stage.channels, {
      clock: () => stage.clock.now,
      elapsed: () => (asked++ < steady ? 0 : 60_000),
    });
    await stage.fire('/home', [receiverId]);
    await zombie.notify(receiverId, stage.clock.now);
    asked = 0;
    await zombie.deliver('telegram|1', stage.clock.now);
    await zombie.close();
    expect(texts(1)).toHaveLength(0);
    await stage.settle();
    await stage.pass(3000);
    expect(texts(1)).toHaveLength(1);
    expect(texts(1)[0]).not.toMatch(repeat);
  });

  it.each([
    ['before it asked whether the address is its own', true],
    ['after that', false],
  ])(
    'that was stopped for a minute while it edited, %s, leaves nothing old standing',
    async (_when, asks) => {
      const { receiverId } = await stage.person(1);
      const { notifyWork } = await import('../../src/notify/worker.ts');
      const alert = await stage.fire('/home', [receiverId]);
      await stage.settle();
      stage.clock.now += 5000;
      const seen = await stage.step(alert, { is: 'acknowledge', by: { is: 'operator', name: 'Ben' } }, [
        receiverId,
      ]);
      let passed = 0;
      let edits = 0;
      const [telegram] = stage.channels;
      const frozen: typeof telegram = {
        ...telegram!,
        async deliver(told, address, how) {
          edits += 1;
          // A minute goes by; others tell that it is over.
          passed = 60_000;
          await successor(seen);
          return telegram!.deliver(told, address, asks ? how : { ...how, inTime: () => true });
        },
      };
      const zombie = notifyWork(stage.world, [frozen], {
        clock: () => stage.clock.now,
        elapsed: () => passed,
      });
      async function successor(current: typeof alert): Promise<void> {
        stage.clock.now += 60_000;
        await stage.step(current, unmet(), [receiverId]);
        await stage.settle();
        expect(standing()).toContain('is over');
      }
      await zombie.deliver('telegram|1', stage.clock.now);
      expect(edits).toBe(1);
      expect(standing()).toContain(asks ? 'is over' : 'Ben');
      await zombie.close();
      await stage.pass(60_000);
      expect(standing()).toContain('is over');
      expect(standing()).not.toContain('acknowledged');
    },
  );
});
