// The sender at Telegram's limits: how close it comes, what it does when told “not now”, and when Telegram is away.
import { type Aim, type Area, atLeast, atMost, type Findings, number, words } from '../area.ts';
import { quantile } from '../clock.ts';
import { type Emulated, eventFor, is429, isSent, startEmulated, textOf, waitFor } from '../peers/emulated.ts';
import { chatOf } from '../peers/tocsin.ts';

export const limitsArea: Area = {
  name: 'limits',
  title: 'the sender at Telegram’s limits, below them, and with Telegram away',
  async measure({ quick, say }) {
    const findings: Findings = { tables: [], aims: [] };
    const people = quick ? 40 : 200;
    const row = (what: string, value: number) => [words(what), number(value)];
    const table = (title: string, rows: [string, number][]) =>
      findings.tables.push({
        title,
        columns: ['what', 'found'],
        rows: rows.map(([what, value]) => row(what, value)),
      });
    const aim = (one: Aim) => findings.aims.push(one);

    const own = await startEmulated(people);
    try {
      say('at the limit');
      const full = await flood(own, people, 3, 'full');
      table(`${full.wanted} messages to ${people} chats, 30 a second allowed`, [
        ['seconds', full.seconds],
        ['part of the ideal', full.ideal / full.seconds],
        ['answered 429', full.refused],
        ['not told', full.wanted - full.came],
      ]);
      aim({
        row: 18,
        ...atLeast('at the limit: part of the ideal', (100 * full.ideal) / full.seconds, 95, 98, ' %'),
      });
      aim({
        row: 18,
        ...atMost(
          'at the limit: answers 429 and messages lost',
          full.refused + full.wanted - full.came,
          0,
          0,
          '',
        ),
      });

      say('one chat limited');
      const before = await singly(own, 10, 'alone');
      const limited = {
        status: 429,
        description: 'Too Many Requests: retry after 3',
        parameters: { retry_after: 3 },
      };
      await own.telegram.faults.next(1, limited, { chat: chatOf(0), method: 'sendMessage' });
      const during = await singly(own, 10, 'limited');
      const others = during.slice(1).map((ms, i) => ms - before[i + 1]!);
      table('One chat told to wait for 3 s', [
        ['its message came after ms', during[0]!],
        ['the others’ delay, p50 ms', quantile(others, 0.5)],
        ['the others’ delay, most, ms', Math.max(...others)],
      ]);
      aim({ row: 19, ...atLeast('retry_after is kept', during[0]! / 1_000, 3, 3, ' s') });
      aim({
        row: 19,
        ...atMost('other chats delayed, p50', Math.max(0, quantile(others, 0.5)), 100, 100, ' ms'),
      });

      say('Telegram away');
      await away(own, quick, aim, table);
    } finally {
      await own.stop();
    }
    say('a lower limit than believed');
    const slower = await startEmulated(people, { perSecond: 20 });
    try {
      const low = await flood(slower, people, 2, 'low');
      const share = (100 * low.refused) / low.calls;
      table(`${low.wanted} messages, 20 a second allowed where 30 are believed`, [
        ['seconds', low.seconds],
        ['answered 429', low.refused],
        ['of the calls, %', share],
        ['not told', low.wanted - low.came],
      ]);
      aim({ row: 19, ...atMost('a lower limit: answers 429', share, 1, 0.2, ' %') });
    } finally {
      await slower.stop();
    }
    return findings;
  },
};

type Aims = (aim: Aim) => void;
type Tables = (title: string, rows: [string, number][]) => void;

/** Everybody is told several things at once. */
async function flood(emulated: Emulated, people: number, each: number, name: string) {
  const from = await emulated.mark();
  const wanted = people * each;
  await emulated.post(Array.from({ length: wanted }, (_, i) => eventFor(i % people, `${name}-${i}-`)));
  const came = await waitFor(emulated, from, (all) => all.filter(isSent).length, wanted, 120_000);
  const all = await emulated.calls(from);
  const sent = all.filter(isSent);
  const seconds = (sent.at(-1)!.at - sent[0]!.at) / 1_000;
  // Thirty at once, then thirty a second; a chat takes five at once.
  return {
    wanted,
    came,
    seconds,
    ideal: (wanted - 30) / 30,
    refused: all.filter(is429).length,
    calls: all.length,
  };
}

/** One event for each person at once; how long each message took. */
async function singly(emulated: Emulated, people: number, name: string): Promise<number[]> {
  const from = await emulated.mark();
  // Chats and budgets have rested.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  const began = Date.now();
  await emulated.post(Array.from({ length: people }, (_, i) => eventFor(i, `${name}-${i}-`)));
  await waitFor(emulated, from, (all) => all.filter(isSent).length, people, 20_000);
  const all = await emulated.calls(from);
  return Array.from({ length: people }, (_, i) => {
    const came = all.find((call) => isSent(call) && textOf(call).includes(`${name}-${i}-`));
    return came ? came.at - began : Number.POSITIVE_INFINITY;
  });
}

async function away(emulated: Emulated, quick: boolean, aim: Aims, table: Tables): Promise<void> {
  const { telegram } = emulated;
  const people = 40;
  const seconds = quick ? 5 : 30;
  let from = await emulated.mark();
  await telegram.faults.down(true);
  await emulated.post(Array.from({ length: people }, (_, i) => eventFor(i, `down-${i}-`)));
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  await telegram.faults.down(false);
  const back = Date.now();
  const told = await waitFor(emulated, from, (all) => all.filter(isSent).length, people, 60_000);
  const drained = ((await emulated.calls(from)).filter(isSent).at(-1)?.at ?? Number.NaN) - back;

  from = await emulated.mark();
  await telegram.faults.rate(0.1, { status: 502, description: 'Bad Gateway' }, { method: 'sendMessage' });
  await emulated.post(Array.from({ length: people }, (_, i) => eventFor(i, `shaky-${i}-`)));
  const shaky = await waitFor(emulated, from, (all) => all.filter(isSent).length, people, 90_000);
  await telegram.faults.clear();

  from = await emulated.mark();
  await telegram.faults.next(1, 'hang', { method: 'sendMessage', chat: chatOf(1) });
  const began = Date.now();
  await emulated.post([eventFor(1, 'hang-1-')]);
  await waitFor(emulated, from, (all) => all.filter(isSent).length, 1, 30_000);
  const hung = ((await emulated.calls(from)).find(isSent)?.at ?? Number.NaN) - began;

  from = await emulated.mark();
  const blocked = { status: 403, description: 'Forbidden: bot was blocked by the user' };
  await telegram.faults.rate(1, blocked, { chat: chatOf(2) });
  await emulated.post([eventFor(2, 'blocked-2-')]);
  await new Promise((resolve) => setTimeout(resolve, quick ? 3_000 : 8_000));
  const tries = (await emulated.calls(from)).filter(({ chatId }) => chatId === chatOf(2)).length;
  await telegram.faults.clear();
  table(`Telegram away for ${seconds} s, then shaky`, [
    ['not told after it came back', people - told],
    ['drained after ms', drained],
    ['not told when one call in ten fails', people - shaky],
    ['a call that hangs: told after ms', hung],
    ['calls to somebody who blocked the bot', tries],
  ]);
  aim({ row: 20, ...atMost('lost while Telegram was away or failing', 2 * people - told - shaky, 0, 0, '') });
  aim({ row: 20, ...atMost('a call that hangs is tried again within', hung / 1_000, 15, 15, ' s') });
  aim({ row: 20, ...atMost('calls to somebody who blocked the bot', tries, 1, 1, '') });
}
