// Runs one program of yours when somebody acknowledges that the validator does not answer; nothing else.
//   TOCSIN_WEBHOOK_SECRET=whsec_… MAINTENANCE=/usr/local/bin/restart-validator node maintain.mjs
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const { TOCSIN_WEBHOOK_SECRET: secret, MAINTENANCE: program, PORT: port = 9912 } = process.env;
const webhook = new Webhook(secret);
const done = new Set();

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  let message;
  try {
    message = webhook.verify(Buffer.concat(parts).toString('utf8'), request.headers);
  } catch {
    return response.writeHead(401).end();
  }
  response.writeHead(204).end();
  const { type, id, alert, change } = message;
  if (type !== 'alert.acknowledged' || alert.topic !== 'ethereum-validator.up' || done.has(id)) return;
  done.add(id);
  // Nothing that was said elsewhere becomes an argument.
  execFile(program, [], { timeout: 60_000 }, (error) =>
    console.log(`${change.by ?? 'somebody'} acknowledged: ${program} ${error ? `failed (${error.message})` : 'ran'}`),
  );
});
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
