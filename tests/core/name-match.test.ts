// Which names are meant by what was typed: the whole name first, then its words, its beginning, and last mere letters.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bestFits, fitOf } from '#core/name-match.ts';

it.each([
  ['a', 'a', 0],
  ['A', 'a', 0],
  ['/home', '/home/ana', 1],
  ['disk', 'Disk nearly full', 1],
  ['dis', 'Disk nearly full', 2],
  ['disk', 'Diskette in the drive', 2],
  ['nearly', 'Disk nearly full', 1],
  ['full', 'Disk fullness is full', 1],
  ['home', '/home', 1],
  ['cad', '/sarc/cad', 1],
  ['cad', 'cad1', 2],
  ['cad', 'build-cad-1', 1],
  ['ear', 'Disk nearly full', 3],
  ['a', 'app', 3],
  ['a', 'a b', 1],
  ['é', 'café', 3],
  ['zzz', 'Disk nearly full', undefined],
  ['', 'Disk nearly full', undefined],
])('“%s” of “%s”: %s', (typed, name, fit) => {
  expect(fitOf(name, typed)).toBe(fit);
});

const best = (typed: string, names: (string | null)[]) => bestFits(names, (name) => [name], typed);

it('only what fits best is meant', () => {
  expect(best('/home', ['/home/ana', '/home', '/var', null]).rows).toEqual(['/home']);
  expect(best('disk', ['Diskette', 'Disk nearly full', 'My disk']).rows).toEqual([
    'Disk nearly full',
    'My disk',
  ]);
  expect(best('cad', ['cad1', '/sarc/cad', 'cad2']).rows).toEqual(['/sarc/cad']);
  expect(best('cad', ['cad1', '/arcade', 'cad2']).rows).toEqual(['cad1', 'cad2']);
  expect(best('a', ['/var', 'app', 'b'])).toEqual({ rows: ['/var', 'app'], fit: 3, names: ['/var', 'app'] });
  expect(best(' ', ['x', null]).rows).toEqual(['x', null]);
});

it('holds exactly what a plain search holds, and never calls it a worse fit than inside of words', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 3 }), (name, typed) => {
      const plain = name.toLowerCase().includes(typed.trim().toLowerCase());
      fc.pre(typed.trim() !== '');
      expect(fitOf(name, typed) !== undefined).toBe(plain);
    }),
  );
});
