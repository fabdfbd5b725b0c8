// Recorded payloads of each foreign system: the event that comes of it, and its end, which has to be the same situation.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { formatNamed } from '#ingest/formats/index.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

const now = Date.UTC(2026, 4, 4, 12);
let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

/** The example with some of it put otherwise: `{ 'alert.state': 'fixed' }`. */
function changed(name: string, changes: Record<string, Json> = {}): Json {
  const body = structuredClone(formatNamed(name)!.example.body) as Record<string, Json>;
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.');
    const last = steps.pop()!;
    const place = steps.reduce((here, step) => here[step] as Record<string, Json>, body);
    place[last] = value;
  }
  return body;
}

function read(name: string, body: Json, headers: Record<string, string> = {}): NewEvent {
  const format = formatNamed(name)!;
  const around = {
    headers: { ...format.example.headers, ...headers },
    query: {},
    source: { name: 'ci' },
  };
  const answer = format.parse(body, around, now);
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults));
  expect(answer.events).toHaveLength(1);
  return answer.events[0]!;
}

it('Zabbix: what is only the name of a macro is nothing', () => {
  const macros = {
    event_update_message: '{EVENT.UPDATE.MESSAGE}',
    zabbix_url: '{$ZABBIX.URL}',
    host_ip: '{HOST.IP}',
  };
  const { data, labels } = read('zabbix', changed('zabbix', macros));
  expect(JSON.stringify([data, labels])).not.toMatch(/\{\$?[A-Z]/);
  const said = read('zabbix', changed('zabbix', { event_update_message: 'as {HOST} said {x}' }));
  expect(said.data.message).toBe('as {HOST} said {x}');
});

it('Alertmanager: a fault of the whole hides none of its alerts', () => {
  const { parse } = formatNamed('alertmanager')!;
  expect(parse({ alerts: [{}] }, { headers: {}, query: {}, source: { name: 'ci' } }, now)).toMatchObject({
    ok: false,
    faults: [{ path: 'version' }, { path: 'alerts[0].status' }, { path: 'alerts[0].labels' }],
  });
});

describe.each<[string, object, Record<string, Json>]>([
  [
    'grafana',
    {
      type: 'grafana.Servers.High_CPU_load',
      subject: 'High CPU load',
      status: 'firing',
      fingerprint: 'c6eadffa33fcdf37',
      labels: { alertname: 'High CPU load', grafana_folder: 'Servers', team: 'blue', zone: 'us-1' },
      data: expect.objectContaining({ summary: 'CPU load is high', values: { B: 44.23943737541908, C: 1 } }),
    },
    { 'alerts.0.status': 'resolved' },
  ],
  [
    'pagerduty',
    {
      type: 'pagerduty.ci',
      subject: 'prod-datapipe03.example.com',
      severity: 'critical',
      status: 'firing',
      fingerprint: 'samplekeyhere',
      labels: {
        component: 'mysql',
        group: 'prod-datapipe',
        class: 'disk',
        client: 'Sample Monitoring Service',
      },
    },
    { event_action: 'resolve' },
  ],
  [
    'github',
    {
      id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      type: 'github.workflow_run.completed',
      subject: 'octo-org/octo-repo',
      severity: 'warning',
      status: 'firing',
      labels: {
        repository: 'octo-org/octo-repo',
        event: 'workflow_run',
        action: 'completed',
        sender: 'octocat',
        branch: 'main',
      },
      data: expect.objectContaining({
        summary: 'CI on main',
        state: 'failure',
        url: 'https://github.com/octo-org/octo-repo/actions/runs/289782451',
      }),
    },
    { 'workflow_run.conclusion': 'success', 'workflow_run.id': 289_782_999 },
  ],
  [
    'gitlab',
    {
      id: 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
      type: 'gitlab.pipeline',
      subject: 'gitlab-org/gitlab-test',
      severity: 'warning',
      status: 'firing',
      data: expect.objectContaining({ summary: 'Pipeline on master', state: 'failed', duration: 63 }),
    },
    { 'object_attributes.status': 'success', 'object_attributes.id': 32 },
  ],
  [
    'sentry',
    {
      type: 'sentry.issue.front-end',
      subject: 'FRONT-END-9',
      severity: 'critical',
      status: 'firing',
      data: expect.objectContaining({ summary: 'ReferenceError: blooopy is not defined' }),
    },
    { action: 'resolved' },
  ],
  [
    'uptime-kuma',
    {
      type: 'uptime-kuma.http.Home_page',
      subject: 'Web / Home page',
      severity: 'critical',
      status: 'firing',
      time: Date.UTC(2024, 2, 5, 9, 14, 21, 347),
      labels: { monitor: 'Web / Home page', type: 'http', env: 'prod' },
      data: expect.objectContaining({ summary: 'Web / Home page', state: 'down' }),
    },
    { 'heartbeat.status': 1 },
  ],
  [
    'healthchecks',
    {
      type: 'healthchecks.database-backup',
      subject: 'Database Backup',
      severity: 'critical',
      status: 'firing',
      fingerprint: 'a6c7b0a8a66bed0df66abfdab3c77736861703ee',
    },
    { status: 'up' },
  ],
  [
    'zabbix',
    {
      type: 'zabbix.cad1_example_org',
      subject: 'cad1.example.org',
      severity: 'critical',
      status: 'firing',
      labels: expect.objectContaining({ scope: 'capacity', component: 'storage', trigger: '20123' }),
      data: expect.objectContaining({
        url: 'https://zabbix.example.org/tr_events.php?triggerid=20123&eventid=7731',
      }),
    },
    { event_value: '0' },
  ],
])('%s', (name, expected, end) => {
  it('says what happened', () => {
    expect(read(name, changed(name))).toMatchObject({ source: 'ci', ...expected });
  });

  it('ends what it began: one topic, one fingerprint', () => {
    const began = read(name, changed(name));
    const over = read(name, changed(name, end));
    expect(over.status).toBe('resolved');
    expect([over.type, over.fingerprint]).toEqual([began.type, began.fingerprint]);
  });

  it('is taken at its address', async () => {
    const { status, json } = await door.post(changed(name), {
      path: `/v1/in/${name}`,
      headers: formatNamed(name)!.example.headers ?? {},
    });
    expect([status, json.accepted]).toEqual([202, 1]);
  });
});

describe('github', () => {
  const repository = { full_name: 'octo-org/octo-repo', html_url: 'https://github.com/octo-org/octo-repo' };
  const says = (event: string, body: Json) => read('github', body, { 'x-github-event': event });

  it('has a topic for every event, with its action', () => {
    const issue = {
      title: 'It breaks',
      number: 7,
      html_url: 'https://github.com/i/7',
      user: { login: 'ana' },
    };
    expect(says('issues', { action: 'opened', issue, repository })).toMatchObject({
      type: 'github.issues.opened',
      severity: 'info',
      data: { summary: 'It breaks (#7)', url: 'https://github.com/i/7', author: 'ana' },
    });
    const push = {
      ref: 'refs/heads/main',
      commits: [{}, {}],
      after: 'abc',
      pusher: { name: 'ana' },
      repository,
    };
    expect(says('push', push)).toMatchObject({
      type: 'github.push',
      labels: { branch: 'main' },
      data: { summary: '2 commits to main', sha: 'abc' },
    });
    expect(says('ping', { zen: 'Design for failure.', hook_id: 1, repository })).toMatchObject({
      type: 'github.ping',
      data: { summary: 'ping' },
    });
    expect(says('push', push)).not.toHaveProperty('status');
  });

  it('follows an alert from its beginning to its end under one topic', () => {
    const alert = (action: string, state: string) =>
      says('dependabot_alert', {
        action,
        alert: {
          number: 2,
          state,
          html_url: 'https://github.com/a/2',
          security_advisory: { summary: 'Prototype pollution', severity: 'high' },
        },
        repository,
      });
    const [began, over] = [alert('created', 'open'), alert('fixed', 'fixed')];
    expect(began).toMatchObject({ type: 'github.dependabot_alert', severity: 'critical', status: 'firing' });
    expect(over).toMatchObject({ type: began.type, fingerprint: began.fingerprint, status: 'resolved' });
    expect(began.data.summary).toBe('Prototype pollution (#2)');
  });

  it('neither begins nor ends anything with a run that was cancelled', () => {
    expect(read('github', changed('github', { 'workflow_run.conclusion': 'cancelled' }))).not.toHaveProperty(
      'status',
    );
  });

  it('comes as a form, too, and is known when it is delivered again', async () => {
    const body = new URLSearchParams({ payload: JSON.stringify(changed('github')) }).toString();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-github-event': 'workflow_run',
      'x-github-delivery': 'as-a-form',
    };
    const options = { path: `/v1/in/github?key=${bootstrap}`, key: '', headers };
    expect((await door.post(body, options)).json).toMatchObject({ accepted: 1, duplicates: 0 });
    expect((await door.post(body, options)).json).toMatchObject({ accepted: 0, duplicates: 1 });
    const empty = await door.post('a=b', options);
    expect([empty.status, empty.json.detail]).toEqual([400, 'The form has no field “payload”.']);
  });
});

