/**
 * One delivery from Aircall: proven to be an account's, read, dispatched by event, reported.
 *
 * A delivery that proved itself is always answered with a decision. Whatever goes wrong in between, the call stays
 * with Aircall: an error answer would only spend the budget after which Aircall switches the webhook off.
 */
import type { Account } from '../core/account.ts';
import { leave } from '../core/decisions.ts';
import { describeCaller, describeError } from '../core/describe.ts';
import { troubleOf } from '../core/explain-failure.ts';
import type { Conversation } from '../core/last-agent.ts';
import type {
  AccountId,
  CallId,
  ClaimOwner,
  Decision,
  DecisionRecord,
  Hop,
  IgnoreReason,
  InboundCall,
  StoreFailure,
} from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { ContactNews } from '../core/sync-contact.ts';
import type { Now, RejectionReason, Report, Warn } from '../ports.ts';
import type { ProveAccount, ProvenAccount } from './known-accounts.ts';
import type { RememberConversation } from './remember-conversation.ts';
import type { RouteCall } from './route-call.ts';
import type { NewsOfCall, TrackCall } from './track-call.ts';
import type { TrackContactNews } from './track-contact.ts';
import type { PresenceNews, TrackNews } from './track-presence.ts';
import type { UninstallAccount, UninstallOutcome } from './uninstall-account.ts';

/** A delivery we don't accept. `detail` names the part that is wrong, and never shows its value. */
export type Rejection = { readonly reason: RejectionReason; readonly detail: string };

/** An authentic delivery. */
export type Delivery =
  | { readonly kind: 'inbound-call'; readonly event: string; readonly call: InboundCall }
  | ({ readonly kind: 'news'; readonly event: string } & News)
  /** The company has uninstalled us. */
  | { readonly kind: 'uninstalled'; readonly event: string }
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

/** A body with a token in it. What else is in it is read only once the token has proved it. */
export type OpenDelivery = (body: string) => Result<OpenedDelivery, Rejection>;

export type OpenedDelivery = {
  /** A secret. */
  readonly token: string;
  readonly read: () => Result<Delivery, Rejection>;
};

export type Answer =
  | { readonly kind: 'decided'; readonly callId?: CallId; readonly decision: Decision }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** One run of a Lambda: its id, and the time by which it must have answered. */
export type Invocation = { readonly requestId: string; readonly deadlineMs: number };

export type ReceiveEventPorts = {
  readonly openDelivery: OpenDelivery;
  readonly proveAccount: ProveAccount;
  readonly routerOf: (account: Account) => AccountRouter;
  readonly uninstallAccount: UninstallAccount;
  readonly report: Report;
  readonly warn: Warn;
  readonly now: Now;
};

/** What is done for one account, and knows of no other. */
export type AccountRouter = {
  readonly routeCall: RouteCall;
  readonly trackNews: TrackNews;
  readonly trackCall: TrackCall;
  readonly trackContactNews: TrackContactNews;
  readonly rememberConversation: RememberConversation;
};

/** @param body the delivery's text, or why there is none. Never throws. */
export type ReceiveEvent = (body: Result<string, Rejection>, invocation: Invocation) => Promise<Answer>;

