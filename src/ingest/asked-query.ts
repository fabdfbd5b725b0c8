// What a reading route is asked in its address: names and values as the OpenAPI document describes them; others are refused by name.
import type { MiddlewareHandler } from 'hono';
import { readTime } from '#core/instant.ts';
import { nearest } from '#core/nearest.ts';
import type { Fault } from './format.ts';
import { problemResponse, problems } from './problem.ts';

interface Parameter {
  name: string;
  in: string;
  schema?: { type?: string; format?: string; enum?: readonly string[]; minimum?: number; maximum?: number };
}

/** What every route takes: a key where no header can be set. */
const everywhere: Parameter[] = [{ name: 'key', in: 'query' }];

/** Refuses what `paths` does not describe. A path that it does not know is somebody else's to answer. */
export function refuseStrangeQuery(paths: () => object): MiddlewareHandler {
  let routes: [RegExp, Parameter[]][] | undefined;
  return async (c, next) => {
    // Whoever asks for the head only is answered as for all of it.
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (!isRead || !c.req.url.includes('?')) return next();
    routes ??= routesOf(paths());
    const known = routes.find(([path]) => path.test(c.req.path))?.[1];
    if (!known) return next();
    const faults = faultsOf(c.req.queries(), known);
    return faults.length > 0 ? problemResponse(problems.badQuery(faults)) : next();
  };
}

function routesOf(paths: object): [RegExp, Parameter[]][] {
  return Object.entries(paths as Record<string, { get?: { parameters?: Parameter[] } }>).flatMap(
    ([path, { get }]): [RegExp, Parameter[]][] => {
      // A job may call its heartbeat with anything in the address.
      if (!get || path.startsWith('/v1/ping/')) return [];
      const asked = (get.parameters ?? []).filter((one) => one.in === 'query');
      return [
        [
          new RegExp(`^${path.replace(/\./g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
          [...asked, ...everywhere],
        ],
      ];
    },
  );
}

function faultsOf(asked: Record<string, string[]>, known: Parameter[]): Fault[] {
  const names = known.map(({ name }) => name).filter((name) => name !== 'key');
  return Object.entries(asked).flatMap(([name, values]): Fault[] => {
    const parameter = known.find((one) => one.name === name);
    const path = name.slice(0, 60);
    if (!parameter) {
      const near = nearest(name, names);
      const there = names.length === 0 ? 'nothing is asked here' : `there are ${names.join(', ')}`;
      return [{ path, text: `there is no such parameter; ${near ? `did you mean ${near}?` : there}` }];
    }
    if (values.length > 1) return [{ path, text: 'is there more than once' }];
    const text = faultOf(values[0] ?? '', parameter.schema);
    return text === undefined ? [] : [{ path, text }];
  });
}

function faultOf(value: string, schema: Parameter['schema'] = {}): string | undefined {
  const { type, format, enum: choices, minimum = Number.MIN_SAFE_INTEGER, maximum } = schema;
  if (choices && !choices.includes(value)) return `must be one of ${choices.join(', ')}`;
  if (format === 'date-time') {
    const read = readTime(value);
    return read.ok ? undefined : read.text;
  }
  if (type !== 'integer') return undefined;
  const number = Number(value);
  const most = maximum ?? Number.MAX_SAFE_INTEGER;
  if (/^-?\d{1,16}$/.test(value) && number >= minimum && number <= most) return undefined;
  return maximum === undefined
    ? `must be a whole number of at least ${minimum}`
    : `must be a whole number from ${minimum} to ${maximum.toLocaleString('en-US')}`;
}
