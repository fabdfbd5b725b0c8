// The no-orphan law: over random histories, whoever heard “broke” and is still here hears “over”, and nothing is told twice or at night.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import { windowEnd } from '../../src/core/hours.ts';
import { styleDocument } from '../../src/core/style.ts';
import { addReceiver } from '../../src/operations/add-receiver.ts';
import { disableReceiver } from '../../src/operations/disable-receiver.ts';
import { optOut } from '../../src/operations/opt-out.ts';
import { removeReceiver } from '../../src/operations/remove-receiver.ts';
import { setAway } from '../../src/operations/set-away.ts';
import { saveDigest } from '../../src/store/digests.ts';
import { findPerson, savePerson } from '../../src/store/people.ts';
import { enableReceiver, saveStyle } from '../../src/store/receivers.ts';
import { addSilence, liftSilence } from '../../src/store/silences.ts';
import { openStage, seen, unmet } from './stage.ts';
import { openPlaces } from './stand-ins/places.ts';

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
  'fault 429': 1,
  'fault 500': 1,
  down: 1,
  up: 2,
  burst: 2,
  withdraw: 1,
  leave: 1,
  remove: 1,
  'switch off': 1,
  'opt out': 1,
  'opt in': 1,
  away: 1,
  'away, another told': 1,
  back: 1,
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
  { storm: 2 },
  { storm: 2, urgent: null, caps: { hour: 2 } },
  { digest: true },
);
const boss = { is: 'operator', name: 'the test' } as const;
const ana = { is: 'person', personId: 'p_1', name: 'Ana', role: 'member' } as const;

// NO_ORPHAN_RUNS: more histories than these.
const numRuns = Number(process.env.NO_ORPHAN_RUNS ?? 10);

it('holds in random histories', { timeout: 60_000 + numRuns * 8_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), anyStyle, async (history, worn) => {
      const places = await openPlaces();
      const stage = await openStage({ now: Date.UTC(2026, 5, 10, 20, 0, 0), gateways: places.set });
      try {
        const quiet = { window, breakthrough: 'critical' as const };
        const people = [await stage.person(1, { quiet }), await stage.person(2), await stage.person(3)];
        await saveStyle(stage.db, people[1]!.receiverId, styleDocument.parse(worn));
        const ownerId = 'p_2';
        const nextAt = stage.clock.now + 6 * 3_600_000;
        const digest = { id: ownerId, ownerId, receiverId: 'v_2', nextAt, coveredUntil: stage.clock.now };
        await saveDigest(stage.db, { ...digest, cron: null, zone: null, sayQuiet: true });
        const input = { ownerId, channel: 'ntfy', contact: places.contact('ntfy')!, label: 'phone' };
        const added = await addReceiver(stage.world, stage.book, boss, input, stage.clock.now);
        if (!added.ok) throw new Error(added.text);
        await enableReceiver(stage.db, added.id);
        const phone = added.id;
        /** Who is not here any more, and hears of nothing. */
        const gone = new Set<string>();
        let named = [...people.map(({ receiverId }) => receiverId), phone];
        const put = (topic: string, out: boolean) =>
          optOut(stage.world, stage.book, boss, { ownerId, topic, channel: '*', out }, stage.clock.now);
        const away = (until: number | null, delegate?: string) =>
          setAway(
            stage.world,
            boss,
            { personId: ownerId, until, ...(delegate ? { delegate } : {}) },
            stage.clock.now,
          );
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
          } else if (what === 'burst') {
            for (let i = 0; i < 4; i++) {
              const born = await stage.fire(`/disk${index}b${i}`, named);
              open.set(born.id, born);
            }
          } else if (what === 'withdraw' && alert) {
            await stage.step(alert, { is: 'withdraw', why: 'the rule was deleted by Ana' }, []);
            open.delete(alert.id);
          } else if (what === 'leave') {
            const person = (await findPerson(stage.db, 'p_3'))!;
            await savePerson(stage.db, { ...person, leftAt: stage.clock.now });
            gone.add('v_3');
          } else if (what === 'remove') {
            await removeReceiver(stage.world, boss, { receiverId: phone }, stage.clock.now);
            gone.add(phone);
            named = named.filter((id) => id !== phone);
          } else if (what === 'switch off') {
            await disableReceiver(stage.world, boss, { receiverId: phone }, stage.clock.now);
            gone.add(phone);
          } else if (what === 'opt out') await put('disk.**', true);
          else if (what === 'opt in') await put('disk.**', false);
          else if (what === 'away') await away(stage.clock.now + 3 * 3_600_000);
          else if (what === 'away, another told') await away(stage.clock.now + 3 * 3_600_000, 'p_1');
          else if (what === 'back') await away(null);
          else if (what === 'fault 429')
            stage.sandbox.faults.next(1, {
              status: 429,
              description: 'Too Many Requests: retry after 40',
              parameters: { retry_after: 40 },
            });
          else if (what === 'fault 500') {
            stage.sandbox.faults.next(1, { status: 500, description: 'Internal Server Error' });
            places.sink.next(500);
          } else if (what === 'down') await stage.sandbox.faults.down(true);
          else if (what === 'up') await stage.sandbox.faults.down(false);
          else if (what === 'resolve' && alert) {
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
          else if (what === 'unnamed') named = named.length > 2 ? named.slice(1) : named;
          else if (what.startsWith('wait')) {
            stage.clock.now += waits[what.slice(5)]!;
            await wake();
          }
          if (what === 'decide only')
            for (const { receiverId } of people) await stage.work.notify(receiverId, stage.clock.now);
          else if (what !== 'resolve' && what !== 'burst' && !what.startsWith('fire')) await stage.settle();
        }
        for (const alert of open.values()) await stage.step(alert, unmet(), named);
        await stage.sandbox.faults.down(false);
        await stage.settle();
        // Past every silence, snooze, back-off, the night and what may be told in a day.
        await stage.pass(32 * 3_600_000, 2 * 3_600_000);
        await stage.pass(30_000, 5000);
        const rows = await stage.notifications();
        expect(rows.filter(({ status }) => !['sent', 'suppressed', 'dead'].includes(status))).toEqual([]);
        const here = (await stage.copies()).filter(({ receiverId }) => !gone.has(receiverId));
        expect(here.filter(({ overAt }) => overAt === null)).toEqual([]);
        expect(here.filter((copy) => copy.messageId && copy.shownRev < copy.wantedRev)).toEqual([]);
        for (const { reason, status } of rows) if (status === 'suppressed') expect(reason).not.toBeNull();
        for (const chat of [1, 2]) {
          const standing = stage.sent(chat).filter(({ text }) => !text.startsWith('possible repeat'));
          const originals = standing.map((message) => message.history[0]?.text ?? message.text);
          const plain = originals.filter((text) => /^(🔴|🟠|✅)[^\n]*\/disk/u.test(text));
          // No two sounding messages that began alike: each of them once, unless marked.
          const heads = plain.map((text) => `${text.slice(0, 2)} ${text.split('\n')[0]}`);
          expect(heads.length - new Set(heads).size).toBe(0);
        }
        for (const message of stage.sent(1)) {
          if (message.silent) continue;
          const at = stage.sandbox.ledger.find(
            (entry) => entry.chatId === 1 && entry.message_id === message.message_id,
          )!.at;
          if (windowEnd(window, 'UTC', at) !== undefined)
            expect(message.history[0]?.text ?? message.text).toMatch(/🔴|critical|✅/);
        }
      } finally {
        await stage.close();
        await places.close();
      }
    }),
    { numRuns, endOnFailure: true },
  );
});
