// The areas, in the order in which they run.
import type { Area } from '../area.ts';
import { attention } from './attention.ts';
import { endToEnd } from './end-to-end.ts';
import { evaluation } from './evaluation.ts';
import { formatsArea } from './formats.ts';
import { hotTopic } from './hot-topic.ts';
import { ingest } from './ingest.ts';
import { loadedLedger } from './loaded-ledger.ts';
import { replay } from './replay.ts';
import { scraping } from './scraping.ts';
import { workersArea } from './workers.ts';

export const areas: readonly Area[] = [
  ingest,
  endToEnd,
  evaluation,
  hotTopic,
  loadedLedger,
  replay,
  formatsArea,
  scraping,
  attention,
  workersArea,
];
