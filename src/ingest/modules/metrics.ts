// Any page of metrics: the ones that somebody names, each series an event.
import { z } from 'zod';
import { addressField, defineModule, type Finding, notAnswering, seriesSubject } from '../module.ts';

const params = z.strictObject({
  url: addressField('http://127.0.0.1:9090/metrics', 'Where the page of metrics is'),
  metrics: z
    .array(
      z
        .string()
        .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,150}$/, 'must be names of metrics such as http_requests_total'),
      'must be a list such as ["up"]',
    )
    .min(1, 'must name at least one metric')
    .max(20, 'at most 20 metrics')
    .meta({ label: 'Metrics', hint: 'Which ones, such as http_requests_total', input: 'list' }),
});
const name = 'metrics';

export const metrics = defineModule<z.output<typeof params>>({
  name,
  title: 'Any page of metrics (Prometheus, OpenMetrics)',
  about:
    'For software without a module of its own: the metrics that are named, each series under metrics.<metric>.',
  params,
  topics: [
    {
      topic: `${name}.*`,
      title: 'A series of a metric',
      subject: 'the values of its labels',
      fields: { value: { title: 'Value' }, perSecond: { title: 'Growth a second, for counters (…_total)' } },
    },
  ],
  rules: [notAnswering(name, 'The page of metrics does not answer')],
  scrape: {
    everyMs: 60_000,
    requests: ({ url, metrics: names }) => [{ url, form: 'metrics', wanted: names }],
    read([page], params, counters) {
      if (page?.form !== 'metrics') return [];
      const { metrics: found } = page;
      return [...new Set(params.metrics)].flatMap((metric) =>
        found.all(metric).map(({ labels: given, value }): Finding => {
          const labels = Object.fromEntries(given);
          const subject = seriesSubject(labels);
          const isCounter = metric.endsWith('_total');
          const perSecond = isCounter ? counters.perSecond(`${metric} ${subject ?? ''}`, value) : undefined;
          return {
            topic: `${name}.${metric.replaceAll(':', '_')}`,
            data: { value, perSecond },
            labels,
            ...(subject === undefined ? {} : { subject }),
          };
        }),
      );
    },
  },
  example: {
    params: { url: 'http://127.0.0.1:8080/metrics', metrics: ['jobs_waiting', 'http_requests_total'] },
    now: Date.UTC(2026, 4, 4, 10),
    pages: [
      {
        mediaType: 'application/openmetrics-text; version=1.0.0',
        body: [
          '# TYPE jobs_waiting gauge',
          'jobs_waiting 7',
          '# TYPE http_requests counter',
          'http_requests_total{code="500",path="/"} 3 # {trace_id="abc"} 1',
          'http_requests_total{code="200",path="/"} 1027',
          '# EOF',
          '',
        ].join('\n'),
      },
    ],
    findings: [
      { topic: `${name}.jobs_waiting`, data: { value: 7 } },
      { topic: `${name}.http_requests_total`, subject: 'code=500 path=/', data: { value: 3 } },
      { topic: `${name}.http_requests_total`, subject: 'code=200 path=/', data: { value: 1027 } },
    ],
  },
});
