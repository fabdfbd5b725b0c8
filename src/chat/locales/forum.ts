// Texts about forum topics: one for each service, and what is in their way.
import type { Division } from '#core/forum.ts';
import { sayInstant } from '#core/hours.ts';
import type { ForumTopic } from '#store/forum-topics.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const forumLabel = 'Topics';
export const eachTopic = 'One for each topic';
export const eachSource = 'One for each source';
export const noTopics = 'None';
export const tryAgain = 'Try again';

/** The setting as a line among others. */
export const forumLine = (by: Division | undefined, inGroup: boolean): Html => {
  const rest = inGroup ? 'in General' : 'in the chat itself';
  if (by === undefined) return html`Forum topics: none of their own; alerts are told ${rest}.`;
  return by === 'topic'
    ? html`Forum topics: one for each topic of events, such as ${code('disk.usage')}.`
    : html`Forum topics: one for each source, such as a host.`;
};

export interface ForumFacts {
  by: Division | undefined;
  inGroup: boolean;
  topics: ForumTopic[];
  whole: ForumTopic | undefined;
  most: number;
  zone: string;
  now: number;
}

export const forumScreen = ({ by, inGroup, topics, whole, most, zone, now }: ForumFacts): Html => {
  const rest = inGroup ? 'General' : 'the chat itself';
  return lines(
    bold('Forum topics'),
    forumLine(by, inGroup),
    by !== undefined &&
      html`Each is made when it is first needed, at most ${most}; what is more is told in ${rest}. Mute one in Telegram and you have muted one service.`,
    ...topics
      .slice(0, 25)
      .map((topic) => html`${code(short(topic.name, 60))} · ${stateOf(topic, zone, now)}`),
    topics.length > 25 && html`and ${topics.length - 25} more`,
    whole && html`No topics can be made: ${short(whole.why ?? 'not now', 160)}.${again(whole, zone, now)}`,
  );
};

const again = ({ until }: ForumTopic, zone: string, now: number) =>
  until !== null && until > now ? ` I try again ${sayInstant(until, zone, now)}.` : '';

function stateOf(topic: ForumTopic, zone: string, now: number): string {
  switch (topic.status) {
    case 'open':
      return 'open';
    case 'gone':
      return 'made again when it is needed';
    case 'making':
      return 'nobody knows whether it was made';
    case 'away':
      return `${topic.why ?? 'not now'}.${again(topic, zone, now)}`;
  }
}

export const noForum = (inGroup: boolean) =>
  inGroup
    ? html`This group has no topics. Switch them on in the group’s settings in Telegram, and let me manage them.`
    : html`This chat has no topics. Whoever runs this bot can switch them on in BotFather.`;
export const triedAgain = 'I try again with the next alert.';
