/**
 * The functions that bring accounts in step, run for one account: Lambda takes the request and runs them when it can.
 */
import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { StartFirstRefresh } from '../../account-ports.ts';
import { fail, succeed } from '../../core/result.ts';
import type { Now } from '../../ports.ts';
import { type ClientTimes, nameOfError, timesOfClient } from '../aws-client.ts';

export function createLambdaClient(times: ClientTimes, config: LambdaClientConfig = {}): LambdaClient {
  return new LambdaClient({ ...timesOfClient(times), ...config });
}

/** @param functionNames of those that take `{ accountId }` for an event */
export function createStartFirstRefresh(
  client: LambdaClient,
  functionNames: readonly string[],
  now: Now,
): StartFirstRefresh {
  return async function startFirstRefresh(accountId, deadlineMs) {
    const leftMs = deadlineMs - now();
    if (leftMs <= 0) return fail({ reason: 'start-failed', detail: 'no time left' });

    const Payload = JSON.stringify({ accountId });
    const abortSignal = AbortSignal.timeout(leftMs);
    const sent = await Promise.allSettled(
      functionNames.map((FunctionName) =>
        client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }), { abortSignal }),
      ),
    );
    const failed = sent.find((one) => one.status === 'rejected');
    return failed === undefined
      ? succeed(undefined)
      : fail({ reason: 'start-failed', detail: nameOfError(failed.reason) });
  };
}
