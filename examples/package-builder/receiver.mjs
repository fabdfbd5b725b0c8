// The machine that acts: verifies what it is told, and acts once for each message.
//   TOCSIN_WEBHOOK_SECRET=whsec_… node receiver.mjs
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.TOCSIN_WEBHOOK_SECRET);
const done = new Set();

/** Put here what shall happen: a sync of the package to your own depot, a pipeline. */
function act({ alert }) {
  console.log(`sync ${alert.subject} (${alert.fields.channel})`);
}

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  let message;
  try {
    message = webhook.verify(Buffer.concat(parts).toString('utf8'), request.headers);
  } catch {
    console.log('refused: the signature is wrong, or older than five minutes');
    return response.writeHead(401).end();
  }
  const id = request.headers['webhook-id'];
  if (done.has(id)) console.log(`again ${id}: nothing to do`);
  else if (message.type === 'alert.fired' || message.type === 'alert.told') act(message);
  done.add(id);
  response.writeHead(204).end();
});
server.listen(Number(process.env.PORT ?? 9911), '127.0.0.1', () => console.log('listening'));
