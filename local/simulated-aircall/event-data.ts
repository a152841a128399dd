/**
 * The `data` of the events that the telephone sends, in the shapes that were captured: a key that does not apply is
 * absent rather than null, `user` and `contact` above all.
 *
 * Gaps, and what was chosen: `user` on `call.transferred` and `call.unsuccessful_transfer` is absent, and `transferred_by`
 * null, since nobody but the API transferred; on `call.hungup` and `call.ended` it is who talked last.
 */
import { int64 } from './answer.ts';
import type { CallState } from './call-state.ts';
import { printNumber } from './calls.ts';
import type { Company, SimulatedUser } from './company.ts';
import { printCommon, printUser, printUserOfCall } from './users.ts';

export function printCallEvent(state: CallState, userId: number | undefined, company: Company): unknown {
  const isOver = state.phase === 'over';
  return {
    id: int64(state.callId),
    direct_link: `${company.url}/v1/calls/${state.callId}`,
    direction: 'inbound',
    status: statusOf(state),
    missed_call_reason: state.missedReason,
    started_at: seconds(state.startedAtMs),
    answered_at: seconds(state.answeredAtMs),
    ended_at: seconds(state.endedAtMs),
    duration: isOver ? Math.floor(((state.endedAtMs ?? 0) - state.startedAtMs) / 1000) : 0,
    cost: '0.0',
    hangup_cause: null,
    voicemail: null,
    recording: null,
    asset: null,
    raw_digits: state.from,
    ...(userId !== undefined && { user: printUserOfCall(userId, company) }),
    number: printNumber(company),
    archived: false,
    teams: [],
    comments: [],
    tags: [],
    ...(state.isTransferred && {
      transferred_by: null,
      transferred_to: printUserOfCall(state.transferredTo, company),
    }),
    ...(state.isTransferred &&
      state.externalNumber !== null && { external_transferred_to: state.externalNumber }),
  };
}

export function statusOf({ phase, answeredAtMs }: CallState): 'initial' | 'answered' | 'done' {
  if (phase === 'over') return 'done';
  return answeredAtMs === null ? 'initial' : 'answered';
}

/** Both spellings of an event of a user: the second drops `numbers`, and adds. */
export function printUserEvents(event: string, user: SimulatedUser, company: Company) {
  const { created_at: _, ...number } = printNumber(company);
  const v1 = { ...printCommon(user, `${company.url}/v1/users/${user.id}`), numbers: [number] };
  return [
    { resource: 'user', event, data: v1 },
    { resource: 'user', event: `${event}.v2`, data: printUser(user, company) },
  ];
}

function seconds(atMs: number): number;
function seconds(atMs: number | null): number | null;
function seconds(atMs: number | null): number | null {
  return atMs === null ? null : Math.floor(atMs / 1000);
}
