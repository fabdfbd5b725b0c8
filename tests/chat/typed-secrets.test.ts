// A password that is typed into a dialogue: deleted in the chat, and readable nowhere in the ledger, ended or not.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

it('stands nowhere while the dialogue is open, and the dialogue goes on', async () => {
  const ana = await stage.settled(7501, 'Ana', 'admin');
  await stage.say(ana, '/sources');
  await stage.press(ana, 'Watch software');
  await stage.press(ana, 'A machine (node_exporter)');
  await stage.say(ana, 'http://127.0.0.1:9/metrics');
  await stage.press(ana, 'It needs a password');
  await stage.say(ana, 'scrape:hunter2-and-more');
  const typed = stage.sandbox.messages(ana.id).find(({ text }) => text.includes('hunter2'));
  expect(typed?.deleted).toBe(true);
  const { sql } = stage.database;
  const kept = await sql`select value::text as text from conversations`;
  expect(kept).toHaveLength(1);
  expect(kept[0]!.text).not.toContain('hunter2');
  expect(kept[0]!.text).not.toContain(Buffer.from('hunter2-and').toString('base64').slice(0, 12));
  // Another process goes on with it: the answer is still that nobody listens there.
  stage.restart();
  await stage.press(ana, 'Ask again');
  expect(stage.screen(ana.id)).toContain('[ It needs a password ]');
  expect(stage.errors).toEqual([]);
});
