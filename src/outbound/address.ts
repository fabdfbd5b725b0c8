// Which IP addresses a request for somebody else may reach: public ones, and what the operator allowed besides.
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** The networks that OUTBOUND_ALLOW names. */
export type Allowed = readonly [Address, number][];

/**
 * Where clouds hand out credentials, and what only leads somewhere else by another name. No setting opens these:
 * link-local, unspecified, multicast, and addresses that carry a second one inside them.
 */
const neverRanges = new Set([
  'linkLocal',
  'unspecified',
  'multicast',
  'broadcast',
  'ipv4Mapped',
  'rfc6145',
  'rfc6052',
  '6to4',
  'teredo',
]);
const metadata = [
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
].map((text) => ipaddr.parseCIDR(text));
/** The only part of IPv6 that is given out; the rest is reserved or old forms of something else. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/** Why nothing may be sent to this address, or undefined when it may be. */
export function addressFault(text: string, allowed: Allowed): string | undefined {
  if (!ipaddr.isValid(text)) return 'it is no IP address';
  const address = ipaddr.process(text);
  const range = address.range();
  if (neverRanges.has(range) || isIn(address, metadata)) return `${sayRange(range)} are never spoken to`;
  if (isIn(address, allowed)) return undefined;
  const isPublic = range === 'unicast' && (address.kind() === 'ipv4' || isIn(address, [globalUnicast]));
  return isPublic ? undefined : `${sayRange(range)} are not spoken to, unless OUTBOUND_ALLOW names them`;
}

export type AllowedRead = { ok: true; allowed: Allowed } | { ok: false; wrong: string; why: string };

/** Reads `10.0.0.0/8, fd12::/48, 192.168.1.7`. */
export function readAllowed(text: string): AllowedRead {
  const allowed: [Address, number][] = [];
  for (const one of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const cidr = ipaddr.isValidCIDR(one) ? ipaddr.parseCIDR(one) : single(one);
    if (!cidr) return { ok: false, wrong: one, why: 'is none' };
    const never = neverOpened(cidr);
    if (never !== undefined)
      return { ok: false, wrong: one, why: `opens nothing: ${never} are never spoken to` };
    allowed.push(cidr);
  }
  return { ok: true, allowed };
}

/** What kind of addresses a network holds that no setting opens; undefined when any of it can be opened. */
function neverOpened([address, bits]: Allowed[number]): string | undefined {
  const [first, last] = endsOf(address, bits).map((end) => end.range());
  if (isIn(address, metadata) && bits === address.toByteArray().length * 8) return sayRange('metadata');
  return first === last && neverRanges.has(first!) ? sayRange(first!) : undefined;
}

function endsOf(address: Address, bits: number): [Address, Address] {
  const [low, high] = [address.toByteArray(), address.toByteArray()];
  for (let bit = bits; bit < low.length * 8; bit++) {
    const mask = 128 >> (bit % 8);
    low[bit >> 3]! &= ~mask;
    high[bit >> 3]! |= mask;
  }
  return [ipaddr.fromByteArray(low), ipaddr.fromByteArray(high)];
}

/** For what an operator types on the command line of their own machine. */
export const everyNetwork: Allowed = [ipaddr.parseCIDR('0.0.0.0/0'), ipaddr.parseCIDR('::/0')];

function single(text: string): [Address, number] | undefined {
  // The library takes 10.1 for an address, too; whoever writes it here has forgotten something.
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isIn(address: Address, networks: Allowed): boolean {
  return networks.some(([network, bits]) => {
    if (network instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && address.match(network, bits);
    return address instanceof ipaddr.IPv6 && address.match(network, bits);
  });
}

const said: Record<string, string> = {
  loopback: 'addresses of this machine itself',
  private: 'addresses of a private network',
  uniqueLocal: 'addresses of a private network',
  carrierGradeNat: 'addresses of a provider’s inner network',
  linkLocal: 'link-local addresses',
  unspecified: 'addresses that mean no address',
};

function sayRange(range: string): string {
  return said[range] ?? 'addresses for special uses';
}
