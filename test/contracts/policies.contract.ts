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

export type PolicyFixture = {
  readonly store: PolicyStore;
  readonly clock: ReturnType<typeof createClock>;
  /** Makes the policy in force one that can't be read. */
  readonly damage: () => Promise<void>;
};

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

    it('that can’t be read are replaced by whoever knows it, and kept', async () => {
      const { store, clock, damage } = await createFixture();
      await store.putPolicy(example, undefined, soon);
      clock.advance(1000);
      await store.putPolicy(off, first, soon);
      await damage();
      const unreadable = { ok: false, failure: { reason: 'item-unreadable' } };
      expect(await store.findPolicy(soon)).toMatchObject(unreadable);
      expect(await store.putPolicy(example, undefined, soon)).toMatchObject(unreadable);

      clock.advance(1000);
      // Version 2 takes a number of its own in the history: whether its version is right, nobody knows.
      expect(await store.putPolicy(example, 'unreadable', soon)).toEqual(ok({ kind: 'stored', version: 4 }));
      const fourth: StoredPolicy = { version: 4, storedAtMs: t0 + 2000, policy: example };
      expect(await store.findPolicy(soon)).toEqual(ok(fourth));
      expect(await store.listPolicies(soon)).toEqual(ok({ policies: [fourth, first], unreadable: 1 }));

      expect(await store.putPolicy(off, fourth, soon)).toEqual(ok({ kind: 'stored', version: 5 }));
    });

    it('that can be read are not replaced as if they could not', async () => {
      const { store } = await createFixture();
      expect(await store.putPolicy(example, 'unreadable', soon)).toEqual(ok({ kind: 'changed-meanwhile' }));
      await store.putPolicy(example, undefined, soon);
      expect(await store.putPolicy(off, 'unreadable', soon)).toEqual(ok({ kind: 'changed-meanwhile' }));
      expect(await store.listPolicies(soon)).toEqual(ok({ policies: [first], unreadable: 0 }));
    });

    it('that can’t be read, replaced by several at the same time: one of them is in force', async () => {
      const { store, damage } = await createFixture();
      await store.putPolicy(example, undefined, soon);
      await damage();
      const puts = await Promise.all(
        [5, 6, 7].map((reserveSeconds) => store.putPolicy({ ...off, reserveSeconds }, 'unreadable', soon)),
      );
      expect(puts.filter((put) => put.ok && put.value.kind === 'stored')).toHaveLength(1);
      expect(puts.filter((put) => put.ok && put.value.kind === 'changed-meanwhile')).toHaveLength(2);
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
