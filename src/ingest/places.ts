// Where in a body something stands.

/** The numbers of the items that pass the test. */
export function placesOf<T>(items: readonly T[], test: (item: T) => boolean): number[] {
  const places: number[] = [];
  for (let place = 0; place < items.length; place++) if (test(items[place]!)) places.push(place);
  return places;
}

/** A field of what stands there, as a path of the whole body. */
export function pathOf(at: string, field: string): string {
  return at === '' ? field : `${at}.${field}`;
}
