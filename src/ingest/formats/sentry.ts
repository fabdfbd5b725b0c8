// Sentry's webhooks: issues and metric alerts with their beginning and end, issue alerts as they are triggered.
import type { EventStatus, NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { own } from '#core/own.ts';
import { readSeverity } from '#core/severity.ts';
import { isRecord } from '../fields.ts';
import { factsOf, labelsOf, nameOfParts, subjectOf, textAt, topicOf, valueAt } from '../foreign.ts';
import { type Format, parsed } from '../format.ts';

const states: Record<string, Record<string, EventStatus>> = {
  issue: {
    created: 'firing',
    unresolved: 'firing',
    resolved: 'resolved',
    archived: 'resolved',
    ignored: 'resolved',
  },
  metric_alert: { critical: 'firing', warning: 'firing', open: 'firing', resolved: 'resolved' },
};

// From Sentry's documentation: “Integration Platform, Webhooks, Issues”.
const body = {
  action: 'created',
  actor: { id: 'sentry', name: 'Sentry', type: 'application' },
  data: {
    issue: {
      count: '1',
      culprit: '?(runner)',
      firstSeen: '2019-08-19T20:58:37.391000Z',
      id: '1170820242',
      lastSeen: '2019-08-19T20:58:37.391000Z',
      level: 'error',
      metadata: { filename: '/runner', type: 'ReferenceError', value: 'blooopy is not defined' },
      platform: 'javascript',
      project: { id: '1', name: 'front-end', platform: '', slug: 'front-end' },
      shortId: 'FRONT-END-9',
      status: 'unresolved',
      title: 'ReferenceError: blooopy is not defined',
      type: 'error',
      userCount: 1,
    },
  },
  installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
};

export const sentry: Format = {
  name: 'sentry',
  title: 'Sentry',
  translates: true,
  example: { body, headers: { 'sentry-hook-resource': 'issue' } },
  parse(body, { headers, source }) {
    const resource = resourceOf(body, headers['sentry-hook-resource']);
    if (!isRecord(body) || resource === undefined)
      return {
        ok: false,
        faults: [
          { path: 'data', text: 'holds nothing we know, and there is no header Sentry-Hook-Resource' },
        ],
      };
    return parsed([{ at: '', event: toEvent(resource, body, source.name) }], []);
  },
};

/** The header says it; the older “WebHooks” plugin has none and wraps nothing in `data`. */
function resourceOf(body: Json, header: string | undefined): string | undefined {
  if (header !== undefined && /^\w{1,60}$/.test(header)) return header;
  const known = ['issue', 'metric_alert', 'event', 'error', 'comment'].find((one) =>
    isRecord(valueAt(body, `data.${one}`)),
  );
  if (known === 'event' || isRecord(valueAt(body, 'event'))) return 'event_alert';
  return known;
}

function toEvent(resource: string, body: Json, source: string): NewEvent {
  const action = textAt(body, 'action');
  const about = { event_alert: 'event' }[resource] ?? resource;
  const text = (...names: string[]) => textAt(body, ...names.map((name) => `data.${about}.${name}`));
  const project =
    text('project.slug', 'projects.0', 'alert_rule.projects.0') ?? textAt(body, 'project_slug', 'project');
  const known = own(states, resource);
  const status = own(known, action);
  const level = text('level') ?? textAt(body, 'level', 'event.level') ?? action ?? '';
  const severity = readSeverity(level) ?? 'info';
  const id = text('id', 'issue_id', 'event_id');
  const hasLife = resource in states;
  return {
    source,
    type: topicOf('sentry', resource, project ?? (hasLife ? undefined : action)),
    subject: subjectOf(text('shortId') ?? project ?? id),
    data: factsOf({
      summary:
        textAt(body, 'data.description_title') ??
        text('title', 'message', 'alert_rule.name') ??
        textAt(body, 'message', 'event.title') ??
        `${resource} ${action ?? ''}`.trim().replaceAll('_', ' '),
      description: textAt(body, 'data.description_text', 'culprit') ?? text('culprit', 'metadata.value'),
      rule: textAt(body, 'data.triggered_rule', 'triggering_rules.0'),
      url: textAt(body, 'data.web_url', 'url') ?? text('web_url', 'permalink', 'issue_url', 'url'),
      count: text('count'),
      users: text('userCount'),
      firstSeen: text('firstSeen'),
    }),
    labels: labelsOf({
      project,
      level,
      action,
      environment: text('environment'),
      actor: textAt(body, 'actor.name'),
    }),
    severity,
    ...(status && { status, fingerprint: nameOfParts(resource, id, project) }),
  };
}
