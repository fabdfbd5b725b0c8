// Rounds of everything that a place in the code may be on the way of: events, timers, messages, edits, a board, presses.
import type { Failpoint } from '#core/failpoint.ts';
import type { AppProcess } from '../harness/app-process.ts';
import type { RemotePerson } from '../harness/telegram-client.ts';
import { until } from '../harness/until.ts';
import { type Accepted, crowd, ownerOf, pushAll, signUp, withoutBoards } from './river.ts';
import type { Stage } from './stage.ts';

const who = crowd(4);
const [patient, stormy] = [who.length, who.length + 1];
/** Everybody who must be an owner. */
export const peopleOfRounds = who.length + 2;

export interface Rounds {
  /** Does what may lead to these places, until somebody fell or all of it is worked off; `goOn` then waits for the rest. */
  play(places: readonly Failpoint[], fallen: () => boolean): Promise<void>;
  /** Waits until nothing of the last round waits, or somebody fell; false in the second case. */
  goOn(fallen: () => boolean): Promise<boolean>;
  /** Everything that burns is over. */
  end(): Promise<void>;
  /** What was accepted of the topics that are judged. */
  accepted(): Accepted[];
}

/** Lets everybody say what they want to hear of. */
export async function prepareRounds(stage: Stage, door: AppProcess): Promise<Rounds> {
  const { telegram } = stage.telegram;
  await signUp(telegram, who);
  const talker = await telegram.person(ownerOf(0));
  // Each alert is to be told by itself, but for those of whom a board is wanted.
  await withoutBoards(door.url, stage.key);
  await watching(stage, patient, '/watch slow.* usage > 90 for 1s');
  await watching(stage, stormy, '/watch storm.* usage > 90');
  const accepted: Accepted[] = [];
  let count = 0;
  let isSent = true;
  let fault: unknown;
  const send = async (events: Accepted[]) => {
    isSent = false;
    const taken = await pushAll(door.url, stage.key, events, []);
    accepted.push(...taken.filter(({ type }) => type.startsWith('disk.')));
    isSent = true;
  };
  const sendAside = (events: Accepted[]) => {
    send(events).catch((error) => {
      fault = error;
    });
  };
  // Whoever waits asks often; the ledger has other things to do.
  let askedAt = 0;
  const workedOff = async () => {
    if (!isSent || performance.now() - askedAt < 150) return false;
    const quiet = await isQuiet(stage);
    askedAt = performance.now();
    return quiet;
  };
  const event = (type: string, subject: string, usage: number): Accepted => ({
    id: `r${count}-${type}-${subject}`,
    type,
    subject,
    usage,
  });
  /** Up and down in turns, so that every round fires and resolves; no two messages say the same by chance. */
  const river = (isUp: boolean) =>
    who.flatMap((person) => [
      event(`disk.p${person}`, '/a', (isUp ? 91 : 41) + count / 100),
      event(`disk.p${person}`, '/b', (isUp ? 42 : 92) + count / 100),
    ]);
  const storm = (isUp: boolean) =>
    Array.from({ length: 16 }, (_, i) => event('storm.one', `/t${i}`, (isUp ? 95 : 30) + count / 100));

  return {
    async play(places, fallen) {
      count += 1;
      const isUp = count % 2 === 1;
      const touches = (room: string) => places.some((place) => place.startsWith(`${room}.`));
      // Not the talker’s: an answer to what they say would use it up.
      if (touches('fail'))
        await telegram.faults.next(
          1,
          { status: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } },
          { method: 'sendMessage', chat: ownerOf(1) },
        );
      sendAside([
        ...river(isUp),
        event('slow.one', '/s', (isUp ? 93 : 40) + count / 100),
        ...(touches('board') ? storm(isUp) : []),
      ]);
      const talking = talk(talker, fallen);
      await until('the round is worked off', async () => fallen() || (await workedOff()), 20_000).catch(
        () => {},
      );
      await talking;
      await telegram.faults.clear();
    },
    async goOn(fallen) {
      await until(
        'nothing waits',
        async () => {
          if (fault) throw fault;
          return fallen() || (await workedOff());
        },
        120_000,
      );
      return !fallen();
    },
    async end() {
      count += 1;
      const over = [...river(true), ...storm(false)].map((one) => ({ ...one, usage: 20 }));
      await send([...over, event('slow.one', '/s', 20)]);
    },
    accepted: () => accepted,
  };
}

/** Nothing waits that this program would do by itself soon. */
export async function isQuiet({ ledger }: Stage): Promise<boolean> {
  const [row] = await ledger.sql()`select
    (select count(*)::int from events where processed_at is null) as events,
    (select count(*)::int from notifications where status not in ('sent','suppressed','dead')) as notifications,
    (select count(*)::int from deliveries where outcome = 'sending') as attempts,
    (select count(*)::int from updates where done_at is null) as updates,
    (select count(*)::int from rule_states where due_at is not null and due_at < now() + interval '3 seconds') as timers,
    (select count(*)::int from copies where shown_rev < wanted_rev and message_id is not null) as edits,
    (select count(*)::int from boards where shown < wanted and ended_at is null) as boards`;
  return Object.values(row as Record<string, number>).every((left) => left === 0);
}

async function watching({ telegram: { telegram } }: Stage, person: number, line: string): Promise<void> {
  const hands = await telegram.person(ownerOf(person), { first_name: `Person ${person}` });
  await hands.start();
  await until('the bot greets', async () => (await hands.seen()).length > 0);
  await hands.say(line);
  await until('the rule is saved', async () =>
    (await hands.seen()).some(({ text }) => /over 90/.test(text ?? '')),
  );
}

/**
 * Asks something, and acknowledges what burns as soon as it can be; whoever should hear it may be gone by then. An answer
 * is said again when the end came before it was noted as said: what is asked must not be answered as an alert looks.
 */
async function talk(hands: RemotePerson, fallen: () => boolean): Promise<void> {
  await hands.say('/help').catch(() => {});
  for (let tries = 0; tries < 20 && !fallen(); tries++) {
    const done = await hands.press('Acknowledge', { timeout: 1_000 }).then(
      () => true,
      () => false,
    );
    if (done) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
