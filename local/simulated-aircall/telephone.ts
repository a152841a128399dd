/**
 * The telephones of the simulated company: calls come in, phones ring, people pick up, decline and hang up. What follows
 * from what is in `call-steps.ts`; here it is done: webhooks are told, timers set, users are in a call and after it.
 */
import { randomInt } from 'node:crypto';
import { type Ask, askFlow, askOverHttp, readFlowAnswer } from './call-flow.ts';
import type { CallState, Facts, Happening, Step, Told } from './call-state.ts';
import { startCall, step } from './call-steps.ts';
import type { Company } from './company.ts';
import type { Deliveries, DeliveryOptions } from './deliveries.ts';
import { printCallEvent } from './event-data.ts';
import { type FlowOrder, startFlowCall } from './flow-steps.ts';
import { seeingCards } from './insight-cards.ts';
import type { Scheduler } from './scheduler.ts';
import { showCall } from './show-call.ts';
import type { StoryEvent } from './story.ts';
import { toRingTarget } from './transfers.ts';
import { availabilityOf } from './users.ts';
import { createUsersOnCalls } from './users-on-calls.ts';

export type IncomingCall = {
  /** As Aircall shows it: `+33 1 99 00 00 07`, or `anonymous`. */
  readonly from: string;
  /** @default one of its own */
  readonly callId?: string;
  /** Users whom the number itself rings, if they are free; or a call flow, as its fallback. @default nobody */
  readonly distribution?: readonly number[];
  /** Comes in by the call flow. @default it does not */
  readonly flow?: FlowOrder;
  readonly deliveries?: DeliveryOptions;
};

export type Telephone = {
  /** @returns the call's id */
  readonly placeCall: (call: IncomingCall) => string;
  /** Each returns whether it could be done: whose phone does not ring can't answer. */
  readonly answer: (callId: string, userId: number) => boolean;
  readonly decline: (callId: string, userId: number) => boolean;
  readonly hangUp: (callId: string, by: 'caller' | 'agent') => boolean;
  readonly call: (callId: string) => CallState | undefined;
  /** Conversations that a transfer took away from a human: there should be none. */
  readonly takenAway: readonly StoryEvent[];
  readonly story: (callId: string) => readonly StoryEvent[];
  /** Tells what happens from now on, of every call. */
  readonly follow: (listener: (event: StoryEvent) => void) => void;
};

/** From hanging up to `call.ended`, when recordings and the like are ready. */
const ENDED_AFTER_MS = 30_000;
/** How long before the call flow asks, if it does not ask first. */
const ANNOUNCED_BEFORE_MS = 1_000;

