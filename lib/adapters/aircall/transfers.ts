/**
 * Giving a call to someone, and reading what became of it.
 */
import type { TransferTarget } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { ReadCall, TransferCall } from '../../ports.ts';
import { toCallId, toCallReading } from './calls.ts';
import type { RequestAircall } from './client.ts';
import { callAnswer } from './wire.ts';

/** `POST /v1/calls/:id/transfers`: 204 when accepted. */
export function createTransferCall(
  requestAircall: RequestAircall,
  { timeoutMs, needsMs }: { readonly timeoutMs: number; readonly needsMs: number },
): TransferCall {
  return async function transferCall(callId, to, deadlineMs) {
    const answer = await requestAircall({
      method: 'POST',
      path: `/v1/calls/${callId}/transfers`,
      route: '/v1/calls/:id/transfers',
      json: toTransferBody(to),
      timeoutMs,
      needsMs,
      deadlineMs,
    });
    // A 2xx accepted the transfer, whatever its body looks like.
    if (answer.ok || answer.failure.reason === 'unreadable-answer') return succeed(undefined);

    return answer;
  };
}

/** Exactly one of the three targets; a strategy goes with a team only. */
function toTransferBody(to: TransferTarget) {
  switch (to.kind) {
    case 'agent':
      return { user_id: to.aircallUserId };
    case 'team':
      return { team_id: to.teamId, ...(to.strategy && { dispatching_strategy: to.strategy }) };
    case 'number':
      return { number: to.phone };
  }
}

/** `GET /v1/calls/:id`. */
export function createReadCall(requestAircall: RequestAircall, timeoutMs: number): ReadCall {
  return async function readCall(callId, deadlineMs) {
    const route = '/v1/calls/:id';
    const answer = await requestAircall({
      method: 'GET',
      path: `/v1/calls/${callId}`,
      route,
      timeoutMs,
      deadlineMs,
    });
    if (!answer.ok) return answer;

    const parsed = callAnswer.safeParse(answer.value);
    const isThatCall = parsed.success && toCallId(parsed.data.call.id) === callId;
    if (!isThatCall) return fail({ reason: 'unreadable-answer', message: `GET ${route}: not that call` });
    return succeed(toCallReading(parsed.data.call));
  };
}
