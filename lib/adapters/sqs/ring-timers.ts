/**
 * Ring timers in an SQS queue: a message that nobody sees before its delay is over. It names the call and nothing of
 * who is calling.
 */
import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import type { FindAccount } from '../../account-ports.ts';
import { type Account, ownAccountId } from '../../core/account.ts';
import { troubleOf } from '../../core/explain-failure.ts';
import type { AccountId, CallId } from '../../core/model.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Now, QueueFailure, RingTimer, StartRingTimer, Warn } from '../../ports.ts';
import type { HandleRingTimer } from '../../use-cases/handle-ring-timer.ts';
import type { Invocation } from '../../use-cases/receive-event.ts';
import { type ClientTimes, nameOfError, timesOfClient } from '../aws-client.ts';

/** What one account has of the queue. */
export type Queue = {
  readonly client: SQSClient;
  readonly url: string;
  readonly account: AccountId;
  readonly now: Now;
};

export function createQueueClient(times: ClientTimes, config: SQSClientConfig = {}): SQSClient {
  return new SQSClient({
    ...timesOfClient(times),
    // A queue's URL says which queue, not where SQS is: else it would overrule the endpoint that the environment names.
    useQueueUrlAsEndpoint: false,
    ...config,
  });
}

/** The most that SQS delays a message. */
const longestDelaySeconds = 900;

/** The version of the messages this code writes, and the only one it reads. */
const messageVersion = 1;

export function createStartRingTimer(queue: Queue): StartRingTimer {
  return async function startRingTimer({ callId, hop, dueAtMs }, deadlineMs) {
    const nowMs = queue.now();
    // Up to the next second: an agent is not taken a call away from while they may still answer it.
    const delaySeconds = Math.max(0, Math.ceil((dueAtMs - nowMs) / 1000));
    if (delaySeconds > longestDelaySeconds) return unavailable('over 15 minutes ahead');
    if (deadlineMs <= nowMs) return unavailable('no time left');

    try {
      await queue.client.send(
        new SendMessageCommand({
          QueueUrl: queue.url,
          DelaySeconds: delaySeconds,
          MessageBody: JSON.stringify({
            version: messageVersion,
            accountId: queue.account,
            callId,
            hop,
            dueAtMs,
          }),
        }),
        { abortSignal: AbortSignal.timeout(deadlineMs - nowMs) },
      );
      return succeed(undefined);
    } catch (error) {
      return unavailable(nameOfError(error));
    }
  };
}

function unavailable(detail: string): { readonly ok: false; readonly failure: QueueFailure } {
  return fail({ reason: 'queue-unavailable', detail });
}

const timerMessage = z.object({
  version: z.literal(messageVersion),
  /** Missing in messages from before there were several. */
  accountId: z._default(z.string(), ownAccountId),
  callId: z.string().check(z.regex(/^\d+$/)),
  hop: z.int().check(z.gte(0)),
  dueAtMs: z.int(),
});

/** `detail` names the field that is wrong, and never shows its value. */
export type UnreadableMessage = { readonly reason: 'message-unreadable'; readonly detail: string };

/** A timer from a message's text and whose it is, or why it is none. */
export function readRingTimer(body: string): Result<RingTimerOfAccount, UnreadableMessage> {
  const parsed = timerMessage.safeParse(parseJson(body));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path[0] ?? 'body';
    return fail({ reason: 'message-unreadable', detail: `ring timer: ${String(field)}` });
  }
  const { accountId, callId, hop, dueAtMs } = parsed.data;
  return succeed({ accountId: accountId as AccountId, callId: callId as CallId, hop, dueAtMs });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type RingTimerOfAccount = RingTimer & { readonly accountId: AccountId };

export type ReceiveRingTimerPorts = {
  readonly findAccount: FindAccount;
  readonly handlerOf: (account: Account) => HandleRingTimer;
  readonly warn: Warn;
};

/**
 * One message. A timer that can't be read is warned of and let go: it would not be readable the next time either.
 *
 * @throws where the timer is to come again: SQS delivers what was not taken without an error
 */
export type ReceiveRingTimer = (body: string, invocation: Invocation) => Promise<void>;

export function createReceiveRingTimer(ports: ReceiveRingTimerPorts): ReceiveRingTimer {
  return async function receiveRingTimer(body, invocation) {
    const timer = readRingTimer(body);
    if (!timer.ok) return ports.warn('queue-trouble', { detail: timer.failure.detail });

    const { accountId, ...ofCall } = timer.value;
    const account = await ports.findAccount(accountId, invocation.deadlineMs);
    if (!account.ok) {
      const { reason, detail } = account.failure;
      ports.warn(troubleOf(account.failure), { accountId, during: 'finding the account of a call', detail });
      if (reason === 'item-unreadable') return;
      throw comeAgain();
    }
    // Nobody is routed any more for whom it was started.
    if (account.value?.status !== 'active') return;

    const handled = await ports.handlerOf(account.value)(ofCall, invocation);
    if (handled === 'try-again') throw comeAgain();
  };
}

function comeAgain(): Error {
  return new Error('the ring timer is to come again');
}
