/**
 * A call that comes in by a call flow with a "Ring to (via API)" widget: it asks who should ring before anybody does, rings
 * them, and goes to the widget's fallback when nothing usable comes back.
 *
 * Gaps, and what was chosen:
 * - Whether `call.created` is sent before the question or after its answer: either, as whoever calls wishes.
 * - A named user who can't be rung, declines or lets it ring: the fallback, once.
 * - A transfer of a call that is in the flow takes it out, for good: what the flow is answered after that, or its fallback,
 *   rings nobody.
 * - A number outside that the flow rings is no transfer: no event tells of it.
 * - Events of phones that ring are sent as without a flow.
 */
import type { CallState, Facts, RingTarget, Step } from './call-state.ts';
import { goOn, newCall, ring } from './ring-steps.ts';

/** Which comes first: the question, or `call.created`. */
export type FlowOrder = (typeof flowOrders)[number];
export const flowOrders = ['asks-first', 'announced-first'] as const;

export function startFlowCall(
  callId: string,
  from: string,
  fallback: readonly number[],
  order: FlowOrder,
  nowMs: number,
): Step {
  const isAnnounced = order === 'announced-first';
  const asking = { phase: 'asking', fallback, isAnnounced, patientUntilMs: null } as const;
  return {
    state: { ...newCall(callId, from, nowMs), ...asking },
    told: [{ kind: 'calls', ...(isAnnounced && { event: 'call.created' }) }],
  };
}

/** @returns undefined for a call that has left the flow */
export function followFlow(state: CallState, target: RingTarget | undefined, facts: Facts): Step | undefined {
  if (state.phase !== 'asking') return undefined;
  if (target === undefined) return goOn(state, facts);
  if (target.kind === 'number') return ringOutside(state, target.number);

  const free = target.userIds.filter(facts.isFree);
  const [userId] = free;
  if (userId === undefined) return goOn(state, facts);

  const rung = ring(state, free, facts.nowMs);
  return { state: rung.state, told: [{ kind: 'flow-rings', userId }, ...rung.told] };
}

function ringOutside(state: CallState, number: string): Step {
  return {
    state: { ...state, phase: 'outside', fallback: null, externalNumber: number, patientUntilMs: null },
    told: [{ kind: 'flow-rings-outside' }],
  };
}
