// Names become addresses once, every answer is judged, and the connection goes to what was judged.
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type Allowed, addressFault } from './address.ts';

/** Every address of a name. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

export class AddressRefused extends Error {
  override name = 'AddressRefused';
}

/** All addresses of a name, as the system finds them; rejects as `dns.lookup` does. */
export const resolveBySystem: Resolve = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

const lookupMs = 3_000;

/** Why a name leads where nothing may be sent, as it leads now; undefined also when nobody answers for it in time. */
export async function nameFault(
  host: string,
  allowed: Allowed,
  resolve: Resolve = resolveBySystem,
): Promise<string | undefined> {
  let late: NodeJS.Timeout | undefined;
  const none = new Promise<LookupAddress[]>((settle) => {
    late = setTimeout(() => settle([]), lookupMs);
  });
  const found = await Promise.race([resolve(host).catch(() => []), none]);
  clearTimeout(late);
  return badAmong(found, allowed);
}

function badAmong(found: LookupAddress[], allowed: Allowed): string | undefined {
  const bad = found.map(({ address }) => addressFault(address, allowed)).find((fault) => fault);
  return bad === undefined ? undefined : `its name leads to ${bad}`;
}

/**
 * For `lookup` of a connection. One forbidden address among the answers refuses the name: a name that means the inside
 * as well as the outside is either a mistake or a trap.
 */
export function guardedLookup(resolve: Resolve, allowed: Allowed): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (found) => {
        const bad = badAmong(found, allowed);
        if (bad !== undefined) return done(new AddressRefused(bad), []);
        const fitting = found.filter(({ family }) => fits(family, options));
        const [first] = fitting;
        if (!first) return done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), []);
        return options.all ? done(null, fitting) : done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };
}

function fits(family: number, { family: wanted }: LookupOptions): boolean {
  if (wanted === undefined || wanted === 0) return true;
  return family === (wanted === 'IPv6' || wanted === 6 ? 6 : 4);
}
