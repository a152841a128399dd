/**
 * Users and their availability: `/v2/users`, and the two v1 routes that outlive the rest of v1.
 */
import { unescape as decode } from 'node:querystring';
import { type Answer, json, notFound } from './answer.ts';
import type { Company, SimulatedUser } from './company.ts';
import { page } from './page.ts';
import type { RouteRequest } from './routes.ts';

const CREATED_AT = '2024-01-15T09:00:00.000Z';

export function listUsers({ query }: RouteRequest, company: Company): Answer {
  const users = [...company.users.values()].map((user) => printUser(user, company));
  return page('users', `${company.url}/v2/users`, query, users);
}

export function getUser({ id }: RouteRequest, company: Company): Answer {
  const user = findById(id, company) ?? findByEmail(decode(id), company);
  return user === undefined ? notFound('User not found') : json(200, { user: printUser(user, company) });
}

export function listAvailabilities({ query }: RouteRequest, company: Company): Answer {
  const users = [...company.users.values()].map((user) => ({
    id: user.id,
    availability: availabilityOf(user),
  }));
  return page('users', `${company.url}/v1/users/availabilities`, query, users);
}

export function getAvailability({ id }: RouteRequest, company: Company): Answer {
  const user = findById(id, company);
  return user === undefined ? notFound('User not found') : json(200, { availability: availabilityOf(user) });
}

/** The shorter user inside a call. */
export function printUserOfCall(userId: number | null, company: Company): unknown {
  const user = userId === null ? undefined : company.users.get(userId);
  return user === undefined ? null : printCommon(user, `${company.url}/v1/users/${user.id}`);
}

/** As `/v2/users` and the events whose names end in `.v2` show a user. */
export function printUser(user: SimulatedUser, company: Company): unknown {
  return {
    ...printCommon(user, `${company.url}/v2/users/${user.id}`),
    substatus: 'always_opened',
    wrap_up_time: user.wrapUpSeconds ?? 0,
    extension: String(user.id % 1000).padStart(3, '0'),
  };
}

/**
 * `available` is a choice, not an answer to "free now?": someone offline or in a call still shows true, as at
 * Aircall.
 */
export function printCommon(user: SimulatedUser, directLink: string) {
  const available = user.availability !== 'do_not_disturb';
  return {
    id: user.id,
    direct_link: directLink,
    name: user.name,
    email: user.email,
    available,
    availability_status: available ? 'available' : 'unavailable',
    created_at: CREATED_AT,
    time_zone: user.timeZone ?? 'Etc/UTC',
    language: 'en-US',
  };
}

export function availabilityOf(user: SimulatedUser) {
  return user.availability ?? 'available';
}

function findById(id: string, company: Company): SimulatedUser | undefined {
  return /^\d+$/.test(id) ? company.users.get(Number(id)) : undefined;
}

function findByEmail(email: string, company: Company): SimulatedUser | undefined {
  return [...company.users.values()].find((user) => user.email.toLowerCase() === email.toLowerCase());
}
