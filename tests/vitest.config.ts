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
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // As long as `until` waits: a busy machine makes no test red.
    expect: { poll: { timeout: 20_000 } },
  },
});
