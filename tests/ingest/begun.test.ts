// An answer in pages: nothing is answered when the first cannot be read, and what breaks off later tells no query.
import { expect, it } from 'vitest';
import { begun } from '#ingest/begun.ts';

const logged: string[] = [];
const world = { log: { error: (_: object, text: string) => void logged.push(text) } } as never;
const broken = () => Promise.reject(new Error('Failed query: select secret from people params: hunter2'));

async function* pages(good: number) {
  for (let i = 0; i < good; i++) yield i;
  await broken();
}

it('rejects before anything is sent, so that the room answers 503', async () => {
  await expect(begun(world, pages(0))).rejects.toThrow('Failed query');
});

it('breaks off later with a sentence of ours, and logs the cause', async () => {
  const read: number[] = [];
  const reading = async () => {
    for await (const page of await begun(world, pages(2))) read.push(page);
  };
  await expect(reading()).rejects.toThrow(/^The rest could not be read; ask again\.$/);
  expect([read, logged]).toEqual([[0, 1], ['an answer broke off']]);
});

it('has nothing to send when there is nothing', async () => {
  async function* none(): AsyncIterable<string> {}
  for await (const page of await begun(world, none())) expect.unreachable(page);
});
