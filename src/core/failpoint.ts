// Named places where the end of the process would hurt most. A torture may set a trap there; otherwise nothing happens.

/** In the order of an event's way; tests/torture proves that each is reached. */
export const failpoints = [
  'start.migrated',
  'ingest.before_commit',
  'ingest.after_commit',
  'ingest.after_answer',
  // The bytes of the answer are on their way.
  'door.after_answer',
  'bells.before_write',
  'bells.after_write',
  'sweep.before_ring',
  'drain.begun',
  'drain.before_states',
  'drain.before_commit',
  // Committed already where one statement was enough.
  'drain.after_write',
  'drain.after_commit',
  'drain.after_ring',
  'due.before_commit',
  'due.after_commit',
  'decide.before_commit',
  'decide.after_commit',
  // The same for what begins with its decision, its address claimed, its turn taken and its intent written with it.
  'begin.before_commit',
  'begin.after_commit',
  'deliver.leased',
  'send.after_intent',
  'send.before_bytes',
  'send.after_answer',
  // One statement writes it: no lock is in our hands here, nor could one be.
  'send.before_result',
  'send.after_result',
  'fail.before_result',
  'fail.after_result',
  'edit.before_bytes',
  'edit.after_answer',
  'edit.after_result',
  'board.before_bytes',
  'board.after_answer',
  // The look gives the address back by itself when nothing waits there; behind what arrived, before either is sent.
  'deliver.before_look',
  // Something waits there still: the pace says later, or the time is over.
  'deliver.before_return',
  'poll.after_answer',
  'poll.after_keep',
  'update.begun',
  'update.after_handling',
  'update.after_finish',
  // What changes alerts goes out with the commit, and is not written yet.
  'write.before_commit',
  'write.after_commit',
  // The same for what is written upon as it was seen, unread.
  'sight.before_commit',
  'sight.after_commit',
] as const;

export type Failpoint = (typeof failpoints)[number];

let trap: ((at: Failpoint) => void) | undefined;

/** The program passes here. Nothing happens unless a trap was set, which the program itself never does. */
export function failpoint(at: Failpoint): void {
  trap?.(at);
}

/** For tests that end the process, or stop it, at such a place. */
export function setTrap(next: ((at: Failpoint) => void) | undefined): void {
  trap = next;
}
