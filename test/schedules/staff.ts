/** Those who are rung in schedules, and the calls that ring them. */
import type { AircallUser, AircallUserId, EmailAddress } from '../../lib/core/model.ts';
import { callId, email, userId } from '../builders.ts';

/** The first is assigned to the caller, the others stand behind. */
export const staff: readonly AircallUser[] = [
  { email: email('jane@example.com'), aircallUserId: userId(456) },
  { email: email('jan@example.com'), aircallUserId: userId(457) },
  { email: email('max@example.com'), aircallUserId: userId(458) },
];

export const callIds = [callId('812000001'), callId('812000002')] as const;

export function userOf(address: EmailAddress): AircallUser | undefined {
  return staff.find(({ email: theirs }) => theirs === address);
}

export function loginOf(index: number): AircallUserId {
  const user = staff[index];
  if (user === undefined) throw new Error(`nobody has the place ${index}`);
  return user.aircallUserId;
}
