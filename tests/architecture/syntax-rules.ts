// The laws that are about what code says, not about what it imports.
import { type House, type Node, walk } from './house.ts';
import type { Finding, Rule } from './rule.ts';

// client.ts runs in other people's programs, whose clock it reads where they give it none.
const KNOW_TIME = [
  'src/main.ts',
  'src/cli.ts',
  'src/client.ts',
  'src/config.ts',
  'src/sandbox/telegram/serve.ts',
];
const ALERT_TABLES = ['alerts', 'transitions'];
const ALERT_DOOR = 'src/store/alerts.ts';
/** What the door writes with: nobody else takes it in hand. */
const ALERT_PEN = { file: 'src/store/changes-written.ts', write: ['writeChanges', 'writeEvaluated'] };
const CHANGING_SQL =
  /\b(insert\s+into|update|delete\s+from|truncate(\s+table)?|merge\s+into)\s+(only\s+)?"?$/i;

function eachNode(house: House, judge: (node: Node, file: string) => string | undefined): Finding[] {
  const found: Finding[] = [];
  for (const module of house.modules) {
    walk(module.program, (node) => {
      const what = judge(node, module.file);
      if (what !== undefined) found.push({ file: module.file, line: module.lineOf(node.start), what });
    });
  }
  return found;
}

/** 'Date.now' for a member access by name, 'Date' for an identifier, '' otherwise. */
function nameOf(node: Node | undefined | null): string {
  if (node?.type === 'Identifier') return String(node.name);
  if (node?.type !== 'MemberExpression') return '';
  const property = node.property as Node;
  const last = node.computed ? (property.type === 'Literal' ? String(property.value) : '') : nameOf(property);
  return `${nameOf(node.object as Node)}.${last}`;
}

const lastName = (node: Node) => nameOf(node).split('.').at(-1) ?? '';

