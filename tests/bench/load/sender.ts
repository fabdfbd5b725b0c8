// Sends HTTP requests over raw sockets that stay open: as little work as possible, so that the server is what is measured.
import net from 'node:net';
import { quantile } from '../clock.ts';
import { markOf, type Push, type Pushed } from './orders.ts';

interface Line {
  send(body: string, done: (status: number, text: string) => void): void;
  close(): void;
}

/** Does the push; `sentAt(number)` hears when each event was due, in ms of `performance.now()`. */
export async function push(order: Push, sentAt: (number: number, at: number) => void): Promise<Pushed> {
  const lines = await Promise.all(Array.from({ length: order.connections }, () => openLine(order)));
  const times: number[] = [];
  let [next, accepted, refused] = [order.from, 0, 0];
  let complaint: string | undefined;
  const end = order.from + order.events;
  const began = performance.now();
  const fire = (line: Line, due: number): Promise<void> => {
    const count = Math.min(order.batch, end - next);
    const first = next;
    next += count;
    for (let i = 0; i < count; i++) sentAt(first + i, due);
    return new Promise((resolve) => {
      line.send(bodyOf(order, first, count), (status, text) => {
        times.push(performance.now() - due);
        if (status >= 200 && status < 300) accepted += count;
        else {
          refused += count;
          complaint ??= `${status} ${text.slice(-300)}`;
        }
        resolve();
      });
    });
  };
  const over = () => next >= end || performance.now() - began > order.ms;
  if (order.perSecond === undefined)
    await Promise.all(
      lines.map(async (line) => {
        while (!over()) await fire(line, performance.now());
      }),
    );
  else await paced(lines, order.perSecond, began, over, fire);
  const seconds = (performance.now() - began) / 1_000;
  for (const line of lines) line.close();
  return {
    accepted,
    refused,
    seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    ...(complaint ? { complaint } : {}),
  };
}

async function paced(
  lines: Line[],
  perSecond: number,
  began: number,
  over: () => boolean,
  fire: (line: Line, due: number) => Promise<void>,
): Promise<void> {
  const free = [...lines];
  const waiting: ((line: Line) => void)[] = [];
  const under = new Set<Promise<void>>();
  for (let i = 0; !over(); i++) {
    const due = began + (i * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const line = free.pop() ?? (await new Promise<Line>((resolve) => waiting.push(resolve)));
    const one = fire(line, performance.now()).then(() => {
      under.delete(one);
      const next = waiting.shift();
      if (next) next(line);
      else free.push(line);
    });
    under.add(one);
  }
  await Promise.all(under);
}

function bodyOf({ shape, batch, spread, topic }: Push, first: number, count: number): string {
  const one = shape === 'tocsin' ? tocsinEvent : alertmanagerAlert;
  const parts: string[] = [];
  for (let i = 0; i < count; i++) parts.push(one(first + i, (first + i) % spread, topic));
  return shape === 'tocsin' && batch === 1 ? parts[0]! : `[${parts.join(',')}]`;
}

function tocsinEvent(number: number, place: number, topic: string): string {
  return `{"id":"e${number}","source":"bench","type":"${topic}${place}","subject":"${markOf(number)}","data":{"value":95,"state":"up"},"labels":{"env":"prod"}}`;
}

function alertmanagerAlert(number: number, place: number): string {
  return `{"labels":{"alertname":"${markOf(number)}","user":"u${place}","env":"prod","severity":"warning"},"annotations":{"value":"95"}}`;
}

async function openLine({ port, path, headers = {} }: Push): Promise<Line> {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'Content-Length: ',
  ].join('\r\n');
  let heard = '';
  let done: ((status: number, text: string) => void) | undefined;
  const finish = (status: number, text: string) => {
    const tell = done;
    done = undefined;
    heard = '';
    tell?.(status, text);
  };
  const connect = () =>
    new Promise<net.Socket>((resolve, reject) => {
      const made = net.connect(port, '127.0.0.1');
      made.setNoDelay(true);
      made.setEncoding('latin1');
      made.on('data', (part: string) => {
        heard += part;
        if (isWhole(heard)) finish(Number(heard.slice(9, 12)), heard);
      });
      made.on('error', (error) => (done ? finish(0, String(error)) : reject(error)));
      made.on('close', () => finish(0, 'the connection was closed'));
      made.on('connect', () => resolve(made));
    });
  const send = (to: net.Socket, body: string, then: (status: number, text: string) => void) => {
    done = then;
    to.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  let socket = await connect();
  return {
    send(body, then) {
      if (!socket.destroyed) return send(socket, body, then);
      // Closed while nobody used it, as a server should that hears nothing for long.
      connect().then(
        (made) => {
          socket = made;
          send(made, body, then);
        },
        (error) => then(0, String(error)),
      );
    },
    close: () => socket.destroy(),
  };
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const head = text.slice(0, end).toLowerCase();
  const at = head.indexOf('content-length:');
  if (at >= 0) return text.length - end - 4 >= Number.parseInt(head.slice(at + 15), 10);
  return !head.includes('transfer-encoding: chunked') || text.endsWith('0\r\n\r\n');
}
