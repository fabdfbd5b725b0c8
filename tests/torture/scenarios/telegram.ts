// Every fifth call to Telegram goes wrong, in every way a call can: everything arrives, and what may be a repeat says so.
import type { Fault } from '#sandbox/telegram/index.ts';
import { judge, quiet } from '../judge.ts';
import { crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage, type Stage } from '../stage.ts';
import { atLeast, exactly, type Row, type Scenario, told } from './scenario.ts';

const sizes = {
  short: { events: 900, people: 12 },
  release: { events: 150_000, people: 40 },
};

/** Together a fifth of the calls. */
const faults: [number, Fault][] = [
  [0.04, { status: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } }],
  [0.03, { status: 500, description: 'Internal Server Error' }],
  [0.03, { status: 502, description: 'Bad Gateway', effect: true }],
  [0.03, 'reset-before'],
  [0.04, 'drop-answer'],
  [0.015, 'hang'],
  [0.015, 'hang-after'],
];
const calls = { method: ['sendMessage', 'editMessageText'] };

export const telegramFails: Scenario = {
  name: 'telegram',
  title: 'every fifth call to Telegram fails, in seven ways',
  covers: ['F21', 'F22', 'F23', 'F24'],
  async run({ seed, queue, profile, say }) {
    const { events: count, people } = sizes[profile];
    const who = crowd(people);
    const stage = await openStage({ queue, people });
    const { telegram } = stage.telegram;
    try {
      const app = await stage.program('app');
      await signUp(telegram, who);
      await withoutBoards(app.url, stage.key);
      for (const [share, fault] of faults) await telegram.faults.rate(share, fault, calls);
      const accepted = await pushAll(
        app.url,
        stage.key,
        history(count, seed, who),
        [
          [
            Math.floor(count / 2),
            async () => {
              say('Telegram refuses connections for 5 s');
              stage.botApi.be('refuse');
              await new Promise((resolve) => setTimeout(resolve, 5_000));
              stage.botApi.be('pass');
            },
          ],
          [
            Math.floor((count * 3) / 4),
            async () => {
              say('Telegram is silent for 8 s');
              stage.botApi.be('blackhole');
              await new Promise((resolve) => setTimeout(resolve, 8_000));
              stage.botApi.cut();
              stage.botApi.be('pass');
            },
          ],
        ],
        { pauseMs: 150 },
      );
      say('all were accepted; waiting until nothing waits');
      await quiet(stage, profile === 'short' ? 240_000 : 7_200_000);
      return [
        exactly('events not accepted', count - accepted.length, 0),
        ...(await kept(stage)),
        ...(await judge(stage, accepted)),
      ];
    } finally {
      await stage.close();
    }
  },
};

/** What became of the calls and of the notifications. */
async function kept(stage: Stage): Promise<Row[]> {
  const sql = stage.ledger.sql();
  const ledger = await stage.telegram.telegram.ledger();
  const sends = ledger.filter(({ method }) => method === 'sendMessage' || method === 'editMessageText');
  const bad = sends.filter(({ fault }) => fault !== undefined);
  const [ends] = await sql`select
    (select count(*)::int from notifications where status = 'dead' and coalesce(detail, '') = '') as silent,
    (select count(*)::int from deliveries where outcome = 'sent' and marked and not exists (select 1 from deliveries d
      where d.notification_id = deliveries.notification_id and d.attempt < deliveries.attempt and d.outcome in ('unknown','sent'))) as overmarked,
    (select count(distinct outcome)::int from deliveries) as outcomes`;
  const { silent, overmarked } = ends as unknown as { silent: number; overmarked: number };
  return [
    told('calls to Telegram', sends.length),
    atLeast('calls that went wrong', bad.length, Math.floor(sends.length / 10)),
    exactly('given up without a reason', silent, 0),
    exactly('marked although nothing was in doubt', overmarked, 0),
  ];
}
