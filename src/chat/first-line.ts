// The line that sends a first event, ready to be pasted into a terminal: the same wherever it is shown.

/** With the key as it is, or with a word in its place. */
export function firstLine(publicUrl: string, key = 'YOUR_KEY'): string {
  const body = '{"type":"disk.usage","subject":"/home","data":{"usage":71}}';
  return `curl ${publicUrl}/v1/events -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -d '${body}'`;
}
