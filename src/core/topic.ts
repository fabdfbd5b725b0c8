// Topics are dotted paths; a pattern subscribes to a subtree.

const part = /^[A-Za-z0-9_-]+$/;
const whole = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

/** The reason why this is no topic, or undefined when it is one (1-200 characters, dotted parts). */
export function topicFault(topic: string): string | undefined {
  if (topic.length === 0) return 'a topic must not be empty';
  if (topic.length > 200) return 'a topic has at most 200 characters';
  if (whole.test(topic)) return undefined;
  const bad = topic.split('.').find((piece) => !part.test(piece));
  return bad === undefined || bad === ''
    ? 'a topic has no empty parts'
    : `“${bad.slice(0, 40)}” may hold only letters, digits, _ and -`;
}

/** The reason why this is no pattern, or undefined. `*` stands for one part, `**` for any number of parts. */
export function patternFault(pattern: string): string | undefined {
  const plain = pattern.split('.').map((piece) => (piece === '*' || piece === '**' ? 'x' : piece));
  if (pattern.split('**').length > 3) return 'a pattern holds “**” at most twice';
  return topicFault(plain.join('.'));
}

/** Whether it is a topic of our own, below `tocsin`: no rule hears of it, no catalogue shows it, nobody may push it. */
export function isOwnTopic(topic: string): boolean {
  return topic === 'tocsin' || topic.startsWith('tocsin.');
}

/** Whether the topic lies under the pattern: `builds.**` holds `builds.vr0.place` and `builds` itself. */
export function topicMatches(pattern: string, topic: string): boolean {
  return partsMatch(pattern.split('.'), 0, topic.split('.'), 0);
}

function partsMatch(pattern: string[], p: number, topic: string[], t: number): boolean {
  for (; p < pattern.length; p++, t++) {
    if (pattern[p] === '**') {
      for (let skip = t; skip <= topic.length; skip++)
        if (partsMatch(pattern, p + 1, topic, skip)) return true;
      return false;
    }
    if (t >= topic.length || (pattern[p] !== '*' && pattern[p] !== topic[t])) return false;
  }
  return t === topic.length;
}

/**
 * The pattern as a regular expression for a topic with a full stop before it (`.disk.usage`), in the words that
 * JavaScript and PostgreSQL share.
 */
export function patternSource(pattern: string): string {
  const pieces = pattern.split('.').map((piece) => {
    if (piece === '**') return '([.][^.]+)*';
    return piece === '*' ? '[.][^.]+' : `[.]${piece.replace(/[^A-Za-z0-9_-]/g, '[$&]')}`;
  });
  return `^${pieces.join('')}$`;
}
