// One connection to PostgreSQL for one life, over a client of the driver that has no other. It holds back what the driver
// cannot send at once, so that the driver never has something in hand that it could send later, on another connection.
import postgres from 'postgres';
import { type SoleSocket, soleSocket } from './sole-socket.ts';

/** A statement of the driver; what is ours of it. */
export interface Statement extends PromiseLike<unknown> {
  handler(statement: Statement): unknown;
  canceller: ((statement: Statement) => unknown) | null;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  options: { onexecute?: () => boolean };
  /** The backend that was asked; null: nothing was sent. */
  state: unknown;
  /** The server is at it. */
  active: boolean;
  executed: boolean;
  /** A COPY: answered with a stream, and the connection is its own until that ends. */
  streaming?: boolean;
}

export type Options = postgres.Options<Record<string, postgres.PostgresType>> & {
  socket?: SoleSocket['open'];
};

export interface Wire {
  /** Whether what is outside a transaction cannot write here: the server refuses it. */
  guarded: boolean;
  /** Sends it behind what is there. True: it is written, and what is given next in this turn goes out with it. */
  give(statement: Statement): boolean;
  /** Sends one of our own, without values. */
  say(text: string): { answer: Promise<{ command: string }>; sent: boolean };
  /** Asks the server for nothing but to be let in; before anything else, once. */
  greet(): Promise<void>;
  /** Calls when it is lost, until it is told something else. */
  watch(lost: ((error: unknown) => void) | undefined): void;
  /** Nothing is unanswered. */
  readonly idle: boolean;
  /** It has been let in. */
  readonly open: boolean;
  readonly lost: boolean;
  /** Ends it when nothing is unanswered. */
  end(): void;
  /** Ends it now; what is unanswered fails. */
  cut(): void;
  readonly ended: Promise<void>;
}

interface Fate {
  idle(wire: Wire): void;
  /** `open`: it had been answered before, and was not cut or ended by us. */
  lost(wire: Wire, open: boolean): void;
}

/** What is outside a transaction reads only; a transaction says that it writes. */
const guard = { default_transaction_read_only: 'on' };
/** What a pooler that drops our settings would have to keep for us to be safe, and quick. */
const checked = ['default_transaction_read_only', 'enable_seqscan'];

