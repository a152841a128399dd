/**
 * What Aircall answers to "free now?": for all agents page by page, and for one.
 *
 * An answer is as old as its question: what happened while it was on its way is not in it.
 */
import type { AircallUserId, Availability } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { FetchAvailability, ListAvailabilities, Now } from '../../ports.ts';
import type { AircallClock, RequestAircall } from './client.ts';
import { listPages } from './pages.ts';
import { availabilityAnswer, userAvailability, usersPage } from './wire.ts';

/** `GET /v1/users/availabilities`, all pages. Each page has its own time: a long list takes minutes. */
export function createListAvailabilities(
  requestAircall: RequestAircall,
  clock: AircallClock,
  timeoutMs: number,
): ListAvailabilities {
  return async function listAvailabilities(deadlineMs) {
    let askedAtMs = clock.now();
    const requestAtNotedTime: RequestAircall = (request) => {
      askedAtMs = clock.now();
      return requestAircall(request);
    };
    const { items, missing, failure } = await listPages(requestAtNotedTime, clock, {
      path: '/v1/users/availabilities',
      schema: usersPage,
      itemsOf: (page) => page.users.map((user) => toAvailability(user, askedAtMs)),
      timeoutMs,
      deadlineMs,
    });
    const availabilities = items.filter((availability) => availability !== undefined);
    const unreadable = items.length - availabilities.length + missing;
    return { availabilities, unreadable, ...(failure !== undefined && { failure }) };
  };
}

/** `GET /v1/users/:id/availability`. */
export function createFetchAvailability(
  requestAircall: RequestAircall,
  now: Now,
  timeoutMs: number,
): FetchAvailability {
  return async function fetchAvailability(aircallUserId, deadlineMs) {
    const route = '/v1/users/:id/availability';
    const path = `/v1/users/${aircallUserId}/availability`;
    const atMs = now();
    const answer = await requestAircall({
      method: 'GET',
      path,
      route,
      timeoutMs,
      deadlineMs,
      // A caller waits.
      tries: 1,
    });
    if (!answer.ok) return answer.failure.reason === 'not-found' ? succeed(undefined) : answer;

    const parsed = availabilityAnswer.safeParse(answer.value);
    return parsed.success
      ? succeed({ aircallUserId, presence: parsed.data.availability, atMs })
      : fail({ reason: 'unreadable-answer', message: `GET ${route}: no availability we know` });
  };
}

function toAvailability(wire: unknown, atMs: number): Availability | undefined {
  const parsed = userAvailability.safeParse(wire);
  if (!parsed.success) return undefined;

  return { aircallUserId: parsed.data.id as AircallUserId, presence: parsed.data.availability, atMs };
}
