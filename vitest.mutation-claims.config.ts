import { defineConfig } from 'vitest/config';

/** The tests that hold the claims and reservations, over the embedded DynamoDB and over one that fails. */
export default defineConfig({
  test: {
    include: [
      'test/contracts/dynamodb-store.test.ts',
      'test/contracts/dynamodb-presence.test.ts',
      'test/adapters/dynamodb/call-history.test.ts',
      'test/adapters/dynamodb/faults.test.ts',
      'test/adapters/dynamodb/reservations.test.ts',
    ],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
