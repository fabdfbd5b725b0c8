// Pages that are read while they are sent: the first before the answer begins, so that a ledger that is away is a 503.
import type { World } from '#operations/world.ts';

/** Rejects when already the first page cannot be read. What breaks off later is logged, and told without its cause. */
export async function begun<T>(world: World, pages: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const reading = pages[Symbol.asyncIterator]();
  const first = await reading.next();
  return (async function* () {
    try {
      for (let page = first; page.done !== true; page = await reading.next()) yield page.value;
    } catch (error) {
      // The server prints what it catches here, and sends its text to whoever asked: that must hold no query.
      world.log.error({ err: error }, 'an answer broke off');
      throw new Error('The rest could not be read; ask again.');
    }
  })();
}
