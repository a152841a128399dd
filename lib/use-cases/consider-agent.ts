/**
 * Whether an agent can be rung for a call, and if so, held for it: one round trip as a rule.
 *
 * Who is not stored is looked up at Aircall; of whom nothing was heard lately Aircall is asked, if the policy says so.
 * They are held first: of all calls that come for them in that moment one asks, and the others go down their plans.
 * After a 429 nobody is asked for a minute: transfers come first. After trouble that costs time nobody is for a while: one
 * agent after another would use up what those further down the plan need.
 */
import { troubleFrom, troubleOf } from '../core/explain-failure.ts';
import type { AgentSkipReason } from '../core/judge-agent.ts';
import type {
  AircallFailure,
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
  ReleaseAgent,
  Reservation,
  ReserveAgent,
  ReserveRules,
  TrackPresence,
  Warn,
} from '../ports.ts';
import type { RatePause } from './rate-pause.ts';
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
  readonly releaseAgent: ReleaseAgent;
  readonly resolveAgent: ResolveAgent;
  readonly fetchAvailability: FetchAvailability;
  readonly trackPresence: TrackPresence;
  readonly ratePause: RatePause;
  readonly warn: Warn;
  readonly now: Now;
};

export type ConsiderAgentLimits = {
  /** After trouble that costs time. */
  readonly askingRestsForMs: number;
};

const costsTime: readonly AircallFailure['reason'][] = ['no-answer', 'lost-answer', 'unavailable'];

export function createConsiderAgent(ports: ConsiderAgentPorts, limits: ConsiderAgentLimits): ConsiderAgent {
  let askingRestsUntilMs = 0;

  return async function considerAgent(target, callId, policy, deadlineMs) {
    const reserve = () => hold(target.email, callId, rulesOf(policy), deadlineMs);
    let reservation = await reserve();
    if (skipReasonOf(reservation) === 'agent-not-on-aircall') {
      const agent = await ports.resolveAgent(target.email, deadlineMs);
      if (!agent.ok) return skip(target, agent.failure.reason);
      // Only who is stored can be held.
      await agent.value.saving;
      if (agent.value.aircallUserId !== undefined) reservation = await reserve();
    }
    const isUnknown = skipReasonOf(reservation) === 'presence-unknown';
    return isUnknown && policy.whenPresenceUnknown === 'ask' && !isSilent()
      ? askAndHold(target, callId, policy, deadlineMs)
      : describe(target, reservation);
  };

  async function hold(
    email: EmailAddress,
    callId: CallId,
    rules: ReserveRules,
    deadlineMs: number,
  ): Promise<StoreResult<Reservation>> {
    const held = await ports.reserveAgent(email, callId, rules, deadlineMs);
    if (!held.ok) {
      const { detail } = held.failure;
      ports.warn(troubleOf(held.failure), { callId, during: 'holding an agent', detail });
    }
    return held;
  }

  function isSilent(): boolean {
    return ports.ratePause.isOn() || ports.now() < askingRestsUntilMs;
  }

  /** Held before the question, and by the real rules after it; if those say no, free for others at once. */
  async function askAndHold(
    target: AgentTarget,
    callId: CallId,
    policy: Policy,
    deadlineMs: number,
  ): Promise<ConsideredAgent> {
    const rules = rulesOf(policy);
    const held = await hold(target.email, callId, { ...rules, isUnknownAllowed: true }, deadlineMs);
    if (!held.ok || held.value.kind === 'skipped') return describe(target, held);

    const asked = await ask(target.email, held.value.aircallUserId, deadlineMs);
    const considered =
      asked === 'told'
        ? describe(target, await hold(target.email, callId, rules, deadlineMs))
        : skip(target, asked, held.value.agentName);
    if (considered.to === undefined) await letGo(target.email, callId, deadlineMs);
    return considered;
  }

  async function letGo(email: EmailAddress, callId: CallId, deadlineMs: number): Promise<void> {
    const released = await ports.releaseAgent(email, callId, deadlineMs);
    if (released.ok) return;
    const { detail } = released.failure;
    ports.warn(troubleOf(released.failure), { callId, during: 'letting an agent go', detail });
  }

  /** What Aircall says is stored: the next call need not ask. */
  async function ask(
    email: EmailAddress,
    aircallUserId: AircallUserId,
    deadlineMs: number,
  ): Promise<'told' | SkipReason> {
    const answer = await ports.fetchAvailability(aircallUserId, deadlineMs);
    if (!answer.ok) {
      if (costsTime.includes(answer.failure.reason)) {
        askingRestsUntilMs = ports.now() + limits.askingRestsForMs;
      }
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
    reserveForMs: Math.max(policy.reserveSeconds, policy.ringSeconds + ringsOnSeconds) * 1000,
  };
}

/** Until a timer has come, and the call has gone on. */
const ringsOnSeconds = 5;

function skipReasonOf(reservation: StoreResult<Reservation>): AgentSkipReason | undefined {
  return reservation.ok && reservation.value.kind === 'skipped' ? reservation.value.because : undefined;
}

function nameOf(reservation: Reservation): string | undefined {
  return reservation.kind === 'reserved' ? reservation.agentName : reservation.agent?.name;
}

function skip(target: AgentTarget, verdict: SkipReason, agentName?: string): ConsideredAgent {
  return { considered: { target, verdict, ...(agentName !== undefined && { agentName }) } };
}

function describe(target: AgentTarget, reservation: StoreResult<Reservation>): ConsideredAgent {
  if (!reservation.ok) return skip(target, reservation.failure.reason);

  const { presence, presenceAgeMs, presenceSource } = reservation.value;
  const agentName = nameOf(reservation.value);
  const restedOn = {
    ...(agentName !== undefined && { agentName }),
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
