/**
 * The call flow's door: Aircall asks who should ring, and waits. The same decision as at the webhook's, but the answer is
 * a name and not a transfer. Whatever goes wrong, the flow goes on to its own fallback.
 */
import { describeCaller, describeError } from '../core/describe.ts';
import type {
  Caller,
  CallId,
  ClaimOwner,
  DecisionRecord,
  PhoneNumber,
  TransferTarget,
} from '../core/model.ts';
import { type Result, succeed } from '../core/result.ts';
import type { FindDecidedCall, Now, Report, Warn } from '../ports.ts';
import type { Invocation, Rejection } from './receive-event.ts';
import type { RouteCall, RouteCallDoor } from './route-call.ts';

export type RingToRequest = { readonly authorization: string | undefined; readonly body: string };

export type RingToQuestion = {
  readonly callId: CallId;
  readonly caller: Caller;
  readonly aircallNumber?: PhoneNumber;
};

/** Proves and reads a question. Makes no request. */
export type ReadRingTo = (request: RingToRequest) => Result<RingToQuestion, Rejection>;

/** Without `to`, the flow's own fallback. */
export type RingToAnswer = { readonly to?: TransferTarget };

/** As the flow reads it. */
export type WriteRingTo = (answer: RingToAnswer) => object;

export type AnswerRingToPorts = {
  readonly readRingTo: ReadRingTo;
  readonly writeRingTo: WriteRingTo;
  readonly routeCall: RouteCall;
  readonly findDecidedCall: FindDecidedCall;
  readonly report: Report;
  readonly warn: Warn;
  readonly now: Now;
};

/** @param request what was asked, or why it can't be read. Never throws. */
export type AnswerRingTo = (
  request: Result<RingToRequest, Rejection>,
  invocation: Invocation,
) => Promise<Result<object, Rejection>>;

export function createAnswerRingTo(ports: AnswerRingToPorts): AnswerRingTo {
  return async function answerRingTo(request, invocation) {
    const startedAtMs = ports.now();
    const { requestId } = invocation;
    const question = request.ok ? ports.readRingTo(request.value) : request;
    if (!question.ok) {
      const decision = { outcome: 'refused', because: question.failure.reason } as const;
      ports.report({ requestId, event, decision, tookMs: ports.now() - startedAtMs });
      return question;
    }

    const { callId, caller } = question.value;
    const { answer, record } = await decide(question.value, invocation, startedAtMs);
    ports.report({
      requestId,
      event,
      callId,
      caller: describeCaller(caller),
      decision: record?.decision ?? { outcome: 'left', because: 'internal-error' },
      tookMs: ports.now() - startedAtMs,
      ...(record && { record }),
    });
    return succeed(ports.writeRingTo(answer));
  };

  async function decide(
    question: RingToQuestion,
    { requestId, deadlineMs }: Invocation,
    nowMs: number,
  ): Promise<{ readonly answer: RingToAnswer; readonly record?: DecisionRecord }> {
    // The flow asks about a call that is ringing right now.
    const call = { ...question, status: 'ringing', startedAtMs: nowMs } as const;
    try {
      const record = await ports.routeCall(call, requestId as ClaimOwner, deadlineMs);
      if (record.decision.outcome === 'duplicate') {
        return { answer: await repeatAnswer(question.callId, deadlineMs), record };
      }
      return { answer: toAnswer(record), record };
    } catch (error) {
      ports.warn('unexpected-error', describeError(error));
      return { answer: {} };
    }
  }

  /** Asked again, the flow gets the same answer; a call that the webhook's door had first is not given away twice. */
  async function repeatAnswer(callId: CallId, deadlineMs: number): Promise<RingToAnswer> {
    const call = await ports.findDecidedCall(callId, deadlineMs);
    return call.ok && call.value?.record.door === 'ring-to' ? toAnswer(call.value.record) : {};
  }
}

const event = 'ring-to';

function toAnswer({ decision }: DecisionRecord): RingToAnswer {
  return decision.outcome === 'routed' ? { to: decision.to } : {};
}

/**
 * Whoever died with a claim may have answered. Nothing at Aircall shows whether, and a second answer could ring a second
 * agent.
 */
export const ringToDoor: RouteCallDoor = {
  name: 'ring-to',
  giveCall: async ({ target, to }) => ({ outcome: 'routed', to, because: target.because }),
  checkLate: async () => 'still-ringing',
  settleDoubt: async () => 'answer-lost',
};
