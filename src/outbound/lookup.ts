// Names become addresses once, every answer is judged, and the connection goes to what was judged.
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type Allowed, addressFault } from './address.ts';

/** Every address of a name. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

export class AddressRefused extends Error {
  override name = 'AddressRefused';
}

export const resolveBySystem: Resolve = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

/**
 * For `lookup` of a connection. One forbidden address among the answers refuses the name: a name that means the inside
 * as well as the outside is either a mistake or a trap.
 */
export function guardedLookup(resolve: Resolve, allowed: Allowed): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (found) => {
        const bad = found.map(({ address }) => addressFault(address, allowed)).find((fault) => fault);
        if (bad !== undefined) return done(new AddressRefused(`its name leads to ${bad}`), []);
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
