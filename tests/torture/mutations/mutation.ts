// The contract of the shelf of mutations: one guard of a promise, how to break it, and the test that must notice.

export interface Mutation {
  /** What is broken, in a few words. */
  guard: string;
  /** The file below the repository. */
  file: string;
  /** Exact texts, each of which stands there once, and what takes its place. */
  patch: readonly (readonly [was: string, is: string])[];
  /** Also in the short profile: one of each kind of promise. */
  short?: true;
  /** The test that must turn red: its file, and words of its name as they stand in the source. */
  test: { file: string; name: string };
}

/** A fault of the patch itself: the code has moved on, and the guard is no longer tested by this. */
export function misfit({ patch }: Mutation, source: string): string | undefined {
  for (const [was] of patch) {
    const count = source.split(was).length - 1;
    if (count !== 1) return `stands there ${count} times instead of once: ${was.trim().split('\n')[0]}`;
  }
  return undefined;
}

/** The file with its guard broken. */
export function broken({ patch }: Mutation, source: string): string {
  return patch.reduce((text, [was, is]) => text.replace(was, () => is), source);
}
