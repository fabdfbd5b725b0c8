// Foreign names as topics.

/** The name with each character that a topic cannot hold replaced by `_`, and no empty parts; at most 200 characters. */
export function toTopic(name: string): string {
  const topic = name
    .slice(0, 200)
    .replace(/[^A-Za-z0-9_.-]/g, '_')
    .split('.')
    .filter((part) => part !== '')
    .join('.');
  return topic === '' ? 'unnamed' : topic;
}