describe('sentry', () => {
  it('reads metric alerts, issue alerts and the older plugin', () => {
    const metric = (action: string) =>
      read(
        'sentry',
        {
          action,
          data: {
            metric_alert: { id: '5', title: 'Too many errors', projects: ['api'] },
            description_title: 'Critical: Too many errors',
            description_text: '1000 events in the last 10 minutes',
            web_url: 'https://sentry.io/alerts/5',
          },
        },
        { 'sentry-hook-resource': 'metric_alert' },
      );
    expect(metric('critical')).toMatchObject({
      type: 'sentry.metric_alert.api',
      severity: 'critical',
      status: 'firing',
    });
    expect(metric('resolved')).toMatchObject({
      status: 'resolved',
      fingerprint: metric('warning').fingerprint,
    });
    const plugin = {
      project_slug: 'api',
      level: 'error',
      message: 'It broke',
      url: 'https://sentry.io/1',
      event: { event_id: 'e1', title: 'It broke' },
    };
    const format = formatNamed('sentry')!;
    const old = format.parse(plugin, { headers: {}, query: {}, source: { name: 'ci' } }, now);
    expect(old).toMatchObject({
      ok: true,
      events: [{ type: 'sentry.event_alert.api', severity: 'critical', data: { summary: 'It broke' } }],
    });
  });
});

