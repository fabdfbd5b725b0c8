// Runs one program of yours when somebody presses “Restart the client” and confirms it; nothing else.
//   TOCSIN_ACTION_SECRET=whsec_… MAINTENANCE=/usr/local/bin/restart-validator node maintain.mjs
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const { TOCSIN_ACTION_SECRET: secret, MAINTENANCE: program, PORT: port = 9912 } = process.env;
const webhook = new Webhook(secret);
const done = new Map();

// Nothing that was said elsewhere becomes an argument.
const run = () => new Promise((resolve) => execFile(program, [], { timeout: 25_000 }, (error) => resolve(error)));

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  let message;
  try {
    message = webhook.verify(Buffer.concat(parts).toString('utf8'), request.headers);
  } catch {
    return response.writeHead(401).end();
  }
  const { type, action, id, by } = message;
  if (type !== 'action' || action !== 'restart-client') return response.writeHead(404).end();
  // The same act told again is answered, not done again.
  const isNew = !done.has(id);
  if (isNew) done.set(id, run());
  const error = await done.get(id);
  if (isNew) console.log(`${by}: ${program} ${error ? `failed (${error.message})` : 'ran'}`);
  response.writeHead(error ? 500 : 200).end(error ? 'it failed' : 'it ran');
});
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
