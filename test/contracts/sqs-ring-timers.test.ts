import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  createQueueClient,
  createStartRingTimer,
  readRingTimer,
} from '../../lib/adapters/sqs/ring-timers.ts';
import type { RingTimer } from '../../lib/ports.ts';
import { type LocalRingTimers, startLocalRingTimers } from '../../local/ring-timers.ts';
import { accountId } from '../accounts.ts';
import { callId, t0 } from '../builders.ts';
import { testRingTimers } from './ring-timers.contract.ts';

const acme = accountId('acme');
let sqs: LocalRingTimers;

beforeAll(async () => {
  sqs = await startLocalRingTimers();
});
afterAll(() => sqs.close());
afterEach(async () => {
  // In the far future, on a queue's scale: whatever a test left behind is there to be taken.
  vi.setSystemTime(t0 + 100_000_000);
  const client = openClient();
  while ((await takeBodies(client)).length > 0);
  vi.useRealTimers();
});

function openClient(): SQSClient {
  return createQueueClient(
    { connectMs: 1000, requestMs: 5000, attempts: 2 },
    {
      endpoint: sqs.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  );
}

async function takeBodies(client: SQSClient): Promise<readonly string[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl, MaxNumberOfMessages: 10 }),
  );
  for (const { ReceiptHandle } of Messages) {
    await client.send(new DeleteMessageCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle }));
  }
  return Messages.map(({ Body = '' }) => Body);
}

/** The queue runs in this process: it goes by the same clock as we do, which only the test moves. */
function stopTheClock() {
  vi.useFakeTimers({ toFake: ['Date'], now: t0 });
  return { now: Date.now, advance: (ms: number) => void vi.setSystemTime(Date.now() + ms) };
}

function readTimer(body: string): RingTimer {
  const read = readRingTimer(body);
  if (!read.ok) throw new Error(read.failure.detail);
  const { accountId: _, ...timer } = read.value;
  return timer;
}

testRingTimers('timers in SQS', async () => {
  const clock = stopTheClock();
  const client = openClient();
  return {
    startRingTimer: createStartRingTimer({ client, url: sqs.queueUrl, account: acme, now: clock.now }),
    takeDue: async () => (await takeBodies(client)).map(readTimer),
    clock,
  };
});

it('says of the call whose it is and its id, and of the caller nothing', async () => {
  const clock = stopTheClock();
  const client = openClient();
  const startRingTimer = createStartRingTimer({ client, url: sqs.queueUrl, account: acme, now: clock.now });

  await startRingTimer({ callId: callId('812000001'), hop: 2, dueAtMs: t0 }, t0 + 4000);

  expect(await takeBodies(client)).toEqual([
    '{"version":1,"accountId":"acme","callId":"812000001","hop":2,"dueAtMs":1763851200000}',
  ]);
});

it('can not be started in a queue that is not there: the error’s name says so', async () => {
  const queue = { client: openClient(), url: `${sqs.queueUrl}-of-yore`, account: acme, now: () => t0 };

  expect(await createStartRingTimer(queue)({ callId: callId('1'), hop: 0, dueAtMs: t0 }, t0 + 4000)).toEqual({
    ok: false,
    failure: { reason: 'queue-unavailable', detail: 'QueueDoesNotExist' },
  });
});
