// Who may press what: every button tried by everybody who can reach it; a button without a row is refused here.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buttons } from '#chat/buttons/index.ts';
import { rows } from './button-rows.ts';
import { build, buttonIn, type Scene, scene, type Town } from './button-scene.ts';
import { type Came, hand, masks, pressOf } from './pressing.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let town: Town;
let things: Scene;
beforeAll(async () => {
  stage = await openStage();
  town = await build(stage);
  things = await scene(stage, town.team.id);
}, 90_000);
afterAll(() => stage.end());

const hour = 3_600_000;

/** A press on a button of this action, whose row names the group's things; what it changed is made anew. */
async function press(
  action: string,
  personId: number,
  at: { pressedIn: number; rowOf?: number; expiresAt?: number },
): Promise<Came> {
  const payload = rows[action]?.payload?.(things) ?? null;
  const row = {
    action,
    payload,
    chatId: at.rowOf ?? at.pressedIn,
    expiresAt: at.expiresAt ?? things.now + hour,
  };
  const data = await buttonIn(stage, things, row);
  const came = await hand(stage, pressOf(stage, personId, at.pressedIn, data));
  if (came.audited.length > 0) things = await scene(stage, town.team.id);
  return came;
}

it('each button has a row and each row a button', () => {
  const shelf = buttons.map(({ action }) => action).sort();
  expect(Object.keys(rows).sort(), 'a new button needs a row in button-rows.ts: who may press it').toEqual(
    shelf,
  );
});

it('each is answered to each as its row says', { timeout: 400_000 }, async () => {
  const { team, head, member, staff, other, stranger, gone } = town;
  const group = team.id;
  const wrong: string[] = [];
  let cells = 0;
  const say = (action: string, who: string, came: Came, expected: string) =>
    wrong.push(
      `${action}, ${who}: changed ${came.audited.join(' ') || 'nothing'}, said ${came.spoken} messages and ` +
        `${JSON.stringify(came.toast)}; expected ${expected}`,
    );
  for (const [action, row] of Object.entries(rows)) {
    const knows = { member, head, staff } as const;
    for (const [who, { id }] of row.ends ? [] : Object.entries(knows)) {
      const came = await press(action, id, { pressedIn: group });
      const expected = row.may.split(' ').includes(who);
      if (expected !== came.audited.length > 0) say(action, who, came, expected ? 'a change' : 'no change');
      cells++;
    }
    // Nothing is changed and nothing is said in the chat; whoever pressed is told so.
    const nobody: [string, Parameters<typeof press>[1], Parameters<typeof press>[2]][] = [
      ['a stranger', stranger.id, { pressedIn: group }],
      ['somebody who was sent away', gone.id, { pressedIn: group }],
      ['an anonymous admin', masks['anonymous admin'], { pressedIn: group }],
      ['a channel’s name', masks['channel’s name'], { pressedIn: group }],
      ['from another chat', other.id, { pressedIn: other.id, rowOf: group }],
      ['when it has ended', head.id, { pressedIn: group, expiresAt: things.now }],
    ];
    for (const [who, id, at] of nobody) {
      const came = await press(action, id, at);
      if (came.audited.length > 0 || came.spoken > 0 || !came.toast) say(action, who, came, 'a refusal');
      cells++;
    }
    // Whatever the row in somebody's own chat says: what is others' is not theirs.
    if (row.ends) continue;
    const came = await press(action, other.id, { pressedIn: other.id });
    if (came.audited.length > 0 && !row.own && !row.here)
      say(action, 'on what is others’', came, 'no change');
    cells++;
  }
  console.log(`${Object.keys(rows).length} buttons × 10 ways to press: ${cells} cells asserted`);
  expect(wrong).toEqual([]);
  expect(stage.errors).toEqual([]);
  const ends = Object.values(rows).filter((row) => row.ends).length;
  expect(cells).toBe(buttons.length * 10 - ends * 4);
});

it('what no row stands behind does nothing, whatever it looks like', async () => {
  const data = await buttonIn(stage, things, { action: 'acknowledge', payload: null, chatId: town.team.id });
  await stage.database.sql`delete from buttons where id = ${data}`;
  for (const forged of [data, data.slice(1), 'acknowledge', things.alertId, '', '../acknowledge', 'w:x:0']) {
    const came = await hand(stage, pressOf(stage, town.head.id, town.team.id, forged));
    expect([forged, came.audited, came.toast !== undefined]).toEqual([forged, [], true]);
  }
});
