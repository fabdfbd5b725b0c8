// Bells answered where they ring: at once, a few at a time, and never lost without being counted.
import { describe, expect, it } from 'vitest';
import type { Doorbell } from '#core/doorbell.ts';
import { answerNearby } from '#queue/nearby.ts';
import { until } from '../harness/until.ts';

function open(shares = false) {
  const far: Doorbell[] = [];
  const counted = new Map<string, number>();
  const complaints: string[] = [];
  const gates = new Map<string, () => void>();
  const order: string[] = [];
  const nearby = answerNearby({
    work: {
      act: (id) =>
        new Promise((resolve, reject) => {
          order.push(id);
          gates.set(id, id === 'broken' ? () => reject(new Error('no')) : resolve);
        }),
    },
    elsewhere: (bells) => void far.push(...bells),
    others: async () => shares,
    now: () => 0,
    log: { debug() {}, info() {}, warn() {}, error: (_, text) => void complaints.push(text) },
    meter: {
      count: (name, _labels, by = 1) => void counted.set(name, (counted.get(name) ?? 0) + by),
      observe() {},
    },
  });
  const ring = (...ids: string[]) => nearby.ring(ids.map((id) => ({ job: 'act', id })));
  return { nearby, ring, far, counted, complaints, gates, order };
}

describe('bells nearby', () => {
  it('are answered here, four acts at a time, each waiting one once', async () => {
    const { nearby, ring, gates, order, far } = open();
    ring('a', 'b', 'c', 'd', 'e', 'f', 'e');
    await until('four run', () => order.length === 4);
    expect([nearby.waiting('act'), nearby.waiting('deliver')]).toEqual([2, 0]);
    gates.get('b')!();
    await until('the next runs', () => order.length === 5);
    for (const id of ['a', 'c', 'd', 'e']) gates.get(id)!();
    await until('all ran', () => order.length === 6);
    gates.get('f')!();
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(far).toEqual([]);
  });

  it('go to the queue when the work is not ours', () => {
    const { nearby, far } = open();
    nearby.ring([{ job: 'updates', id: 'chat:1' }]);
    expect(far).toEqual([{ job: 'updates', id: 'chat:1' }]);
  });

  it('go to the queue when more wait here than run and somebody else could take them', async () => {
    const { ring, far, order } = open(true);
    ring(...Array.from({ length: 9 }, (_, i) => `r${i}`));
    await until('it was asked whether there are others', () => order.length === 4);
    ring('late', 'later', 'latest');
    await until('some went on', () => {
      ring('more');
      return far.some(({ id }) => id === 'more');
    });
    expect(order).toHaveLength(4);
  });

  it('are told in the log when their work fails, and the others go on', async () => {
    const { ring, gates, complaints, order } = open();
    ring('broken', 'b', 'c', 'd', 'e');
    await until('four run', () => order.length === 4);
    gates.get('broken')!();
    await until('the next runs', () => order.length === 5);
    expect(complaints).toEqual(['work failed; it will be tried again']);
  });

  it('are passed on while it closes, and what runs is waited for', async () => {
    const { nearby, ring, gates, order, far } = open();
    ring('a');
    await until('it runs', () => order.length === 1);
    let closed = false;
    const closing = nearby.close().then(() => {
      closed = true;
    });
    ring('b');
    expect(far).toEqual([{ job: 'act', id: 'b' }]);
    expect(closed).toBe(false);
    gates.get('a')!();
    await closing;
  });
});
