// The areas, in the order in which they run.
import type { Area } from '../area.ts';
import { attention } from './attention.ts';
import { endToEnd } from './end-to-end.ts';
import { evaluation } from './evaluation.ts';
import { formatsArea } from './formats.ts';
import { hotTopic } from './hot-topic.ts';
import { ingest } from './ingest.ts';
import { killsArea } from './kills.ts';
import { limitsArea } from './limits.ts';
import { loadedLedger } from './loaded-ledger.ts';
import { pressArea } from './press.ts';
import { replay } from './replay.ts';
import { routes } from './routes.ts';
import { scraping } from './scraping.ts';
import { startUp } from './start-up.ts';
import { stormArea } from './storm.ts';
import { workersArea } from './workers.ts';

export const areas: readonly Area[] = [
  ingest,
  endToEnd,
  startUp,
  stormArea,
  limitsArea,
  killsArea,
  pressArea,
  evaluation,
  hotTopic,
  routes,
  loadedLedger,
  replay,
  formatsArea,
  scraping,
  attention,
  workersArea,
];
