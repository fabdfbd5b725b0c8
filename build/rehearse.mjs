// Runs a built program to its end and keeps what V8 made of it until then as its cache: node rehearse.mjs FILE ARGUMENTS
// @ts-check
import { asScript, cacheOf, readAside, run, sealed } from './load.mjs';
import { writeWhole } from './truth.mjs';

const [file = '', ...rest] = process.argv.splice(2);
process.argv.splice(1, 1, file, ...rest);
const text = readAside(file);
// Not by the cache that may be there: it is of other flags, or damaged.
const script = asScript(file, text);
process.once('exit', () => writeWhole(cacheOf(file), sealed(text, script.createCachedData())));
run(script, file);
