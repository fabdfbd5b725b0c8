// What each format costs: from the bytes of its example to rows for the ledger, without the database.
import { formats } from '../../../src/ingest/formats/index.ts';
import { toRows } from '../../../src/ingest/rows.ts';
import { type Area, atLeast, type Cell, type Findings, number, words } from '../area.ts';
import { alternate } from '../clock.ts';

const now = Date.UTC(2026, 4, 4, 12);

export const formatsArea: Area = {
  name: 'formats',
  title: 'bodies of every format, from their bytes to rows for the ledger',
  async measure({ quick }) {
    const findings: Findings = { tables: [], aims: [] };
    const rivals = Object.fromEntries(formats.map((format) => [format.name, stepOf(format)]));
    const times = alternate(rivals, { rounds: quick ? 3 : 9, ms: quick ? 5 : 40 });
    const rows = formats.map(({ name, example }): Cell[] => {
      const bytes = Buffer.byteLength(JSON.stringify(example.body));
      const ns = times[name]!;
      return [words(name), number(bytes), number(ns / 1_000), number(1e9 / ns), number((bytes * 1_000) / ns)];
    });
    findings.tables.push({
      title: 'One body of each format on one core',
      columns: ['format', 'bytes', 'µs', 'bodies/s', 'MB/s'],
      rows,
      notes: ['JSON.parse, the format, digests and texts of the rows; neither HTTP nor the database.'],
    });
    const slowest = Math.max(...Object.values(times));
    findings.aims.push(atLeast('the slowest format', 1e9 / slowest, 5_000, 20_000, ' bodies/s'));
    return findings;
  },
};

function stepOf(format: (typeof formats)[number]): () => unknown {
  const { body, headers = {} } = format.example;
  const text = JSON.stringify(body);
  const bytes = Buffer.from(text);
  const source = { name: 'bench', mapping: { topic: 'bench.{event}', subject: '{host}', status: '{state}' } };
  return () => {
    const json = JSON.parse(bytes.toString('utf8'));
    const read = format.parse(json, { headers, query: {}, source }, now);
    if (!read.ok) throw new Error(`${format.name} does not read its example`);
    const arrival = {
      format,
      body: { json, text: () => text, bytes },
      sourceId: 's_bench',
      id: () => 'e_bench',
      receivedAt: now,
    };
    return toRows(read.events, read.at, arrival);
  };
}
