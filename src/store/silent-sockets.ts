// Hangs up on connections that died without saying so: a firewall forgot them, a machine was cut off.
import net from 'node:net';
import { type Place, type View, viewOf } from './server-view.ts';
import { type Followed, follow } from './unanswered.ts';

/**
 * After how many looks the server is asked, each time that it says that it waits for us. What is on its way for long may
 * still arrive, so the distances grow.
 */
const asking = [2, 3, 5];

interface Watched {
  socket: net.Socket;
  wire: Followed;
  /** Pieces that had come at the last look. */
  heard: number;
  /** Since when it owes an answer and says nothing. */
  since?: number;
  /** The moment since which the server waited for us when it was asked, and how often it has said so. */
  seen?: string;
  said: number;
  /** What this machine had not taken yet at the last look. */
  unsent: number;
}

/**
 * For the driver's option `socket`: a connection over TCP that is destroyed when an answer does not come. After twice
 * `everyMs` the server is asked about it over a fresh connection. When it knows nothing of it, it is dead; also
 * when the server says three times that it waits for us, as we wait for it, and nothing of ours moves towards it. When the
 * server computes, or waits for a lock, it is left alone, however long that takes (by the pool, a quarter of an hour when
 * another of its connections was lost). Only when the server cannot be asked, the answer must come within `ms`, inside a
 * transaction, where the long statements are, within four times as long. When TLS is asked for (`sslmode`), connections are not watched: their bytes go past this socket, and
 * only TCP's keep-alive ends them.
 */
export function hangingUp(ms: number, everyMs = ms / 15): (place: Place) => net.Socket {
  const watched = new Set<Watched>();
  const isDue = ({ since, said }: Watched, now: number) =>
    since !== undefined && now - since >= asking[said]! * everyMs;
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;

  function look(place: Place): void {
    const now = performance.now();
    const late: Watched[] = [];
    let suspicious = false;
    for (const one of watched) {
      // The driver takes every listener off when it is done with a socket.
      if (one.socket.destroyed) watched.delete(one);
      else if (one.socket.connecting || !one.wire.waits() || isAlive(one)) calm(one);
      else {
        one.since ??= now;
        one.unsent = unsent(one.socket);
        suspicious ||= isDue(one, now);
        if (now - one.since >= (one.wire.inside() ? 4 * ms : ms)) late.push(one);
      }
    }
    // What has come while this process could not read is read first.
    setImmediate(() => late.filter((one) => !isAlive(one)).forEach(hangUp));
    if (watched.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    if (!suspicious || isAsking) return;
    isAsking = true;
    ask(place)
      .catch(() => {})
      .finally(() => {
        isAsking = false;
      });
  }

  async function ask(place: Place): Promise<void> {
    // Also the idle ones: what forgot one has mostly forgotten all.
    const asked = [...watched].map((one) => ({ one, pid: one.wire.pid(), heard: one.wire.heard() }));
    const pids = asked.flatMap(({ pid }) => pid ?? []);
    await viewOf(place, pids, 4 * everyMs, async (views, end) => {
      if (views === undefined) return;
      const dead: View[] = [];
      for (const { one, pid, heard } of asked) {
        if (pid === undefined || one.wire.heard() !== heard || isAlive(one)) continue;
        const view = views.get(pid);
        if (view === undefined) hangUp(one);
        else if (!isDue(one, performance.now())) continue;
        else if (view.waits === false) calm(one);
        else if (view.waits) {
          if (one.seen !== view.since) one.said = 0;
          one.seen = view.since;
          one.said += 1;
          if (one.said < asking.length) continue;
          hangUp(one);
          dead.push(view);
        }
      }
      // The server still believes in them, and keeps what they had locked.
      await end(dead);
    });
  }

  return (place) => {
    const { host, port, ssl } = place;
    // The driver asks for a certificate of `socket.host` (SNI), by which some providers find the database.
    const socket = Object.assign(new net.Socket(), { host: host[0], port: port[0] });
    if (ssl) return socket.connect(port[0]!, host[0]!);
    const wire = follow(socket.connect(port[0]!, host[0]!));
    // What the driver is asked between a socket's error and its close it forgets, and whoever asked waits for ever. Without
    // an error it refuses at the close all that was asked; only while it connects it must hear of one.
    socket._destroy = (error, done) =>
      net.Socket.prototype._destroy.call(socket, wire.answers() > 1 ? null : error, done);
    watched.add({ socket, wire, heard: 0, said: 0, unsent: 0 });
    timer ??= setInterval(() => look(place), everyMs).unref();
    return socket;
  };
}

/** Something has come, or left, since the last look. */
function isAlive({ socket, wire, heard, unsent: before }: Watched): boolean {
  return wire.heard() !== heard || unsent(socket) < before;
}

/** Less of it: this machine could pass some on. What is written in one piece only its handle counts. */
function unsent(socket: net.Socket): number {
  const handle = (socket as { _handle?: { writeQueueSize?: number } | null })._handle;
  return socket.writableLength + (handle?.writeQueueSize ?? 0);
}

function calm(one: Watched): void {
  one.heard = one.wire.heard();
  one.unsent = unsent(one.socket);
  one.said = 0;
  delete one.since;
  delete one.seen;
}

function hangUp({ socket }: Watched): void {
  socket.destroy(Object.assign(new Error('the database does not answer'), { code: 'ECONNRESET' }));
}
