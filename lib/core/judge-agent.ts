/**
 * Whether an agent may be rung now, and if not, why not. No clock, no network.
 */
import type { Agent, CallId, NonEmpty } from './model.ts';
import type { Presence } from './presence.ts';

export type AgentRules = {
  /** What an agent may be doing when they are rung. */
  readonly routeToAgentIn: NonEmpty<Presence>;
  /** Who was not heard of for longer is in an unknown presence. */
  readonly presenceTrustedForMs: number;
  /** Whether an agent in an unknown presence is rung all the same. @default false */
  readonly isUnknownAllowed?: boolean;
};

export type AgentSkipReason =
  | 'agent-not-on-aircall'
  | 'agent-reserved'
  | 'presence-unknown'
  | (typeof skipReasons)[Presence];

const skipReasons = {
  available: 'agent-available',
  in_call: 'agent-in-call',
  after_call_work: 'agent-after-call-work',
  do_not_disturb: 'agent-do-not-disturb',
  offline: 'agent-offline',
} as const satisfies Record<Presence, string>;

/** @param callId the call they would be rung for: being held for it is no reason against them */
export function judgeAgent(
  agent: Agent,
  rules: AgentRules,
  nowMs: number,
  callId: CallId,
): 'go' | AgentSkipReason {
  const { aircallUserId, hold, presence } = agent;
  if (aircallUserId === undefined) return 'agent-not-on-aircall';
  if (hold !== undefined && hold.callId !== callId && hold.untilMs > nowMs) return 'agent-reserved';
  if (presence === undefined || nowMs - presence.knownAtMs > rules.presenceTrustedForMs) {
    return rules.isUnknownAllowed === true ? 'go' : 'presence-unknown';
  }
  if (!rules.routeToAgentIn.includes(presence.presence)) return skipReasons[presence.presence];

  return 'go';
}
