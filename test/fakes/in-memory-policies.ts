/**
 * The policies' ports over a list. Trustworthy because it passes the same contract as the DynamoDB adapter.
 */
import { succeed } from '../../lib/core/result.ts';
import type { FindPolicy, ListPolicies, Now, PutPolicy, StoredPolicy } from '../../lib/ports.ts';

export type PolicyStore = {
  readonly findPolicy: FindPolicy;
  readonly putPolicy: PutPolicy;
  readonly listPolicies: ListPolicies;
};

export function createInMemoryPolicies(now: Now): PolicyStore {
  const newestFirst: StoredPolicy[] = [];

  return {
    findPolicy: async () => succeed(newestFirst[0]),

    putPolicy: async (policy, replaced) => {
      const version = replaced?.version ?? 0;
      if ((newestFirst[0]?.version ?? 0) !== version) return succeed({ kind: 'changed-meanwhile' });

      newestFirst.unshift({ version: version + 1, storedAtMs: now(), policy });
      return succeed({ kind: 'stored', version: version + 1 });
    },

    listPolicies: async () => succeed({ policies: [...newestFirst], unreadable: 0 }),
  };
}
