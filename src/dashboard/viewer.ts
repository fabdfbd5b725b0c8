// Who follows: a key within its topics, or a person with what is theirs and what they are told.
import { topicMatches } from '#core/topic.ts';

export type Viewer =
  | { is: 'key'; keyId: string; topics: string[]; narrow?: string }
  | { is: 'person'; personId: string; passHash: string };

/** What decides whether somebody may see an alert. */
export interface Seen {
  topic: string;
  ownerId: string;
  /** The people and groups who are told of it. */
  told: readonly string[];
}

/** Whether the viewer may see it, and wants to. */
export function sees(viewer: Viewer, { topic, ownerId, told }: Seen): boolean {
  if (viewer.is === 'person') return ownerId === viewer.personId || told.includes(viewer.personId);
  const { topics, narrow } = viewer;
  const under = (pattern: string) => pattern === '**' || topicMatches(pattern, topic);
  return topics.some(under) && (narrow === undefined || under(narrow));
}

/** What has to stay good for as long as the viewer looks: the key, or the pass. */
export function warrantOf(viewer: Viewer): string {
  return viewer.is === 'key' ? viewer.keyId : viewer.passHash;
}
