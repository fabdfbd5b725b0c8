// What the queue needs of Redis or PostgreSQL: BullMQ's two ends, and a sign of life.
import type { WorkerOptions } from 'bullmq';
import type { JobName } from '#core/doorbell.ts';
import { StartRefused } from '#core/start-refused.ts';
import type { Bell } from './jobs.ts';

/** What is used of BullMQ's Queue and Worker, whichever backend is behind them. */
export interface BellQueue {
  addBulk(jobs: { name: string; data: Bell }[]): Promise<unknown>;
  getWaitingCount(): Promise<number>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}
export interface BellWorker {
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(force?: boolean): Promise<void>;
}
export type Timing = Required<Pick<WorkerOptions, 'lockDuration' | 'stalledInterval' | 'runRetryDelay'>>;

export interface Backend {
  name: 'redis' | 'postgres';
  /** Prepares what must exist; throws `QueueRefused` when the server must not be used, anything else when it is away. */
  prepare(): Promise<void>;
  /** Throws when the server does not answer. */
  ping(): Promise<void>;
  queue(job: JobName): BellQueue;
  worker(job: JobName, run: (id: string) => Promise<void>, timing: Timing): BellWorker;
  close(): Promise<void>;
}

/** The server answers, but its settings would lose or corrupt what is given to it. The message is for the operator. */
export class QueueRefused extends StartRefused {
  override name = 'QueueRefused';
}
