// A real SMTP server that keeps the mails, and misbehaves when told to.
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Posted {
  to: string;
  from: string;
  raw: string;
  secure: boolean;
}
/**
 * What to do with the next mail: refuse at a step with this code and text, take it and never answer (`hang`) or break the
 * connection (`cut`), or break it before anything was taken (`slam`).
 */
export type Mood = { at: 'rcpt' | 'data'; code: number; text: string } | 'hang' | 'cut' | 'slam';

export interface PostOffice {
  url: URL;
  mails: Posted[];
  next(mood: Mood): void;
  /** Asked for every mail that nothing else was said of. */
  faults(fault: (() => Mood | undefined) | undefined): void;
  close(): Promise<void>;
}

export async function openPostOffice(options: { encrypts?: boolean } = {}): Promise<PostOffice> {
  const mails: Posted[] = [];
  const moods: Mood[] = [];
  let faulty: (() => Mood | undefined) | undefined;
  const sockets = new Set<Socket>();
  const refuse = ({ code, text }: { code: number; text: string }) =>
    Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.encrypts === false ? ['STARTTLS', 'AUTH'] : [],
    onAuth: ({ username, password }, _session, done) =>
      username === 'tocsin' && password === 'p@ss' ? done(null, { user: username }) : done(new Error('no')),
    onRcptTo(_address, _session, done) {
      const drawn = moods.length === 0 ? faulty?.() : undefined;
      if (drawn) moods.push(drawn);
      const mood = moods[0];
      if (mood === 'slam') {
        moods.shift();
        for (const socket of sockets) socket.destroy();
        return;
      }
      if (typeof mood !== 'object' || mood.at !== 'rcpt') return done();
      moods.shift();
      done(refuse(mood));
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part) => parts.push(part));
      stream.on('end', () => {
        const mood = moods.shift();
        if (typeof mood === 'object') return done(refuse(mood));
        const { rcptTo, mailFrom } = session.envelope;
        mails.push({
          to: rcptTo[0]!.address,
          from: mailFrom === false ? '' : mailFrom.address,
          raw: Buffer.concat(parts).toString('utf8'),
          secure: session.secure,
        });
        if (mood === 'hang') return;
        if (mood === 'cut') for (const socket of sockets) socket.destroy();
        done();
      });
    },
  });
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: new URL(`smtp://127.0.0.1:${port}`),
    mails,
    next: (mood) => void moods.push(mood),
    faults(fault) {
      faulty = fault;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
