// A heartbeat: what a ping means, the event it becomes, and the rules that watch over it.
import { cut } from './cut.ts';
import { sayDuration } from './duration.ts';
import type { NewEvent } from './event.ts';
import type { RuleDocument } from './rule.ts';
import type { Severity } from './severity.ts';

export type PingStatus = 'ok' | 'fail' | 'start' | 'log';
export interface Ping {
  status: PingStatus;
  exitCode?: number;
}

/** When it should come: every so often, or by a cron line, each with some grace. */
export type Expects = { every: string; grace?: string } | { cron: string; zone?: string; grace?: string };

/** How late a scheduled event may be when nobody says. */
export const usualGrace = '5m';

/** The same, with the grace that holds when none was said. */
export function withGrace(expects: Expects): Expects & { grace: string } {
  return { ...expects, grace: expects.grace ?? ('every' in expects ? '0s' : usualGrace) };
}

/** How much of what a ping brings along is kept: its end, where the reason stands. */
export const keptLog = 8_000;
/** A start that is not followed by an end for so long is forgotten. */
const longestRun = 72 * 3_600_000;

/** What stands behind the token: nothing (well), `start`, `fail`, `log` or an exit code. Undefined for anything else. */
export function readPing(word: string | undefined): Ping | undefined {
  if (word === undefined) return { status: 'ok' };
  if (word === 'start' || word === 'fail' || word === 'log') return { status: word };
  if (!/^\d{1,3}$/.test(word) || Number(word) > 255) return undefined;
  const exitCode = Number(word);
  return { status: exitCode === 0 ? 'ok' : 'fail', exitCode };
}

/** The topic of a heartbeat's events: `heartbeat.nightly_backup`. */
export function heartbeatTopic(name: string): string {
  const parts = name.normalize('NFKD').replace(/\p{M}/gu, '').split('.');
  const clean = parts.map((part) => part.replace(/[^A-Za-z0-9_-]+/g, '_')).filter((part) => part !== '');
  return `heartbeat.${clean.join('.') || '_'}`;
}

/** The event of one ping. It follows its own lifecycle: a failure fires, being well again resolves. */
export function pingEvent(
  heartbeat: { name: string; topic: string; startedAt: number | null },
  ping: Ping,
  log: string,
  now: number,
): NewEvent {
  const { name, topic, startedAt } = heartbeat;
  const ended = ping.status === 'ok' || ping.status === 'fail';
  const ran = startedAt === null ? undefined : now - startedAt;
  const duration = ended && ran !== undefined && ran >= 0 && ran < longestRun ? ran : undefined;
  const lastLine = log.trimEnd().split('\n').at(-1)?.trim() ?? '';
  const said = [sentence(ping, duration), ping.status === 'fail' ? lastLine : ''].filter(
    (part) => part !== '',
  );
  return {
    source: 'heartbeat',
    type: topic,
    subject: name,
    data: {
      title: ping.status === 'fail' ? `Failure of ${name}` : name,
      status: ping.status,
      ...(ping.exitCode === undefined ? {} : { exitCode: ping.exitCode }),
      ...(duration === undefined ? {} : { duration: Math.round(duration / 100) / 10 }),
      description: cut(said.join(': '), 400),
      ...(ping.status === 'ok' ? { ending: sentence(ping, duration) } : {}),
      ...(log === '' ? {} : { log: log.slice(-keptLog) }),
    },
    labels: {},
    ...(ping.status === 'fail' ? { status: 'firing' as const } : {}),
    ...(ping.status === 'ok' ? { status: 'resolved' as const } : {}),
  };
}

function sentence({ status, exitCode }: Ping, duration: number | undefined): string {
  const after = duration === undefined ? '' : ` after ${sayDuration(duration)}`;
  switch (status) {
    case 'start':
      return 'began';
    case 'log':
      return 'says something';
    case 'ok':
      return `finished well${duration === undefined ? '' : ` in ${sayDuration(duration)}`}`;
    case 'fail':
      return `${exitCode === undefined ? 'failed' : `failed with exit code ${exitCode}`}${after}`;
  }
}

/** The rules about a heartbeat: it is late, it failed. Beginning alone keeps nobody from being late. */
export function heartbeatRules(name: string, expects: Expects, severity: Severity): RuleDocument[] {
  const about = {
    topic: heartbeatTopic(name),
    match: [`subject = ${JSON.stringify(name)}`, 'status =~ "ok|fail"'],
    key: ['subject'],
    severity,
  };
  return [
    { ...about, name: cut(`Missing call from ${name}`, 100), kind: 'absence', params: { ...expects } },
    { ...about, name: cut(`Failure of ${name}`, 100), kind: 'every' },
  ];
}
