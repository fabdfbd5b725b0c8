// The hand-overs: a doorbell says where work waits. It carries an id and nothing else; the ledger is the truth.

/**
 * evaluate: a lane of events (id: lane number) · due: rule states whose time has come (id: `all`) ·
 * notify: a receiver's undecided notifications (id: receiver) · deliver: an address with something to send
 * (id: `channel|address`) · updates: a chat's updates (id: chat key) · scrape: targets whose time has come (id: `all`)
 * · timetable: what is told at its own time (id: `all`) · act: something to be done outside (id: act) · remap: kept bodies that a new mapping may read (id: source)
 */
export const jobNames = [
  'evaluate',
  'due',
  'notify',
  'deliver',
  'updates',
  'scrape',
  'remap',
  'timetable',
  'act',
] as const;
export type JobName = (typeof jobNames)[number];
export interface Doorbell {
  job: JobName;
  id: string;
}

/** Rings without waiting and never throws: a lost doorbell costs a second, the sweeper rings again. */
export type Ring = (doorbells: Doorbell[]) => void;

/** What to do when a doorbell rings; doing it twice changes nothing. */
export type Work = { [Job in JobName]: (id: string, now: number) => Promise<void> };
