// The doors of the room: what is answered under /v1, and as other systems' own APIs, assembled.
import { type Context, Hono } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { ActionBook } from '#operations/action-book.ts';
import type { BackTestBook } from '#operations/back-test-book.ts';
import type { ChannelBook } from '#operations/channel-book.ts';
import type { KindBook } from '#operations/kind-book.ts';
import type { ModuleBook } from '#operations/module-book.ts';
import type { TemplateBook } from '#operations/template-book.ts';
import type { World } from '#operations/world.ts';
import { sqlState } from '#store/connection.ts';
import { type Accept, openAccept } from './accept.ts';
import { addActionRoutes } from './action-routes.ts';
import { addAlertDeedRoutes } from './alert-deed-routes.ts';
import { refuseStrangeQuery } from './asked-query.ts';
import { addBackTestRoutes } from './back-test-routes.ts';
import { addBroadcastRoutes } from './broadcast-routes.ts';
import { formatNamed, formats } from './formats/index.ts';
import { addGroupRoutes } from './group-routes.ts';
import { addHeartbeatRoutes } from './heartbeat-routes.ts';
import { addHistoryRoutes } from './history-routes.ts';
import { refuseNul } from './keepable.ts';
import { openKeyBook } from './key-book.ts';
import { addListRoutes } from './list-routes.ts';
import { addMemberRoutes } from './member-routes.ts';
import { openApi } from './openapi.ts';
import { addOwnApis } from './own-apis.ts';
import { addPackRoutes } from './pack-routes.ts';
import { addPingRoutes } from './ping-routes.ts';
import { type PlainDoor, plainDoor } from './plain-door.ts';
import { namesOf, problemResponse, problems } from './problem.ts';
import { openPush } from './push.ts';
import { addReadRoutes } from './read-routes.ts';
import { addReceiverRoutes } from './receiver-routes.ts';
import { addRuleRoutes } from './rule-routes.ts';
import { addSilenceRoutes } from './silence-routes.ts';
import { addSourceRoutes } from './source-routes.ts';
import { addStyleRoutes } from './style-routes.ts';
import { addTargetRoutes } from './target-routes.ts';
import { addTemplateRoutes } from './template-routes.ts';
import { addTopicRoutes } from './topic-routes.ts';

export interface IngestDeps {
  world: World;
  now: () => number;
  /** The door to the ledger when others of the room use it, too; it is closed with the routes. */
  accept?: Accept;
  /** Checks and shows templates; without it none can be set. */
  templates?: TemplateBook;
  /** What can be asked; without it there are no targets. */
  modules?: ModuleBook;
  /** Where people can be told; without it there is nothing about receivers. */
  channels?: ChannelBook;
  /** The kinds of actions; without them none can be declared. */
  actions?: ActionBook;
  /** Where people reach this server. */
  publicUrl?: string;
  /** What rules would have told; without it nobody can ask. */
  backTests?: BackTestBook;
  /** The kinds of rules; without them nobody can make a rule or a heartbeat here. */
  kinds?: KindBook;
  /** Tells every owner a sentence of ours, for instance that a source pushes too fast. */
  tellOwners?: (text: string, now: number) => Promise<void>;
  /** Doors of other rooms below the same roots: as the description names them, and with the methods they take. */
  others?: { paths: object; doors: Doors };
}

export interface IngestDoor {
  /** Answers what needs no router, before anything else sees it. */
  plain: PlainDoor;
  close(): Promise<void>;
}

type Doors = [RegExp, string][];

