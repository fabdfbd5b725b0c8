// PagerDuty's Events API v2: trigger, acknowledge and resolve, held together by the dedup key.
import { z } from 'zod';
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { readSeverity } from '#core/severity.ts';
import { faultsOf } from '../fields.ts';
import { factsOf, labelsOf, nameOf, nameOfParts, subjectOf, textAt, topicOf, valueAt } from '../foreign.ts';
import { type Format, parsed } from '../format.ts';

const statuses = { trigger: 'firing', acknowledge: 'acknowledged', resolve: 'resolved' } as const;
const actions = ['trigger', 'acknowledge', 'resolve'] as const;
const severities = ['critical', 'error', 'warning', 'info'] as const;
const needed = (name: string) => z.string(`must be text: ${name}`).min(1, 'must not be empty');

const enqueued = z
  .object(
    {
      event_action: z.enum(actions, 'must be trigger, acknowledge or resolve'),
      dedup_key: z
        .string('must be text')
        .max(255, 'has at most 255 characters')
        .nullish()
        .transform((key) => key || undefined),
      payload: z
        .object(
          {
            summary: needed('what happened'),
            source: needed('the machine or service it is about'),
            severity: z.enum(severities, 'must be critical, error, warning or info'),
          },
          'must be an object with summary, source and severity',
        )
        .nullish(),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
  )
  .superRefine(({ event_action, dedup_key, payload }, context) => {
    const lacks = (name: string, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (event_action === 'trigger' && !payload)
      lacks('payload', 'must be an object with summary, source and severity');
    if (event_action !== 'trigger' && !dedup_key)
      lacks('dedup_key', `is needed to ${event_action} what was triggered`);
  });

// From PagerDuty's documentation: “Send an alert event”, Events API v2.
const body = {
  payload: {
    summary: 'DISK at 99% on machine prod-datapipe03.example.com',
    timestamp: '2015-07-17T08:42:58.315+0000',
    severity: 'critical',
    source: 'prod-datapipe03.example.com',
    component: 'mysql',
    group: 'prod-datapipe',
    class: 'disk',
    custom_details: { 'free space': '1%', 'ping time': '1500ms', 'load avg': 0.75 },
  },
  routing_key: 'samplekeyhere',
  dedup_key: 'samplekeyhere',
  event_action: 'trigger',
  client: 'Sample Monitoring Service',
  client_url: 'https://monitoring.example.com',
  links: [{ href: 'https://acme.pagerduty.com', text: 'View the incident' }],
};

export const pagerduty: Format = {
  name: 'pagerduty',
  title: 'PagerDuty Events v2',
  // As PagerDuty, which does not look at what the body calls itself.
  contentTypes: ['text/plain', 'application/x-www-form-urlencoded'],
  translates: true,
  example: { body },
  parse(body, { source }) {
    const read = enqueued.safeParse(body);
    if (!read.success) return { ok: false, faults: faultsOf(read.error, '') };
    return parsed([{ at: '', event: toEvent(read.data, body, source.name) }], []);
  },
};

/**
 * The topic is the pushing source's own name, as a routing key is of one service there: an acknowledgement and an end
 * come without a payload and have to be found under the same topic.
 */
function toEvent(given: z.output<typeof enqueued>, body: Json, source: string): NewEvent {
  const { payload } = given;
  const text = (name: string) => textAt(body, `payload.${name}`);
  const told = {
    component: text('component'),
    group: text('group'),
    class: text('class'),
    client: textAt(body, 'client'),
  };
  const severity = payload && readSeverity(payload.severity);
  return {
    source,
    type: topicOf('pagerduty', source),
    subject: subjectOf(payload?.source),
    data: factsOf({
      summary: payload?.summary,
      custom_details: valueAt(body, 'payload.custom_details'),
      client_url: textAt(body, 'client_url'),
      links: valueAt(body, 'links'),
    }),
    labels: labelsOf(told),
    status: statuses[given.event_action],
    // Without a key PagerDuty makes one; here what says the same is the same, so that a retry is no second alert.
    fingerprint:
      nameOf(given.dedup_key) ??
      nameOfParts(payload?.source, payload?.summary, text('component'), text('group'), text('class')),
    ...(severity && { severity }),
  };
}
