// The laws about documents: what they name exists, and the example environment is complete.
import path from 'node:path';
import type { House } from './house.ts';
import type { Rule } from './rule.ts';

const isDocument = (file: string) =>
  /^(README|CHANGELOG|CONTRIBUTING)\.md$|^docs\/.*\.md$|^examples\/.*\.md$/.test(file);

/** Paths that a document names, in links and in backticks, with the line; code blocks are left out. */
function pathsIn(
  file: string,
  text: string,
  house: House,
): { line: number; written: string; target: string }[] {
  const top = new Set([...house.files.keys()].filter((f) => f.includes('/')).map((f) => f.split('/')[0]));
  const floors = new Set(
    [...house.files.keys()].filter((f) => /^src\/[^/]+\//.test(f)).map((f) => f.split('/')[1]),
  );
  let fenced = false;
  return text.split('\n').flatMap((content, at) => {
    if (/^\s*(```|~~~)/.test(content)) fenced = !fenced;
    if (fenced) return [];
    const named = (written: string, target: string) => ({ line: at + 1, written, target });
    const links = [...content.matchAll(/\]\(([^)\s]+)[^)]*\)/g)]
      .map((m) => m[1] as string)
      .filter((to) => !/^([a-z]+:|#|\/\/)/i.test(to))
      .map((to) => {
        const bare = decodeURI(to.replace(/[#?].*$/, ''));
        return named(
          to,
          bare.startsWith('/') ? bare.slice(1) : path.posix.join(path.posix.dirname(file), bare),
        );
      });
    const ticks = [...content.matchAll(/`([^`\s]+)`/g)]
      .map((m) => m[1] as string)
      .flatMap((written) => {
        const bare = written
          .replace(/^\.\//, '')
          .replace(/:\d+$/, '')
          .replace(/^#(?=[a-z]+\/)/, 'src/');
        const first = bare.split('/')[0] as string;
        if (/[<>{}$|=,…]/.test(bare)) return [];
        if (!bare.includes('/'))
          return /\.(md|json|ya?ml)$|^\.env\.example$|^LICENSE$/.test(bare) ? [named(written, bare)] : [];
        if (top.has(first)) return [named(written, bare)];
        // 'store/alerts.ts' is short for 'src/store/alerts.ts'; 'notify/...' without an ending may be a topic or a route.
        return floors.has(first) && /\.tsx?$|\/$/.test(bare) ? [named(written, `src/${bare}`)] : [];
      });
    return [...links, ...ticks];
  });
}

function exists(target: string, house: House, file: string): boolean {
  const clean = target.replace(/\/$/, '');
  if (clean === '' || clean === '.') return true;
  if (clean.includes('*')) {
    const pattern = clean.replace(/[.+^$()[\]\\]/g, '\\$&').replace(/\*+/g, '.*');
    return [...house.files.keys()].some((f) => new RegExp(`^${pattern}`).test(f));
  }
  // A bare file name may also mean a neighbour of the document.
  const candidates = clean.includes('/')
    ? [clean]
    : [clean, path.posix.join(path.posix.dirname(file), clean)];
  return candidates.some(
    (c) => house.files.has(c) || [...house.files.keys()].some((f) => f.startsWith(`${c}/`)),
  );
}

/** Names of the variables that these texts read: the keys of what they declare, and what they take from env. */
function configVariables(texts: string[]): string[] {
  const text = texts.join('\n');
  const keys = [...text.matchAll(/^\s*'?([A-Z][A-Z0-9_]+)'?\s*:/gm)].map((m) => m[1] as string);
  const reads = [...text.matchAll(/\benv(?:\.|\[')([A-Z][A-Z0-9_]+)/g)].map((m) => m[1] as string);
  return [...new Set([...keys, ...reads])].sort();
}

export const documentRules: Rule[] = [
  {
    name: 'documents name only what exists',
    sentence: 'A path in a document leads nowhere: correct it, or write what is planned in an issue instead.',
    find: (house) =>
      [...house.files]
        .filter(([file]) => isDocument(file))
        .flatMap(([file, text]) =>
          pathsIn(file, text, house)
            .filter(({ target }) => !exists(target, house, file))
            .map(({ line, written }) => ({ file, line, what: `${written} does not exist` })),
        ),
    plants: [
      { 'docs/plant.md': 'See `src/core/gone.ts`.\n' },
      { 'docs/plant.md': 'See `store/gone.ts`.\n' },
      { 'docs/plant.md': 'See [the guide](guides/gone.md#top).\n' },
      { 'README.md': 'See [the guide](docs/gone.md) and `LICENSE`.\n', LICENSE: 'MIT\n' },
      { 'CHANGELOG.md': 'New: `src/core/gone-*.ts`.\n' },
    ],
  },
  {
    name: '.env.example has the variables of src/config',
    sentence:
      'Every variable that src/config reads stands in .env.example, with a line above it that says why; no others.',
    find: ({ files }) => {
      const config = [...files].flatMap(([file, text]) =>
        /^src\/config(\.ts$|\/)/.test(file) ? [text] : [],
      );
      const example = files.get('.env.example');
      if (config.length === 0) return [];
      if (example === undefined) return [{ file: '.env.example', what: 'is missing' }];
      const lines = example.split('\n');
      const shown = lines.flatMap((line, at) => {
        const name = /^#?\s?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1];
        return name === undefined
          ? []
          : [{ name, line: at + 1, why: /^# \S.{5,}/.test(lines[at - 1] ?? '') }];
      });
      const read = configVariables(config);
      const at = (line: number, what: string) => ({ file: '.env.example', line, what });
      return [
        ...read
          .filter((name) => !shown.some((s) => s.name === name))
          .map((name) => at(1, `${name} is missing`)),
        ...shown
          .filter((s) => !read.includes(s.name))
          .map((s) => at(s.line, `src/config does not read ${s.name}`)),
        ...shown.filter((s) => !s.why).map((s) => at(s.line, `${s.name} has no line of why above it`)),
      ];
    },
    plants: [
      { '.env.example': '# Where the server listens.\nPORT=8080\n' },
      {
        '.env.example':
          '# Where it listens.\nPORT=8080\n# Which address.\nHOST=\n# Something else.\nGONE=1\n',
      },
      { '.env.example': '# Where it listens.\nPORT=8080\n\nHOST=\n' },
    ],
  },
];
