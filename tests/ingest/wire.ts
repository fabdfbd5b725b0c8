// A wire to PostgreSQL that can be cut, go silent, or lose the answer to what was just written.
import net from 'node:net';
import type { Connection } from '#sandbox/postgres/index.ts';

export interface Wire {
  /** The same server, by way of the wire. */
  connect(target: Connection): Promise<Connection>;
  /** pass; cut: connections end and new ones are refused; silent: nothing goes through; deaf: the server hears, its answers are lost and the connection then ends. */
  set(mode: 'pass' | 'cut' | 'silent' | 'deaf'): Promise<void>;
  close(): Promise<void>;
}

/** Lays a wire on a free port of 127.0.0.1. */
export function layWire(): Wire {
  let mode: Parameters<Wire['set']>[0] = 'pass';
  const sockets = new Set<net.Socket>();
  let server: net.Server | undefined;
  let port = 0;
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    return socket;
  };
  return {
    async connect(target) {
      server = net.createServer((client) => {
        keep(client);
        const far = target.host.startsWith('/')
          ? net.connect(`${target.host}/.s.PGSQL.${target.port}`)
          : net.connect(target.port, target.host);
        keep(far);
        client.on('data', (bytes) => mode !== 'silent' && far.write(bytes));
        far.on('data', (bytes) => {
          if (mode === 'pass') client.write(bytes);
          else if (mode === 'deaf') client.destroy();
        });
        client.on('close', () => far.end());
        far.on('close', () => client.destroy());
      });
      await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
      port = (server.address() as net.AddressInfo).port;
      return { ...target, host: '127.0.0.1', port };
    },
    async set(next) {
      if (mode === 'cut' && next !== 'cut')
        await new Promise<void>((resolve) => server!.listen(port, '127.0.0.1', resolve));
      mode = next;
      if (next !== 'cut') return;
      const closed = new Promise((resolve) => server!.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        if (server?.listening) server.close(() => resolve());
        else resolve();
      }),
  };
}
