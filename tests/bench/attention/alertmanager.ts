// A model of Alertmanager's documented grouping with a chat that is never edited: how often it would have spoken.
import { hour, type Month, minute, watches } from './month.ts';

export interface Grouping {
  groupWait: number;
  groupInterval: number;
  repeatInterval: number;
}

const settings: Grouping = { groupWait: 30_000, groupInterval: 5 * minute, repeatInterval: 4 * hour };

/** When it would have sent a message to each person, by their number; `group_by: [topic]`, one route a person. */
export function messagesOf(month: Month): number[][] {
  return month.people.map((person) => {
    const groups = new Map<string, { at: number; subject: string; firing: boolean }[]>();
    for (const { topic, subject, events } of month.situations) {
      if (!watches(person, topic)) continue;
      const list = groups.get(topic) ?? [];
      list.push(...events.map(({ at, status }) => ({ at, subject, firing: status === 'firing' })));
      groups.set(topic, list);
    }
    return [...groups.values()].flatMap((changes) => sendings(changes.sort((a, b) => a.at - b.at)));
  });
}

/**
 * One group: the first message `groupWait` after it began, then a look every `groupInterval`: sent when alerts were
 * added or ended since the last message, or when something still fires after `repeatInterval`. An empty group is gone.
 */
export function sendings(
  changes: { at: number; subject: string; firing: boolean }[],
  { groupWait, groupInterval, repeatInterval }: Grouping = settings,
): number[] {
  const sent: number[] = [];
  const firing = new Set<string>();
  let said = new Set<string>();
  let lastSent = 0;
  let look: number | undefined;
  let i = 0;
  const pass = (at: number) => {
    const added = [...firing].some((subject) => !said.has(subject));
    const ended = [...said].some((subject) => !firing.has(subject));
    if (added || ended || (firing.size > 0 && at - lastSent >= repeatInterval)) {
      sent.push(at);
      lastSent = at;
      said = new Set(firing);
    }
    look = firing.size > 0 ? at + groupInterval : undefined;
  };
  while (i < changes.length || look !== undefined) {
    const next = changes[i];
    if (look !== undefined && (next === undefined || look < next.at)) {
      pass(look);
      continue;
    }
    if (!next) break;
    i++;
    if (next.firing) firing.add(next.subject);
    else firing.delete(next.subject);
    if (look === undefined && firing.size > 0) look = next.at + groupWait;
  }
  return sent;
}
