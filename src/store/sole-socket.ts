// The one socket of a client of the driver, which would connect again by itself, for ever, where a connection ends before it
// is answered.
import net from 'node:net';

/** Where to connect, as the driver tells it. */
interface Place {
  host: string[];
  port: number[];
  path?: string | false;
}

export interface SoleSocket {
  /** For the driver's option `socket`. */
  open(place: Place): net.Socket;
  /** Ends it now, also while it connects, and lets none come after it. */
  destroy(): void;
}

/**
 * One server is tried once, each of several twice, since the driver may prefer one that comes later. `greeted`: the server
 * has answered; what is opened from then on is for the driver to cancel a statement with. `fail` is told why when no more is
 * left to try.
 */
export function soleSocket(
  own: SoleSocket['open'] | undefined,
  greeted: () => boolean,
  fail: (error: Error) => void,
): SoleSocket {
  let tried = 0;
  let socket: net.Socket | undefined;
  let fault: Error | undefined;
  let isOver = false;

  function connect(place: Place, which: number): net.Socket {
    if (own) return own(place);
    if (place.path) return net.connect(place.path);
    const [host, port] = [place.host[which]!, place.port[which]!];
    // The driver asks for a certificate of `socket.host`.
    return Object.assign(net.connect(port, host), { host, port });
  }

  return {
    open(place) {
      const all = place.port.length;
      if (!isOver && greeted()) return connect(place, (tried - 1) % all);
      if (!isOver && tried === (all > 1 ? 2 * all : 1)) {
        isOver = true;
        fail(fault ?? unanswered());
      }
      if (isOver) throw fault ?? unanswered();
      const next = connect(place, tried++ % all);
      socket = next;
      return next.on('error', (error) => {
        fault = error;
      });
    },
    destroy() {
      isOver = true;
      socket?.destroy();
    },
  };
}

function unanswered(): Error {
  const message = 'the database, or what stands before it, closed the connection before it answered';
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}
