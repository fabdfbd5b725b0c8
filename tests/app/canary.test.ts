// What the clock does each minute beside the canary: one part that cannot be done keeps no other from being done.
import { afterEach, beforeEach, it } from 'vitest';
import { openKeyring } from '#store/keyring.ts';
import { startCanary } from '../../src/app/canary.ts';
import { until } from '../harness/until.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

let story: StoryWorld;
beforeEach(async () => {
  story = await startWorld();
});
afterEach(() => story.stop());

it('a trail that cannot be bound keeps nothing else from being forgotten', async () => {
  const { world } = story.rooms;
  const { sql } = world.database;
  await sql`insert into audit (at, actor, verb, target) values (now(), 'clock', 'x', 'y')`;
  const old = new Date(story.now() - 3 * 86_400_000).toISOString();
  await sql`insert into updates (update_id, chat_key, payload, received_at, done_at) values (1, '7', '{}', ${old}, ${old})`;
  let at = story.now();
  const keyless = { ...world, keyring: openKeyring([]) };
  const canary = await startCanary(
    keyless,
    () => true,
    () => at,
  );
  at += 60_000;
  await until('the old update is gone', async () => (await sql`select 1 from updates`).length === 0);
  canary.stop();
});
