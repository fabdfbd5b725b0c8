// The no-orphan law: over random histories, whoever heard “broke” hears “over”, and nothing is told twice or at night.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import { windowEnd } from '../../src/core/hours.ts';
import { styleDocument } from '../../src/core/style.ts';
import { saveStyle } from '../../src/store/receivers.ts';
import { addSilence, liftSilence } from '../../src/store/silences.ts';
import { openStage, seen, unmet } from './stage.ts';

const window = { from: 22 * 60, to: 7 * 60 };
const weights: Record<string, number> = {
  fire: 5,
  'fire critical': 2,
  resolve: 5,
  worse: 2,
  ack: 1,
  snooze: 2,
  silence: 4,
  lift: 1,
  'fault lost': 1,
  'fault dropped': 1,
  unnamed: 1,
  'decide only': 1,
  'wait 1s': 1,
  'wait 20m': 3,
  'wait 2h': 2,
  'wait 7h': 1,
};
const step = fc.oneof(
  ...Object.entries(weights).map(([what, weight]) => ({ weight, arbitrary: fc.constant(what) })),
);
const waits: Record<string, number> = { '1s': 1000, '20m': 1_200_000, '2h': 7_200_000, '7h': 25_200_000 };
/** What the second of the two wears: nothing, or what holds and gathers. */
const anyStyle = fc.constantFrom<object>(
  {},
  { caps: { hour: 2 } },
  { caps: { delay: '10m' }, urgent: null },
  { gather: [{ wait: '15m' }] },
  { gather: [{ when: '19-6', wait: 'end' }], least: 'warning' },
  { hours: '8-23', caps: { day: 3 } },
);
const ana = { is: 'person', personId: 'p_1', name: 'Ana', role: 'member' } as const;

it('holds in random histories', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), anyStyle, async (history, worn) => {
      const stage = await openStage({ now: Date.UTC(2026, 5, 10, 20, 0, 0) });
      try {
        const quiet = { window, breakthrough: 'critical' as const };
        const people = [await stage.person(1, { quiet }), await stage.person(2)];
        await saveStyle(stage.db, people[1]!.receiverId, styleDocument.parse(worn));
        let named = people.map(({ receiverId }) => receiverId);
        const open = new Map<string, Alert>();
        const first = () => [...open.values()][0];
        let silences = 0;
        const wake = async () => {
          for (const alert of open.values())
            if (alert.snoozedUntil !== null && alert.snoozedUntil <= stage.clock.now)
              open.set(alert.id, await stage.step(alert, { is: 'wake' }, named));
        };
        for (const [index, what] of history.entries()) {
          const alert = first();
          const signal = async (given: Parameters<typeof stage.step>[1]) => {
            if (alert) open.set(alert.id, await stage.step(alert, given, named));
          };
          if (what.startsWith('fire')) {
            const born = await stage.fire(`/disk${index}`, named, {
              severity: what.endsWith('critical') ? 'critical' : 'warning',
            });
            open.set(born.id, born);
          } else if (what === 'resolve' && alert) {
            await stage.step(alert, unmet(), named);
            open.delete(alert.id);
          } else if (what === 'worse') await signal({ is: 'met', seen: seen({ severity: 'critical' }) });
          else if (what === 'ack') await signal({ is: 'acknowledge', by: ana });
          else if (what === 'snooze')
            await signal({ is: 'snooze', by: ana, until: stage.clock.now + 3_600_000 });
          else if (what === 'silence')
            await addSilence(stage.db, {
              id: `z_${++silences}`,
              ownerId: index % 2 ? 'p_1' : 'p_2',
              topic: '**',
              match: [],
              ruleId: null,
              startsAt: stage.clock.now,
              endsAt: stage.clock.now + 5_400_000,
              by: 'Ana',
              comment: '',
            });
          else if (what === 'lift') await liftSilence(stage.db, `z_${silences}`, stage.clock.now);
          else if (what === 'fault lost') stage.sandbox.faults.next(1, 'reset-before');
          else if (what === 'fault dropped') stage.sandbox.faults.next(1, 'drop-answer');
          else if (what === 'unnamed') named = named.length === 2 ? named.slice(1) : named;
          else if (what.startsWith('wait')) {
            stage.clock.now += waits[what.slice(5)]!;
            await wake();
          }
          if (what === 'decide only')
            for (const { receiverId } of people) await stage.work.notify(receiverId, stage.clock.now);
          else if (what !== 'resolve' && !what.startsWith('fire')) await stage.settle();
        }
        for (const alert of open.values()) await stage.step(alert, unmet(), named);
        await stage.settle();
        // Past every silence, snooze, back-off and the night.
        await stage.pass(16 * 3_600_000, 2 * 3_600_000);
        await stage.pass(30_000, 5000);
        const rows = await stage.notifications();
        expect(rows.filter(({ status }) => !['sent', 'suppressed', 'dead'].includes(status))).toEqual([]);
        expect((await stage.copies()).filter(({ overAt }) => overAt === null)).toEqual([]);
        expect(
          (await stage.copies()).filter((copy) => copy.messageId && copy.shownRev < copy.wantedRev),
        ).toEqual([]);
        for (const { reason, status } of rows) if (status === 'suppressed') expect(reason).not.toBeNull();
        for (const chat of [1, 2]) {
          const standing = stage.sent(chat).filter(({ text }) => !text.startsWith('possible repeat'));
          const originals = standing.map((message) => message.history[0]?.text ?? message.text);
          const plain = originals.filter(
            (text) =>
              !text.startsWith('🌙') &&
              !/Gathered for you|More than you wanted/.test(text) &&
              !/Still burning: /.test(text),
          );
          // No two sounding messages that began alike: each of them once, unless marked.
          const heads = plain.map((text) => `${text.slice(0, 2)} ${text.split('\n')[0]}`);
          expect(heads.length - new Set(heads).size).toBe(0);
        }
        for (const message of stage.sent(1)) {
          const at = stage.sandbox.ledger.find(
            (entry) => entry.chatId === 1 && entry.message_id === message.message_id,
          )!.at;
          if (windowEnd(window, 'UTC', at) !== undefined)
            expect(message.history[0]?.text ?? message.text).toMatch(/🔴|critical|✅/);
        }
      } finally {
        await stage.close();
      }
    }),
    { numRuns: 15, endOnFailure: true },
  );
});
