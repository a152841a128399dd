/**
 * Phones that begin to ring, and what follows when nobody takes the call: steps of which `call-steps.ts` and
 * `flow-steps.ts` make theirs.
 */
import type { CallState, Facts, Step, Told } from './call-state.ts';

/** How long a phone rings, and how long "no one answers" lasts. Longer than a router's own patience, to be moved by it. */
const RINGS_FOR_MS = 30_000;
const WAITS_FOR_MS = 30_000;

/** Nobody's phone rings yet. */
export function newCall(callId: string, from: string, nowMs: number): CallState {
  return {
    callId,
    from,
    phase: 'waiting',
    ringing: [],
    declined: [],
    talkingTo: null,
    isAnnounced: false,
    fallback: null,
    transferredTo: null,
    isTransferred: false,
    externalNumber: null,
    startedAtMs: nowMs,
    answeredAtMs: null,
    endedAtMs: null,
    missedReason: null,
    patientUntilMs: nowMs + WAITS_FOR_MS,
  };
}

export function ring(state: CallState, userIds: readonly number[], nowMs: number): Step {
  if (userIds.length === 0) return wait(state, nowMs);
  return {
    state: { ...state, phase: 'ringing', ringing: userIds, patientUntilMs: nowMs + RINGS_FOR_MS },
    told: userIds.map((userId) => ({ kind: 'rings', userId, event: 'call.ringing_on_agent' })),
  };
}

export function notReached(state: CallState, nowMs: number): Step {
  const waiting = wait(state, nowMs);
  const told: Told = { kind: 'not-reached', ...userOf(state), event: 'call.unsuccessful_transfer' };
  return { state: waiting.state, told: [told, ...waiting.told] };
}

/** Nobody takes the call: to the call flow's fallback, if it has one, else to "no one answers". */
export function goOn(state: CallState, facts: Facts): Step {
  return state.fallback === null ? wait(state, facts.nowMs) : fallBack(state, state.fallback, facts);
}

function fallBack(state: CallState, fallback: readonly number[], { nowMs, isFree }: Facts): Step {
  const free = fallback.filter((userId) => isFree(userId) && !state.declined.includes(userId));
  const next = ring({ ...state, fallback: null }, free, nowMs);
  return { state: next.state, told: [{ kind: 'flow-falls-back' }, ...next.told] };
}

function wait(state: CallState, nowMs: number): Step {
  return {
    state: { ...state, phase: 'waiting', ringing: [], patientUntilMs: nowMs + WAITS_FOR_MS },
    told: [{ kind: 'waits' }],
  };
}

export function stopRinging({ ringing }: CallState): Told[] {
  return ringing.map((userId) => ({ kind: 'stops-ringing', userId }));
}

export function userOf({ transferredTo }: CallState): { userId?: number } {
  return transferredTo === null ? {} : { userId: transferredTo };
}
