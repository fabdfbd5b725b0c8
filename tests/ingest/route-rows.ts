// Every door of the program and who may use it; `route-rights.test.ts` tries each row with every role.

/** `anybody`: no key needed. `token`: the address itself is the right, and a wrong one is 404 for everybody. */
export type Right = 'anybody' | 'token' | 'ingest' | 'read' | 'read ingest' | 'admin';

export interface Row {
  may: Right;
  /** The path that is asked, when one made of the pattern will not do; `{event}` and `{alert}` are of `disk.usage`. */
  path?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** What keys for other topics get, when they have the scope: this status, or an answer that says nothing of it. */
  elsewhere?: 403 | 404 | 'nothing';
  /** What somebody without a key, or without the right, gets, where it is not 401 and 403. */
  refused?: { unknown?: number; unfit?: number };
}

const push = { may: 'ingest', body: { type: 'disk.usage', data: { usage: 95 } }, elsewhere: 403 } as const;
const pagerduty = {
  routing_key: '{key}',
  event_action: 'trigger',
  payload: { summary: 'full', source: 'cad', severity: 'critical', class: 'disk.usage' },
};

/** By method and pattern. `ALL` stands for a place whose pages decide for themselves. */
export const rows: Record<string, Row> = {
  'GET /': { may: 'anybody' },
  'GET /healthz': { may: 'anybody' },
  'GET /readyz': { may: 'anybody' },
  // From this machine it is open; here somebody asks from elsewhere.
  'GET /metrics': { may: 'read', headers: { 'x-forwarded-for': '203.0.113.9' }, refused: { unfit: 401 } },
  'GET /v1/openapi.json': { may: 'anybody' },
  'ALL /app/notifications/*': { may: 'token', path: '/app/notifications/nothing' },
  'GET /docs': { may: 'anybody' },
  'GET /docs/docs.css': { may: 'anybody' },
  'GET /app/live': { may: 'token', refused: { unknown: 401 } },
  'GET /app/live/live.js': { may: 'anybody' },
  'GET /app/live/live.css': { may: 'anybody' },
  'GET /app/live/stream': { may: 'token', refused: { unknown: 401 } },
  'POST /app/live/enter': { may: 'token', body: { token: 'nothing' } },
  'POST /app/live/alerts/:id/acknowledge': {
    may: 'token',
    path: '/app/live/alerts/{alert}/acknowledge',
    refused: { unknown: 401 },
  },
  'POST /app/live/leave': { may: 'anybody' },
  'ALL /mail/*': { may: 'token', path: '/mail/nothing' },
  'ALL /sandbox': { may: 'anybody', headers: { host: 'localhost' } },
  'ALL /sandbox/*': { may: 'anybody', path: '/sandbox/api/messages?chat=1', headers: { host: 'localhost' } },
  // Telegram's own secret; it does not say whether the path is one.
  'POST /telegram/hook': { may: 'token', refused: { unknown: 401 } },

  'POST /v1/events': push,
  'POST /v1/in/:format': { ...push, path: '/v1/in/plain?topic=disk.usage', body: 'the disk is full' },
  'POST /api/v2/alerts': {
    ...push,
    body: [{ labels: { alertname: 'DiskFull', instance: 'cad1' } }],
  },
  'GET /api/v2/status': { may: 'read ingest' },
  // In PagerDuty's words.
  'POST /v2/enqueue': { ...push, body: pagerduty, refused: { unknown: 400 } },
  'GET /v1/ping/:token': { may: 'token' },
  'POST /v1/ping/:token': { may: 'token' },
  'PUT /v1/ping/:token': { may: 'token' },
  'GET /v1/ping/:token/:what': { may: 'token', path: '/v1/ping/nothing/start' },
  'POST /v1/ping/:token/:what': { may: 'token', path: '/v1/ping/nothing/fail' },
  'PUT /v1/ping/:token/:what': { may: 'token', path: '/v1/ping/nothing/log' },

  'GET /v1/events': { may: 'read', elsewhere: 'nothing' },
  'GET /v1/audit': { may: 'admin' },
  'GET /v1/members': { may: 'admin' },
  'DELETE /v1/members/:id': { may: 'admin', path: '/v1/members/nobody' },
  'GET /v1/events/:seq': { may: 'read', path: '/v1/events/{event}', elsewhere: 404 },
  'GET /v1/alerts': { may: 'read', elsewhere: 'nothing' },
  'GET /v1/alerts/:id': { may: 'read', path: '/v1/alerts/{alert}', elsewhere: 404 },
  'GET /v1/stream': { may: 'read', elsewhere: 'nothing' },
  'POST /v1/stream/tickets': { may: 'read' },
  'GET /v1/topics': { may: 'read ingest', elsewhere: 'nothing' },
  'GET /v1/topics/:topic': { may: 'read ingest', path: '/v1/topics/disk.usage', elsewhere: 404 },
  'PUT /v1/topics/:topic': { may: 'ingest', path: '/v1/topics/disk.usage', body: {}, elsewhere: 403 },
  'DELETE /v1/topics/:topic': { may: 'ingest', path: '/v1/topics/disk.usage', elsewhere: 403 },

  'POST /v1/rules/back-test': { may: 'admin' },
  'GET /v1/rules': { may: 'admin' },
  'POST /v1/rules': { may: 'admin' },
  'GET /v1/rules/:id': { may: 'admin' },
  'PUT /v1/rules/:id': { may: 'admin' },
  'DELETE /v1/rules/:id': { may: 'admin' },
  'GET /v1/packs': { may: 'admin' },
  'POST /v1/packs': { may: 'admin' },
  'GET /v1/packs/:id': { may: 'admin' },
  'PUT /v1/packs/:id': { may: 'admin' },
  'DELETE /v1/packs/:id': { may: 'admin' },
  'GET /v1/actions': { may: 'admin' },
  'POST /v1/actions': { may: 'admin' },
  'GET /v1/actions/:id': { may: 'admin' },
  'DELETE /v1/actions/:id': { may: 'admin' },
  'POST /v1/actions/:id/try': { may: 'admin' },
  'GET /v1/acts': { may: 'admin' },
  'GET /v1/broadcasts': { may: 'admin' },
  'POST /v1/broadcasts': { may: 'admin' },
  'GET /v1/broadcasts/:id': { may: 'admin' },
  'POST /v1/broadcasts/:id/continue': { may: 'admin' },
  'POST /v1/broadcasts/:id/stop': { may: 'admin' },
  'GET /v1/lists': { may: 'admin' },
  'GET /v1/lists/:name': { may: 'admin' },
  'PUT /v1/lists/:name': { may: 'admin' },
  'DELETE /v1/lists/:name': { may: 'admin' },
  'GET /v1/heartbeats': { may: 'admin' },
  'POST /v1/heartbeats': { may: 'admin' },
  'POST /v1/heartbeats/:id/renew': { may: 'admin' },
  'DELETE /v1/heartbeats/:id': { may: 'admin' },
  'GET /v1/modules': { may: 'admin' },
  'GET /v1/targets': { may: 'admin' },
  'POST /v1/targets': { may: 'admin' },
  'POST /v1/targets/probe': { may: 'admin' },
  'PATCH /v1/targets/:id': { may: 'admin' },
  'DELETE /v1/targets/:id': { may: 'admin' },
  'GET /v1/sources': { may: 'admin' },
  'POST /v1/sources': { may: 'admin' },
  'GET /v1/sources/:id': { may: 'admin' },
  'POST /v1/sources/:id/keys': { may: 'admin' },
  'PUT /v1/sources/:id/secret': { may: 'admin' },
  'DELETE /v1/sources/:id/secret': { may: 'admin' },
  'GET /v1/sources/:id/mapping': { may: 'admin' },
  'PUT /v1/sources/:id/mapping': { may: 'admin' },
  'DELETE /v1/sources/:id/mapping': { may: 'admin' },
  'POST /v1/keys/:id/rotate': { may: 'admin' },
  'DELETE /v1/keys/:id': { may: 'admin' },
  'GET /v1/channels': { may: 'admin' },
  'GET /v1/receivers': { may: 'admin' },
  'POST /v1/receivers': { may: 'admin' },
  'DELETE /v1/receivers/:id': { may: 'admin' },
  'POST /v1/receivers/:id/test': { may: 'admin' },
  'POST /v1/receivers/:id/enable': { may: 'admin' },
  'POST /v1/receivers/:id/send-code': { may: 'admin' },
  'POST /v1/receivers/:id/verify': { may: 'admin' },
  'POST /v1/receivers/:id/renew-secret': { may: 'admin' },
  'PUT /v1/receivers/:id/style': { may: 'admin' },
  'GET /v1/opt-outs': { may: 'admin' },
  'PUT /v1/opt-outs': { may: 'admin' },
  'POST /v1/browser-links': { may: 'admin' },
  'GET /v1/deliveries': { may: 'admin' },
  'GET /v1/deliveries/:id': { may: 'admin' },
  'POST /v1/deliveries/redeliver': { may: 'admin' },
  'POST /v1/deliveries/:id/redeliver': { may: 'admin' },
  'GET /v1/templates': { may: 'admin' },
  'POST /v1/templates': { may: 'admin' },
  'POST /v1/templates/preview': { may: 'admin' },
  'PUT /v1/templates/:topic': { may: 'admin' },
  'DELETE /v1/templates/:topic': { may: 'admin' },
};
