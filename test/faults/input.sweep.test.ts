/** Every value that is read of a delivery, and in place of it every odd one: what 10,000 throws of the dice may miss. */
import { afterAll, beforeAll, it } from 'vitest';
import { type FuzzedWebhook, startFuzzedWebhook } from './fuzzed-webhook.ts';
import { keysWeRead, samples } from './odd-deliveries.ts';
import { oddNames } from './odd-values.ts';

let webhook: FuzzedWebhook;
beforeAll(async () => {
  webhook = await startFuzzedWebhook();
});
afterAll(() => webhook.close());

/** One of each kind of news: all that is read of any is in one of these. */
const kinds = [
  'call-created.known-caller.json',
  'call-created.newer-payload.json',
  'call-answered.json',
  'call-ended.conversation.json',
  'call-unsuccessful-transfer.json',
  'contact-updated.json',
  'contact-deleted.json',
  'user-opened.v2.json',
  'integration.deleted',
];

it.each(kinds)(
  '%s',
  async (file) => {
    const { body } = samples.find((sample) => sample.file === file) ?? { body: '' };
    for (const key of keysWeRead.filter((one) => body.includes(`"${one}":`))) {
      for (const by of oddNames) {
        const mutations = [{ at: key, how: 'replaced', by } as const];
        await webhook.deliver({ file, mutations, token: 'right', wrapping: 'plain' });
      }
    }
    webhook.expectUnharmed();
  },
  60_000,
);
