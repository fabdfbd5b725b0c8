// one start; SIGUSR2 hook by preload prints memoryUsage
import { readFileSync } from 'node:fs';
import { startServer } from './tests/bench/ledger.ts';
import { startYard, benchToken } from './tests/bench/load/yard.ts';
import { temporaryFolder } from './tests/harness/folder.ts';
import { freePort } from './tests/harness/free-port.ts';
import { spawn } from 'node:child_process';
const sets: string[][] = JSON.parse(process.argv[2]!);
const server = await startServer();
const yard = await startYard();
try {
  for (const args of sets) {
      const place = await server.place();
      const folder = temporaryFolder('m');
      const port = await freePort();
      const env = { PATH: process.env.PATH, HOME: folder.path, DATA_DIR: folder.path + '/data', PORT: String(port), LOG_LEVEL: 'error', DATABASE_URL: place.url, TELEGRAM_BOT_TOKEN: benchToken, TELEGRAM_API_ROOT: yard.apiRoot, TELEGRAM_PER_SECOND: '0', OWNER_IDS: '1', BOOTSTRAP_API_KEY: 'bench-key-0123456789', ENCRYPTION_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64')}`, ...JSON.parse(process.env.MORE ?? '{}') };
      console.log(args.join(' '));
      const c = spawn(process.execPath, [...(process.env.HP?process.env.HP.split(' '):[]), '--import', '/tmp/startw/mem.mjs', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
      await new Promise((r) => setTimeout(r, Number(process.env.SECS ?? 40) * 1000)); if (process.env.SM) { const { execFileSync } = await import('node:child_process'); console.log(execFileSync('python3', ['/tmp/startw/smaps.py', String(c.pid)], { encoding: 'utf8' })); }
      c.kill('SIGTERM'); await new Promise((r) => c.once('exit', r));
      folder.remove();
  }
} finally { await yard.stop(); await server.stop(); }
