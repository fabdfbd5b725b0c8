// GitHub's webhooks, every event by one format: the topic is `github.<event>.<action>`.
import type { EventStatus, NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { own } from '#core/own.ts';
import { readSeverity, type Severity } from '#core/severity.ts';
import { isRecord } from '../fields.ts';
import { factsOf, labelsOf, nameOf, nameOfParts, subjectOf, textAt, topicOf, valueAt } from '../foreign.ts';
import { type Format, parsed } from '../format.ts';

/** Events with a beginning and an end: where their state stands, and what separates one from another. */
const lifecycles: Record<string, { state: string; parts: string[] }> = {
  workflow_run: {
    state: 'workflow_run.conclusion',
    parts: ['workflow_run.workflow_id', 'workflow_run.head_branch'],
  },
  workflow_job: {
    state: 'workflow_job.conclusion',
    parts: ['workflow_job.workflow_name', 'workflow_job.name', 'workflow_job.head_branch'],
  },
  check_run: {
    state: 'check_run.conclusion',
    parts: ['check_run.name', 'check_run.check_suite.head_branch'],
  },
  check_suite: {
    state: 'check_suite.conclusion',
    parts: ['check_suite.app.slug', 'check_suite.head_branch'],
  },
  status: { state: 'state', parts: ['context', 'branches.0.name'] },
  deployment_status: { state: 'deployment_status.state', parts: ['deployment.environment'] },
  dependabot_alert: { state: 'alert.state', parts: ['alert.number'] },
  code_scanning_alert: { state: 'alert.state', parts: ['alert.number'] },
  secret_scanning_alert: { state: 'alert.state', parts: ['alert.number'] },
};
const states: Record<string, EventStatus> = {
  failure: 'firing',
  error: 'firing',
  timed_out: 'firing',
  startup_failure: 'firing',
  action_required: 'firing',
  open: 'firing',
  success: 'resolved',
  fixed: 'resolved',
  dismissed: 'resolved',
  auto_dismissed: 'resolved',
  resolved: 'resolved',
};

// From GitHub's documentation: “Webhook events and payloads”, workflow_run, shortened to what says something.
const body = {
  action: 'completed',
  workflow_run: {
    id: 289_782_451,
    name: 'CI',
    head_branch: 'main',
    head_sha: '1b4f0e9851971998e732078544c96b36c3d01ced',
    run_number: 17,
    event: 'push',
    status: 'completed',
    conclusion: 'failure',
    workflow_id: 1_814_345,
    html_url: 'https://github.com/octo-org/octo-repo/actions/runs/289782451',
    head_commit: { message: 'Update README.md', author: { name: 'Octocat' } },
  },
  repository: {
    name: 'octo-repo',
    full_name: 'octo-org/octo-repo',
    html_url: 'https://github.com/octo-org/octo-repo',
  },
  organization: { login: 'octo-org' },
  sender: { login: 'octocat' },
};

export const github: Format = {
  name: 'github',
  title: 'GitHub',
  // What its form offers first: the JSON as the field `payload`.
  contentTypes: ['application/x-www-form-urlencoded'],
  translates: true,
  example: {
    body,
    headers: {
      'x-github-event': 'workflow_run',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    },
  },
  parse(body, { headers, source }) {
    const event = headers['x-github-event'] ?? '';
    const faults = [
      ...(isRecord(body) ? [] : [{ path: '', text: 'must be an object, as GitHub sends it' }]),
      ...(/^\w{1,60}$/.test(event)
        ? []
        : [{ path: '', text: 'the header X-GitHub-Event is missing; it says which event this is' }]),
    ];
    if (faults.length > 0) return { ok: false, faults };
    return parsed([{ at: '', event: toEvent(event, body, headers, source.name) }], []);
  },
};

function toEvent(event: string, body: Json, headers: Record<string, string>, source: string): NewEvent {
  const repository = textAt(body, 'repository.full_name');
  const subject = repository ?? textAt(body, 'organization.login', 'sender.login');
  const action = textAt(body, 'action');
  const life = own(lifecycles, event);
  const state = life && textAt(body, life.state);
  const status = own(states, state);
  const parts = life?.parts.map((path) => textAt(body, path));
  // The delivery is the event's own name there: the same when it is delivered again, or to two hooks.
  const id = nameOf(headers['x-github-delivery']);
  // The action of these three is their state: the beginning and the end would have different topics.
  const isState = event.endsWith('_alert');
  return {
    ...(id !== undefined && { id }),
    source,
    type: topicOf('github', event, isState ? undefined : action),
    subject: subjectOf(subject),
    data: factsOf({ ...factsAbout(event, body), state }),
    labels: labelsOf({
      repository,
      event,
      action,
      sender: textAt(body, 'sender.login'),
      branch: branchOf(event, body),
    }),
    severity: severityOf(event, body, status),
    ...(status && { status, fingerprint: nameOfParts(event, subject, ...(parts ?? [])) }),
  };
}

function factsAbout(event: string, body: Json): Record<string, Json | undefined> {
  const singular = { issues: 'issue', status: 'commit' }[event] ?? event;
  const about = isRecord(valueAt(body, singular))
    ? singular
    : ['pull_request', 'issue', 'discussion', 'release', 'alert'].find((one) => isRecord(valueAt(body, one)));
  const text = (...names: string[]) => textAt(body, ...names.map((name) => `${about ?? event}.${name}`));
  const number = text('number', 'run_number');
  const name =
    text('title', 'name', 'security_advisory.summary', 'rule.description', 'secret_type_display_name') ??
    textAt(body, 'context', 'deployment.environment', 'pull_request.title', 'issue.title');
  return {
    summary: summaryOf(event, body, name, number),
    number,
    url:
      text('html_url', 'target_url', 'environment_url') ??
      textAt(body, 'comment.html_url', 'compare', 'target_url', 'repository.html_url'),
    message: textAt(body, 'head_commit.message', 'workflow_run.head_commit.message', 'comment.body'),
    author: text('user.login', 'head_commit.author.name') ?? textAt(body, 'pusher.name'),
    sha: text('head_sha', 'head.sha', 'sha') ?? textAt(body, 'after', 'sha'),
  };
}

function summaryOf(event: string, body: Json, name?: string, number?: string): string {
  const branch = branchOf(event, body);
  if (event === 'push') {
    const commits = valueAt(body, 'commits');
    const count = Array.isArray(commits) ? commits.length : 0;
    return `${count === 1 ? '1 commit' : `${count} commits`} to ${branch ?? 'a branch'}`;
  }
  if (name === undefined)
    return [event, textAt(body, 'action')].filter(Boolean).join(' ').replaceAll('_', ' ');
  if (branch !== undefined && Object.hasOwn(lifecycles, event)) return `${name} on ${branch}`;
  return number === undefined ? name : `${name} (#${number})`;
}

function branchOf(event: string, body: Json): string | undefined {
  const found = textAt(
    body,
    `${event}.head_branch`,
    'check_run.check_suite.head_branch',
    'pull_request.head.ref',
    'branches.0.name',
    'ref',
  );
  return found?.replace(/^refs\/(heads|tags)\//, '');
}

function severityOf(event: string, body: Json, status: EventStatus | undefined): Severity {
  const said = textAt(
    body,
    'alert.security_advisory.severity',
    'alert.rule.security_severity_level',
    'alert.rule.severity',
  );
  const read = said === undefined ? undefined : readSeverity(said);
  if (read) return read;
  if (event === 'secret_scanning_alert') return 'critical';
  return status === 'firing' ? 'warning' : 'info';
}
