// Hangs up on a server that has stopped answering without saying so: a firewall that forgot, a machine that was cut off.
import net from 'node:net';

/** What the driver tells of where to connect. */
interface Place {
  host: string[];
  port: number[];
  ssl?: unknown;
}

/**
 * For the driver's option `socket`: a connection over TCP that is destroyed when something was written and for `ms`
 * nothing came back. The driver takes that for a lost connection, which it is. A server that computes for long says
 * nothing either: inside a transaction, where the long statements are, it has four times as long. When TLS is asked for
 * (`sslmode`), connections are not watched: their bytes go past this socket, and only TCP's keep-alive ends them.
 */
export function hangingUp(ms: number): (place: Place) => net.Socket {
  return ({ host, port, ssl }) => {
    // The driver asks for a certificate of `socket.host` (SNI), by which some providers find the database.
    const socket = Object.assign(new net.Socket(), { host: host[0], port: port[0] });
    if (ssl) return socket.connect(port[0]!, host[0]!);
    let answered = 0;
    let waitingSince: number | undefined;
    let inside = false;
    let tail = Buffer.alloc(0);
    // What was written before these bytes came counts as answered: pipelined queries make it late, never early.
    socket.on('data', (bytes: Buffer) => {
      tail = Buffer.concat([tail, bytes.subarray(-6)]).subarray(-6);
      if (tail.subarray(0, 5).equals(readyForQuery)) inside = tail[5] === letterT;
      answered = socket.bytesWritten;
      waitingSince = undefined;
    });
    const look = setInterval(() => {
      // The driver takes every listener off when it is done with a socket.
      if (socket.destroyed) return clearInterval(look);
      if (socket.connecting || socket.bytesWritten <= answered) return;
      waitingSince ??= performance.now();
      if (performance.now() - waitingSince >= (inside ? 4 * ms : ms))
        socket.destroy(Object.assign(new Error('the database does not answer'), { code: 'ECONNRESET' }));
    }, ms / 10);
    look.unref();
    socket.once('close', () => clearInterval(look));
    socket.connect(port[0]!, host[0]!);
    return socket;
  };
}

// ReadyForQuery, before one letter: I(dle), T(ransaction) or E (a failed one).
const readyForQuery = Buffer.from('Z\0\0\0\x05', 'latin1');
const letterT = 'T'.charCodeAt(0);
