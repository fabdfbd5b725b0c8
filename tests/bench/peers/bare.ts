// Starts the bare programs: each takes its settings as one JSON text.
import { fileURLToPath } from 'node:url';
import { freePort } from '../../harness/free-port.ts';
import { type Server, startProgram } from './process.ts';

/** `insert`: one durable INSERT for many requests. `jobs`: a BullMQ job for each event. `bot`: a grammY bot. */
export async function startBare(name: 'insert' | 'jobs' | 'bot', settings: object): Promise<Server> {
  const port = await freePort();
  const script = fileURLToPath(new URL(`./bare-${name}-program.ts`, import.meta.url));
  const args = ['--import', 'tsx', script, JSON.stringify({ ...settings, listen: port })];
  return startProgram(process.execPath, args, { port, path: '/' });
}
