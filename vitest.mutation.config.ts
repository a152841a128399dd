import { defineConfig } from 'vitest/config';

/** The tests that hold the rules and the use cases, without servers: fast enough to be run once for each mutant. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts', 'test/use-cases/**/*.test.ts'],
    // It holds the keys of the table.
    exclude: ['test/use-cases/two-accounts.property.test.ts'],
    testTimeout: 20_000,
  },
});