/** `options`: as the driver parsed them. Nothing is sent before something is given. */
export function openWire(options: Options, guarded: boolean, fate: Fate): Wire {
  // Those that the driver has, and those that it shall have; in their order.
  const sent = new Set<Statement>();
  const held: Statement[] = [];
  let ready = true;
  let open = false;
  let lost = false;
  let ending = false;
  let watching: ((error: unknown) => void) | undefined;
  let left = () => {};
  const ended = new Promise<void>((resolve) => {
    left = resolve;
  });

  const attributes = options.target_session_attrs;
  // The driver executes nothing before the greeting.
  const greeted = () => open || [...sent].some(({ state }) => state !== null);
  const socket = soleSocket(options.socket, greeted, lose);
  const client = postgres({
    // What the driver has parsed it takes as it is: how values are read is the same for all.
    ...options,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connection: { ...options.connection, ...(guarded ? guard : {}) },
    // To the driver a session that reads by default is a read-only server.
    ...(guarded && attributes === 'read-write' ? { target_session_attrs: 'primary' } : {}),
    socket: socket.open,
    onclose: () => lose(gone()),
  } as unknown as Options);
  const probe = client.unsafe('') as unknown as Statement;

  function give(statement: Statement): boolean {
    if (lost) {
      statement.reject(gone());
      return false;
    }
    const { resolve, reject } = statement;
    statement.resolve = (answer) => {
      resolve(answer);
      settled(statement);
    };
    statement.reject = (error) => {
      // Before whoever asked hears it, and asks for more.
      if (endsConnection(error)) lose(error);
      reject(error);
      settled(statement);
    };
    statement.canceller = probe.canceller;
    if (ready && held.length === 0) return hand(statement);
    held.push(statement);
    return false;
  }

  function hand(statement: Statement): boolean {
    const [head] = sent;
    const before = head?.active;
    let written = false;
    statement.options.onexecute = () => {
      written = true;
      return true;
    };
    sent.add(statement);
    probe.handler(statement);
    // The driver could not put it into words, blames the one before, and waits for an answer to what it never sent.
    if (before && !head?.active) cut();
    // The first one waits for the connection; one that the server has to describe first, for that.
    ready = written;
    return written && !lost;
  }

  function settled(statement: Statement): void {
    if (!sent.delete(statement) || sent.size > 0 || lost) return;
    // The driver is not done with it yet.
    queueMicrotask(() => {
      if (sent.size > 0 || lost) return;
      ready = true;
      open = true;
      while (ready && held.length > 0) hand(held.shift()!);
      if (sent.size > 0) return;
      if (ending) finish();
      else fate.idle(wire);
    });
  }

  function lose(error: unknown, byUs = false): void {
    if (lost) return;
    lost = true;
    const unanswered = [...sent, ...held.splice(0)];
    for (const statement of unanswered) {
      const inHand = statement.state === null;
      statement.reject(error);
      // The driver would send it later. Its own reason, that somebody cancelled it, comes too late to be heard.
      if (inHand) statement.canceller?.(statement);
    }
    watching?.(error);
    left();
    // What we cut says nothing about the others.
    fate.lost(wire, open && !byUs);
  }

  function cut(): void {
    lose(gone(), true);
    socket.destroy();
    client.end({ timeout: 0 }).catch(() => {});
    left();
  }

  function finish(): void {
    lost = true;
    client.end().then(left, left);
    fate.lost(wire, false);
  }

  function say(text: string) {
    const statement = client.unsafe(text) as unknown as Statement;
    statement.executed = true;
    const answer = statement as unknown as Promise<{ command: string }>;
    return { sent: give(statement), answer };
  }

  const wire: Wire = {
    guarded,
    give,
    say,
    async greet() {
      const asked = { ...options.connection, ...(guarded ? guard : {}) } as Record<string, unknown>;
      const names = checked.filter((name) => name in asked);
      const shown = names.map((name) => `current_setting('${name}') as ${name}`).join();
      const [row] = (await say(`select ${shown}`).answer) as unknown as Record<string, unknown>[];
      const ignored = names.filter((name) => row?.[name] !== asked[name]);
      if (ignored.length === 0) return;
      wire.end();
      throw settingsIgnored(ignored);
    },
    watch(told) {
      watching = told;
    },
    get idle() {
      return sent.size === 0 && held.length === 0;
    },
    get open() {
      return open;
    },
    get lost() {
      return lost;
    },
    end() {
      if (lost) return;
      ending = true;
      if (wire.idle) finish();
    },
    cut,
    ended,
  };
  return wire;
}

/** What everything fails with that was on a connection that is gone. */
export function gone(code = 'CONNECTION_CLOSED'): Error {
  return Object.assign(new Error('the connection was lost'), { code });
}

function settingsIgnored(names: string[]): Error {
  const message =
    `the database does not take the settings of a connection (${names.join(', ')}), which Tocsin needs to be safe. ` +
    'Something such as PgBouncer stands between and drops them (ignore_startup_parameters): ' +
    'let DATABASE_URL name PostgreSQL itself, or a pooler in session mode that passes them on';
  return Object.assign(new Error(message), { code: 'SETTINGS_IGNORED' });
}

/** Whether the server itself said that it does not let us in. */
export function isRefusal(error: unknown): boolean {
  return (error as { severity?: unknown } | undefined)?.severity === 'FATAL';
}

/** Whether the connection ends with this error: the server said FATAL, or the socket is gone. */
function endsConnection(error: unknown): boolean {
  const { severity, code, syscall } = (error ?? {}) as Record<string, unknown>;
  if (severity !== undefined) return severity === 'FATAL' || severity === 'PANIC';
  return syscall !== undefined || (typeof code === 'string' && /^(CONNECT(ION)?_|E[A-Z]+$)/.test(code));
}
