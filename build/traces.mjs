// Part of every built program: stack traces name the lines of src that people read. The map is opened when a trace is
// first asked for, and not kept: unpacked it would take more memory than the program.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readMappings } from './mappings.mjs';

/** Where places of this file came from, by "line:column". */
const known = new Map();

Error.prepareStackTrace = (error, calls) => {
  const lines = calls.map(String);
  try {
    const places = calls.map((call) =>
      call.getFileName() === __filename ? `${call.getLineNumber()}:${call.getColumnNumber()}` : '',
    );
    lookUp(places.filter((place) => place !== '' && !known.has(place)));
    for (const [i, place] of places.entries())
      if (known.get(place)) lines[i] = lines[i].replace(`${__filename}:${place}`, known.get(place));
  } catch {
    // Without its map a trace names this file, which is better than none.
  }
  return [Error.prototype.toString.call(error), ...lines].join('\n    at ');
};

function lookUp(places) {
  if (places.length === 0) return;
  if (known.size > 2_000) known.clear();
  const { key, mappings, sources } = JSON.parse(readFileSync(`${__filename}.map`, 'utf8'));
  // Built anew since this program was started: its lines are no longer known.
  if (key !== KEY_OF_THIS_BUILD) return;
  const wanted = places
    .map((place) => [...place.split(':').map((number) => number - 1), place])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let before = [-1, 0, -1, 0, 0];
  const settle = () => {
    const [line, , source, sourceLine, sourceColumn] = before;
    const [atLine, , place] = wanted.shift();
    const from = line === atLine && source >= 0 && path.resolve(path.dirname(__filename), sources[source]);
    known.set(place, from ? `${from}:${sourceLine + 1}:${sourceColumn + 1}` : undefined);
  };
  readMappings(mappings, (...entry) => {
    while (wanted.length > 0 && (entry[0] - wanted[0][0] || entry[1] - wanted[0][1]) > 0) settle();
    before = entry;
    return wanted.length > 0;
  });
  while (wanted.length > 0) settle();
}
