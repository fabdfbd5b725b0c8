// Any address that answers with JSON: the values at the paths that somebody names.
import { z } from 'zod';
import type { Json } from '#core/json.ts';
import { addressField, defineModule, type Finding, notAnswering, topicField } from '../module.ts';
import { valueAt } from '../page.ts';

const shape = /^([A-Za-z][A-Za-z0-9_]{0,40})=([^\s=][^\n]{0,200})$/;
const params = z.strictObject({
  url: addressField('http://127.0.0.1:8080/status', 'What answers with JSON'),
  fields: z
    .array(
      z.string().trim().regex(shape, 'must be name=path, such as price=result.0.price'),
      'must be a list such as ["price=result.0.price"]',
    )
    .min(1, 'must name at least one value')
    .max(50, 'at most 50 values')
    .meta({ label: 'Values', hint: 'name=path, such as price=result.0.price', input: 'list' }),
  each: z.string().max(200, 'has at most 200 characters').optional().meta({
    label: 'List',
    hint: 'The path of a list, when each of its items is a thing of its own',
    input: 'text',
  }),
  subject: z
    .string()
    .max(200, 'has at most 200 characters')
    .optional()
    .meta({ label: 'Name of an item', hint: 'The path, in an item, of what it is called', input: 'text' }),
  topic: topicField('json.value', 'shop.orders', 'What the values are about'),
});
const name = 'json';

export const json = defineModule<z.output<typeof params>>({
  name,
  title: 'Any JSON over HTTP',
  about:
    'For software without a module of its own: paths are names and numbers with dots between, result.0.price.',
  params,
  topics: [
    {
      topic: '**',
      title: 'The values, under the topic that was chosen',
      subject: 'the item, or the target',
      fields: { value: { title: 'The values that were named' } },
    },
  ],
  rules: [notAnswering(name, 'It does not answer')],
  scrape: {
    everyMs: 60_000,
    requests: ({ url }) => [{ url, form: 'json' }],
    read([page], { fields, each, subject, topic }) {
      if (page?.form !== 'json') return [];
      const list = each === undefined ? [page.json] : valueAt(page.json, each);
      const items: [string, Json][] =
        list !== null && typeof list === 'object' ? Object.entries(list as Record<string, Json>) : [];
      const seen = new Set<string>();
      return items.flatMap(([place, item]): Finding[] => {
        const values = fields.flatMap((field): [string, Json][] => {
          const [, field_, path] = shape.exec(field)!;
          const value = valueAt(item, path!);
          return value === undefined ? [] : [[field_!, value]];
        });
        if (values.length === 0) return [];
        const data = Object.fromEntries(values);
        if (each === undefined) return [{ topic, data }];
        const called = subject === undefined ? undefined : valueAt(item, subject);
        const known = typeof called === 'string' || typeof called === 'number' ? String(called) : place;
        const unique = seen.has(known) ? `${known} (${place})` : known;
        seen.add(unique);
        return [{ topic, subject: unique, data }];
      });
    },
  },
  example: {
    params: {
      url: 'http://127.0.0.1:8080/queues',
      each: 'queues',
      subject: 'name',
      fields: ['waiting=depth', 'ok=state.ok'],
      topic: 'shop.queue',
    },
    now: Date.UTC(2026, 4, 4, 10),
    pages: [
      {
        mediaType: 'application/json',
        body: '{"queues":[{"name":"mail","depth":12,"state":{"ok":true}},{"name":"print","depth":0,"state":{}},{"name":"idle"}]}',
      },
    ],
    findings: [
      { topic: 'shop.queue', subject: 'mail', data: { waiting: 12, ok: true } },
      { topic: 'shop.queue', subject: 'print', data: { waiting: 0 } },
    ],
  },
});
