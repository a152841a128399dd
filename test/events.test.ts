/** Every sample delivery through the real handler, an embedded DynamoDB and a simulated Aircall. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Deliver, startHandler } from '../local/deliver.ts';
import { callIdOf, readSampleEvents, stampBody } from '../local/sample-events.ts';
import { localWebhookToken } from '../local/stack.ts';

let router: Deliver;

beforeAll(async () => {
  router = await startHandler();
});
afterAll(() => router.close());

it.each(readSampleEvents().map((sample) => [sample.file, sample.entry.says, sample] as const))(
  '%s: %s',
  async (_file, _says, sample) => {
    const body = stampBody(sample, localWebhookToken, Date.now());
    const callId = callIdOf(body);
    await router.prepare(sample, callId);
    const before = router.transfers()?.length ?? 0;

    const answers = [];
    for (const _ of sample.entry.expect) answers.push(await router.deliver(body));

    const withoutId = answers.map(({ callId: _, ...answer }) => answer);
    expect(withoutId).toEqual(sample.entry.expect);
    expect(router.transfers()?.slice(before)).toEqual(sample.entry.transfers ?? []);
    for (const answer of answers) expect([undefined, callId]).toContain(answer['callId']);
  },
);
