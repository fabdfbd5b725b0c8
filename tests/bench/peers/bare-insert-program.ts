// A bare pipeline: node:http, JSON.parse, and one INSERT for all that came while the last was under way. Nothing else.
import http from 'node:http';
import postgres from 'postgres';

const { listen, ...address } = JSON.parse(process.argv[2]!) as { listen: number; host: string };
const sql = postgres({ ...address, max: 1, onnotice: () => {} });
await sql`create table if not exists bare (id text primary key, body jsonb)`;

let waiting: { events: { id: string }[]; done(): void }[] = [];
let busy = false;

async function flush(): Promise<void> {
  if (busy) return;
  busy = true;
  while (waiting.length > 0) {
    const now = waiting;
    waiting = [];
    const rows = now.flatMap(({ events }) => events);
    const ids = rows.map(({ id }) => id);
    await sql`insert into bare select * from unnest(${ids}::text[], ${rows.map((row) => JSON.stringify(row))}::jsonb[])
      on conflict do nothing`;
    for (const { done } of now) done();
  }
  busy = false;
}

const server = http.createServer((request, response) => {
  if (request.method === 'GET') return response.end('ready');
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as { id: string };
    const done = () => response.writeHead(202, { 'content-length': 2 }).end('{}');
    waiting.push({ events: Array.isArray(body) ? body : [body], done });
    void flush();
  });
  return undefined;
});
server.listen(listen, '127.0.0.1');
