// How the tests run: few processes at once (two cores), real parts started once by the harness.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/harness/setup.ts'],
    globalSetup: ['tests/harness/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Nothing is asserted by these: where eight others share two cores, some tests take half a minute.
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // As long as `until` waits.
    expect: { poll: { timeout: 20_000 } },
  },
});
