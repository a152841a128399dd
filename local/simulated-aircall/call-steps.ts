/**
 * What becomes of a call when something happens to it. Pure: the time and who is free are handed in.
 *
 * Gaps, and what was chosen:
 * - A call that is transferred before anybody answers: its status stays `initial`, and `answered_at` null, until somebody
 *   picks up. Of an answered one the status stays `answered`.
 * - A transfer over the API has nobody who transferred: `call.transferred` comes without a user.
 * - A transfer to somebody who can't be rung is told as `call.transferred`, then `call.unsuccessful_transfer`; one to
 *   whom it rings for too long ends in the second. So does one to a team nobody of whom is free.
 * - Nobody can be rung who is not available, whose phone rings already, or who declined this call.
 * - A call waits in "no one answers" for a bounded time, and can be transferred from there.
 * - Whoever hangs up within 10 s of calling has abandoned the call shortly.
 */
import type { CallState, Facts, Happening, RingTarget, Step, Told } from './call-state.ts';
import { followFlow } from './flow-steps.ts';
import { goOn, newCall, notReached, ring, stopRinging, userOf } from './ring-steps.ts';

const SHORT_MS = 10_000;

export function startCall(
  callId: string,
  from: string,
  distribution: readonly number[],
  { nowMs, isFree }: Facts,
): Step {
  const state: CallState = { ...newCall(callId, from, nowMs), isAnnounced: true };
  const calls: Told = { kind: 'calls', event: 'call.created' };
  const rung = ring(state, distribution.filter(isFree), nowMs);
  return { state: rung.state, told: [calls, ...rung.told] };
}

/** @returns undefined where it can't happen: a phone that does not ring can't be answered, a call that is over not end. */
export function step(state: CallState, happening: Happening, facts: Facts): Step | undefined {
  const next = state.phase === 'over' ? undefined : become(state, happening, facts);
  return next && announce(next);
}

/** A call of a flow, once it has left the flow. */
function announce({ state, told }: Step): Step {
  if (state.isAnnounced || state.phase === 'asking') return { state, told };
  return {
    state: { ...state, isAnnounced: true },
    told: [{ kind: 'announced', event: 'call.created' }, ...told],
  };
}

function become(state: CallState, happening: Happening, facts: Facts): Step | undefined {
  switch (happening.kind) {
    case 'flow-answered':
      return followFlow(state, happening.target, facts);
    case 'transferred':
      return transfer(state, happening.target, facts);
    case 'answered':
      return state.ringing.includes(happening.userId) ? answer(state, happening.userId, facts) : undefined;
    case 'declined':
      return state.ringing.includes(happening.userId) ? decline(state, happening.userId, facts) : undefined;
    case 'time-is-up':
      return timeIsUp(state, facts);
    case 'hung-up':
      if (happening.by === 'agent' && state.phase !== 'talking') return undefined;
      return end(state, abandonReason(state, facts.nowMs), [hangUpBy(happening.by, state)], facts.nowMs);
  }
}

function transfer(state: CallState, target: RingTarget, { nowMs, isFree }: Facts): Step {
  const stopped = stopRinging(state);
  const left: Told[] =
    state.talkingTo === null ? stopped : [{ kind: 'taken-away', userId: state.talkingTo }, ...stopped];
  const quiet: CallState = {
    ...state,
    phase: 'waiting',
    ringing: [],
    talkingTo: null,
    isTransferred: true,
    fallback: null,
  };

  if (target.kind === 'number') {
    return {
      state: { ...quiet, phase: 'outside', externalNumber: target.number, patientUntilMs: null },
      told: [...left, { kind: 'transferred-outside', event: 'call.external_transferred' }],
    };
  }

  const to: CallState = { ...quiet, transferredTo: target.userIds[0] ?? null };
  const transferred: Told = { kind: 'transferred', ...userOf(to), event: 'call.transferred' };
  const free = target.userIds.filter((userId) => isFree(userId) && !state.declined.includes(userId));
  const next = free.length > 0 ? ring(to, free, nowMs) : notReached(to, nowMs);
  return { state: next.state, told: [...left, transferred, ...next.told] };
}

function answer(state: CallState, userId: number, { nowMs }: Facts): Step {
  const others = stopRinging(state).filter((told) => told.userId !== userId);
  return {
    state: {
      ...state,
      phase: 'talking',
      ringing: [],
      talkingTo: userId,
      answeredAtMs: state.answeredAtMs ?? nowMs,
      patientUntilMs: null,
    },
    told: [{ kind: 'answers', userId, event: 'call.answered' }, ...others],
  };
}

function decline(state: CallState, userId: number, facts: Facts): Step {
  const ringing = state.ringing.filter((other) => other !== userId);
  const declined: CallState = { ...state, ringing, declined: [...state.declined, userId] };
  const told: Told = { kind: 'declines', userId, event: 'call.agent_declined' };
  if (ringing.length > 0) return { state: declined, told: [told] };

  const next = goOn(declined, facts);
  return { state: next.state, told: [told, ...next.told] };
}

function timeIsUp(state: CallState, facts: Facts): Step | undefined {
  const { nowMs } = facts;
  if (state.patientUntilMs === null || state.patientUntilMs > nowMs) return undefined;
  if (state.phase === 'waiting') return end(state, missReason(state), [{ kind: 'missed' }], nowMs);

  const quiet: CallState = { ...state, ringing: [] };
  const next = state.isTransferred ? notReached(quiet, nowMs) : goOn(quiet, facts);
  return { state: next.state, told: [...stopRinging(state), ...next.told] };
}

function end(state: CallState, missedReason: string | null, told: readonly Told[], nowMs: number): Step {
  return {
    state: { ...state, phase: 'over', ringing: [], endedAtMs: nowMs, missedReason, patientUntilMs: null },
    told: [...stopRinging(state), ...told.map((last) => ({ ...last, event: 'call.hungup' }))],
  };
}

function hangUpBy(by: 'caller' | 'agent', { talkingTo }: CallState): Told {
  return { kind: 'hangs-up', ...(by === 'agent' && talkingTo !== null && { userId: talkingTo }) };
}

function abandonReason(state: CallState, nowMs: number): string | null {
  if (state.answeredAtMs !== null || state.phase === 'outside') return null;
  return nowMs - state.startedAtMs < SHORT_MS ? 'short_abandoned' : 'abandoned_in_classic';
}

function missReason({ answeredAtMs }: CallState): string | null {
  return answeredAtMs === null ? 'agents_did_not_answer' : null;
}
