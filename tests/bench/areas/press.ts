// From the press of a button to the edited message, beside a bare grammY bot that stores nothing.
import { type Area, atMost, number, ratioAtLeast, ratioAtMost, words } from '../area.ts';
import { startServer } from '../ledger.ts';
import type { Pressed } from '../load/orders.ts';
import { benchToken, startYard } from '../load/yard.ts';
import { startBare } from '../peers/bare.ts';
import { benchKey, chatOf, startTocsin } from '../peers/tocsin.ts';

export const pressArea: Area = {
  name: 'press',
  title: 'from the press of a button to the edited message, beside a bare grammY bot',
  async measure({ quick, say }) {
    const server = await startServer();
    const yards = [await startYard(), await startYard()] as const;
    const [yard, bareYard] = yards;
    const many = quick ? 60 : 300;
    const few = quick ? 15 : 60;
    const people = many + 2 * few;
    const tocsin = await startTocsin({ server, apiRoot: yard.apiRoot, people });
    const bare = await startBare('bot', { apiRoot: bareYard.apiRoot, token: benchToken });
    try {
      await tocsin.place.database.sql`update sources set rate_per_second = 1000000`;
      const chats = Array.from({ length: people }, (_, i) => chatOf(i));
      say(`telling ${people} people`);
      const headers = { authorization: `Bearer ${benchKey}` };
      const order = {
        port: tocsin.port,
        path: '/v1/events',
        shape: 'tocsin',
        headers,
        batch: 1,
        connections: 8,
        spread: people,
        topic: 'bench.t',
      } as const;
      await yard.push({ ...order, from: 0, events: people, ms: 60_000 });
      await yard.told(0, people, 120_000);
      await bareYard.say(chats, 'hello');
      const warm = chats.slice(0, few);
      const alone = chats.slice(few, 2 * few);
      const crowd = chats.slice(2 * few);
      const found: [string, Pressed, Pressed][] = [];
      for (const [name, one] of [
        ['tocsin', yard],
        ['bare grammY', bareYard],
      ] as const) {
        say(`${name}: presses`);
        await one.press(warm, false);
        found.push([name, await one.press(alone, false), await one.press(crowd, true, 60_000)]);
      }
      const [[, own, ownCrowd], [, theirs, theirCrowd]] = found as [(typeof found)[0], (typeof found)[0]];
      const speed = ({ came, seconds }: Pressed) => came / seconds;
      return {
        tables: [
          {
            title: 'A press, and the message edited',
            columns: ['peer', 'p50 ms', 'p99 ms', `${many} at once, a second`, 'not edited'],
            rows: found.map(([name, one, all]) => [
              words(name),
              number(one.p50),
              number(one.p99),
              number(speed(all)),
              number(few + many - one.came - all.came),
            ]),
            notes: [
              'The bare bot answers and edits; Tocsin keeps the update, who acknowledged, and the audit before that, on disk.',
            ],
          },
        ],
        aims: [
          ratioAtMost(22, 'press to edit, p50 against a bare bot', own.p50 / theirs.p50, 2, 1.2),
          { row: 22, ...atMost('press to edit, p99', own.p99, 100, 50, ' ms') },
          ratioAtLeast(
            22,
            `${many} presses at once, against a bare bot`,
            speed(ownCrowd) / speed(theirCrowd),
            0.8,
            1,
          ),
        ],
      };
    } finally {
      await tocsin.stop();
      await bare.stop();
      for (const one of yards) await one.stop();
      await server.stop();
    }
  },
};
