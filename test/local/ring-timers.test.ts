import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createQueueClient, createStartRingTimer } from '../../lib/adapters/sqs/ring-timers.ts';
import { limits } from '../../lib/config.ts';
import { type Pump, pumpRingTimers, type SqsHandler } from '../../local/pump-ring-timers.ts';
import { type LocalRingTimers, startLocalRingTimers } from '../../local/ring-timers.ts';
import { accountId } from '../accounts.ts';
import { callId } from '../builders.ts';

let sqs: LocalRingTimers;
let pump: Pump | undefined;

// A new one each time: it goes on handing messages to a pump that has left.
beforeEach(async () => {
  sqs = await startLocalRingTimers();
});
afterEach(async () => {
  await pump?.stop();
  pump = undefined;
  await sqs.close();
});

function startTimer(aheadMs: number) {
  const client = createQueueClient(limits.background.table, {
    endpoint: sqs.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const startRingTimer = createStartRingTimer({
    client,
    url: sqs.queueUrl,
    account: accountId('acme'),
    now: Date.now,
  });
  const nowMs = Date.now();
  return startRingTimer({ callId: callId('812000001'), hop: 0, dueAtMs: nowMs + aheadMs }, nowMs + 4000);
}

it('listens to this machine alone', () => {
  expect(sqs.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(sqs.environment).toMatchObject({
    AWS_ENDPOINT_URL_SQS: sqs.url,
    RING_TIMERS_QUEUE_URL: `${sqs.url}/000000000000/call-router-local-ring-timers`,
  });
});

it('brings a timer to the function once its second is over, and takes it out of the queue', async () => {
  const startedAtMs = Date.now();
  const handler = vi.fn<SqsHandler>(async () => undefined);
  pump = pumpRingTimers(sqs, handler);

  await startTimer(1000);
  await vi.waitFor(() => expect(handler).toHaveBeenCalledOnce(), { timeout: 5000 });

  expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(1000);
  const [event, context] = handler.mock.calls[0] ?? [];
  expect(JSON.parse(event?.Records[0]?.body ?? '')).toMatchObject({
    accountId: 'acme',
    callId: '812000001',
    hop: 0,
  });
  expect(context?.getRemainingTimeInMillis()).toBeGreaterThan(0);
  await vi.waitFor(async () => expect(await sqs.count()).toEqual({ waiting: 0, taken: 0, dead: 0 }));
});

it('leaves in the queue what the function failed on', async () => {
  const complaints: string[] = [];
  const handler = vi.fn<SqsHandler>(async () => {
    throw new Error('the table is away');
  });
  pump = pumpRingTimers(sqs, handler, (complaint) => complaints.push(complaint));

  await startTimer(0);
  await vi.waitFor(() =>
    expect(complaints).toEqual(['a ring timer failed, and comes again: the table is away']),
  );

  expect(await sqs.count()).toEqual({ waiting: 0, taken: 1, dead: 0 });
});

it('stops while it waits, without waiting any longer', async () => {
  pump = pumpRingTimers(sqs, async () => undefined);
  const startedAtMs = Date.now();

  await pump.stop();

  expect(Date.now() - startedAtMs).toBeLessThan(2000);
});
