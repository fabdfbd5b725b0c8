// The connections of a pool, and which of them is next:
// - a transaction has a wire for itself; single statements go to wires on which none is, those that are guarded to the first;
// - the one that was used last comes first: its backend is awake, and knows its plans;
// - one more is opened only when none is free, up to so many; then what comes waits, in order;
// - a stream has one that ends with it;
// - one that the server refuses is asked for by nobody in vain, as long as there are others: what wanted it waits for those;
// - when one is lost, the others are not trusted either: they end what they have begun, and no more.
import type postgres from 'postgres';
import { runTransaction, type Voice, type Work } from './transaction.ts';
import { gone, isRefusal, type Options, openWire, type Statement, type Wire } from './wire.ts';

export interface Wires {
  /** Outside of a transaction. */
  send(statement: Statement): void;
  begin(mode: string, work: Work, voice: Voice): Promise<unknown>;
  /** Also outside of a transaction: all that the work sends, on one wire. */
  row<T>(work: (sql: postgres.Sql) => Promise<T>, voice: Voice): Promise<T>;
  /** Nothing more is taken; what runs has so many seconds. */
  end(how?: { timeout?: number | null }): Promise<void>;
}

interface Job {
  guarded: boolean;
  /** How often the server had no room for the wire that was opened for it. */
  refused?: number;
  run(wire: Wire): void;
  refuse(error: Error): void;
}

/** A job may be passed over so many times by others that need no change of the wire. */
const patience = 3;
const leaveMs = 10_000;
/** What is at work: as long as TCP itself needs to find out that nobody is there, where nothing else looks (TLS). */
const leaveAtWorkMs = 15 * 60_000;
const refusals = 2;
/** After the server had no room for one more, none is opened for so long. */
const narrowMs = 5_000;

/** For single statements, which write by themselves. */
function unguard(wire: Wire): void {
  if (!wire.guarded) return;
  wire.guarded = false;
  wire.say('set default_transaction_read_only = off').answer.catch(() => {});
}

/** `options`: as the driver parsed them. */
export function openWires(options: Options, most: number): Wires {
  // Each is free, or taken by a work, or in neither list: busy with a single statement, until it is idle.
  const all = new Set<Wire>();
  // The one that was used last is the last.
  const free: Wire[] = [];
  const taken = new Set<Wire>();
  // No more of `all`, but alive until what they have begun is over.
  const leaving = new Map<Wire, Promise<void>>();
  const waiting: Job[] = [];
  let room = most;
  let widening: NodeJS.Timeout | undefined;
  let passed = 0;
  let ending = false;

  function open(guarded: boolean): Wire {
    const wire = openWire(options, guarded, {
      idle(one) {
        if (!taken.has(one)) release(one);
      },
      lost(one, opened) {
        forget(one);
        if (opened && !ending)
          for (const other of [...all]) leave(other, free.includes(other) ? leaveMs : leaveAtWorkMs);
        serve();
      },
    });
    all.add(wire);
    return wire;
  }

  /** A wire that is nobody's: of this kind, or a new one, or one of the other kind. */
  function take(guarded: boolean): Wire | undefined {
    for (let i = free.length - 1; i >= 0; i--) if (free[i]!.guarded === guarded) return free.splice(i, 1)[0];
    // To the server those that leave are there, too: with them it may have no room.
    if (free.length > 0 && all.size + leaving.size >= room) return free.shift();
    return all.size < room ? open(guarded) : undefined;
  }

  /** On a new wire once the server has let it in: until then the job is nobody's. */
  function start(job: Job, wire: Wire): void {
    if (wire.open) {
      job.run(wire);
      return;
    }
    taken.add(wire);
    wire.greet().then(
      () => {
        taken.delete(wire);
        job.run(wire);
      },
      (error) => {
        forget(wire);
        job.refused = (job.refused ?? 0) + 1;
        const others = [...all].some(({ open }) => open);
        // Not for ever: those may be waiting for this one.
        if (ending || !others || !isRefusal(error) || job.refused > refusals) job.refuse(error);
        else {
          waiting.unshift(job);
          narrow();
        }
        serve();
      },
    );
  }

  function narrow(): void {
    room = Math.max(1, all.size);
    clearTimeout(widening);
    widening = setTimeout(() => {
      room = most;
      serve();
    }, narrowMs).unref();
  }

  /** It is nobody's now. */
  function release(wire: Wire): void {
    // Twice in the list it would be two transactions' at once.
    if (!all.has(wire)) wire.end();
    else if (!free.includes(wire)) free.push(wire);
    serve();
  }

  function serve(): void {
    while (waiting.length > 0) {
      const kind = free.at(-1)?.guarded;
      const alike = passed < patience ? waiting.findIndex(({ guarded }) => guarded === kind) : 0;
      const place = Math.max(alike, 0);
      const wire = take(waiting[place]!.guarded);
      if (!wire) return;
      passed = place === 0 ? 0 : passed + 1;
      start(waiting.splice(place, 1)[0]!, wire);
    }
  }

  function ask(job: Job): void {
    const wire = ending || waiting.length > 0 ? undefined : take(job.guarded);
    if (ending) job.refuse(gone('CONNECTION_ENDED'));
    else if (wire) start(job, wire);
    else waiting.push(job);
  }

  function forget(wire: Wire): void {
    all.delete(wire);
    taken.delete(wire);
    const place = free.indexOf(wire);
    if (place >= 0) free.splice(place, 1);
  }

  /** It ends what it has begun, in a while at most, and takes nothing more. */
  function leave(wire: Wire, withinMs?: number): void {
    const isTaken = taken.has(wire);
    forget(wire);
    const timer = withinMs === undefined ? undefined : setTimeout(wire.cut, withinMs);
    const left = wire.ended.then(() => {
      clearTimeout(timer);
      leaving.delete(wire);
    });
    leaving.set(wire, left);
    if (isTaken) taken.add(wire);
    else wire.end();
  }

  /** One that is nobody else's until the work is over. */
  async function having<T>(guarded: boolean, work: (wire: Wire) => Promise<T>): Promise<T> {
    const wire = await new Promise<Wire>((have, refuse) => {
      const run = (one: Wire) => {
        taken.add(one);
        have(one);
      };
      ask({ guarded, run, refuse });
    });
    try {
      return await work(wire);
    } finally {
      taken.delete(wire);
      if (wire.idle) release(wire);
    }
  }

  return {
    send(statement) {
      ask({
        guarded: false,
        run(wire) {
          unguard(wire);
          wire.give(statement);
          if (statement.streaming) leave(wire);
        },
        refuse: (error) => statement.reject(error),
      });
    },

    begin: (mode, work, voice) => having(true, (wire) => runTransaction(wire, mode, work, voice)),

    row: (work, voice) =>
      having(false, async (wire) => {
        unguard(wire);
        // Whoever asked hears the last answer a moment before the wire is free.
        return await work(voice(wire.give, {}));
      }),

    async end({ timeout = null } = {}) {
      ending = true;
      clearTimeout(widening);
      for (const job of waiting.splice(0)) job.refuse(gone('CONNECTION_ENDED'));
      for (const wire of [...all]) leave(wire);
      const timer =
        timeout === null
          ? undefined
          : setTimeout(() => {
              for (const wire of leaving.keys()) wire.cut();
            }, timeout * 1_000);
      await Promise.all(leaving.values());
      clearTimeout(timer);
    },
  };
}
