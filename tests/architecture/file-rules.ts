// The laws about files themselves: names, sizes, first lines, shelf indexes.
import { isShared, onShelf, type Rule, SHELVES } from './rule.ts';

const LONGEST = 400;
const FORBIDDEN = /^(utils?|helpers?|common|managers?|services?|handlers?|incidents?)$/i;
const isCode = (file: string) => /^(src|tests|examples)\/.*\.(ts|tsx)$/.test(file);

export const fileRules: Rule[] = [
  {
    name: 'each file opens with one line saying what it is for',
    sentence:
      'Line 1 is a comment of one line (after a #! line, if there is one): what this file is for, in plain words.',
    find: ({ files }) =>
      [...files]
        .filter(([file]) => isCode(file))
        .flatMap(([file, text]) => {
          const first = text.replace(/^#!.*\n/, '').split('\n')[0] ?? '';
          return /^(\/\/ \S.{3,}|\/\*\* \S.{3,} \*\/)$/.test(first)
            ? []
            : [{ file, line: 1, what: `opens with: ${first.slice(0, 60)}` }];
        }),
    plants: [
      { 'src/core/plant.ts': 'export const plant = 1;\n' },
      { 'src/core/plant.ts': '/**\n * Many lines.\n */\nexport const plant = 1;\n' },
      { 'tests/plant.test.ts': '//\nexport const plant = 1;\n' },
    ],
  },
  {
    name: 'no file is longer than 400 lines',
    sentence: 'A file holds one idea: 60 to 150 lines, look twice over 200. Split it by idea.',
    find: ({ files }) =>
      [...files].flatMap(([file, text]) => {
        const lines = text.trimEnd().split('\n').length;
        const counts = /^(src|tests)\/.*\.(ts|tsx|css|html)$/.test(file);
        return counts && lines > LONGEST ? [{ file, what: `${lines} lines` }] : [];
      }),
    plants: [{ 'src/core/plant.ts': `// Plant of many lines.\n${'export {};\n'.repeat(LONGEST)}` }],
  },
  {
    name: 'names say something',
    sentence:
      'utils, helpers, common, manager, service, handler and incident name nothing here: say what it does. Files are kebab-case.',
    find: ({ files }) =>
      [...files.keys()]
        .filter((file) => /^(src|tests|examples|docs)\//.test(file))
        .flatMap((file) => {
          const inner = file.split('/').slice(1);
          const word = inner.flatMap((part) => part.split(/[-._]/)).find((part) => FORBIDDEN.test(part));
          if (word) return [{ file, what: `"${word}" in its name` }];
          const isKebab = !isCode(file) || /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/.test(inner.at(-1) ?? '');
          return isKebab ? [] : [{ file, what: 'is not kebab-case' }];
        }),
    plants: [
      { 'src/core/label-utils.ts': '// Plant with a name that says nothing.\nexport {};\n' },
      { 'src/core/helpers/label.ts': '// Plant in a folder that says nothing.\nexport {};\n' },
      { 'tests/incident.test.ts': '// Plant with a word that is not ours.\nexport {};\n' },
      { 'src/core/labelSet.ts': '// Plant in camel case.\nexport {};\n' },
    ],
  },
  {
    name: 'every capability is in its shelf’s index',
    sentence:
      'The index of a shelf is its only list. Add one import and one word there (or remove the file).',
    find: ({ modules }) =>
      Object.keys(SHELVES).flatMap((shelf) => {
        const entries = new Set(
          modules
            .map((m) => onShelf(m.file))
            .filter((o) => o?.shelf === shelf)
            .map((o) => o?.entry as string),
        );
        if (entries.size === 0) return [];
        const index = modules.find((m) => m.file === `${shelf}/index.ts`);
        if (!index) return [{ file: shelf, what: 'has no index.ts' }];
        const listed = new Set(index.imports.map((i) => onShelf(i.target)?.entry));
        return [...entries]
          .filter((entry) => !isShared(shelf, entry) && !listed.has(entry))
          .map((entry) => ({ file: `${shelf}/${entry}`, what: 'is not imported by index.ts' }));
      }),
    plants: [
      { 'src/evaluate/kinds/plant.ts': '// Plant that the index forgot.\nexport const plant = 1;\n' },
      { 'src/notify/gates/plant.ts': '// Plant on a shelf without an index.\nexport const plant = 1;\n' },
    ],
  },
];