/** Paths, with the methods they take, for 405. */
const doors: Doors = [
  [/^\/v1\/events$/, 'GET or POST'],
  [/^\/v1\/audit$/, 'GET'],
  [/^\/v1\/members$/, 'GET'],
  [/^\/v1\/members\/[^/]+$/, 'DELETE'],
  [/^\/v1\/in\/[^/]+$/, 'POST'],
  [/^\/v1\/events\/[^/]+$/, 'GET'],
  [/^\/v1\/alerts(\/[^/]+)?$/, 'GET'],
  [/^\/v1\/alerts\/[^/]+\/(acknowledge|release|resolve|snooze|unsnooze|note)$/, 'POST'],
  [/^\/v1\/silences$/, 'GET or POST'],
  [/^\/v1\/silences\/[^/]+$/, 'GET or DELETE'],
  [/^\/v1\/groups$/, 'GET or POST'],
  [/^\/v1\/groups\/[^/]+$/, 'GET, PATCH or DELETE'],
  [/^\/v1\/rules\/back-test$/, 'POST'],
  [/^\/v1\/topics$/, 'GET'],
  [/^\/v1\/topics\/[^/]+$/, 'GET, PUT or DELETE'],
  [/^\/v1\/modules$/, 'GET'],
  [/^\/v1\/lists$/, 'GET'],
  [/^\/v1\/lists\/[^/]+$/, 'GET, PUT or DELETE'],
  [/^\/v1\/heartbeats$/, 'GET or POST'],
  [/^\/v1\/heartbeats\/[^/]+$/, 'DELETE'],
  [/^\/v1\/heartbeats\/[^/]+\/renew$/, 'POST'],
  [/^\/v1\/ping\/[^/]+(\/[^/]+)?$/, 'GET, POST or HEAD'],
  [/^\/v1\/rules$/, 'GET or POST'],
  [/^\/v1\/rules\/[^/]+$/, 'GET, PUT or DELETE'],
  [/^\/v1\/targets$/, 'GET or POST'],
  [/^\/v1\/targets\/probe$/, 'POST'],
  [/^\/v1\/targets\/[^/]+$/, 'PATCH or DELETE'],
  [/^\/v1\/sources$/, 'GET or POST'],
  [/^\/v1\/sources\/[^/]+$/, 'GET'],
  [/^\/v1\/sources\/[^/]+\/keys$/, 'POST'],
  [/^\/v1\/sources\/[^/]+\/secret$/, 'PUT or DELETE'],
  [/^\/v1\/sources\/[^/]+\/mapping$/, 'GET, PUT or DELETE'],
  [/^\/v1\/keys\/[^/]+$/, 'DELETE'],
  [/^\/v1\/keys\/[^/]+\/rotate$/, 'POST'],
  [/^\/v1\/channels$/, 'GET'],
  [/^\/v1\/receivers$/, 'GET or POST'],
  [/^\/v1\/receivers\/[^/]+$/, 'DELETE'],
  [/^\/v1\/receivers\/[^/]+\/(test|enable|send-code|verify|renew-secret)$/, 'POST'],
  [/^\/v1\/receivers\/[^/]+\/style$/, 'PUT'],
  [/^\/v1\/browser-links$/, 'POST'],
  [/^\/v1\/actions$/, 'GET or POST'],
  [/^\/v1\/actions\/[^/]+$/, 'GET or DELETE'],
  [/^\/v1\/actions\/[^/]+\/try$/, 'POST'],
  [/^\/v1\/acts$/, 'GET'],
  [/^\/v1\/broadcasts$/, 'GET or POST'],
  [/^\/v1\/broadcasts\/[^/]+$/, 'GET'],
  [/^\/v1\/broadcasts\/[^/]+\/(continue|stop)$/, 'POST'],
  [/^\/v1\/opt-outs$/, 'GET or PUT'],
  [/^\/v1\/deliveries(\/\d+)?$/, 'GET'],
  [/^\/v1\/deliveries\/(\d+\/)?redeliver$/, 'POST'],
  [/^\/v1\/templates$/, 'GET or POST'],
  [/^\/v1\/templates\/preview$/, 'POST'],
  [/^\/v1\/templates\/[^/]+$/, 'PUT or DELETE'],
  [/^\/v1\/openapi\.json$/, 'GET'],
  [/^\/api\/v2\/alerts$/, 'POST'],
  [/^\/api\/v2\/status$/, 'GET'],
  [/^\/v2\/enqueue$/, 'POST'],
];

/**
 * The HTTP routes of the room. Mount them after every other route under these roots: what is left
 * there is answered with a problem document. `close` answers what is under way and takes no more.
 */
