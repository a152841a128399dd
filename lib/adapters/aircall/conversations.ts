/**
 * What a call that is over says of the conversation in it: who spoke to whom, and how long.
 */
import { parseEmailAddress } from '../../core/email-address.ts';
import type { Conversation } from '../../core/last-agent.ts';
import type { AircallUserId } from '../../core/model.ts';
import { parseCaller } from '../../core/phone-number.ts';
import { call as callSchema, userOfConversation } from './wire.ts';

/** `undefined` for every event but the end of a call, and for one that tells of no conversation. */
export function readConversation(event: string, data: unknown): Conversation | undefined {
  return event === 'call.ended' ? toConversation(data) : undefined;
}

/**
 * `undefined` for a call that is not over, that nobody answered, or whose agent or other party can't be told. Ringing is
 * no talk: `duration` is not looked at.
 */
export function toConversation(data: unknown): Conversation | undefined {
  const parsed = callSchema.safeParse(data);
  if (!parsed.success) return undefined;

  const { direction, raw_digits, answered_at: answeredAt, ended_at: endedAt } = parsed.data;
  const user = userOfConversation.safeParse(parsed.data.user);
  const caller = parseCaller(raw_digits);
  if (!user.success || caller.kind !== 'identified') return undefined;
  if (answeredAt === undefined || endedAt === undefined) return undefined;
  if (!(answeredAt > 0 && answeredAt <= endedAt && endedAt < lastSecond)) return undefined;

  const email = parseEmailAddress(user.data.email ?? '');
  return {
    direction,
    phone: caller.phone,
    aircallUserId: user.data.id as AircallUserId,
    ...(email !== undefined && { email }),
    answeredAtMs: Math.floor(answeredAt * 1000),
    endedAtMs: Math.floor(endedAt * 1000),
  };
}

/** Of the year 5138: milliseconds in place of seconds are beyond it. */
const lastSecond = 100_000_000_000;
