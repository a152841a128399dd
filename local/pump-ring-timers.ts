/**
 * What stands between a queue and its function in AWS: waits for messages, invokes the function with each, and takes out
 * of the queue what it took without an error. The rest comes again, as the queue's visibility timeout says.
 */
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { createContext, toSqsEvent } from './lambda.ts';
import type { LocalRingTimers } from './ring-timers.ts';

export type SqsHandler = (event: SQSEvent, context: Context) => Promise<void>;

export type Pump = {
  /** Waits for the invocations under way. */
  readonly stop: () => Promise<void>;
};

/** @param complain told, in words, when an invocation failed or the queue did */
export function pumpRingTimers(
  queue: QueueOfTimers,
  handler: SqsHandler,
  complain: (message: string) => void = console.error,
): Pump {
  const { take, close } = createTake(queue, handler, complain);
  const stopping = new AbortController();
  const pumped = pump();

  async function pump(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await take(20, stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) return;
        complain(`the queue of ring timers: ${describe(error)}`);
        await pause(1000);
      }
    }
  }

  return {
    stop: async () => {
      stopping.abort();
      await pumped;
      close();
    },
  };
}

export type QueueOfTimers = Pick<LocalRingTimers, 'url' | 'queueUrl'>;

export type Take = {
  /** Invokes the function with the messages that are due within `waitSeconds`. @throws what the queue failed with */
  readonly take: (waitSeconds: number, signal?: AbortSignal) => Promise<void>;
  readonly close: () => void;
};

export function createTake(
  { url, queueUrl }: QueueOfTimers,
  handler: SqsHandler,
  complain: (message: string) => void,
): Take {
  const client = new SQSClient({
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

  async function invoke({ Body = '', MessageId, ReceiptHandle }: Message): Promise<void> {
    try {
      await handler(toSqsEvent(Body, MessageId), createContext());
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    } catch (error) {
      complain(`a ring timer failed, and comes again: ${describe(error)}`);
    }
  }

  return {
    take: async (waitSeconds, abortSignal) => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          WaitTimeSeconds: waitSeconds,
          MaxNumberOfMessages: 10,
        }),
        { ...(abortSignal && { abortSignal }) },
      );
      await Promise.all(Messages.map(invoke));
    },
    close: () => client.destroy(),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
