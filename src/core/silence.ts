// A silence: muted by topic and matchers for a time.
import type { Alert } from './alert.ts';
import { type Window, windowEnd } from './hours.ts';
import { type Matcher, matches } from './matcher.ts';
import { topicMatches } from './topic.ts';

export interface Silence {
  id: string;
  ownerId: string;
  /** Topic pattern; `**` for everything. */
  topic: string;
  match: Matcher[];
  /** Only this rule's alerts. */
  ruleId: string | null;
  startsAt: number;
  endsAt: number;
  by: string;
  comment: string;
  /** Only in these hours of every week, by the clock of this zone. */
  weekly?: Weekly | null;
}

export interface Weekly {
  hours: Window[];
  zone: string;
}

/** The silence as it holds now, a weekly one until its present hours end; undefined: it does not hold now. */
export function holdingNow(silence: Silence, now: number): Silence | undefined {
  if (now < silence.startsAt || now >= silence.endsAt) return undefined;
  const { weekly } = silence;
  if (!weekly) return silence;
  const ends = weekly.hours.map((window) => windowEnd(window, weekly.zone, now));
  const until = Math.max(...ends.filter((end) => end !== undefined));
  return until > now ? { ...silence, endsAt: Math.min(until, silence.endsAt) } : undefined;
}

/** Whether the silence holds now and covers this alert. */
export function silenceCovers(
  silence: Silence,
  alert: Pick<Alert, 'ruleId' | 'topic' | 'subject' | 'labels' | 'fields' | 'severity'>,
  now: number,
): boolean {
  if (now < silence.startsAt || now >= silence.endsAt) return false;
  if (silence.ruleId !== null && silence.ruleId !== alert.ruleId) return false;
  if (!topicMatches(silence.topic, alert.topic)) return false;
  const shown = {
    source: alert.labels.source ?? '',
    type: alert.topic,
    subject: alert.subject,
    data: {},
    labels: { ...alert.fields, ...alert.labels },
    severity: alert.severity,
  };
  return silence.match.every((matcher) => matches(matcher, shown));
}
