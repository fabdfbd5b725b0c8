// Which page of a peer an alert names. Whoever may push events writes the address, and the token is its owner's: only pages
// of that very peer count, and only in the projects that the place names.
import type { Place } from './peer.ts';

/** The path of the address below the pages at `root`; undefined: it is elsewhere, or may not be what it seems. */
export function pageAt(root: { host: string; path: string }, address = ''): string | undefined {
  if (!URL.canParse(address) || /\/(\.|%2e){1,2}(\/|$)/i.test(address)) return undefined;
  const { protocol, host, pathname } = new URL(address);
  const isThere = /^https?:$/.test(protocol) && host === root.host && pathname.startsWith(`${root.path}/`);
  return isThere ? pathname.slice(root.path.length) : undefined;
}

/** `https://api.github.com#acme,o/r`: all of `acme`, and `o/r`. Without any it is none. */
export function namesProject(place: Place, project: string): boolean {
  const wanted = project.toLowerCase();
  return projectsOf(place).some((one) => wanted === one || wanted.startsWith(`${one}/`));
}

/** The projects that the place names. */
export function projectsOf({ url }: Pick<Place, 'url'>): string[] {
  const [, named = ''] = url.split('#');
  return named
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
