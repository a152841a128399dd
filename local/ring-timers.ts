/**
 * An SQS in this process, with the queue of ring timers and its dead-letter queue in it: no Docker, no account. The
 * timers live as long as the process.
 */
import type { AddressInfo } from 'node:net';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';

export type LocalRingTimers = {
  readonly url: string;
  readonly queueUrl: string;
  /** What the AWS SDK and the router need in the environment to use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many timers wait, are being handled, and were given up. */
  readonly count: () => Promise<TimerCounts>;
  readonly close: () => Promise<void>;
};

export type TimerCounts = { readonly waiting: number; readonly taken: number; readonly dead: number };

/** As deploy/ring-timers.yml has it. */
export const queueAttributes = { VisibilityTimeout: '30', MessageRetentionPeriod: '1200' };
export const mostReceives = 3;

const region = 'eu-west-1';
const account = '000000000000';
const queueName = 'call-router-local-ring-timers';
const deadQueueName = `${queueName}-dead`;

export async function startLocalRingTimers(): Promise<LocalRingTimers> {
  // Its own start function would listen to the whole network.
  const server = buildApp({ logger: false, defaultRegion: region });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  // The one it would give has a host name that not every system resolves; of a queue's URL it reads the name alone.
  const queueUrl = `${url}/${account}/${queueName}`;
  await createQueues(url);

  return {
    url,
    queueUrl,
    environment: {
      AWS_REGION: region,
      AWS_ENDPOINT_URL_SQS: url,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      RING_TIMERS_QUEUE_URL: queueUrl,
    },
    count: async () => {
      const [queue, dead] = await Promise.all([inspect(url, queueName), inspect(url, deadQueueName)]);
      return {
        waiting: queue.ready.length + queue.delayed.length,
        taken: queue.inflight.length,
        dead: dead.ready.length,
      };
    },
    close: async () => {
      await server.close();
    },
  };
}

async function createQueues(endpoint: string): Promise<void> {
  const client = new SQSClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const deadLetterTargetArn = `arn:aws:sqs:${region}:${account}:${deadQueueName}`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: mostReceives });
  try {
    await client.send(new CreateQueueCommand({ QueueName: deadQueueName }));
    await client.send(
      new CreateQueueCommand({ QueueName: queueName, Attributes: { ...queueAttributes, RedrivePolicy } }),
    );
  } finally {
    client.destroy();
  }
}

type Messages = Record<'ready' | 'delayed' | 'inflight', readonly unknown[]>;

async function inspect(url: string, name: string): Promise<Messages> {
  const answer = await fetch(`${url}/_fauxqs/queues/${name}`);
  const { messages } = (await answer.json()) as { messages: Messages };
  return messages;
}
