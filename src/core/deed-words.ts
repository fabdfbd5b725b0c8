// What an entry of the audit trail says to a person who was not there.

type Say = (what: string) => string;
const quoted = (what: string) => (what === '' ? '' : ` “${what}”`);
const rule =
  (did: string): Say =>
  (what) =>
    what === '' ? `${did} a rule that is gone` : `${did} the rule${quoted(what)}`;
const thing =
  (did: string): Say =>
  (what) =>
    `${did}${quoted(what)}`;

/** The deeds that are worth telling somebody who comes back; what is done to single alerts is not among them. */
const words: Record<string, Say> = {
  'create-rule': rule('made'),
  'edit-rule': rule('changed'),
  'pause-rule': rule('paused'),
  'unpause-rule': rule('resumed'),
  'delete-rule': rule('deleted'),
  'import-rules': () => 'brought in rules from a file',
  'share-rule': thing('shared'),
  'save-pack': thing('offered the pack'),
  'take-pack': thing('took the pack'),
  'follow-pack': thing('followed the pack'),
  'silence-alerts': () => 'muted alerts',
  'lift-silence': () => 'lifted a mute',
  join: thing('joined'),
  invite: () => 'invited somebody',
  'register-group': thing('added the group'),
  'leave-group': thing('left the group'),
  'set-away': () => 'said when they are away',
  'create-broadcast': () => 'sent a broadcast',
  'stop-broadcast': () => 'stopped a broadcast',
  'create-source': thing('added the source'),
  'set-mapping': thing('changed how to read the source'),
  'create-key': thing('made a key for'),
  'rotate-key': thing('renewed a key of'),
  'revoke-key': thing('revoked a key of'),
  'add-target': thing('added the target'),
  'remove-target': thing('removed the target'),
  'pause-target': thing('paused the target'),
  'create-heartbeat': thing('added the heartbeat'),
  'remove-heartbeat': thing('removed the heartbeat'),
  'add-receiver': thing('added the receiver'),
  'remove-receiver': thing('removed the receiver'),
  'disable-receiver': thing('switched off the receiver'),
  'enable-receiver': thing('switched on the receiver'),
};

/** Deeds about the whole installation: only its admins read of them. */
const staffOnly = new Set([
  'invite',
  'create-broadcast',
  'stop-broadcast',
  'create-source',
  'set-mapping',
  'create-key',
  'rotate-key',
  'revoke-key',
  'add-target',
  'remove-target',
  'pause-target',
]);
/** Deeds that concern everybody here. */
const everybody = new Set(['join', 'save-pack', 'register-group', 'leave-group']);

/** The verbs worth telling, by who reads of them: everybody, the admins too, or only whose thing it is. */
export function deedsFor(staff: boolean): { open: string[]; own: string[] } {
  const all = Object.keys(words);
  return {
    open: all.filter((verb) => everybody.has(verb) || (staff && staffOnly.has(verb))),
    own: all.filter((verb) => !everybody.has(verb) && !staffOnly.has(verb)),
  };
}

/** `changed the rule “Disk nearly full”`. */
export function deedText(verb: string, what: string): string {
  return words[verb]?.(what) ?? `${verb.replaceAll('-', ' ')}${quoted(what)}`;
}