export function createTelephone(
  company: Company,
  deliveries: Deliveries,
  scheduler: Scheduler,
  ask: Ask = askOverHttp,
): Telephone {
  const calls = new Map<string, CallState>();
  const options = new Map<string, DeliveryOptions>();
  const stories = new Map<string, StoryEvent[]>();
  const listeners: ((event: StoryEvent) => void)[] = [];
  const takenAway: StoryEvent[] = [];
  const users = createUsersOnCalls(company, deliveries, scheduler);

  company.onTransfer = (callId, target) => {
    happen(callId, { kind: 'transferred', target: toRingTarget(target, company) });
  };
  company.onInsightCard = ({ callId, contents }) => {
    const call = calls.get(callId);
    if (call === undefined) return;
    for (const userId of seeingCards(call))
      tell(callId, 'card', { ...(userId !== undefined && { agent: agentOf(userId) }), card: contents });
  };
  deliveries.follow(({ callId, event, attempt, status, answer }) => {
    if (callId !== undefined && calls.has(callId))
      tell(callId, 'delivery', { delivery: { event, attempt, status, answer } });
  });

  function placeCall({ from, callId = newCallId(), distribution = [], flow, ...call }: IncomingCall) {
    options.set(callId, call.deliveries ?? {});
    stories.set(callId, []);
    if (flow === undefined) {
      carryOut(startCall(callId, from, distribution, factsFor(callId)));
      return callId;
    }
    carryOut(startFlowCall(callId, from, distribution, flow, scheduler.now()));
    const asksInMs = flow === 'announced-first' ? ANNOUNCED_BEFORE_MS : 0;
    scheduler.at(scheduler.now() + asksInMs, () => askWhoRings(callId));
    return callId;
  }

  /** Also where the router has transferred the call meanwhile: the flow has not heard of it. */
  async function askWhoRings(callId: string): Promise<void> {
    const call = calls.get(callId);
    if (call === undefined || call.phase === 'over') return;

    tell(callId, 'asks', {});
    const answer = await askFlow(call, company.callFlow, company, ask);
    tell(callId, 'flow-answer', { ...(answer && { answer }) });
    const target = readFlowAnswer(answer, company, factsFor(callId).isFree);
    happen(callId, { kind: 'flow-answered', target });
  }

  /** @returns whether it could happen */
  function happen(callId: string, happening: Happening): boolean {
    const state = calls.get(callId);
    const next = state && step(state, happening, factsFor(callId));
    if (next === undefined) return false;

    carryOut(next);
    return true;
  }

  function carryOut({ state, told }: Step): void {
    const { callId } = state;
    const before = calls.get(callId);
    calls.set(callId, state);
    showCall(state, company);
    setTimer(state);

    const leaving = before?.phase === 'talking' ? before.talkingTo : null;
    const isStillTalking = state.phase === 'talking' && state.talkingTo === leaving;
    if (state.phase === 'talking' && state.talkingTo !== null) users.enterCall(state.talkingTo);
    for (const one of told) announce(state, one);
    if (leaving !== null && !isStillTalking) users.leaveCall(leaving, options.get(callId));
    if (state.phase === 'over') scheduler.at(scheduler.now() + ENDED_AFTER_MS, () => endCall(state));
  }

  function announce(state: CallState, { kind, userId, event }: Told): void {
    const isOver = event === 'call.hungup';
    // Nobody but the API transferred: that user is the target, and not the event's own.
    const isTransfer = kind === 'transferred' || kind === 'not-reached';
    const user = isOver ? (state.talkingTo ?? undefined) : isTransfer ? undefined : userId;
    tell(state.callId, kind, userId === undefined ? {} : { agent: agentOf(userId) });
    if (event !== undefined) send(state, event, user);
  }

  function endCall(state: CallState): void {
    tell(state.callId, 'ended', {});
    send(state, 'call.ended', state.talkingTo ?? undefined);
  }

  function send(state: CallState, event: string, userId: number | undefined): void {
    const { callId } = state;
    const data = printCallEvent(state, userId, company);
    deliveries.send({ resource: 'call', event, data, callId }, options.get(callId));
  }

  function tell(callId: string, kind: StoryEvent['kind'], more: Partial<StoryEvent>): void {
    const from = calls.get(callId)?.from ?? '';
    const event: StoryEvent = { callId, atMs: scheduler.now(), kind, from, ...more };
    stories.get(callId)?.push(event);
    if (kind === 'taken-away') takenAway.push(event);
    for (const listener of listeners) listener(event);
  }

  /** One timer for each change: a state whose patience was renewed meanwhile knows that it is too early. */
  function setTimer({ callId, patientUntilMs }: CallState): void {
    if (patientUntilMs !== null)
      scheduler.at(patientUntilMs, () => void happen(callId, { kind: 'time-is-up' }));
  }

  function factsFor(callId: string): Facts {
    const ringsElsewhere = (userId: number) =>
      [...calls.values()].some((other) => other.callId !== callId && other.ringing.includes(userId));
    return {
      nowMs: scheduler.now(),
      isFree: (userId) => {
        const user = company.users.get(userId);
        return user !== undefined && availabilityOf(user) === 'available' && !ringsElsewhere(userId);
      },
    };
  }

  function agentOf(userId: number) {
    return { userId, name: company.users.get(userId)?.name ?? `user ${userId}` };
  }

  return {
    placeCall,
    answer: (callId, userId) => happen(callId, { kind: 'answered', userId }),
    decline: (callId, userId) => happen(callId, { kind: 'declined', userId }),
    hangUp: (callId, by) => happen(callId, { kind: 'hung-up', by }),
    call: (callId) => calls.get(callId),
    takenAway,
    story: (callId) => stories.get(callId) ?? [],
    follow: (listener) => listeners.push(listener),
  };
}

function newCallId(): string {
  return String(randomInt(3_000_000_000, 2 ** 47));
}
