// A silence: muted by topic and matchers for a time.
import type { Alert } from './alert.ts';
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
