/**
 * One delivery from Aircall: proven, read, dispatched by event, reported.
 *
 * A delivery that proved itself is always answered with a decision. Whatever goes wrong in between, the call stays
 * with Aircall: an error answer would only spend the budget after which Aircall switches the webhook off.
 */
import { describeCaller, describeError } from '../core/describe.ts';
import type { Conversation } from '../core/last-agent.ts';
import type {
  CallId,
  ClaimOwner,
  Decision,
  DecisionRecord,
  Hop,
  IgnoreReason,
  InboundCall,
} from '../core/model.ts';
import { fail, type Result } from '../core/result.ts';
import type { ContactNews } from '../core/sync-contact.ts';
import type { Now, RejectionReason, Report, Warn } from '../ports.ts';
import type { RememberConversation } from './remember-conversation.ts';
import type { RouteCall } from './route-call.ts';
import type { NewsOfCall, TrackCall } from './track-call.ts';
import type { TrackContactNews } from './track-contact.ts';
import type { PresenceNews, TrackNews } from './track-presence.ts';

/** A delivery we don't accept. `detail` names the part that is wrong, and never shows its value. */
export type Rejection = { readonly reason: RejectionReason; readonly detail: string };

/** An authentic delivery. */
export type Delivery =
  | { readonly kind: 'inbound-call'; readonly event: string; readonly call: InboundCall }
  | ({ readonly kind: 'news'; readonly event: string } & News)
  | {
      readonly kind: 'ignored';
      readonly event: string;
      readonly because: IgnoreReason;
      readonly callId?: CallId;
    };

/** What an event tells: of an agent, of the call it belongs to, or of both; or of a contact. */
export type News = {
  readonly callId?: CallId;
  readonly ofAgent?: PresenceNews;
  readonly ofCall?: NewsOfCall;
  /** The end of a call that was one. */
  readonly conversation?: Conversation;
  readonly ofContact?: ContactNews;
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
  readonly trackCall: TrackCall;
  readonly trackContactNews: TrackContactNews;
  readonly rememberConversation: RememberConversation;
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
    const { decision, record, hop } = await act(delivery.value, invocation);
    ports.report({
      requestId: invocation.requestId,
      event,
      ...(callId !== undefined && { callId }),
      decision,
      tookMs: ports.now() - startedAtMs,
      ...(record && { caller: describeCaller(record.caller), record }),
      ...(hop && { hop }),
    });
    return { kind: 'decided', ...(callId !== undefined && { callId }), decision };
  };

  async function act(delivery: Delivery, invocation: Invocation): Promise<Act> {
    if (delivery.kind === 'ignored') return { decision: { outcome: 'ignored', because: delivery.because } };

    const { requestId, deadlineMs } = invocation;
    try {
      if (delivery.kind === 'news') return await takeIn(delivery, invocation);
      const record = await ports.routeCall(delivery.call, requestId as ClaimOwner, deadlineMs);
      return { decision: record.decision, record };
    } catch (error) {
      ports.warn('unexpected-error', describeError(error));
      const outcome = delivery.kind === 'news' ? 'tracked' : 'left';
      return { decision: { outcome, because: 'internal-error' } };
    }
  }

  /**
   * What became of the call, if it went on; else what became of what we know. What is remembered of a conversation is no
   * word on either. All of it is over before the answer is given: what comes after that may never run.
   */
  async function takeIn(news: News, { requestId, deadlineMs }: Invocation): Promise<Act> {
    const { ofAgent, ofCall, conversation, ofContact } = news;
    if (ofContact !== undefined) {
      return {
        decision: { outcome: 'tracked', because: await ports.trackContactNews(ofContact, deadlineMs) },
      };
    }

    const [tracked, call] = await Promise.all([
      ofAgent && orInternalError(ports.trackNews(ofAgent, deadlineMs)),
      ofCall && orInternalError(ports.trackCall(ofCall, requestId as ClaimOwner, deadlineMs)),
      conversation && orInternalError(ports.rememberConversation(conversation, deadlineMs)),
    ]);
    const noted = call === 'internal-error' ? fail(call) : call;
    if (noted?.ok && noted.value !== undefined) return { decision: noted.value.decision, hop: noted.value };

    const ofCallAlone = noted?.ok === false ? noted.failure : 'call-noted';
    return { decision: { outcome: 'tracked', because: tracked ?? ofCallAlone } };
  }

  async function orInternalError<Value>(act: Promise<Value>): Promise<Value | 'internal-error'> {
    try {
      return await act;
    } catch (error) {
      ports.warn('unexpected-error', describeError(error));
      return 'internal-error';
    }
  }
}

type Act = { readonly decision: Decision; readonly record?: DecisionRecord; readonly hop?: Hop };
