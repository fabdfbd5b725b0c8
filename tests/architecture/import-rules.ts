// The laws about who may know whom.
import { type House, type Import, type Module, placeOf } from './house.ts';
import { type Finding, isShared, onShelf, ROOMS, type Rule } from './rule.ts';

// Croner also reckons when a schedule comes next, which needs no clock; its timers stay in queue/.
const CORE_LIBRARIES = ['zod', 're2js', 'temporal-polyfill', 'croner'];

/** What each place may import besides itself. The roof may all. */
const DOWNWARDS: Record<string, string[]> = {
  core: [],
  store: ['core'],
  queue: ['core'],
  telegram: ['core'],
  outbound: ['core'],
  sandbox: ['core'],
  operations: ['core', 'store', 'queue', 'telegram', 'outbound'],
  ...Object.fromEntries(
    ROOMS.map((room) => [room, ['core', 'store', 'queue', 'telegram', 'outbound', 'operations']]),
  ),
};

const HTTP_DOORS = ['ingest', 'dashboard', 'sandbox', 'telegram', 'chat', 'http.ts', 'http', 'main.ts'];

/** A library that is in this list lives only there; 'type' after a place allows types alone. */
const HOMES: [RegExp, string[]][] = [
  [/^(drizzle-orm|postgres)$/, ['store']],
  [/^(bullmq|ioredis|pg)$/, ['queue']],
  [/^croner$/, ['queue', 'core']],
  [/^(grammy|@grammyjs\/.+)$/, ['telegram', 'chat', 'sandbox type']],
  [/^(hono|@hono\/.+)$/, HTTP_DOORS],
  [/^@marcbachmann\/cel-js$/, ['evaluate']],
  [/^yaml$/, ['operations']],
  [/^liquidjs$/, ['notify']],
  [/^ipaddr\.js$/, ['outbound']],
  [/^(nodemailer|web-push|standardwebhooks)$/, ['notify']],
  [/^(zod|temporal-polyfill|re2js)$/, []],
];

function eachImport(house: House, judge: (module: Module, found: Import) => string | undefined): Finding[] {
  return house.modules.flatMap((module) =>
    module.imports.flatMap((found) => {
      const what = judge(module, found);
      return what === undefined ? [] : [{ file: module.file, line: found.line, what }];
    }),
  );
}

/** The roof: main, cli, app, config and the like put the house together, so they may know everyone below. */
const isRoof = (place: string) => place.includes('.') || ['app', 'cli', 'config'].includes(place);
const isPackage = (target: string) =>
  !target.startsWith('src/') && !target.startsWith('node:') && !/^\.|^tests\//.test(target);

