// Hunts from the command line: all mutations, or those whose guard holds the word given; ends with 1 when one got away.
import { hunt } from './hunt.ts';
import { mutations } from './index.ts';

const words = process.argv.slice(2);
const chosen = mutations.filter(
  ({ guard, file }) => words.length === 0 || words.some((word) => `${guard} ${file}`.includes(word)),
);
const began = performance.now();
const caught = await hunt(chosen, 2, ({ mutation, verdict, says, seconds }) =>
  console.log(
    `${verdict.padEnd(10)}  ${seconds.toFixed(1).padStart(5)} s  ${mutation.guard}  |  ${mutation.test.file}: ${mutation.test.name}  |  ${says}`,
  ),
);
const away = caught.filter(({ verdict }) => verdict !== 'red');
console.log(
  `${caught.length - away.length} of ${caught.length} in ${Math.round((performance.now() - began) / 1_000)} s`,
);
process.exitCode = away.length > 0 ? 1 : 0;
