// An address as everybody may read it: where it leads, without what lets somebody in there. Pure.

/** Every value in the query is replaced, since tokens stand there; user and password are left out, and the fragment. */
export function shownAddress(address: string): string {
  const [, place = '', query] = /^([^?#]*)(?:\?([^#]*))?/.exec(address) ?? [];
  const open = place.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
  if (query === undefined) return open;
  const hidden = query
    .split('&')
    .map((one) => (one.includes('=') ? `${one.slice(0, one.indexOf('='))}=…` : '…'));
  return `${open}?${hidden.join('&')}`;
}
