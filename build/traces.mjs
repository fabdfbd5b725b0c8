// Part of every built program: stack traces name the lines of src that people read. A map is opened when a trace is first
// asked for, and not kept: unpacked it would take more memory than the program.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readMappings } from './mappings.mjs';

const folder = `${__dirname}${path.sep}`;
/** Where places of the built files came from, by "file:line:column". */
const known = new Map();

Error.prepareStackTrace = (error, calls) => {
  const lines = calls.map(String);
  try {
    const places = calls.map((call) => ({
      file: String(call.getFileName()),
      at: [call.getLineNumber() - 1, call.getColumnNumber() - 1],
      name: `${call.getFileName()}:${call.getLineNumber()}:${call.getColumnNumber()}`,
    }));
    const own = places.filter(({ file, name }) => file.startsWith(folder) && !known.has(name));
    for (const file of new Set(own.map((place) => place.file)))
      lookUp(
        file,
        own.filter((place) => place.file === file),
      );
    for (const [i, { name }] of places.entries())
      if (known.get(name)) lines[i] = lines[i].replace(name, known.get(name));
  } catch {
    // Without its map a trace names the built file, which is better than none.
  }
  return [Error.prototype.toString.call(error), ...lines].join('\n    at ');
};

function lookUp(file, places) {
  if (known.size > 2_000) known.clear();
  const { mappings, sources } = JSON.parse(readFileSync(`${file}.map`, 'utf8'));
  const wanted = places.toSorted(({ at: a }, { at: b }) => a[0] - b[0] || a[1] - b[1]);
  let before = [-1, 0, -1, 0, 0];
  const settle = () => {
    const { at, name } = wanted.shift();
    const [line, , source, sourceLine, sourceColumn] = before;
    const from = line === at[0] && source >= 0 && path.resolve(path.dirname(file), sources[source]);
    known.set(name, from ? `${from}:${sourceLine + 1}:${sourceColumn + 1}` : undefined);
  };
  readMappings(mappings, (...entry) => {
    while (wanted.length > 0 && (entry[0] - wanted[0].at[0] || entry[1] - wanted[0].at[1]) > 0) settle();
    before = entry;
    return wanted.length > 0;
  });
  while (wanted.length > 0) settle();
}
