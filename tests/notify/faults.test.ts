// Twenty attempts of a hundred go wrong on every channel: all is delivered or dead with a reason, and every repeat is marked.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/actor.ts';
import { channelsOf } from '../../src/notify/channels/index.ts';
import { addReceiver } from '../../src/operations/add-receiver.ts';
import { examine } from '../../src/store/doctor.ts';
import { enableReceiver } from '../../src/store/receivers.ts';
import { openStage, type Stage, unmet } from './stage.ts';
import { openPlaces, type Places } from './stand-ins/places.ts';

const actor: Actor = { is: 'person', personId: 'p_1', name: 'P1', role: 'member' };
/** Telegram's faults are in trouble.test.ts, the mail server's in email.test.ts: what fails here is HTTP. */
const names = channelsOf({} as never)
  .filter(({ name, contact }) => contact !== undefined && name !== 'email')
  .map(({ name }) => name);
const alerts = 8;
let stage: Stage;
let places: Places;
beforeAll(async () => {
  places = await openPlaces();
  stage = await openStage({ limits: 'off', gateways: places.set });
  await stage.person(1);
});
afterAll(async () => {
  await stage.close();
  await places.close();
});

/** The same faults in every run. */
function chance(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

describe.each(names)('%s', (name) => {
  it('loses nothing and repeats nothing unmarked', async () => {
    const input = { ownerId: 'p_1', channel: name, contact: places.contact(name)!, label: name };
    const added = await addReceiver(stage.world, stage.book, actor, input, stage.clock.now);
    if (!added.ok) throw new Error(added.text);
    await enableReceiver(stage.db, added.id);
    await stage.settle();
    const next = chance(name.length * 7_919);
    let perhaps = 0;
    let faults = 0;
    places.sink.faults(() => {
      if (next() >= 0.2) return undefined;
      faults++;
      const kind = Math.floor(next() * 4);
      if (kind !== 1) perhaps++;
      if (kind === 0) return 500;
      if (kind === 1) return (response) => void response.writeHead(429, { 'retry-after': '2' }).end();
      // It was taken, and the answer is lost.
      if (kind === 2) return (response) => void response.destroy();
      return 502;
    });
    for (let i = 0; i < alerts; i++) {
      const alert = await stage.fire(`/data${i}`, [added.id]);
      await stage.pass(20_000, 5_000);
      await stage.step(alert, unmet(), [added.id]);
      await stage.pass(20_000, 5_000);
    }
    for (let i = 0; i < 60 && (await waiting(added.id)) > 0; i++) await stage.pass(60_000, 30_000);
    places.sink.faults(undefined);
    expect(faults).toBeGreaterThan(0);
    const told = (await stage.notifications()).filter(
      ({ receiverId, kind }) => receiverId === added.id && kind !== 'test' && kind !== 'code',
    );
    expect(told.filter(({ kind }) => kind === 'firing')).toHaveLength(alerts);
    expect(told.filter(({ kind }) => kind === 'over')).toHaveLength(alerts);
    for (const { status, reason, detail } of told)
      expect(status === 'sent' || (status === 'dead' && reason !== null && detail !== null), status).toBe(
        true,
      );
    const tries = (await stage.deliveries()).filter(({ notificationId }) =>
      told.some(({ id }) => id === notificationId),
    );
    const doubtful = new Set<number>();
    for (const { notificationId, outcome, marked } of tries) {
      expect(marked, `a try of ${notificationId}`).toBe(doubtful.has(notificationId));
      if (outcome === 'unknown') doubtful.add(notificationId);
    }
    // Each of them may have been taken without our hearing so.
    expect(tries.filter(({ outcome }) => outcome === 'unknown').length).toBe(perhaps);
    const wrongs = (await examine(stage.database, stage.clock.now)).filter(
      ({ weight, check }) => weight === 'wrong' && !/rules|remembered/.test(check),
    );
    expect(wrongs).toEqual([]);
  }, 60_000);
});

async function waiting(receiverId: string): Promise<number> {
  const all = await stage.notifications();
  return all.filter(
    (one) => one.receiverId === receiverId && !['sent', 'suppressed', 'dead'].includes(one.status),
  ).length;
}
