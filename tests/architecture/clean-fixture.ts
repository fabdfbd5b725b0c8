// A tiny house without a fault; violations are planted in copies of it.
export const cleanFixture: Record<string, string> = {
  'README.md':
    'Start with `npm start`; the laws: [architecture](docs/architecture.md), `store/rows.ts`, `src/core/`.\n',
  'docs/architecture.md':
    'Laws are in `src/core/*.ts` and [the start](../README.md#top). Not `disk.usage` or `/v1/events`.\n',
  '.env.example': '# Where the server listens.\nPORT=8080\n# Which address; empty means all.\n# HOST=\n',
  'src/main.ts':
    "// Opens everything.\nimport { config } from './config.ts';\nimport { rows } from '#store/rows.ts';\nexport const start = () => [config, rows, Date.now()];\n",
  'src/cli.ts': '// Operator commands.\nexport const today = () => new Date();\n',
  'src/config.ts':
    "// Environment to Config.\nimport { places } from './config/places.ts';\nexport const variables = {\n  ...places,\n  PORT: 'a port',\n};\nexport const config = process.env.PORT;\n",
  'src/config/places.ts': "// Where it listens.\nexport const places = {\n  HOST: 'an address',\n};\n",
  'src/core/label.ts':
    "// Labels.\nimport { z } from 'zod';\nexport const label = z.string();\nexport const at = (now: number) => new Date(now);\n",
  'src/store/schema/alerts.ts':
    "// Tables.\nimport { pgTable } from 'drizzle-orm/pg-core';\nexport const alerts = pgTable('alerts', {});\n",
  'src/store/rows.ts':
    "// Rows.\nimport { eq } from 'drizzle-orm';\nimport { label } from '#core/label.ts';\nimport { alerts } from './schema/alerts.ts';\nexport const rows = (db) => [eq, label, db.select().from(alerts), db.delete(label)];\nexport type Rows = 1;\n",
  'src/store/alerts.ts':
    "// The door.\nimport { alerts } from './schema/alerts.ts';\nexport const commit = (db) => db.update(alerts).set({});\n",
  'src/queue/jobs.ts': "// Jobs.\nimport { Queue } from 'bullmq';\nexport const jobs = Queue;\n",
  'src/operations/rename.ts':
    "// Renames.\nimport { rows } from '#store/rows.ts';\nexport const rename = rows;\n",
  'src/evaluate/step.ts':
    "// Steps.\nimport { kinds } from './kinds/index.ts';\nimport { rename } from '#operations/rename.ts';\nexport const step = [kinds, rename];\nexport type Step = 1;\n",
  'src/evaluate/kinds/kind.ts': '// The contract of a kind.\nexport interface Kind {}\n',
  'src/evaluate/kinds/every.ts':
    "// Every event.\nimport type { Kind } from './kind.ts';\nexport const every: Kind = {};\n",
  'src/evaluate/kinds/index.ts':
    "// The order of the kinds.\nimport { every } from './every.ts';\nexport const kinds = [every];\n",
  'src/sandbox/chat.ts':
    "// Chat.\nimport type { Message } from '@grammyjs/types';\nexport type M = Message;\n",
  'src/sandbox/web/page.ts':
    '// For the browser, where the clock is the person’s own.\nexport const now = Date.now();\n',
};
