// What every story shares: a world of its own, and at its end nothing wrong, nothing complained of, nothing refused.
import { expect, it } from 'vitest';
import { type StoryWorld, startWorld, type WorldOptions } from '../harness/world.ts';

export interface StoryOptions extends WorldOptions {
  /** What the story is expected to have logged as warnings and errors; nothing when not given. */
  complaints?: RegExp[];
  /** What Telegram is expected to have refused; nothing when not given. */
  refused?: RegExp[];
  /** Real milliseconds it may take; as the other tests when not given. */
  takes?: number;
}

/** One story with people and a clock. `STORY_TRANSCRIPTS=1` prints what everybody read. */
export function story(name: string, tell: (world: StoryWorld) => Promise<void>, options: StoryOptions = {}) {
  it(
    name,
    async () => {
      const world = await startWorld(options);
      try {
        await tell(world);
        expect(await world.wrongs(), 'what the doctor finds').toEqual([]);
        const unexpected = world.complaints.filter(
          (text) => !(options.complaints ?? []).some((expected) => expected.test(text)),
        );
        expect(unexpected, 'what was complained of').toEqual([]);
        const refused = refusals(world).filter(
          (text) => !(options.refused ?? []).some((one) => one.test(text)),
        );
        expect(refused, 'what Telegram refused').toEqual([]);
      } finally {
        if (process.env.STORY_TRANSCRIPTS) print(name, world);
        await world.stop();
      }
    },
    options.takes,
  );
}

/** Calls that Telegram refused because of what was in them. */
function refusals({ telegram }: StoryWorld): string[] {
  return telegram.ledger
    .filter(({ ok, error }) => !ok && error?.code === 400)
    .map(({ method, error }) => `${method}: ${error?.description}`)
    .filter((text) => !/not modified|query is too old|upgraded to a supergroup/.test(text));
}

function print(name: string, { ana, ben, charlie, team }: StoryWorld) {
  const places = [ana, ben, charlie].map((one) => [one.name, one.transcript()]);
  const chats = [...places, ['Team', ana.transcript({ in: team })]].filter(([, text]) => text !== '');
  const shown = chats.map(([title, text]) => `──── ${title} ────\n${text}`).join('\n');
  console.log(`\n════ ${name} ════\n${shown}\n`);
}
