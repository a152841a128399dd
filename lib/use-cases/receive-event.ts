/**
 * One delivery from Aircall: proven, read, dispatched by event, reported.
 *
 * A delivery that proved itself is always answered with a decision. Whatever goes wrong in between, the call stays
 * with Aircall: an error answer would only spend the budget after which Aircall switches the webhook off.
 */
import type {
  Caller,
  CallId,
  ClaimOwner,
  Decision,
  DecisionRecord,
  IgnoreReason,
  InboundCall,
} from '../core/model.ts';
import { maskPhoneNumber } from '../core/phone-number.ts';
import type { Result } from '../core/result.ts';
import type { Now, RejectionReason, Report, Warn } from '../ports.ts';
import type { RouteCall } from './route-call.ts';
import type { PresenceNews, TrackNews } from './track-presence.ts';

/** A delivery we don't accept. `detail` names the part that is wrong, and never shows its value. */
export type Rejection = { readonly reason: RejectionReason; readonly detail: string };

/** An authentic delivery. */
export type Delivery =
  | { readonly kind: 'inbound-call'; readonly event: string; readonly call: InboundCall }
  | {
      readonly kind: 'presence';
      readonly event: string;
      readonly news: PresenceNews;
      readonly callId?: CallId;
    }
  | {
      readonly kind: 'ignored';
      readonly event: string;
      readonly because: IgnoreReason;
      readonly callId?: CallId;
    };

/** Proves and reads a body. Makes no request. */
export type ReadDelivery = (body: string) => Result<Delivery, Rejection>;

export type Answer =
  | { readonly kind: 'decided'; readonly callId?: CallId; readonly decision: Decision }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** One run of a Lambda: its id, and the time by which it must have answered. */
export type Invocation = { readonly requestId: string; readonly deadlineMs: number };

export type ReceiveEventPorts = {
  readonly readDelivery: ReadDelivery;
  readonly routeCall: RouteCall;
  readonly trackNews: TrackNews;
  readonly report: Report;
  readonly warn: Warn;
  readonly now: Now;
};

/** @param body the delivery's text, or why there is none. Never throws. */
export type ReceiveEvent = (body: Result<string, Rejection>, invocation: Invocation) => Promise<Answer>;

export function createReceiveEvent(ports: ReceiveEventPorts): ReceiveEvent {
  return async function receiveEvent(body, invocation) {
    const startedAtMs = ports.now();
    const delivery = body.ok ? ports.readDelivery(body.value) : body;
    if (!delivery.ok) {
      const decision = { outcome: 'refused', because: delivery.failure.reason } as const;
      ports.report({ requestId: invocation.requestId, decision, tookMs: ports.now() - startedAtMs });
      return { kind: 'rejected', rejection: delivery.failure };
    }

    const { event } = delivery.value;
    const callId =
      delivery.value.kind === 'inbound-call' ? delivery.value.call.callId : delivery.value.callId;
    const record = await act(delivery.value, invocation);
    const { decision } = record;
    ports.report({
      requestId: invocation.requestId,
      event,
      ...(callId !== undefined && { callId }),
      decision,
      tookMs: ports.now() - startedAtMs,
      ...('callId' in record && { caller: describeCaller(record.caller), record }),
    });
    return { kind: 'decided', ...(callId !== undefined && { callId }), decision };
  };

  async function act(
    delivery: Delivery,
    invocation: Invocation,
  ): Promise<DecisionRecord | { readonly decision: Decision }> {
    if (delivery.kind === 'ignored') return { decision: { outcome: 'ignored', because: delivery.because } };

    try {
      if (delivery.kind === 'presence') {
        const because = await ports.trackNews(delivery.news, invocation.deadlineMs);
        return { decision: { outcome: 'tracked', because } };
      }
      return await ports.routeCall(delivery.call, invocation.requestId as ClaimOwner, invocation.deadlineMs);
    } catch (error) {
      ports.warn('unexpected-error', describeError(error));
      const outcome = delivery.kind === 'presence' ? 'tracked' : 'left';
      return { decision: { outcome, because: 'internal-error' } };
    }
  }
}

function describeCaller(caller: Caller): string {
  return caller.kind === 'identified' ? maskPhoneNumber(caller.phone) : caller.kind;
}

/** Name and place, without the message: that may quote what it failed on. */
function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { error: typeof error };

  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, at: frames.join('\n') };
}
