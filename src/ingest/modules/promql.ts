// A question in PromQL to a Prometheus that is there already; each series of the answer is an event.
import { z } from 'zod';
import type { Json } from '#core/json.ts';
import {
  addressField,
  defineModule,
  type Finding,
  notAnswering,
  seriesSubject,
  topicField,
} from '../module.ts';
import { numberOf, valueAt } from '../page.ts';

const params = z.strictObject({
  url: addressField('http://127.0.0.1:9090', 'Where Prometheus is (or Mimir, Thanos, VictoriaMetrics)'),
  query: z
    .string()
    .trim()
    .min(1, 'must be a question such as rate(http_errors_total[5m])')
    .max(1_500, 'has at most 1,500 characters')
    .meta({ label: 'Question', hint: 'In PromQL, such as rate(http_errors_total[5m])', input: 'text' }),
  topic: topicField('promql.answer', 'web.errors', 'What the answers are about'),
});
const name = 'promql';

export const promql = defineModule<z.output<typeof params>>({
  name,
  title: 'A question to a Prometheus (PromQL)',
  about: 'Asks Prometheus’ own HTTP API, /api/v1/query; at most 500 series are taken from one answer.',
  params,
  topics: [
    {
      topic: '**',
      title: 'A series of the answer, under the topic that was chosen',
      subject: 'the values of its labels',
      fields: { value: { title: 'Value' } },
    },
  ],
  rules: [notAnswering(name, 'Prometheus does not answer')],
  scrape: {
    everyMs: 60_000,
    requests: ({ url, query }) => [
      { url: `${url.replace(/\/+$/, '')}/api/v1/query?query=${encodeURIComponent(query)}`, form: 'json' },
    ],
    // An empty answer is an answer: nothing is wrong, as far as the question goes.
    emptyIsFine: true,
    read([page], { topic }) {
      if (page?.form !== 'json' || valueAt(page.json, 'status') !== 'success') return undefined;
      const result = valueAt(page.json, 'data.result');
      const isScalar = valueAt(page.json, 'data.resultType') === 'scalar';
      const series = isScalar ? [{ metric: {}, value: result ?? null }] : result;
      if (!Array.isArray(series)) return undefined;
      return series.flatMap((one): Finding[] => {
        const value = numberOf(valueAt(one, 'value.1'));
        if (value === undefined) return [];
        const labels = labelsOf(valueAt(one, 'metric'));
        const subject = seriesSubject(labels);
        return [{ topic, data: { value }, labels, ...(subject === undefined ? {} : { subject }) }];
      });
    },
  },
  example: {
    params: { url: 'http://127.0.0.1:9090', query: 'up == 0', topic: 'prometheus.down' },
    now: Date.UTC(2026, 4, 4, 10),
    pages: [
      {
        mediaType: 'application/json',
        body: JSON.stringify({
          status: 'success',
          data: {
            resultType: 'vector',
            result: [
              {
                metric: { __name__: 'up', instance: '127.0.0.1:9100', job: 'node' },
                value: [1777888800.123, '0'],
              },
              {
                metric: { __name__: 'up', instance: '127.0.0.1:9101', job: 'node' },
                value: [1777888800.123, 'NaN'],
              },
            ],
          },
        }),
      },
    ],
    findings: [{ topic: 'prometheus.down', subject: 'instance=127.0.0.1:9100 job=node', data: { value: 0 } }],
  },
});

function labelsOf(metric: Json | undefined): Record<string, string> {
  if (metric === null || typeof metric !== 'object' || Array.isArray(metric)) return {};
  return Object.fromEntries(
    Object.entries(metric ?? {}).flatMap(([label, value]) =>
      label === '__name__' || typeof value !== 'string' ? [] : [[label, value]],
    ),
  );
}
