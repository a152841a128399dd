/**
 * Whether an agent can be rung for a call, and if so, held for it: one round trip as a rule.
 *
 * Who is not stored is looked up at Aircall; of whom nothing was heard lately Aircall is asked, if the policy says so.
 * After a 429 nobody is asked for a minute: transfers come first. After other trouble nobody is for a while: one agent
 * after another would use up the time for those further down the plan.
 */
import { troubleFrom, troubleOf } from '../core/explain-failure.ts';
import type { AgentSkipReason } from '../core/judge-agent.ts';
import type {
  AircallTrouble,
  AircallUserId,
  CallId,
  Considered,
  EmailAddress,
  SkipReason,
  StoreResult,
  Target,
  TransferTarget,
} from '../core/model.ts';
import type { Policy } from '../core/policy.ts';
import type {
  FetchAvailability,
  Now,
  Reservation,
  ReserveAgent,
  ReserveRules,
  TrackPresence,
  Warn,
} from '../ports.ts';
import type { ResolveAgent } from './resolve-agent.ts';

export type AgentTarget = Extract<Target, { kind: 'agent' }>;

/** With `to`, the agent is held for the call. */
export type ConsideredAgent = { readonly considered: Considered; readonly to?: TransferTarget };

export type ConsiderAgent = (
  target: AgentTarget,
  callId: CallId,
  policy: Policy,
  deadlineMs: number,
) => Promise<ConsideredAgent>;

export type ConsiderAgentPorts = {
  readonly reserveAgent: ReserveAgent;
  readonly resolveAgent: ResolveAgent;
  readonly fetchAvailability: FetchAvailability;
  readonly trackPresence: TrackPresence;
  readonly warn: Warn;
  readonly now: Now;
};

export type ConsiderAgentLimits = {
  /** After a 429. */
  readonly askingPausedForMs: number;
  /** After any other trouble. */
  readonly askingRestsForMs: number;
};

export function createConsiderAgent(ports: ConsiderAgentPorts, limits: ConsiderAgentLimits): ConsiderAgent {
  let askingPausedUntilMs = 0;

  return async function considerAgent(target, callId, policy, deadlineMs) {
    const reserve = async () => {
      const held = await ports.reserveAgent(target.email, callId, rulesOf(policy), deadlineMs);
      if (!held.ok) {
        const { detail } = held.failure;
        ports.warn(troubleOf(held.failure), { callId, during: 'holding an agent', detail });
      }
      return held;
    };

    let reservation = await reserve();
    if (skipReasonOf(reservation) === 'agent-not-on-aircall') {
      const agent = await ports.resolveAgent(target.email, deadlineMs);
      if (!agent.ok) return skip(target, agent.failure.reason);
      // Only who is stored can be held.
      await agent.value.saving;
      if (agent.value.aircallUserId !== undefined) reservation = await reserve();
    }
    if (skipReasonOf(reservation) === 'presence-unknown' && policy.whenPresenceUnknown === 'ask') {
      const asked = await ask(target.email, loginOf(reservation), deadlineMs);
      if (asked !== 'told') return skip(target, asked);
      reservation = await reserve();
    }
    return describe(target, reservation);
  };

  /** What Aircall says is stored: the next call need not ask. */
  async function ask(
    email: EmailAddress,
    aircallUserId: AircallUserId | undefined,
    deadlineMs: number,
  ): Promise<'told' | SkipReason> {
    if (aircallUserId === undefined || ports.now() < askingPausedUntilMs) return 'presence-unknown';

    const answer = await ports.fetchAvailability(aircallUserId, deadlineMs);
    if (!answer.ok) {
      const isLimited = answer.failure.reason === 'rate-limited';
      askingPausedUntilMs = ports.now() + (isLimited ? limits.askingPausedForMs : limits.askingRestsForMs);
      ports.warn('aircall-trouble', { during: 'asking for an agent', failure: answer.failure.message });
      return troubleFrom(answer.failure) satisfies AircallTrouble;
    }
    if (answer.value === undefined) return 'agent-not-on-aircall';

    const { presence, atMs } = answer.value;
    const tracked = await ports.trackPresence(email, { kind: 'checked', presence, atMs }, deadlineMs);
    if (tracked.ok) return 'told';
    const { detail } = tracked.failure;
    ports.warn(troubleOf(tracked.failure), { during: 'storing what an agent is doing', detail });
    return tracked.failure.reason;
  }
}

function rulesOf(policy: Policy): ReserveRules {
  return {
    routeToAgentIn: policy.routeToAgentIn,
    presenceTrustedForMs: policy.presenceTrustedForSeconds * 1000,
    isUnknownAllowed: policy.whenPresenceUnknown === 'go',
    reserveForMs: policy.reserveSeconds * 1000,
  };
}

function skipReasonOf(reservation: StoreResult<Reservation>): AgentSkipReason | undefined {
  return reservation.ok && reservation.value.kind === 'skipped' ? reservation.value.because : undefined;
}

function loginOf(reservation: StoreResult<Reservation>): AircallUserId | undefined {
  return reservation.ok && reservation.value.kind === 'skipped'
    ? reservation.value.agent?.aircallUserId
    : undefined;
}

function skip(target: AgentTarget, verdict: SkipReason): ConsideredAgent {
  return { considered: { target, verdict } };
}

function describe(target: AgentTarget, reservation: StoreResult<Reservation>): ConsideredAgent {
  if (!reservation.ok) return skip(target, reservation.failure.reason);

  const { presence, presenceAgeMs, presenceSource } = reservation.value;
  const restedOn = {
    ...(presence !== undefined && { presence }),
    ...(presenceAgeMs !== undefined && { presenceAgeMs }),
    ...(presenceSource !== undefined && { presenceSource }),
  };
  return reservation.value.kind === 'reserved'
    ? {
        considered: { target, verdict: 'go', ...restedOn },
        to: { kind: 'agent', aircallUserId: reservation.value.aircallUserId },
      }
    : { considered: { target, verdict: reservation.value.because, ...restedOn } };
}
