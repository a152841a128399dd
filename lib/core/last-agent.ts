/**
 * Who spoke to a caller last: which conversation makes an agent the caller's last one, and for how long. No clock, no
 * network.
 *
 * A conversation is judged when it is remembered, and again by the policy of the day when the caller rings: that may be
 * stricter by then, and a store deletes late.
 */
import type { AircallUserId, EmailAddress, PhoneNumber } from './model.ts';
import type { LastAgentSettings } from './policy.ts';

/** An answered call that is over. `phone` is the other party's, whoever called whom. */
export type Conversation = Talk & {
  readonly phone: PhoneNumber;
  readonly aircallUserId: AircallUserId;
  /** Where Aircall told. */
  readonly email?: EmailAddress;
};

/** The last one with a caller, as it is remembered. */
export type LastConversation = Talk & {
  readonly aircallUserId: AircallUserId;
  readonly email: EmailAddress;
};

type Talk = {
  readonly direction: 'inbound' | 'outbound';
  readonly answeredAtMs: number;
  readonly endedAtMs: number;
};

export type ConversationVerdict = 'counts' | 'outbound-conversation' | 'too-short' | 'too-old';

export function judgeConversation(
  { direction, answeredAtMs, endedAtMs }: Talk,
  settings: LastAgentSettings,
  nowMs: number,
): ConversationVerdict {
  if (direction === 'outbound' && !settings.includeOutbound) return 'outbound-conversation';
  if (endedAtMs - answeredAtMs < settings.minTalkSeconds * 1000) return 'too-short';
  if (rememberUntilMs(endedAtMs, settings) <= nowMs) return 'too-old';

  return 'counts';
}

/** When a conversation is forgotten, in ms since 1970. */
export function rememberUntilMs(endedAtMs: number, { lookbackDays }: LastAgentSettings): number {
  return endedAtMs + lookbackDays * 86_400_000;
}

/** `undefined`: nobody, or it does not count any more. */
export function recallLastAgent(
  last: LastConversation | undefined,
  settings: LastAgentSettings,
  nowMs: number,
): EmailAddress | undefined {
  return last !== undefined && judgeConversation(last, settings, nowMs) === 'counts' ? last.email : undefined;
}
