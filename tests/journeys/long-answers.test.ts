// What is too long for a message says so, and comes as a file; in the topic in which it is asked for.
import { expect } from 'vitest';
import type { SandboxMessage } from '#sandbox/telegram/index.ts';
import { labels } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

/** The text of a file that the bot sent. */
async function read({ telegram }: StoryWorld, message: SandboxMessage): Promise<string> {
  const id = encodeURIComponent(message.document!.file_id);
  return (await telegram.page(new Request(`http://sandbox/sandbox/api/file?id=${id}`))).text();
}
const newestFile = (person: { seen(): SandboxMessage[] }) =>
  person.seen().findLast(({ document }) => document)!;

story('an alert with long fields says that it was cut, and sends all of it', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch builds.log named "Build log"');
  const data = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [`step${n}`, `${n} ${'made '.repeat(80)}`]),
  );
  await world.post({ type: 'builds.log', subject: 'kernel', status: 'firing', data });
  const told = ana.expects('Too long for one message; the rest is in the file');
  expect(told.text.length).toBeLessThan(4000);
  await ana.presses('All of it as a file');
  const file = newestFile(ana);
  expect(file.document?.file_name).toBe('tocsin-kernel-2026-05-04.txt');
  expect(file.text).toContain('Build log: kernel');
  const text = await read(world, file);
  expect(text).toContain(`"step39": "39 ${'made '.repeat(80)}"`);
  expect(text).toContain('WHAT HAPPENED');
  // What fits offers no file.
  await world.post({ type: 'builds.log', subject: 'shell', status: 'firing', data: { step: 'made' } });
  expect(labels(ana.expects('Build log: shell')).flat()).not.toContain('All of it as a file');
});

story('long lists come as files, too: what burns, what was, and what was told', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "Disks"');
  await world.post(
    Array.from({ length: 12 }, (_, n) => ({ type: 'disk.usage', subject: `/d${n}`, data: { usage: 95 } })),
  );
  await world.advance('2m');
  for (const [command, count] of [
    ['/alerts', 12],
    ['/history', 12],
    ['/why today', 12],
  ] as const) {
    await ana.says(command);
    await ana.presses('All of it as a file');
    const text = await read(world, newestFile(ana));
    expect(
      text.split('\n').filter((line) => /\/d\d+/.test(line)),
      command,
    ).toHaveLength(count);
  }
});

story('somebody else’s alert is not sent to whoever knows its button', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  await ana.says('/watch disk.usage usage > 90 named "Disks"');
  await world.post({ type: 'disk.usage', subject: '/home', data: { usage: 95, why: 'x '.repeat(200) } });
  const told = ana.expects('Too long for one message');
  const markup = told.reply_markup as { inline_keyboard: { text: string; callback_data: string }[][] };
  const { callback_data: data } = markup.inline_keyboard
    .flat()
    .find(({ text }) => text.startsWith('All of it'))!;
  await ben.says('/alerts');
  expect((await ben.presses({ data })).text).toBe('I do not know this button.');
  expect(ben.seen().some(({ document }) => document)).toBe(false);
});
