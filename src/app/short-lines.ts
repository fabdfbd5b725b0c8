// Connections on which whole plain requests come are answered without Node's HTTP, which costs more than all that we do for
// an event ourselves (decision 0016). The first request that is anything else goes to Node's HTTP, its connection with it.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { failpoint } from '#core/failpoint.ts';
import { type WholeRequest, wholeRequest } from './whole-request.ts';

/** Headers are names and values in turns, without those of the length and the connection. */
export interface ShortAnswer {
  status: number;
  headers: readonly string[];
  body: string;
}

/** Answers a whole request, or leaves it to Node and the router. Its promise never rejects. */
export type ShortDoor = (request: WholeRequest) => Promise<ShortAnswer> | undefined;

export interface ShortLines {
  /** Takes a new connection. */
  take(socket: Socket): void;
  /** Those that are asked nothing end now, the others with their answer. */
  close(): void;
  /** All end now. */
  cut(): void;
}

/** What the end and the seconds want of a connection. */
interface Line {
  socket: Socket;
  isAsked: boolean;
  /** How long it may still say nothing. */
  seconds: number;
}

/** Opens the way for a server's connections; `toNode` takes one that is Node's from then on. */
export function openShortLines(
  door: ShortDoor,
  toNode: (socket: Socket) => void,
  silence: { atFirst: number; later: number },
): ShortLines {
  const lines = new Set<Line>();
  const inWords = openWording();
  const kept = `keep-alive\r\nKeep-Alive: timeout=${silence.later}`;
  let closing = false;
  const looking = setInterval(() => {
    for (const line of lines) if (!line.isAsked && --line.seconds < 0) line.socket.destroy();
  }, 1_000).unref();

  function take(socket: Socket): void {
    const line: Line = { socket, isAsked: false, seconds: silence.atFirst };
    let last: WholeRequest['head'] | undefined;
    // What came while it was asked.
    let behind: Buffer | undefined;
    let ended = false;

    const hear = (piece: Buffer) => {
      if (line.isAsked) {
        behind = behind ? Buffer.concat([behind, piece]) : piece;
        socket.pause();
        return;
      }
      const request = wholeRequest(piece, last);
      const answer = request && door(request);
      if (!request || !answer) return handOn(piece);
      last = request.head;
      line.isAsked = true;
      void answer.then(tell);
    };

    const tell = (answer: ShortAnswer) => {
      if (socket.destroyed) return;
      line.isAsked = false;
      line.seconds = silence.later;
      const isLast = closing || ended;
      const { text, encoding } = inWords(answer, isLast ? 'close' : kept);
      // Whoever does not read their answers is not asked for more.
      const hasRoom = socket.write(text, encoding);
      failpoint('door.after_answer');
      if (isLast) endWith();
      else if (hasRoom) goOn();
      else socket.pause().once('drain', goOn);
    };

    const goOn = () => {
      if (behind === undefined && !socket.isPaused()) return;
      const piece = behind;
      behind = undefined;
      if (piece) hear(piece);
      if (behind === undefined) socket.resume();
    };

    // Nothing more is heard, and nobody waits for the other side to end, too. What has come is read, which takes the loop
    // two turns: closing over unread bytes resets the connection, and that can throw away the answer.
    const endWith = () => {
      socket.off('data', hear);
      behind = undefined;
      socket.resume();
      setImmediate(() => setImmediate(() => socket.destroySoon()));
    };

    const end = () => {
      ended = true;
      if (!line.isAsked) socket.end();
    };
    const leave = () => lines.delete(line);
    const fail = () => socket.destroy();

    const handOn = (piece: Buffer) => {
      leave();
      socket.off('data', hear).off('end', end).off('close', leave).off('error', fail).off('drain', goOn);
      toNode(socket);
      socket.emit('data', piece);
    };

    lines.add(line);
    socket.on('data', hear).on('end', end).on('close', leave).on('error', fail);
  }

  const endAll = (which: (line: Line) => boolean) => {
    for (const line of lines) if (which(line)) line.socket.destroy();
  };
  return {
    take,
    close() {
      closing = true;
      clearInterval(looking);
      endAll(({ isAsked }) => !isAsked);
    },
    cut: () => endAll(() => true),
  };
}

/** An answer as HTTP writes it. The same list of headers is put into words once. */
function openWording() {
  let worded: { status: number; headers: readonly string[]; text: string } | undefined;
  return ({ status, headers, body }: ShortAnswer, connection: string) => {
    if (worded?.headers !== headers || worded.status !== status) {
      let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
      for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
      worded = { status, headers, text };
    }
    const length = Buffer.byteLength(body);
    const text = `${worded.text}Content-Length: ${length}\r\nConnection: ${connection}\r\n\r\n${body}`;
    // What is ASCII, as most answers are, is written as it is.
    return { text, encoding: length === body.length ? ('latin1' as const) : ('utf8' as const) };
  };
}
