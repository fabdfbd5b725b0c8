// Ten thousand alerts at once for one person, with Telegram's limits enforced and somebody else's single events meanwhile.
import { type Aim, type Area, atMost, number, words } from '../area.ts';
import { quantile } from '../clock.ts';
import { eventFor, is429, isSent, startEmulated, textOf, waitFor } from '../peers/emulated.ts';
import { rssOf } from '../peers/process.ts';

export const stormArea: Area = {
  name: 'storm',
  title: '10,000 alerts at once for one person, and what another is told meanwhile',
  async measure({ quick, say }) {
    const count = quick ? 1_000 : 10_000;
    const singles = quick ? 3 : 10;
    const emulated = await startEmulated(2);
    const { tocsin, post, calls } = emulated;
    try {
      // The first person is told as people are unless they say otherwise.
      await tocsin.place.database.sql`update receivers set style = '{}' where id = 'v_bench0'`;
      await post([eventFor(0, 'warm-0'), eventFor(1, 'warm-1')]);
      await waitFor(emulated, 0, (all) => all.filter(isSent).length, 2, 20_000);
      const idleMb = rssOf(tocsin.pid);
      const from = await emulated.mark();
      say(`${count.toLocaleString('en-US')} at once`);
      const began = Date.now();
      let posted = 0;
      const storm = post(Array.from({ length: count }, (_, i) => eventFor(0, `storm-${i}`))).then(() => {
        posted = Date.now();
      });
      const sent: number[] = [];
      for (let i = 0; i < singles; i++) {
        sent.push(Date.now());
        await post([eventFor(1, `single-${i}-`)]);
        await new Promise((resolve) => setTimeout(resolve, 1_200));
      }
      await storm;
      const total = count.toLocaleString('en-US');
      const shows = new RegExp(`${total} alerts|${(count + 1).toLocaleString('en-US')} alerts`);
      const chat = (all: Awaited<ReturnType<typeof calls>>, id: number) =>
        all.filter(({ chatId }) => chatId === id);
      await waitFor(
        emulated,
        from,
        (all) => (all.some((call) => call.ok && shows.test(textOf(call))) ? 1 : 0),
        1,
        60_000,
      );
      const all = await calls(from);
      const theirs = chat(all, 100_001);
      const messages = theirs.filter(isSent);
      const edits = theirs.filter(({ ok, method }) => ok && method === 'editMessageText');
      const final = theirs.find((call) => call.ok && shows.test(textOf(call)));
      const late = sent.map((at, i) => {
        const came = all.find((call) => isSent(call) && textOf(call).includes(`single-${i}-`));
        return came ? came.at - at : Number.POSITIVE_INFINITY;
      });
      const [waiting] = await tocsin.place.database.sql<
        { n: number }[]
      >`select count(*)::int as n from notifications
        where status not in ('sent','suppressed','dead')`;
      const seconds = Math.max(1, ((theirs.at(-1)?.at ?? began) - began) / 1_000);
      const grown = rssOf(tocsin.pid) - idleMb;
      const row = (what: string, value: number) => [words(what), number(value)];
      const exact = final === undefined ? 'no' : 'yes';
      return {
        tables: [
          {
            title: `A storm of ${total}`,
            columns: ['what', 'found'],
            rows: [
              row('new messages', messages.length),
              row('edits', edits.length),
              row('answered 429', all.filter(is429).length),
              row('first message after ms', (messages[0]?.at ?? Number.NaN) - began),
              row('posting took ms', posted - began),
              row('final state after the last POST, ms', (final?.at ?? Number.NaN) - posted),
              [words('the count is exact'), words(exact)],
              row('left undecided or unsent', waiting!.n),
              row('the other’s single events, p50 ms', quantile(late, 0.5)),
              row('the other’s single events, p99 ms', quantile(late, 0.99)),
              row('memory, idle MB', idleMb),
              row('memory, grown by MB', grown),
            ],
            notes: ['Alertmanager: 10,000 messages, or 376 of 10,000 visible; 201,846 × 429.'],
          },
        ],
        aims: [
          { row: 16, ...atMost('storm: new messages', messages.length, 5, 1, '') },
          { row: 16, ...atMost('storm: edits a second', edits.length / seconds, 1, 1, '/s') },
          { row: 16, ...atMost('storm: answers 429', all.filter(is429).length, 0, 0, '') },
          {
            row: 16,
            ...atMost('storm: first message', ((messages[0]?.at ?? Number.NaN) - began) / 1_000, 1, 1, ' s'),
          },
          {
            row: 16,
            ...atMost(
              'storm: final state after the last POST',
              ((final?.at ?? Number.NaN) - posted) / 1_000,
              5,
              5,
              ' s',
            ),
          },
          {
            row: 17,
            ...atMost('another’s single event in the storm, p99', quantile(late, 0.99) / 1_000, 2, 0.2, ' s'),
          },
          { row: 14, ...atMost('memory: idle process', idleMb, 120, 90, ' MB') },
          { row: 14, ...atMost('memory: growth over the storm', grown, 50, 20, ' MB') },
        ] satisfies Aim[],
      };
    } finally {
      await emulated.stop();
    }
  },
};