export const syntaxRules: Rule[] = [
  {
    name: 'time and chance come in from the caller',
    sentence:
      '`now` (epoch milliseconds) is the last parameter, chance and ids are given. Only main.ts, cli.ts, client.ts, config.ts and the sandbox’s own program read the clock.',
    find: (house) =>
      eachNode(house, (node, file) => {
        if (KNOW_TIME.includes(file)) return undefined;
        const name = nameOf(node);
        if (/^(globalThis\.)?(Date\.now|Math\.random|Temporal\.Now)$/.test(name)) return name;
        const isDate = nameOf(node.callee as Node) === 'Date';
        if (node.type === 'NewExpression' && isDate && (node.arguments as Node[]).length === 0)
          return 'new Date()';
        return node.type === 'CallExpression' && isDate ? 'Date()' : undefined;
      }),
    plants: [
      { 'src/notify/plant.ts': '// Plant.\nexport const now = () => Date.now();\n' },
      { 'src/notify/plant.ts': '// Plant.\nexport const clock = Date.now;\n' },
      { 'src/notify/plant.ts': "// Plant.\nexport const now = () => Date['now']();\n" },
      { 'src/notify/plant.ts': '// Plant.\nexport const today = () => new Date();\n' },
      { 'src/notify/plant.ts': '// Plant.\nexport const chance = () => Math.random();\n' },
    ],
  },
  {
    name: 'only config.ts reads the environment',
    sentence: 'process.env is read once, in config.ts; take what you need from Config, as an argument.',
    find: (house) =>
      eachNode(house, (node, file) => {
        if (file === 'src/config.ts') return undefined;
        if (/^(globalThis\.)?process\.env$/.test(nameOf(node))) return 'process.env';
        if (nameOf(node) === 'process.loadEnvFile') return 'process.loadEnvFile';
        const takesEnv =
          (node.id as Node | undefined)?.type === 'ObjectPattern' && nameOf(node.init as Node) === 'process';
        return node.type === 'VariableDeclarator' && takesEnv ? 'process taken apart' : undefined;
      }),
    plants: [
      { 'src/store/plant.ts': '// Plant.\nexport const url = process.env.DATABASE_URL;\n' },
      { 'src/store/plant.ts': "// Plant.\nexport const url = process['env'].DATABASE_URL;\n" },
      { 'src/store/plant.ts': '// Plant.\nexport const { env } = process;\n' },
    ],
  },
  {
    // It goes by names: an error under another name than these is not seen.
    name: 'errors are said by core/say-error.ts',
    sentence:
      'The message of a failed query holds its values: events, invitations. Say sayError(error), or log { err: error }.',
    find: (house) =>
      eachNode(house, (node) => {
        const isError = (one: Node | undefined) =>
          /^(e|err|error|cause|reason|failure)$/i.test(nameOf(one).split('.').at(-1) ?? '');
        if (node.type === 'CallExpression' && nameOf(node.callee as Node) === 'String')
          return isError((node.arguments as Node[])[0]) ? 'String(error)' : undefined;
        return node.type === 'TemplateLiteral' &&
          (node.expressions as Node[]).some((one) => /^(err|error)$/.test(nameOf(one)))
          ? 'an error in a text'
          : undefined;
      }),
    plants: [
      { 'src/notify/plant.ts': '// Plant.\nexport const say = (error: unknown) => String(error);\n' },
      { 'src/notify/plant.ts': '// Plant.\nexport const say = (at: Error) => String(at.cause);\n' },
      { 'src/notify/plant.ts': '// Plant.\nexport const say = (error: unknown) => `no: $' + '{error}`;\n' },
    ],
  },
  {
    // It sees drizzle calls that name the tables, renamed imports of them, and SQL texts. It cannot see a table that
    // reaches the call through a variable or a parameter, nor SQL whose words are put together at run time; and that
    // the transition was made by core/alert-life.ts is said by commit's types, not here.
    name: 'one door: only store/alerts.ts changes alerts',
    sentence:
      'An alert changes only through store/alerts.ts, with a transition made by core/alert-life.ts; otherwise nobody can say why it changed.',
    find: (house) =>
      eachNode(house, (node, file) => {
        if (file === ALERT_DOOR || file === ALERT_PEN.file) return undefined;
        if (
          node.type === 'CallExpression' &&
          /^(insert|update|delete)$/.test(lastName(node.callee as Node))
        ) {
          const table = lastName((node.arguments as Node[])[0] ?? node);
          return ALERT_TABLES.includes(table) ? `${lastName(node.callee as Node)}(${table})` : undefined;
        }
        if (node.type === 'ImportSpecifier') {
          const [from, to] = [nameOf(node.imported as Node), nameOf(node.local as Node)];
          if (ALERT_PEN.write.includes(from)) return `${from} past the door`;
          return ALERT_TABLES.includes(from) && to !== from
            ? `hides the table ${from} behind the name ${to}`
            : undefined;
        }
        return changingSql(node);
      }),
    plants: [
      {
        'src/store/plant.ts': '// Plant.\nexport const plant = (db, alerts) => db.update(alerts).set({});\n',
      },
      {
        'src/store/plant.ts':
          '// Plant.\nexport const plant = (db, schema) => db.insert(schema.transitions).values([]);\n',
      },
      {
        'src/notify/plant.ts':
          '// Plant.\nexport const plant = (sql) => sql`DELETE FROM alerts WHERE id = 1`;\n',
      },
      {
        'src/notify/plant.ts':
          '// Plant.\nexport const plant = (sql, alerts) => sql`update $' + "{alerts} set state = 'x'`;\n",
      },
      {
        'src/notify/plant.ts':
          '// Plant.\nexport const plant = (db) => db.unsafe(\'insert into "transitions" values (1)\');\n',
      },
      { 'src/store/plant.ts': "// Plant.\nimport { alerts as rows } from './schema/alerts.ts';\nrows;\n" },
      {
        'src/notify/plant.ts':
          "// Plant.\nimport { writeChanges } from '#store/changes-written.ts';\nwriteChanges;\n",
      },
    ],
  },
];

function changingSql(node: Node): string | undefined {
  const changes = (text: string) =>
    ALERT_TABLES.find((table) =>
      [...text.matchAll(new RegExp(`\\b${table}\\b`, 'gi'))].some((m) =>
        CHANGING_SQL.test(text.slice(0, m.index)),
      ),
    );
  if (node.type === 'Literal' && typeof node.value === 'string') {
    const table = changes(node.value);
    return table && `SQL that changes ${table}`;
  }
  if (node.type !== 'TemplateLiteral') return undefined;
  const [texts, gaps] = [node.quasis as Node[], node.expressions as Node[]];
  for (const [at, quasi] of texts.entries()) {
    const text = (quasi.value as { raw: string }).raw;
    const gap = gaps[at] && lastName(gaps[at]);
    const table =
      changes(text) ?? (CHANGING_SQL.test(text) && ALERT_TABLES.includes(gap ?? '') ? gap : undefined);
    if (table) return `SQL that changes ${table}`;
  }
  return undefined;
}
