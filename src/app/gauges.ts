// What the metrics say of this process as a whole.
import type { Queue } from '#queue/queue.ts';
import { shareNow } from '#store/budgets.ts';
import type { Database } from '#store/connection.ts';
import type { Health } from './health.ts';
import type { Starting } from './starting.ts';

export interface GaugeDeps {
  queue: Queue;
  database: Database;
  health(): Promise<Health>;
  /** Whether the sweeper does the workers’ work. */
  degraded(): boolean;
}

/** Adds the gauges; each is asked when somebody reads the metrics. */
export function showGauges(deps: GaugeDeps, { metrics, now }: Starting): void {
  const { queue, database, health, degraded } = deps;
  metrics.gauge('tocsin_queue_up', 'whether the queue can be reached', () => (queue.up() ? 1 : 0));
  metrics.gauge(
    'tocsin_telegram_pace_share',
    'part of TELEGRAM_PER_SECOND that is spoken; less after a refusal',
    () => shareNow(database.db, 'telegram', now()),
  );
  metrics.gauge('tocsin_degraded', 'whether the sweeper does the workers’ work', () => (degraded() ? 1 : 0));
  metrics.gauge('tocsin_round_trip_age_seconds', 'age of the last canary that came through', async () => {
    return (await health()).roundTrip.ageSeconds ?? Number.NaN;
  });
}
