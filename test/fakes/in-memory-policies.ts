/**
 * The policies' ports over a list. Trustworthy because it passes the same contract as the DynamoDB adapter.
 */
import { fail, succeed } from '../../lib/core/result.ts';
import type { FindPolicy, ListPolicies, Now, PutPolicy, StoredPolicy } from '../../lib/ports.ts';

export type PolicyStore = {
  readonly findPolicy: FindPolicy;
  readonly putPolicy: PutPolicy;
  readonly listPolicies: ListPolicies;
};

/** Without `stored` it can't be read. */
type Item = { readonly number: number; readonly stored?: StoredPolicy };

export function createInMemoryPolicies(now: Now): PolicyStore & { readonly damage: () => void } {
  const newestFirst: Item[] = [];
  const unreadable = fail({ reason: 'item-unreadable', detail: 'policy: document' } as const);

  return {
    findPolicy: async () => {
      const [inForce] = newestFirst;
      return inForce !== undefined && inForce.stored === undefined ? unreadable : succeed(inForce?.stored);
    },

    putPolicy: async (policy, replaced) => {
      const [inForce] = newestFirst;
      const isUnreadable = inForce !== undefined && inForce.stored === undefined;
      const isKnown =
        replaced === 'unreadable' ? isUnreadable : inForce?.stored?.version === replaced?.version;
      if (isUnreadable && replaced !== 'unreadable') return unreadable;
      if (!isKnown) return succeed({ kind: 'changed-meanwhile' });

      const latest = inForce?.number ?? 0;
      const version = isUnreadable ? latest + 2 : latest + 1;
      newestFirst.unshift({ number: version, stored: { version, storedAtMs: now(), policy } });
      return succeed({ kind: 'stored', version });
    },

    listPolicies: async () => {
      const policies = newestFirst.flatMap(({ stored }) => stored ?? []);
      return succeed({ policies, unreadable: newestFirst.length - policies.length });
    },

    damage: () => {
      newestFirst[0] = { number: newestFirst[0]?.number ?? 1 };
    },
  };
}
