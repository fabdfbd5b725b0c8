// A bare pipeline as many would build it: node:http, a BullMQ job for each event, a worker that calls grammY.
import http from 'node:http';
import { Queue, Worker } from 'bullmq';
import { Api } from 'grammy';
import { Redis } from 'ioredis';

const { listen, redis, apiRoot, token } = JSON.parse(process.argv[2]!) as Record<string, string>;
const queue = new Queue('events', {
  connection: new Redis(redis!, { maxRetriesPerRequest: null }),
  defaultJobOptions: { removeOnComplete: true },
});
const api = new Api(token!, { apiRoot: apiRoot! });
new Worker(
  'events',
  async ({ data }) => {
    await api.sendMessage(7001, `${data.type}: ${data.subject}`);
  },
  { connection: new Redis(redis!, { maxRetriesPerRequest: null }), concurrency: 50 },
);

const server = http.createServer((request, response) => {
  if (request.method === 'GET') return response.end('ready');
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', async () => {
    const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as object;
    const events = Array.isArray(body) ? body : [body];
    if (events.length === 1) await queue.add('event', events[0]);
    else await queue.addBulk(events.map((data) => ({ name: 'event', data })));
    response.writeHead(202, { 'content-length': 2 }).end('{}');
  });
  return undefined;
});
server.listen(Number(listen), '127.0.0.1');
