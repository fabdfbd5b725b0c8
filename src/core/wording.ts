// Words of people's own for an alert, in Liquid, and in which units a topic's fields are measured.
import { z } from 'zod';

/** `title`: the first line; `text`: what stands below it while it burns; `over`: when it is over. Absent: as usual. */
export interface Wording {
  title?: string;
  text?: string;
  over?: string;
}

export const wordingDocument = z.strictObject({
  title: z.string().min(1).max(500, 'a title has at most 500 characters').optional(),
  text: z.string().min(1).max(4000, 'a text has at most 4,000 characters').optional(),
  over: z.string().min(1).max(4000, 'a text has at most 4,000 characters').optional(),
});

/** How everything under a topic pattern is worded, unless a rule has words of its own. */
export interface TopicWording extends Wording {
  topic: string;
  /** Field → unit: `{ usage: "%" }`. */
  units: Record<string, string>;
}

/** The more a pattern says, the earlier it counts: whole topics, then those with `*`, then those with `**`. */
export function bySpecificity(a: Pick<TopicWording, 'topic'>, b: Pick<TopicWording, 'topic'>): number {
  const vague = (topic: string, piece: string) => topic.split('.').filter((one) => one === piece).length;
  return (
    vague(a.topic, '**') - vague(b.topic, '**') ||
    vague(a.topic, '*') - vague(b.topic, '*') ||
    b.topic.split('.').length - a.topic.split('.').length ||
    (a.topic < b.topic ? -1 : 1)
  );
}
