/**
 * `POST /v1/calls/:id/transfers`: 204 with an empty body, and the transfer recorded; or the reason why not.
 *
 * - Not idempotent: a repeated transfer is accepted, and recorded, again.
 * - An agent's availability is not looked at: neither does Aircall, the caller just reaches nobody.
 * - Gap: the texts of most refusals, and which comes first when several apply.
 * - Gap: ids in quotes. They are refused, since numbers are what is documented.
 * - Gap: teams. Any team id is accepted, and every team has the company's users in it, the first user first.
 */
import { type Answer, badRequest, notAllowed, notFound } from './answer.ts';
import type { RingTarget } from './call-state.ts';
import { findCall } from './calls.ts';
import type { Company, SimulatedCall, TransferTarget } from './company.ts';
import type { JsonObject } from './parse-object.ts';
import type { RouteRequest } from './routes.ts';

const TARGET_KEYS = ['user_id', 'team_id', 'number'];
const STRATEGIES: unknown[] = ['simultaneous', 'random', 'longest_idle'];
const E164 = /^\+[1-9]\d{6,14}$/;

export function transferCall({ id, body }: RouteRequest, company: Company): Answer {
  const target = parseTarget(body);
  if (typeof target === 'string') return badRequest(target);

  const call = findCall(id, company);
  if (call === undefined) return notFound('Call not found');
  if (call.status === 'done') return badRequest('Call already ended');

  const refusal = refuseTarget(target, call, company);
  if (refusal !== undefined) return refusal;

  company.calls.set(id, { ...call, transferredToUserId: firstUserOf(target, company) });
  company.transfers.push({ callId: id, target, atMs: company.nowMs() });
  company.onTransfer(id, target);
  return { status: 204 };
}

/** The target, or what is wrong with it. A key that is there counts, even with null in it. */
function parseTarget(body: JsonObject): TransferTarget | string {
  if (TARGET_KEYS.filter((key) => key in body).length !== 1)
    return 'Exactly one of user_id, team_id, number is needed';

  const { user_id, team_id, number, dispatching_strategy } = body;
  if (dispatching_strategy !== undefined && !('team_id' in body))
    return 'dispatching_strategy needs a team_id';
  if (Number.isSafeInteger(user_id)) return { user_id: Number(user_id) };
  if (typeof number === 'string' && E164.test(number)) return { number };
  if (!Number.isSafeInteger(team_id)) return 'The target is not an integer id or an E.164 number';
  if (dispatching_strategy === undefined) return { team_id: Number(team_id) };
  if (!STRATEGIES.includes(dispatching_strategy)) return 'Unknown dispatching_strategy';

  return { team_id: Number(team_id), dispatching_strategy: String(dispatching_strategy) };
}

function refuseTarget(
  target: TransferTarget,
  call: Required<SimulatedCall>,
  company: Company,
): Answer | undefined {
  if ('number' in target && (call.direction !== 'inbound' || call.status !== 'initial')) {
    return badRequest('Only an inbound call that nobody has answered goes to a number');
  }
  if ('user_id' in target && !company.users.has(target.user_id)) return badRequest('User not found');
  if ('user_id' in target && company.refusedUserIds.has(target.user_id)) {
    return notAllowed('The user is currently unavailable');
  }
  return undefined;
}

function firstUserOf(target: TransferTarget, company: Company): number | null {
  if ('user_id' in target) return target.user_id;
  if ('number' in target) return null;

  return company.users.keys().next().value ?? null;
}

/** As the telephone sees it. */
export function toRingTarget(target: TransferTarget, { users }: Company): RingTarget {
  if ('number' in target) return { kind: 'number', number: target.number };
  return { kind: 'users', userIds: 'user_id' in target ? [target.user_id] : [...users.keys()] };
}
