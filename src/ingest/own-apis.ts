// Other systems' own APIs, so that what speaks to them speaks to us: Alertmanager's and PagerDuty's.
import type { Hono } from 'hono';
import { callerOf } from './caller.ts';
import { formatNamed } from './formats/index.ts';
import type { KeyBook } from './key-book.ts';
import { type Problem, problemResponse } from './problem.ts';
import type { Push, Tongue } from './push.ts';
import { topText } from './scan.ts';

/** Prometheus asks for success alone; amtool shows the text of a refusal. */
const alertmanager: Tongue = {
  taken: () => new Response(null, { status: 200 }),
  refused: (problem) =>
    Response.json([sentence(problem), ...faultsOf(problem)].join('; '), {
      status: problem.status === 422 ? 400 : problem.status,
      headers: problem.headers ?? {},
    }),
};

const pagerduty: Tongue = {
  // Found by one pass over the bytes: nothing of a stranger's body is parsed, and no words are made about what is wrong in it.
  keyInBody: (said) => topText(said, 'routing_key'),
  taken: ({ fingerprints }) =>
    Response.json(
      { status: 'success', message: 'Event processed', dedup_key: fingerprints[0] },
      { status: 202 },
    ),
  refused(problem) {
    // As theirs does: a wrong key is a fault of the event, not a challenge to log in.
    const isFault = [401, 413, 415, 422].includes(problem.status);
    const errors = problem.code === 'unauthorized' ? ['routing_key is no valid key'] : faultsOf(problem);
    return Response.json(
      {
        status: isFault || problem.status === 400 ? 'invalid event' : problem.code.replaceAll('_', ' '),
        message: problem.title,
        errors: errors.length > 0 ? errors : [sentence(problem)],
      },
      { status: isFault ? 400 : problem.status, headers: problem.headers ?? {} },
    );
  },
};

/** Adds `POST /api/v2/alerts`, `GET /api/v2/status` and `POST /v2/enqueue`. */
export function addOwnApis(
  app: Hono,
  { way, keys, now }: { way: Push; keys: KeyBook; now: () => number },
): void {
  const alerts = formatNamed('alertmanager-api')!;
  const events = formatNamed('pagerduty')!;
  const startedAt = now();
  app.post('/api/v2/alerts', (c) => way.push(c.req.raw, alerts, alertmanager));
  app.post('/v2/enqueue', (c) => way.push(c.req.raw, events, pagerduty));
  app.get('/api/v2/status', async (c) => {
    const caller = await callerOf(keys, c.req.raw, now());
    if (!('keyId' in caller)) return problemResponse(caller);
    return Response.json(alertmanagerStatus(startedAt));
  });
}

// The shape that Alertmanager's clients read; what Tocsin has nothing of is said as such.
function alertmanagerStatus(startedAt: number): object {
  const none = '';
  return {
    cluster: { status: 'disabled', peers: [] },
    config: { original: '# Tocsin has no such file: every setting is in the chat.\n' },
    uptime: new Date(startedAt).toISOString(),
    versionInfo: {
      version: 'tocsin',
      branch: none,
      buildDate: none,
      buildUser: none,
      goVersion: none,
      revision: none,
    },
  };
}

function sentence({ title, detail }: Problem): string {
  return detail === undefined ? `${title}.` : `${title}. ${detail}`;
}

function faultsOf({ errors = [] }: Problem): string[] {
  return errors.map(({ path, text }) => (path === '' ? text : `${path} ${text}`));
}
