// Styles against the ledger and the emulator: caps, gathering, hours; held with a reason, told together, none lost.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { styleDocument } from '../../src/core/style.ts';
import { saveStyle } from '../../src/store/receivers.ts';
import { notifications } from '../../src/store/schema/notifications.ts';
import { openStage, unmet } from './stage.ts';

const minute = 60_000;
/** Wednesday, 10:00 UTC. */
const morning = Date.UTC(2026, 5, 10, 10);

describe('the style of a receiver', () => {
  let stage: Awaited<ReturnType<typeof openStage>>;
  let receiver: string;
  beforeEach(async () => {
    stage = await openStage({ now: morning });
    receiver = (await stage.person(1)).receiverId;
  });
  afterEach(() => stage.close());

  const wears = (document: unknown) => saveStyle(stage.db, receiver, styleDocument.parse(document));
  const texts = () => stage.sent(1).map(({ history, text }) => history[0]?.text ?? text);
  const held = async () =>
    (await stage.db.select().from(notifications).where(eq(notifications.status, 'held'))).map(
      ({ reason, detail }) => `${reason}: ${detail}`,
    );

  it('caps messages an hour: the rest comes as one when there is room, critical at once', async () => {
    await wears({ caps: { hour: 2 } });
    for (const disk of ['/a', '/b', '/c', '/d', '/e']) await stage.fire(disk, [receiver]);
    await stage.settle();
    await stage.pass(30_000);
    expect(texts()).toHaveLength(2);
    expect(await held()).toEqual(Array(3).fill('cap: At most 2 an hour here.'));
    await stage.fire('/x', [receiver], { severity: 'critical' });
    await stage.pass(10_000);
    expect(texts()).toHaveLength(3);
    await stage.pass(61 * minute, minute);
    expect(texts()).toHaveLength(4);
    expect(texts()[3]).toMatch(/More than you wanted one by one\nStill burning: 3/);
    expect(await held()).toEqual([]);
  });

  it('keeps the delay between two messages', async () => {
    await wears({ caps: { delay: '10m' } });
    const first = await stage.fire('/a', [receiver]);
    await stage.settle();
    await stage.step(first, unmet(), [receiver]);
    await stage.fire('/b', [receiver]);
    await stage.pass(minute);
    expect(texts()).toHaveLength(1);
    await stage.pass(10 * minute, minute);
    expect(texts()).toHaveLength(2);
    expect(texts()[1]).toMatch(/Still burning: 1[\s\S]*Over: 1/);
  });

  it('gathers what comes within the wait into one message, and tells one thing as itself', async () => {
    await wears({ gather: [{ wait: '5m' }] });
    await stage.fire('/a', [receiver]);
    await stage.settle();
    expect(texts()).toEqual([]);
    await stage.pass(5 * minute, minute);
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toMatch(/Disk nearly full: \/a/);
    await stage.fire('/b', [receiver]);
    await stage.pass(2 * minute, minute);
    await stage.fire('/c', [receiver]);
    await stage.pass(3 * minute, minute);
    expect(texts()).toHaveLength(2);
    expect(texts()[1]).toMatch(/Gathered for you\nStill burning: 2/);
  });

  it('is told outside its hours when they begin: only what still burns and nobody has', async () => {
    await wears({ hours: '18-24' });
    const one = await stage.fire('/a', [receiver]);
    const two = await stage.fire('/b', [receiver]);
    await stage.fire('/c', [receiver]);
    await stage.settle();
    expect(await held()).toHaveLength(3);
    await stage.step(one, unmet(), [receiver]);
    const ben = { is: 'person', personId: 'p_2', name: 'Ben', role: 'member' } as const;
    await stage.step(two, { is: 'acknowledge', by: ben }, [receiver]);
    await stage.pass(8 * 60 * minute, 30 * minute);
    await stage.pass(minute);
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toMatch(/\/c/);
    const fates = (await stage.notifications()).map(({ status, reason }) => `${status} ${reason}`);
    expect(fates.filter((fate) => fate.startsWith('suppressed')).sort()).toEqual([
      'suppressed never-told',
      'suppressed superseded',
      'suppressed superseded',
    ]);
  });

  it('drops what is too mild with the reason, and tells when it gets worse', async () => {
    await wears({ least: 'critical' });
    const alert = await stage.fire('/a', [receiver]);
    await stage.settle();
    expect(texts()).toEqual([]);
    const { seen } = await import('./stage.ts');
    await stage.step(alert, { is: 'met', seen: seen({ severity: 'critical' }) }, [receiver]);
    await stage.settle();
    expect(texts()[0]).toMatch(/🔴/);
  });
});
