import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: the runner reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Native addons are not made for worker threads: the PC/SC one aborts the process there.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
