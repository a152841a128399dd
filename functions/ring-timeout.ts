/** A ring timer out of its queue. A timer that is to come again is thrown: SQS delivers it anew, and gives it up after three times. */
import type { Context, SQSEvent } from 'aws-lambda';
import { readInvocation } from '../lib/adapters/api-gateway/http.ts';
import { composeRingTimeout } from '../lib/compose.ts';
import { limits } from '../lib/config.ts';

const receiveRingTimer = composeRingTimeout();

export async function handler(event: SQSEvent, context: Context): Promise<void> {
  const invocation = readInvocation(context, limits, Date.now());
  for (const { body } of event.Records) await receiveRingTimer(body, invocation);
}
