/** A ring timer out of its queue. A timer that is to come again is thrown: SQS delivers it anew, and gives it up after three times. */
import type { Context, SQSEvent } from 'aws-lambda';
import { readInvocation } from '../lib/adapters/api-gateway/http.ts';
import { createReceiveRingTimer } from '../lib/adapters/sqs/ring-timers.ts';
import { composeRingTimeout, composeWarn } from '../lib/compose.ts';
import { limits } from '../lib/config.ts';

const receiveRingTimer = createReceiveRingTimer({
  handleRingTimer: composeRingTimeout(),
  warn: composeWarn(),
});

export async function handler(event: SQSEvent, context: Context): Promise<void> {
  const invocation = readInvocation(context, limits, Date.now());
  for (const { body } of event.Records) await receiveRingTimer(body, invocation);
}
