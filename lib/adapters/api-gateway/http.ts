/**
 * API Gateway's events and answers (HTTP API, payload format 2.0).
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { AccountId } from '../../core/model.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Answer, Invocation, Rejection } from '../../use-cases/receive-event.ts';

/** The largest delivery we read. Aircall's are a few KiB. */
const mostBodyBytes = 256 * 1024;

/** The body as UTF-8 text. */
export function readBody(
  event: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>,
): Result<string, Rejection> {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > mostBodyBytes) return fail({ reason: 'too-large', detail: 'body: over 256 KiB' });

  return succeed(bytes.toString('utf8'));
}

/** What starts background work: the clock, with an event that says nothing of ours; or a wish for one account alone. */
export type WishOfOne = { readonly accountId?: AccountId };

export type InvocationLimits = {
  /** We answer within this, or sooner where the Lambda has less time left. */
  readonly deadlineMs: number;
  /** Kept back of the Lambda's own time for the answer. */
  readonly answerKeptMs: number;
  /** How long the caller of the API waits, from the request's arrival on; a cold start is a part of that. */
  readonly clientWaitsMs?: number;
};

/** @param arrivedAtMs when API Gateway took the request, where one did */
export function readInvocation(
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
  limits: InvocationLimits,
  nowMs: number,
  arrivedAtMs = nowMs,
): Invocation {
  const ownMs = context.getRemainingTimeInMillis() - limits.answerKeptMs;
  // Another machine's clock: it may shorten our time by a cold start's length, not take it all.
  const waitedMs = Math.min(Math.max(0, nowMs - arrivedAtMs), longestColdStartMs);
  const clientMs = (limits.clientWaitsMs ?? Number.POSITIVE_INFINITY) - limits.answerKeptMs - waitedMs;

  return {
    requestId: context.awsRequestId,
    deadlineMs: nowMs + Math.min(limits.deadlineMs, ownMs, clientMs),
  };
}

const longestColdStartMs = 2000;

/** The one place where outcomes and reasons become HTTP. */
export function respond(answer: Answer): APIGatewayProxyStructuredResultV2 {
  if (answer.kind === 'decided') {
    const { callId, decision } = answer;
    return json(200, {
      outcome: decision.outcome,
      callId,
      to: 'to' in decision ? decision.to : undefined,
      because: 'because' in decision ? decision.because : undefined,
    });
  }

  return refuse(answer.rejection);
}

export function refuse({ reason, detail }: Rejection): APIGatewayProxyStructuredResultV2 {
  switch (reason) {
    case 'unauthorized':
      return json(401, { error: 'unauthorized' });
    case 'bad-request':
    case 'unreadable-event':
      return json(400, { error: 'bad request', detail });
    case 'too-large':
      return json(413, { error: 'too large', detail });
  }
}

export function json(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
