// A trace names the lines that people read, and not those of the built file.
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMappings, thinMap } from '../build/mappings.mjs';
import { smallProgram } from './harness/small-program.ts';

const { at, write, build, run, partsOf } = smallProgram();

describe('a trace of a built program', () => {
  it('names the lines of src', async () => {
    write(
      'src/greeting.ts',
      "// Nothing.\n\nexport function greeting(): string {\n  return [1].map(() => {\n    throw new TypeError('no greeting');\n  })[0]!;\n}\n",
    );
    write(
      'src/main.ts',
      "import { greeting } from './greeting.ts';\ntry {\n  greeting();\n} catch (error) {\n  console.log((error as Error).stack);\n}\n",
    );
    const lines = run(await build()).split('\n');
    expect(lines[0]).toBe('TypeError: no greeting');
    expect(lines[1]).toContain(`${at('src/greeting.ts')}:5:11`);
    expect(lines[3]).toMatch(/at greeting \(.*src\/greeting\.ts:4:14\)/);
    expect(lines[4]).toContain(`${at('src/main.ts')}:3:3`);
    for (const part of partsOf('main')) if (part.endsWith('.map')) rmSync(at(`built/${part}`));
    expect(run(at('built/main.mjs'))).toMatch(/^TypeError: no greeting\n {4}at .*main-\w+\.cjs:\d+:\d+\)?\n/);
  });

  it('names the columns of src, also behind letters that are written as escapes, and behind the own place', async () => {
    const lines = [
      'const say = (...all: string[]) => [all.length][0]!;',
      "const a = { '“ä”\\n🔴': import.meta.url, é: /ü/u.test('…') }; say('ä'); throw new TypeError(say('é', a.é ? '' : '') + ' „no“');",
    ];
    write(
      'src/main.ts',
      `try {\n${lines.join('\n')}\n} catch (error) {\n  console.log((error as Error).stack);\n}\n`,
    );
    const [first, second] = run(await build()).split('\n');
    expect(first).toBe('TypeError: 2 „no“');
    expect(second).toContain(`${at('src/main.ts')}:3:${lines[1]!.indexOf('new TypeError') + 1}`);
  });

  it('names the files of libraries, by which their faults are told from our own', async () => {
    write('node_modules/driver/package.json', '{ "name": "driver", "main": "src/driver.js" }');
    write('node_modules/driver/src/driver.js', '\nexports.fail = () => {\n  null.write();\n};\n');
    write(
      'src/main.ts',
      "import { fail } from 'driver';\ntry {\n  fail();\n} catch (error) {\n  console.log((error as Error).stack);\n}\n",
    );
    expect(run(await build()).split('\n')[1]).toMatch(/at .*node_modules\/driver\/src\/driver\.js:3:\d+/);
  });

  const place = fc.record({
    column: fc.nat(3_000),
    source: fc.integer({ min: -1, max: 4 }),
    to: fc.nat(5_000),
  });
  const line = fc.uniqueArray(place, { maxLength: 6, selector: ({ column }) => column });
  it('knows every place in sources that are wanted whole, and every line of the others', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const map = { sources: [...'abcde'], mappings: written(lines) };
        const all = foundIn(map);
        const thin = foundIn(thinMap(map, (source) => source === 'b'));
        const known = (entries: Entry[]) => entries.filter(({ source }) => source !== undefined);
        expect(known(foundIn(thinMap(map, () => true)))).toEqual(known(all));
        expect(all).toHaveLength(lines.flat().length);
        const before = (at: Entry) =>
          thin.findLast((entry) => entry.line === at.line && entry.column <= at.column);
        for (const entry of all)
          expect(before(entry)).toMatchObject(
            entry.source === 'b' ? entry : { source: entry.source, to: entry.to },
          );
        expect(thin.length).toBeLessThanOrEqual(all.length);
      }),
    );
  });

  interface Entry {
    line: number;
    column: number;
    source: string | undefined;
    to: number;
    toColumn: number;
  }
  function foundIn({ sources, mappings }: { sources: string[]; mappings: string }): Entry[] {
    const found: Entry[] = [];
    readMappings(mappings, (line, column, source, to, toColumn) =>
      // Where nothing is said of a source, nothing is said of its lines.
      found.push({
        line,
        column,
        source: sources[source],
        ...(source < 0 ? { to: 0, toColumn: 0 } : { to, toColumn }),
      }),
    );
    return found;
  }

  /** As the specification says it: base 64 of five bits each, the sign last. */
  function written(lines: { column: number; source: number; to: number }[][]): string {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const number = (value: number): string => {
      const bits = (Math.abs(value) * 2 + (value < 0 ? 1 : 0)).toString(32).split('').reverse();
      return bits.map((bit, i) => digits[Number.parseInt(bit, 32) + (i < bits.length - 1 ? 32 : 0)]).join('');
    };
    let [source, to] = [0, 0];
    return lines
      .map((entries) => {
        let column = 0;
        return entries
          .toSorted((a, b) => a.column - b.column)
          .map((entry) => {
            let text = number(entry.column - column);
            column = entry.column;
            if (entry.source < 0) return text;
            text += number(entry.source - source) + number(entry.to - to) + number(entry.to - to);
            [source, to] = [entry.source, entry.to];
            return text;
          })
          .join(',');
      })
      .join(';');
  }
});
