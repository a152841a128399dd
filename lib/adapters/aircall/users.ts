/**
 * Aircall's users as our agents.
 */

import { parseEmailAddress } from '../../core/email-address.ts';
import type { AircallUser, AircallUserId } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { FetchUser, ListUsers } from '../../ports.ts';
import type { AircallClock, RequestAircall } from './client.ts';
import { listPages } from './pages.ts';
import { userAnswer, user as userSchema, usersPage } from './wire.ts';

/** `GET /v2/users/:email`. The list's `?email=` is undocumented, and not used. */
export function createFetchUser(requestAircall: RequestAircall, timeoutMs: number): FetchUser {
  return async function fetchUser(email, deadlineMs) {
    const route = '/v2/users/:email';
    const path = `/v2/users/${encodeURIComponent(email).replace('%40', '@')}`;
    const answer = await requestAircall({ method: 'GET', path, route, timeoutMs, deadlineMs });
    if (!answer.ok) return answer.failure.reason === 'not-found' ? succeed(undefined) : answer;

    const parsed = userAnswer.safeParse(answer.value);
    const found = parsed.success ? toAircallUser(parsed.data.user) : undefined;
    // An answer about someone else would send the caller to a stranger.
    if (found?.email !== email)
      return fail({ reason: 'unreadable-answer', message: `GET ${route}: not that user` });
    return succeed(found);
  };
}

/** `GET /v2/users`, all pages. */
export function createListUsers(
  requestAircall: RequestAircall,
  clock: AircallClock,
  timeoutMs: number,
): ListUsers {
  return async function listUsers(deadlineMs) {
    const { items, missing, failure } = await listPages(requestAircall, clock, {
      path: '/v2/users',
      schema: usersPage,
      itemsOf: (page) => page.users,
      timeoutMs,
      deadlineMs,
    });
    const users = items.map(toAircallUser).filter((user) => user !== undefined);
    const unreadable = items.length - users.length + missing;
    return { users, unreadable, ...(failure !== undefined && { failure }) };
  };
}

function toAircallUser(wire: unknown): AircallUser | undefined {
  const parsed = userSchema.safeParse(wire);
  const email = parsed.success ? parseEmailAddress(parsed.data.email) : undefined;
  if (!parsed.success || email === undefined) return undefined;

  const { id, name, wrap_up_time: wrapUpSeconds } = parsed.data;
  return {
    aircallUserId: id as AircallUserId,
    email,
    ...(name !== undefined && { name }),
    ...(wrapUpSeconds !== undefined && { wrapUpSeconds }),
  };
}
