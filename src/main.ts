// The program: reads the configuration, starts the app, shows where things are, and stops it in order.
import { randomBytes } from 'node:crypto';
import { tellable } from '#core/say-error.ts';
import { StartRefused } from '#core/start-refused.ts';
import { startClearing } from './app/clearing.ts';
import { connectionLoss } from './app/connection-loss.ts';
import { startScreen } from './app/start-screen.ts';
import { withoutEffect } from './app/without-effect.ts';
import { type App, startApp } from './app.ts';
import { environment, readConfig } from './config.ts';
import { openLog } from './log.ts';
import { openMetrics } from './metrics.ts';

const { env, fromFile } = environment();
const read = readConfig(env);
if (!read.ok) {
  process.stderr.write(`Tocsin cannot start:\n${read.faults.map((fault) => `  ${fault}\n`).join('')}`);
  process.stderr.write('Each variable is explained in .env.example.\n');
  process.exit(2);
}
// Not before here, where the rehearsal of a build ends: V8 keeps nothing for other flags than those of the start.
startClearing();
const { config } = read;
const log = openLog({
  level: config.logLevel,
  secrets: config.secrets,
  readable: process.stdout.isTTY === true,
  write: (line) => process.stderr.write(line),
});
for (const text of withoutEffect(env, fromFile)) log.warn({}, text);

let app: App | undefined;
let starting: Promise<void> = Promise.resolve();
const givenUp = new AbortController();
let stopping = false;
let restarting = false;
const restarts: number[] = [];

async function run(): Promise<void> {
  const began = performance.now();
  const chance = (bytes: number) => randomBytes(bytes);
  const deps = { now: Date.now, chance, log, metrics: openMetrics(), pid: process.pid };
  const started = await startApp(config, deps, givenUp.signal);
  app = started;
  if (stopping) return started.stop();
  const keyInFile = fromFile.includes('BOOTSTRAP_API_KEY');
  const seconds = (performance.now() - began) / 1_000;
  process.stdout.write(startScreen({ ...started.facts, keyInFile, seconds }));
  log.info({ roles: config.roles.join(',') }, 'started');
  started.lost.then((why) => void startAgain(why)).catch(die);
}

// The database went away in a way that connections do not survive: everything is opened anew on what was written.
async function startAgain(why: string): Promise<void> {
  if (stopping || restarting) return;
  restarting = true;
  log.error({}, `${why} Starting again.`);
  restarts.push(performance.now());
  if (restarts.filter((at) => performance.now() - at < 600_000).length > 10)
    return die(new Error('This happened ten times in ten minutes.'));
  // Nothing can be finished without the database; what never answers is left behind.
  await app?.stop(1_500);
  for (let wait = 500; !stopping; wait = Math.min(wait * 2, 10_000)) {
    try {
      starting = run();
      await starting;
      break;
    } catch (error) {
      log.error({ err: error }, 'it could not be started again yet');
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  restarting = false;
}

async function stop(signal: string): Promise<void> {
  if (stopping) {
    process.stderr.write('Stopped at once.\n');
    process.exit(130);
  }
  stopping = true;
  log.info({ signal }, 'stopping; once more to stop at once');
  givenUp.abort();
  // Of a start that is not done it is what was begun that has to end: a database that is just being made, too.
  const late = new Promise((resolve) => setTimeout(resolve, 12_000));
  await Promise.race([Promise.allSettled([starting, app?.stop()]), late]);
  log.info({}, 'stopped');
  process.exit(0);
}

function die(error: unknown): void {
  // Whoever said that it shall stop hears nothing of what that broke off.
  if (stopping && app === undefined) return;
  const refused = app === undefined && error instanceof StartRefused;
  const { name, message } = refused ? error : tellable(error);
  if (app === undefined && name !== 'TypeError') process.stderr.write(`Tocsin cannot start:\n  ${message}\n`);
  // What the operator can mend is said in a sentence; where it was found helps only with our own faults.
  if (refused) log.debug({ err: error }, 'ending');
  else log.error({ err: error }, 'ending');
  process.exit(1);
}

function unexpected(error: unknown): void {
  const loss = connectionLoss(error);
  if (loss === undefined) die(error);
  else if (loss === 'broken') startAgain('A database connection broke.').catch(die);
  else log.warn({ err: error }, 'a database connection was lost');
}

process.on('uncaughtException', unexpected);
process.on('unhandledRejection', unexpected);
process.on('SIGINT', () => void stop('SIGINT').catch(die));
process.on('SIGTERM', () => void stop('SIGTERM').catch(die));
process.on('SIGHUP', () => void stop('SIGHUP').catch(die));
starting = run();
starting.catch(die);
