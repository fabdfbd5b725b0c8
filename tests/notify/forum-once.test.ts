// A law: whatever Telegram answers, whoever dies, and however many work, a forum topic is made at most once, and all is told.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Channel } from '#notify/channel.ts';
import { notifyWork } from '#notify/worker.ts';
import { saveStyle } from '#store/receivers.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let groups = 0;

beforeAll(async () => {
  stage = await openStage({ limits: 'off', patienceMs: 2000 });
  await stage.person(1);
});
afterAll(() => stage.close());

/** What happens to the next making: Telegram's answer is lost, it has no time, nothing arrives, or our process ends. */
const troubles = ['none', 'lost', 'busy', 'unsent', 'killed'] as const;
const step = fc.record({
  topic: fc.constantFrom('disk.usage', 'builds.vr0', 'host.alive'),
  trouble: fc.constantFrom(...troubles),
});

const faults = {
  lost: 'drop-answer',
  busy: { status: 429, description: 'Too Many Requests: retry after 2', parameters: { retry_after: 2 } },
  unsent: 'reset-before',
} as const;

it('each topic is made at most once, and every alert stands somewhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
      const id = -1_000_000_000_000 - ++groups;
      const { group, receiverId, groupId } = await stage.group(id, 1, { forum: true, admin: true });
      await saveStyle(stage.db, receiverId, { topics: 'topic' });
      let dies = false;
      const mortal = stage.channels.map(
        (channel): Channel =>
          channel.topics === undefined
            ? channel
            : {
                ...channel,
                topics: {
                  async make(...asked) {
                    const made = await channel.topics!.make(...asked);
                    if (dies) throw new Error('the process ends');
                    return made;
                  },
                },
              },
      );
      const workers = [1, 2].map(() => notifyWork(stage.world, mortal, { clock: () => stage.clock.now }));
      const both = {
        notify: async (name: string, now: number) =>
          void (await Promise.all(workers.map((one) => one.notify(name, now)))),
        deliver: async (name: string, now: number) =>
          void (await Promise.allSettled(workers.map((one) => one.deliver(name, now)))),
      };
      for (const { topic, trouble } of steps) {
        await stage.sandbox.faults.clear();
        dies = trouble === 'killed';
        if (trouble !== 'none' && trouble !== 'killed')
          stage.sandbox.faults.next(1, faults[trouble], { method: 'createForumTopic', chat: id });
        await stage.fire('/home', [receiverId], { ownerId: groupId, topic });
        for (let turn = 0; turn < 4; turn++) {
          await stage.settle(both);
          // Whoever was killed is not there any more the next time.
          dies = false;
          stage.clock.now += 4000;
        }
      }
      stage.clock.now += 60_000;
      for (let turn = 0; turn < 12; turn++) {
        await stage.settle(both);
        stage.clock.now += 4000;
      }
      await Promise.all(workers.map((one) => one.close()));
      const messages = group.messages();
      const made = messages.flatMap(({ service }) => (service?.kind === 'topic' ? [service.name] : []));
      expect(new Set(made).size, `made: ${made.join(', ')}`).toBe(made.length);
      const told = messages.filter(({ fromBot, text }) => fromBot && text.startsWith('🟠 Disk nearly full'));
      expect(told).toHaveLength(steps.length);
    }),
    { numRuns: 6 },
  );
}, 60_000);