export function createReceiveEvent(ports: ReceiveEventPorts): ReceiveEvent {
  return async function receiveEvent(body, invocation) {
    const startedAtMs = ports.now();
    const proven = await prove(body, invocation);
    if (!proven.ok) {
      const { rejection, accountId } = proven.failure;
      ports.report({
        requestId: invocation.requestId,
        ...(accountId !== undefined && { accountId }),
        decision: { outcome: 'refused', because: rejection.reason },
        tookMs: ports.now() - startedAtMs,
      });
      return { kind: 'rejected', rejection };
    }

    const { delivery, account } = proven.value;
    const { event } = delivery;
    const callId = callIdOf(delivery);
    const { decision, record, hop } = await act(delivery, account, invocation);
    ports.report({
      requestId: invocation.requestId,
      ...(account.ok && { accountId: account.value.account.accountId }),
      event,
      ...(callId !== undefined && { callId }),
      decision,
      tookMs: ports.now() - startedAtMs,
      ...(record && { caller: describeCaller(record.caller), record }),
      ...(hop && { hop }),
    });
    return { kind: 'decided', ...(callId !== undefined && { callId }), decision };
  };

  /**
   * Where the store can't say whose token it is, the delivery is neither refused nor acted on: refusals would have Aircall
   * switch the webhooks of all companies off.
   */
  async function prove(
    body: Result<string, Rejection>,
    { deadlineMs }: Invocation,
  ): Promise<Result<Proven, Refused>> {
    const opened = body.ok ? ports.openDelivery(body.value) : body;
    if (!opened.ok) return fail({ rejection: opened.failure });

    const account = await ports.proveAccount(opened.value.token, deadlineMs);
    if (account.ok && account.value === undefined) {
      return fail({ rejection: { reason: 'unauthorized', detail: 'token' } });
    }
    const delivery = opened.value.read();
    if (delivery.ok) return succeed({ delivery: delivery.value, account: account as Proven['account'] });

    const accountId = account.ok ? account.value?.account.accountId : undefined;
    return fail({ rejection: delivery.failure, ...(accountId !== undefined && { accountId }) });
  }

  async function act(delivery: Delivery, proven: Proven['account'], invocation: Invocation): Promise<Act> {
    if (!proven.ok) return { decision: decideUnproven(delivery, proven.failure) };
    const { account } = proven.value;
    try {
      if (delivery.kind === 'uninstalled') {
        const outcome = await ports.uninstallAccount(proven.value, invocation.deadlineMs);
        return { decision: decideUninstalled(outcome) };
      }
      if (account.status !== 'active') {
        return { decision: { outcome: 'ignored', because: `account-${account.status}` } };
      }
      if (delivery.kind === 'ignored') {
        return { decision: { outcome: 'ignored', because: delivery.because } };
      }
      const router = ports.routerOf(account);
      if (delivery.kind === 'news') return await takeIn(delivery, router, invocation);

      const { requestId, deadlineMs } = invocation;
      const record = await router.routeCall(delivery.call, requestId as ClaimOwner, deadlineMs);
      return { decision: record.decision, record };
    } catch (error) {
      ports.warn('unexpected-error', describeError(error));
      const outcome = delivery.kind === 'inbound-call' ? 'left' : 'tracked';
      return { decision: { outcome, because: 'internal-error' } };
    }
  }

  function decideUnproven(delivery: Delivery, failure: StoreFailure): Decision {
    ports.warn(troubleOf(failure), { during: 'finding the account of a token', detail: failure.detail });
    return delivery.kind === 'inbound-call'
      ? leave(failure.reason)
      : { outcome: 'tracked', because: failure.reason };
  }

  /**
   * What became of the call, if it went on; else what became of what we know. What is remembered of a conversation is no
   * word on either. All of it is over before the answer is given: what comes after that may never run.
   */
  async function takeIn(
    news: News,
    router: AccountRouter,
    { requestId, deadlineMs }: Invocation,
  ): Promise<Act> {
    const { ofAgent, ofCall, conversation, ofContact } = news;
    if (ofContact !== undefined) {
      return {
        decision: { outcome: 'tracked', because: await router.trackContactNews(ofContact, deadlineMs) },
      };
    }

    const [tracked, call] = await Promise.all([
      ofAgent && orInternalError(router.trackNews(ofAgent, deadlineMs)),
      ofCall && orInternalError(router.trackCall(ofCall, requestId as ClaimOwner, deadlineMs)),
      conversation && orInternalError(router.rememberConversation(conversation, deadlineMs)),
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

function callIdOf(delivery: Delivery): CallId | undefined {
  switch (delivery.kind) {
    case 'inbound-call':
      return delivery.call.callId;
    case 'uninstalled':
      return undefined;
    default:
      return delivery.callId;
  }
}

function decideUninstalled(because: UninstallOutcome): Decision {
  return because === 'earlier-installation' || because === 'event-not-routed'
    ? { outcome: 'ignored', because }
    : { outcome: 'tracked', because };
}

/** Whose token it is, or that the store can't say. */
type Proven = { readonly delivery: Delivery; readonly account: Result<ProvenAccount, StoreFailure> };

/** With the account whose token proved it, if one did. */
type Refused = { readonly rejection: Rejection; readonly accountId?: AccountId };

type Act = { readonly decision: Decision; readonly record?: DecisionRecord; readonly hop?: Hop };
