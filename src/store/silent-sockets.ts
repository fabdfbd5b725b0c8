// Hangs up on a server that has stopped answering without saying so: a firewall that forgot, a machine that was cut off.
import net from 'node:net';

/** What the driver tells of where to connect. */
interface Place {
  host: string[];
  port: number[];
}

/**
 * For the driver's option `socket`: a connection over TCP that is destroyed when something was written and for `ms`
 * nothing came back. The driver takes that for a lost connection, which it is.
 */
export function hangingUp(ms: number): (place: Place) => net.Socket {
  return ({ host, port }) => {
    const socket = new net.Socket();
    let answered = 0;
    let waitingSince: number | undefined;
    // What was written before these bytes came counts as answered: pipelined queries make it late, never early.
    socket.on('data', () => {
      answered = socket.bytesWritten;
      waitingSince = undefined;
    });
    const look = setInterval(() => {
      if (socket.connecting || socket.bytesWritten <= answered) return;
      waitingSince ??= performance.now();
      if (performance.now() - waitingSince >= ms)
        socket.destroy(Object.assign(new Error('the database does not answer'), { code: 'ECONNRESET' }));
    }, ms / 10);
    look.unref();
    socket.once('close', () => clearInterval(look));
    socket.connect(port[0]!, host[0]!);
    return socket;
  };
}
