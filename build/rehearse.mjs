// Runs a built program to its end, so that what V8 made of it until then can be kept: node rehearse.mjs FILE CACHE ARGUMENTS
// @ts-check
import { writeFileSync } from 'node:fs';
import { run, sealed, translate } from './load.mjs';

const [file = '', cache = '', ...rest] = process.argv.splice(2);
process.argv.splice(1, 1, file, ...rest);
const script = translate(file);
process.once('exit', () => writeFileSync(cache, sealed(script.createCachedData())));
run(script, file);
