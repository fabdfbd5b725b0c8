// Tests, codes and sentences of ours are forgotten after a month, with their attempts; what waits is not.
import { expect, it } from 'vitest';
import { settle } from '../../src/store/fates.ts';
import { addCode, addNote, addTest } from '../../src/store/notes.ts';
import { forgetOld } from '../harness/forget-old.ts';
import { openStage } from '../notify/stage.ts';

it('keeps a month of them, and all that waits', async () => {
  const stage = await openStage({ limits: 'off' });
  await stage.person(1);
  await addTest(stage.db, 'v_1', stage.clock.now);
  await stage.settle();
  await addCode(stage.db, 'v_1', 'sealed', stage.clock.now);
  await addNote(stage.db, 'v_1', 'waits', 'info', stage.clock.now);
  const [, code] = await stage.notifications();
  await settle(
    stage.db,
    [{ id: code!.id, status: 'dead', reason: 'refused', detail: 'no' }],
    stage.clock.now,
  );
  const day = 86_400_000;
  expect(await forgetOld(stage.db, stage.clock.now + 29 * day)).toBe(0);
  expect(await forgetOld(stage.db, stage.clock.now + 31 * day)).toBe(2);
  expect((await stage.notifications()).map(({ kind }) => kind)).toEqual(['note']);
  expect(await stage.deliveries()).toEqual([]);
  await stage.close();
});
