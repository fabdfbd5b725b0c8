// Where people talk with us: what a rule tells that does not say where.

/** Without a word about it a rule tells where people talk with us; other receivers are named. */
export function atHome<R extends { channel: string; topic: string }>(told: R[]): R[] {
  return told.filter(isHome);
}

/** A chat as a whole; a topic in it is named, too. */
export function isHome({ channel, topic }: { channel: string; topic: string }): boolean {
  return channel === 'telegram' && topic === '';
}
