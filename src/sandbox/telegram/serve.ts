// The sandbox as a process of its own: node --import tsx src/sandbox/telegram/serve.ts --port 8081 --journal x.jsonl --limits on
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { startTelegramSandbox } from './index.ts';
import { answerWeb } from './node-web.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    control: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    journal: { type: 'string' },
    limits: { type: 'string', default: 'on' },
    'per-second': { type: 'string' },
    token: { type: 'string' },
    username: { type: 'string' },
  },
});

async function serve(): Promise<void> {
  const sandbox = await startTelegramSandbox({
    now: Date.now,
    random: Math.random,
    port: Number(values.port),
    host: values.host,
    ...(values.journal ? { journal: values.journal } : {}),
    ...(values.limits === 'off' ? { limits: 'off' as const } : {}),
    ...(values['per-second'] ? { limits: slower(Number(values['per-second'])) } : {}),
    ...(values.token ? { token: values.token } : {}),
    ...(values.username ? { username: values.username } : {}),
  });

  // A second port for the page and the control API, so that they answer while the Bot API plays dead.
  const control = createServer((request, response) => void answerWeb(request, response, sandbox.page));
  await new Promise<void>((resolve) => control.listen(Number(values.control), values.host, resolve));

  // One line of JSON, so that whoever started this process learns the ports.
  const { apiRoot, token, username } = sandbox;
  const controlRoot = `http://${values.host}:${(control.address() as AddressInfo).port}`;
  process.stdout.write(`${JSON.stringify({ apiRoot, token, username, control: controlRoot })}\n`);

  const stop = () => void sandbox.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** Fewer messages a second in all chats together than Telegram says. */
function slower(perSecond: number) {
  return { globalPerSecond: perSecond, globalBurst: perSecond };
}

void serve();
