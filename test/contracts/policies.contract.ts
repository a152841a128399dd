/**
 * What every store of policies must do. The fake and the DynamoDB adapter both run it.
 */
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../lib/core/parse-policy.ts';
import { defaultPolicy, type Policy } from '../../lib/core/policy.ts';
import type { StoredPolicy } from '../../lib/ports.ts';
import { type createClock, t0 } from '../builders.ts';
import type { PolicyStore } from '../fakes/in-memory-policies.ts';
import { examplePolicy } from '../policies.ts';

export type PolicyFixture = { readonly store: PolicyStore; readonly clock: ReturnType<typeof createClock> };

const ok = <Value>(value: Value) => ({ ok: true, value });
const soon = t0 + 1_000_000_000;

function parse(document: unknown): Policy {
  const policy = parsePolicy(document);
  if (!policy.ok) throw new Error(JSON.stringify(policy.failure));
  return policy.value;
}

const example = parse(JSON.parse(examplePolicy));
const off = { ...defaultPolicy, enabled: false };

/** @param createFixture an empty store on a clock that stands at `t0` */
export function testPolicies(name: string, createFixture: () => Promise<PolicyFixture>): void {
  describe(`${name}: policies`, () => {
    const first: StoredPolicy = { version: 1, storedAtMs: t0, policy: example };
    const second: StoredPolicy = { version: 2, storedAtMs: t0 + 1000, policy: off };

    it('are none at first', async () => {
      const { store } = await createFixture();
      expect(await store.findPolicy(soon)).toEqual(ok(undefined));
      expect(await store.listPolicies(soon)).toEqual(ok({ policies: [], unreadable: 0 }));
    });

    it('are put, found whole, and replaced', async () => {
      const { store, clock } = await createFixture();
      expect(await store.putPolicy(example, undefined, soon)).toEqual(ok({ kind: 'stored', version: 1 }));
      expect(await store.findPolicy(soon)).toEqual(ok(first));

      clock.advance(1000);
      expect(await store.putPolicy(off, first, soon)).toEqual(ok({ kind: 'stored', version: 2 }));
      expect(await store.findPolicy(soon)).toEqual(ok(second));
    });

    it('are all listed, newest first, the one in force among them', async () => {
      const { store, clock } = await createFixture();
      let replaced: StoredPolicy | undefined;
      for (let version = 1; version <= 12; version += 1) {
        await store.putPolicy({ ...off, reserveSeconds: version }, replaced, soon);
        replaced = { version, storedAtMs: clock.now(), policy: { ...off, reserveSeconds: version } };
        clock.advance(1000);
      }
      const listed = await store.listPolicies(soon);
      if (!listed.ok) throw new Error(listed.failure.detail);
      expect(listed.value.policies.map(({ version }) => version)).toEqual([
        12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
      ]);
      expect(listed.value.policies.map(({ policy }) => policy.reserveSeconds)).toEqual([
        12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
      ]);
    });

    it('that are not in force any more cannot be replaced', async () => {
      const { store, clock } = await createFixture();
      await store.putPolicy(example, undefined, soon);
      clock.advance(1000);
      await store.putPolicy(off, first, soon);
      clock.advance(1000);

      expect(await store.putPolicy(example, first, soon)).toEqual(ok({ kind: 'changed-meanwhile' }));
      expect(await store.putPolicy(example, undefined, soon)).toEqual(ok({ kind: 'changed-meanwhile' }));
      expect(await store.listPolicies(soon)).toEqual(ok({ policies: [second, first], unreadable: 0 }));
    });

    it('put at the same time in place of the same one: one of them is in force, the other is told', async () => {
      const { store, clock } = await createFixture();
      await store.putPolicy(example, undefined, soon);
      clock.advance(1000);
      const puts = await Promise.all(
        [5, 6, 7].map((reserveSeconds) => store.putPolicy({ ...off, reserveSeconds }, first, soon)),
      );
      expect(puts.filter((put) => put.ok && put.value.kind === 'stored')).toHaveLength(1);
      expect(puts.filter((put) => put.ok && put.value.kind === 'changed-meanwhile')).toHaveLength(2);
    });
  });
}