describe('uptime-kuma', () => {
  it('tells its test and what is of no monitor', () => {
    expect(read('uptime-kuma', { heartbeat: null, monitor: null, msg: 'My Notification Testing' })).toEqual({
      source: 'ci',
      type: 'uptime-kuma.notice',
      subject: '',
      data: { summary: 'My Notification Testing' },
      labels: {},
      severity: 'info',
    });
  });
});

describe('zabbix', () => {
  it('knows that somebody has taken it over there', () => {
    const update = { event_update_status: '1', event_update_action: 'acknowledged' };
    expect(read('zabbix', changed('zabbix', update)).status).toBe('acknowledged');
    const comment = { event_update_status: '1', event_update_action: 'unacknowledged, commented' };
    expect(read('zabbix', changed('zabbix', comment)).status).toBe('firing');
  });
});

it('Grafana’s alert is about what its labels name first, and about its rule when they name nothing', () => {
  const subjectWith = (labels: Record<string, string>) =>
    read('grafana', changed('grafana', { 'alerts.0.labels': { alertname: 'High CPU load', ...labels } }))
      .subject;
  expect(subjectWith({ instance: 'cad1:9100', device: 'sda' })).toBe('cad1:9100');
  expect(subjectWith({ pod: 'web-7', node: 'k3' })).toBe('k3');
  expect(subjectWith({ pod: 'web-7' })).toBe('web-7');
  expect(subjectWith({ device: 'sdb', instance: '' })).toBe('sdb');
  expect(subjectWith({ colour: 'red' })).toBe('High CPU load');
});
