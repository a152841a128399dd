/** What every store of when the webhook was seen has to do, the fake one and the real one. */
import { describe, expect, it } from 'vitest';
import { t0 } from '../builders.ts';
import type { WebhookSeenStore } from '../fakes/in-memory-store.ts';

const soon = t0 + 1_000_000_000;
const ok = <Value>(value: Value) => ({ ok: true, value });

/** @param createStore an empty one */
export function testWebhookSeenStore(name: string, createStore: () => Promise<WebhookSeenStore>): void {
  describe(`${name}: when the webhook was last seen to announce calls`, () => {
    it('is nothing before it was', async () => {
      const store = await createStore();
      expect(await store.findWebhookSeen(soon)).toEqual(ok(undefined));
    });

    it('is what was noted last, with the calls that are owed and without', async () => {
      const store = await createStore();
      const owing = { announcedAtMs: t0, missedUntilMs: t0 + 300_000 };
      expect(await store.saveWebhookSeen(owing, soon)).toEqual(ok(undefined));
      expect(await store.findWebhookSeen(soon)).toEqual(
        ok({ announcedAtMs: 1763851200000, missedUntilMs: 1763851500000 }),
      );
      await store.saveWebhookSeen({ announcedAtMs: t0 + 600_000 }, soon);
      expect(await store.findWebhookSeen(soon)).toEqual(ok({ announcedAtMs: 1763851800000 }));
    });
  });
}
