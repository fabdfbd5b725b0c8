// GitLab's webhooks, every event by one format: the topic is `gitlab.<kind>.<action>`.
import type { EventStatus, NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { own } from '#core/own.ts';
import { isRecord } from '../fields.ts';
import { factsOf, labelsOf, nameOf, nameOfParts, subjectOf, textAt, topicOf, valueAt } from '../foreign.ts';
import { type Format, parsed } from '../format.ts';

/** Kinds with a beginning and an end: where their state stands, and what separates one from another. */
const lifecycles: Record<string, { state: string; parts: string[] }> = {
  pipeline: { state: 'object_attributes.status', parts: ['object_attributes.ref'] },
  build: { state: 'build_status', parts: ['ref', 'build_name'] },
  deployment: { state: 'status', parts: ['environment'] },
  vulnerability: { state: 'object_attributes.state', parts: ['object_attributes.url'] },
};
const states: Record<string, EventStatus> = {
  failed: 'firing',
  success: 'resolved',
  detected: 'firing',
  confirmed: 'firing',
  dismissed: 'resolved',
  resolved: 'resolved',
};

// From GitLab's documentation: “Webhook events”, pipeline events, shortened to what says something.
const body = {
  object_kind: 'pipeline',
  object_attributes: {
    id: 31,
    iid: 3,
    ref: 'master',
    tag: false,
    sha: 'bcbb5ec396a2c0f828686f14fac9b80b780504f2',
    source: 'push',
    status: 'failed',
    stages: ['build', 'test', 'deploy'],
    created_at: '2016-08-12 15:23:28 UTC',
    finished_at: '2016-08-12 15:26:29 UTC',
    duration: 63,
    url: 'http://example.com/gitlab-org/gitlab-test/-/pipelines/31',
  },
  user: { id: 1, name: 'Administrator', username: 'root' },
  project: {
    id: 1,
    name: 'Gitlab Test',
    web_url: 'http://192.168.64.1:3005/gitlab-org/gitlab-test',
    path_with_namespace: 'gitlab-org/gitlab-test',
  },
  commit: { id: 'bcbb5ec396a2c0f828686f14fac9b80b780504f2', title: 'test', message: 'test\n' },
};

export const gitlab: Format = {
  name: 'gitlab',
  title: 'GitLab',
  translates: true,
  example: {
    body,
    headers: {
      'x-gitlab-event': 'Pipeline Hook',
      'idempotency-key': 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
    },
  },
  parse(body, { headers, source }) {
    const kind = textAt(body, 'object_kind', 'event_name', 'event_type');
    if (!isRecord(body) || kind === undefined)
      return {
        ok: false,
        faults: [{ path: 'object_kind', text: 'is missing; it says which event this is' }],
      };
    return parsed([{ at: '', event: toEvent(kind, body, headers, source.name) }], []);
  },
};

function toEvent(kind: string, body: Json, headers: Record<string, string>, source: string): NewEvent {
  const project = textAt(body, 'project.path_with_namespace', 'project_name', 'path_with_namespace');
  const life = own(lifecycles, kind);
  const state = textAt(body, life?.state ?? 'object_attributes.state');
  const status = life && own(states, state);
  const action = textAt(body, 'object_attributes.action', 'action');
  const subject = project ?? textAt(body, 'group.full_path', 'group_name', 'username');
  const branch = textAt(body, 'object_attributes.ref', 'object_attributes.source_branch', 'ref')?.replace(
    /^refs\/(heads|tags)\//,
    '',
  );
  // Retries of one delivery carry the same key.
  const id = nameOf(headers['idempotency-key']);
  return {
    ...(id !== undefined && { id }),
    source,
    type: topicOf('gitlab', kind, life ? undefined : action),
    subject: subjectOf(subject),
    data: factsOf({
      summary: summaryOf(kind, body, branch, action),
      state,
      number: textAt(body, 'object_attributes.iid', 'build_id'),
      url: textAt(body, 'object_attributes.url', 'deployable_url', 'url', 'project.web_url'),
      message: textAt(body, 'commit.message', 'object_attributes.note'),
      author: textAt(body, 'user.name', 'user_name', 'commit.author.name'),
      duration: valueAt(body, 'object_attributes.duration') ?? valueAt(body, 'build_duration'),
      failure: textAt(body, 'build_failure_reason'),
      sha: textAt(body, 'object_attributes.sha', 'sha', 'after', 'checkout_sha'),
    }),
    labels: labelsOf({
      project,
      event: kind,
      action,
      user: textAt(body, 'user.username', 'user_username'),
      branch,
      environment: textAt(body, 'environment'),
    }),
    severity: status === 'firing' ? (kind === 'vulnerability' ? 'critical' : 'warning') : 'info',
    ...(status && {
      status,
      fingerprint: nameOfParts(kind, subject, ...life!.parts.map((path) => textAt(body, path))),
    }),
  };
}

function summaryOf(kind: string, body: Json, branch?: string, action?: string): string {
  const environment = textAt(body, 'environment');
  if (kind === 'pipeline') return `Pipeline on ${branch ?? 'a branch'}`;
  if (kind === 'build') return `Job ${textAt(body, 'build_name') ?? ''} on ${branch ?? 'a branch'}`;
  if (kind === 'deployment') return `Deployment to ${environment ?? 'an environment'}`;
  if (kind === 'push' || kind === 'tag_push') {
    const count = Number(textAt(body, 'total_commits_count') ?? 0);
    return `${count === 1 ? '1 commit' : `${count} commits`} to ${branch ?? 'a branch'}`;
  }
  const title = textAt(body, 'object_attributes.title', 'name', 'tag', 'issue.title', 'merge_request.title');
  return title ?? [kind, action].filter(Boolean).join(' ').replaceAll('_', ' ');
}
