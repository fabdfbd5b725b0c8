// kill -9 in the middle of a stream: what was accepted is told, and how soon after the program is there again.
import { freePort } from '../../harness/free-port.ts';
import { type Area, atMost, number, words } from '../area.ts';
import { median } from '../clock.ts';
import { startServer } from '../ledger.ts';
import { markOf } from '../load/orders.ts';
import { startYard } from '../load/yard.ts';
import { benchKey, startOn, startTocsin } from '../peers/tocsin.ts';

export const killsArea: Area = {
  name: 'kills',
  title: 'five kill -9 in a stream of 300 events a second: lost, repeated, and how soon it is through',
  async measure({ quick, say }) {
    const server = await startServer();
    const yard = await startYard();
    const [kills, perSecond, people] = quick ? [2, 30, 100] : [5, 300, 600];
    const port = await freePort();
    const place = await server.place();
    const settings = { apiRoot: yard.apiRoot, port };
    let tocsin = await startTocsin({ server, place, people, ...settings });
    try {
      await place.database.sql`update sources set rate_per_second = 1000000`;
      const drained: number[] = [];
      let [accepted, stopped] = [0, false];
      const stream = flow(
        port,
        perSecond,
        people,
        () => stopped || accepted >= perSecond * 4 * kills,
        () => accepted++,
      );
      for (let i = 0; i < kills; i++) {
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        say(`kill ${i + 1}`);
        await tocsin.kill();
        tocsin = await startOn(place, settings);
        const ready = performance.now();
        const before = accepted;
        while (performance.now() - ready < 20_000) {
          const [row] = await place.database.sql<{ n: number }[]>`select count(*)::int as n from (
            select 1 from events where processed_at is null and seq <= ${before} union all
            select 1 from deliveries where outcome = 'sending' and started_at < now() - interval '2 seconds') x`;
          if (row!.n === 0) break;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        drained.push((performance.now() - ready) / 1_000);
      }
      stopped = true;
      const posted = await stream;
      say(`waiting for ${posted} messages`);
      const { missing, repeats } = await yard.counted(0, posted, 120_000);
      const [unmarked] = await place.database.sql<{ n: number }[]>`select count(*)::int as n from (
        select notification_id from deliveries where outcome in ('unknown', 'sent')
        group by notification_id having count(*) filter (where not marked) > 1) x`;
      const row = (what: string, value: number) => [words(what), number(value)];
      return {
        tables: [
          {
            title: `${kills} times kill -9 at ${perSecond} a second`,
            columns: ['what', 'found'],
            rows: [
              row('accepted', posted),
              row('never told', missing),
              row('told twice', repeats),
              row('told twice without saying so', unmarked!.n),
              row('through after it was ready, s', median(drained)),
            ],
            notes: [
              'Bare BullMQ: 0 lost, 24 repeated, 61 s. Alertmanager: 200 of 200 pending lost, 300 of 300 repeated.',
            ],
          },
        ],
        aims: [
          { row: 21, ...atMost('kills: accepted and never told', missing, 0, 0, '') },
          { row: 21, ...atMost('kills: told twice, each', repeats / kills, 8, 1, '') },
          { row: 21, ...atMost('kills: through after it was ready', median(drained), 5, 2, ' s') },
        ],
      };
    } finally {
      await tocsin.stop();
      await yard.stop();
      await server.stop();
    }
  },
};

/** Sixteen senders, each of which sends again with the same id until it is told 202; how many events there were. */
async function flow(
  port: number,
  perSecond: number,
  people: number,
  over: () => boolean,
  taken: () => void,
): Promise<number> {
  let next = 0;
  const began = performance.now();
  const headers = { authorization: `Bearer ${benchKey}`, 'content-type': 'application/json' };
  const one = async () => {
    while (!over()) {
      const number = next++;
      const early = began + (number * 1_000) / perSecond - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      const body = JSON.stringify({
        id: `k${number}`,
        source: 'bench',
        type: `bench.t${number % people}`,
        subject: markOf(number),
        data: { value: 95 },
      });
      for (;;) {
        const answer = await fetch(`http://127.0.0.1:${port}/v1/events`, {
          method: 'POST',
          headers,
          body,
        }).catch(() => undefined);
        await answer?.arrayBuffer().catch(() => {});
        if (answer?.status === 202) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      taken();
    }
  };
  await Promise.all(Array.from({ length: 16 }, one));
  return next;
}
