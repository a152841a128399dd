/**
 * 10,000 deliveries that nobody should send, to the webhook as deployed. Always the same ones; others with FUZZ_SEED.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FuzzedWebhook, startFuzzedWebhook } from './fuzzed-webhook.ts';
import { oddDelivery } from './odd-deliveries.ts';

/** Printed by whatever fails; with it, the same deliveries come again. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_125);

let webhook: FuzzedWebhook;
beforeAll(async () => {
  webhook = await startFuzzedWebhook();
});
afterAll(() => webhook.close());

it('10,000 generated deliveries: each is answered as documented, in time, and says nothing it should not', async () => {
  const came = new Map<string, number>();
  let delivered = 0;
  await fc.assert(
    fc.asyncProperty(oddDelivery, async (delivery) => {
      // Agents are held by the calls before: free again, some are routed.
      if (delivered % 100 === 0) await webhook.resetAgents();
      delivered += 1;
      const what = await webhook.deliver(delivery);
      came.set(what, (came.get(what) ?? 0) + 1);
    }),
    { numRuns: 10_000, seed },
  );
  webhook.expectUnharmed();
  // They are near enough to the right ones to get everywhere.
  expect([...came.keys()].toSorted()).toEqual(
    expect.arrayContaining(['200 ignored', '200 left', '200 routed', '200 tracked', '400', '401', '413']),
  );
  expect(
    [...came].filter(([what]) => what.startsWith('200')).reduce((sum, [, count]) => sum + count, 0),
  ).toBeGreaterThan(4_000);
}, 180_000);