export function ingestRoutes(deps: IngestDeps): Hono & IngestDoor {
  const { world, now } = deps;
  const app = new Hono();
  const keys = openKeyBook(world);
  const accept = deps.accept ?? openAccept(world);
  const way = openPush({ ...deps, keys, accept });
  const native = formatNamed('native')!;
  const cloudevents = formatNamed('cloudevents')!;

  let description: object | undefined;
  const described = () => {
    description ??= openApi(deps.others?.paths);
    return description as { paths: object };
  };
  app.use('/v1/*', refuseNul);
  app.use(
    '/v1/*',
    refuseStrangeQuery(() => described().paths),
  );
  app.post('/v1/events', (c) => {
    const { headers } = c.req.raw;
    const foreign =
      headers.has('ce-specversion') || /^application\/cloudevents/i.test(headers.get('content-type') ?? '');
    return way.push(c.req.raw, foreign ? cloudevents : native);
  });
  app.post('/v1/in/:format', (c) => {
    const format = formatNamed(c.req.param('format'));
    if (format) return way.push(c.req.raw, format);
    const known = formats.map(({ name }) => name).join(', ');
    return problemResponse(problems.notFound(`There is no such format; there are ${known}.`));
  });
  addHistoryRoutes(app, { world, keys, now });
  addMemberRoutes(app, { world, keys, now });
  addReadRoutes(app, { world, keys, now });
  addAlertDeedRoutes(app, { world, keys, now });
  addSilenceRoutes(app, { world, keys, now });
  addGroupRoutes(app, { world, keys, now });
  addPingRoutes(app, { world, accept, now });
  if (deps.kinds) addHeartbeatRoutes(app, { world, keys, kinds: deps.kinds, now });
  if (deps.backTests) addBackTestRoutes(app, { world, keys, backTests: deps.backTests, now });
  addTopicRoutes(app, { world, keys, now });
  addListRoutes(app, { world, keys, now });
  addBroadcastRoutes(app, { world, keys, now });
  if (deps.actions) addActionRoutes(app, { world, keys, actions: deps.actions, now });
  if (deps.kinds) addRuleRoutes(app, { world, keys, kinds: deps.kinds, now });
  if (deps.kinds) addPackRoutes(app, { world, keys, kinds: deps.kinds, now });
  addSourceRoutes(app, { world, keys, now });
  if (deps.templates) addTemplateRoutes(app, { world, keys, templates: deps.templates, now });
  if (deps.channels) addReceiverRoutes(app, { world, keys, channels: deps.channels, now });
  const { channels, publicUrl } = deps;
  if (channels && publicUrl) addStyleRoutes(app, { world, keys, channels, publicUrl, now });
  if (deps.modules) addTargetRoutes(app, { world, keys, book: deps.modules, now });
  app.get('/v1/openapi.json', () => Response.json(described()));
  addOwnApis(app, { way, keys, now });
  const known = [...doors, ...(deps.others?.doors ?? [])];
  for (const root of ['/v1', '/api/v2', '/v2'])
    app.all(`${root}/*`, (c) => {
      const allow = known.find(([path]) => path.test(c.req.path))?.[1];
      const nothing = `There is no such address under ${root}.`;
      return problemResponse(allow ? problems.methodNotAllowed(allow) : problems.notFound(nothing));
    });
  app.onError((error, c) => {
    // Reading needs the database; anything else that throws is a bug of ours.
    const away = isAway(error);
    world.log.error({ ...placeOf(c), ...namesOf(error), away }, 'a request under /v1 failed');
    return problemResponse(away ? problems.away() : problems.broken());
  });
  return Object.assign(app, { plain: plainDoor(world, way, native, now), close: () => accept.close() });
}

// The address itself may hold a key.
function placeOf(c: Context): { method: string; route: string } {
  const route = matchedRoutes(c).find(({ path }) => !path.includes('*'))?.path ?? 'none';
  return { method: c.req.method, route };
}

// Data faults (22, 23, 54) and wrong SQL (42) are bugs; any other code says that the database is not there for us.
function isAway(error: Error): boolean {
  return !/^$|^(22|23|42|54)/.test(sqlState(error) ?? '');
}