export const importRules: Rule[] = [
  {
    name: 'core stands alone',
    sentence:
      'Core is the pure part: it may use core files, zod, re2js, temporal-polyfill and croner. Give it what it needs as an argument.',
    find: (house) =>
      eachImport(house, ({ place }, { target }) =>
        place !== 'core' || target.startsWith('src/core/') || CORE_LIBRARIES.includes(target)
          ? undefined
          : `core imports ${target}`,
      ),
    plants: [
      { 'src/core/plant.ts': "// Plant.\nimport fs from 'node:fs';\nfs;\n" },
      {
        'src/core/plant.ts':
          "// Plant.\nimport type { Rows } from '#store/rows.ts';\nexport type R = Rows;\n",
      },
      { 'src/core/plant.ts': "// Plant.\nexport const load = () => import('pino');\n" },
    ],
  },
  {
    name: 'rooms never import each other',
    sentence:
      'Rooms hand work on by committed rows and queue jobs. Move what both need to core, or what people do to operations.',
    find: (house) =>
      eachImport(house, ({ place }, { target }) => {
        const other = placeOf(target);
        return ROOMS.includes(place) && other !== undefined && ROOMS.includes(other) && other !== place
          ? `${place} imports ${target}`
          : undefined;
      }),
    plants: [
      { 'src/notify/plant.ts': "// Plant.\nimport { step } from '#evaluate/step.ts';\nstep;\n" },
      {
        'src/notify/plant.ts':
          "// Plant.\nimport type { Step } from '#evaluate/step.ts';\nexport type S = Step;\n",
      },
      { 'src/notify/plant.ts': "// Plant.\nexport * from '#evaluate/step.ts';\n" },
      { 'src/notify/plant.ts': "// Plant.\nexport type S = import('#evaluate/step.ts').Step;\n" },
    ],
  },
  {
    name: 'imports run downwards',
    sentence:
      'Rooms stand on operations, operations on store, queue, telegram and outbound, these on core; a floor knows nobody above or beside it.',
    find: (house) =>
      eachImport(house, ({ place }, { target }) => {
        const other = placeOf(target);
        if (other === undefined || other === place || isRoof(place) || place === 'core') return undefined;
        // Said by a rule of its own, with its own sentence.
        if ((ROOMS.includes(place) && ROOMS.includes(other)) || other === 'main.ts') return undefined;
        if (place === 'operations' && ROOMS.includes(other)) return undefined;
        const allowed = DOWNWARDS[place];
        if (allowed === undefined) return `${place} is no known place under src`;
        return allowed.includes(other) ? undefined : `${place} imports ${target}`;
      }),
    plants: [
      { 'src/store/plant.ts': "// Plant.\nimport { step } from '#evaluate/step.ts';\nstep;\n" },
      { 'src/store/plant.ts': "// Plant.\nimport { jobs } from '#queue/jobs.ts';\njobs;\n" },
      { 'src/sandbox/plant.ts': "// Plant.\nimport { rows } from '#store/rows.ts';\nrows;\n" },
      { 'src/notify/plant.ts': "// Plant.\nimport { config } from '#config.ts';\nconfig;\n" },
      { 'src/notify/plant.ts': "// Plant.\nimport { rooms } from '#app/rooms.ts';\nrooms;\n" },
      { 'src/cellar/plant.ts': "// Plant.\nimport { label } from '#core/label.ts';\nlabel;\n" },
    ],
  },
  {
    name: 'operations import no room',
    sentence: 'An operation is a verb that every room may use; it cannot lean on one of them.',
    find: (house) =>
      eachImport(house, ({ place }, { target }) =>
        place === 'operations' && ROOMS.includes(placeOf(target) ?? '')
          ? `operations import ${target}`
          : undefined,
      ),
    plants: [{ 'src/operations/plant.ts': "// Plant.\nimport { step } from '#evaluate/step.ts';\nstep;\n" }],
  },
  {
    name: 'nothing imports main.ts',
    sentence: 'main.ts knows everyone, so nobody may know it. Pass what you need as an argument.',
    find: (house) =>
      eachImport(house, (_module, { target }) => (target === 'src/main.ts' ? 'imports main.ts' : undefined)),
    plants: [{ 'src/cli.ts': "// Plant.\nimport { start } from './main.ts';\nstart;\n" }],
  },
  {
    name: 'one library, one home',
    sentence:
      'A library is known in one place, so that it can be replaced there. Use what its home exports (list: tests/architecture/import-rules.ts).',
    find: (house) => [...outsideItsHome(house), ...twoHomes(house)],
    plants: [
      { 'src/notify/plant.ts': "// Plant.\nimport { eq } from 'drizzle-orm';\neq;\n" },
      {
        'src/evaluate/plant.ts': "// Plant.\nimport { drizzle } from 'drizzle-orm/postgres-js';\ndrizzle;\n",
      },
      { 'src/store/plant.ts': "// Plant.\nimport pg from 'pg';\npg;\n" },
      { 'src/notify/plant.ts': "// Plant.\nimport { Api } from 'grammy';\nApi;\n" },
      { 'src/sandbox/plant.ts': "// Plant.\nimport { Api } from '@grammyjs/types';\nApi;\n" },
      { 'src/evaluate/plant.ts': "// Plant.\nimport { Hono } from 'hono';\nHono;\n" },
      {
        'src/notify/plant.ts': "// Plant.\nimport mail from 'mail-library';\nmail;\n",
        'src/act/plant.ts': "// Plant.\nimport mail from 'mail-library/sub';\nmail;\n",
      },
    ],
  },
  {
    name: 'shelf-mates do not know each other',
    sentence:
      'Each capability stands alone, so that it can be copied, changed and removed. Share through the contract file or core.',
    find: (house) =>
      eachImport(house, ({ file }, { target }) => {
        const [one, other] = [onShelf(file), onShelf(target)];
        if (!one || !other || one.shelf !== other.shelf || one.entry === other.entry) return undefined;
        if (isShared(one.shelf, one.entry) && one.entry === 'index.ts') return undefined;
        return isShared(other.shelf, other.entry) && other.entry !== 'index.ts'
          ? undefined
          : `imports its mate ${other.entry}`;
      }),
    plants: [
      {
        'src/evaluate/kinds/plant.ts':
          "// Plant.\nimport { every } from './every.ts';\nexport const plant = every;\n",
        'src/evaluate/kinds/index.ts':
          "// The order.\nimport { every } from './every.ts';\nimport { plant } from './plant.ts';\nexport const kinds = [every, plant];\n",
      },
    ],
  },
  {
    name: 'imports say whether they cross a border',
    sentence:
      "Inside a room imports are relative ('./plan.ts'); across a border they name the room ('#store/alerts.ts'). Both end in .ts.",
    find: (house) =>
      eachImport(house, ({ place }, { written, target }) => {
        const other = placeOf(target);
        if (other === undefined)
          return written.startsWith('.') && !/\.json$/.test(written)
            ? `${written} leads out of src`
            : undefined;
        if (!/\.tsx?$|\.json$/.test(written)) return `${written} has no .ts at its end`;
        const inside = other === place || (isRoof(place) && isRoof(other));
        if (inside && written.startsWith('#')) return `${written} is in the same room: write it relative`;
        return !inside && written.startsWith('.')
          ? `${written} crosses a border: write #${target.slice(4)}`
          : undefined;
      }),
    plants: [
      { 'src/store/plant.ts': "// Plant.\nimport { label } from '../core/label.ts';\nlabel;\n" },
      { 'src/store/plant.ts': "// Plant.\nimport { rows } from '#store/rows.ts';\nrows;\n" },
      { 'src/store/plant.ts': "// Plant.\nimport { rows } from './rows';\nrows;\n" },
      { 'src/store/plant.ts': "// Plant.\nimport { cast } from '../../tests/cast.ts';\ncast;\n" },
    ],
  },
];

function outsideItsHome(house: House): Finding[] {
  return eachImport(house, ({ place }, { target, typeOnly }) => {
    const homes = HOMES.find(([library]) => library.test(target))?.[1];
    if (homes === undefined || homes.length === 0 || homes.includes(place)) return undefined;
    if (typeOnly && homes.includes(`${place} type`)) return undefined;
    return `${target} is at home in ${homes.join(', ')}`;
  });
}

function twoHomes(house: House): Finding[] {
  const first = new Map<string, string>();
  return eachImport(house, ({ place }, { target }) => {
    if (!isPackage(target) || HOMES.some(([library]) => library.test(target))) return undefined;
    const here = isRoof(place) ? 'the roof' : place;
    const home = first.get(target) ?? here;
    first.set(target, home);
    return home === here ? undefined : `${target} is already at home in ${home}`;
  });
}
