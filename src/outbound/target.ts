// What may be asked for at all: the address as it was typed, before any name is looked up.
import { isIP } from 'node:net';
import { type Allowed, addressFault } from './address.ts';

export type TargetRead = { ok: true; url: URL } | { ok: false; why: string };

/**
 * Ports of protocols that would take the lines of a request for commands of their own (mail, terminals, caches). The
 * ones browsers refuse for that reason, and a few of databases.
 */
const badPorts = new Set(
  `1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135
  137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719
  1720 1723 2049 3659 4045 4190 5060 5061 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 10080 11211`
    .split(/\s+/)
    .map(Number),
);

/** Reads it; the WHATWG parser folds decimal, octal, hexadecimal and full-width forms of an IP address into the plain one. */
export function readTarget(text: string, allowed: Allowed): TargetRead {
  const no = (why: string): TargetRead => ({ ok: false, why });
  if (text.length > 2048) return no('the address is longer than 2048 characters');
  if (!URL.canParse(text)) return no('it is no address such as https://example.org/path');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return no('the address must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') return no('the address must hold no user name or password');
  if (badPorts.has(Number(url.port))) return no(`port ${url.port} belongs to another protocol`);
  const host = hostOf(url);
  if (isIP(host) !== 0) {
    const fault = addressFault(host, allowed);
    if (fault !== undefined) return no(fault);
  }
  return { ok: true, url };
}

/** The host without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}
