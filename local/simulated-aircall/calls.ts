/**
 * Calls: put there by a test or by the telephone, read through `GET /v1/calls/:id`.
 */
import { type Answer, int64, json, notFound } from './answer.ts';
import type { Company, SimulatedCall } from './company.ts';
import type { RouteRequest } from './routes.ts';
import { printUserOfCall } from './users.ts';

const CALL_ID = /^[1-9]\d{0,18}$/;

/** Adds a call, or changes the given fields of one that is there. */
export function putCall(change: SimulatedCall, company: Company): Required<SimulatedCall> {
  if (!CALL_ID.test(change.id)) throw new Error(`a call id is up to 19 digits, not "${change.id}"`);

  const nowSeconds = Math.floor(company.nowMs() / 1000);
  const call = {
    direction: 'inbound' as const,
    status: 'initial' as const,
    startedAtSeconds: nowSeconds,
    answeredAtSeconds: null,
    endedAtSeconds: null,
    rawDigits: '+1 202-555-0123',
    userId: null,
    transferredToUserId: null,
    missedCallReason: null,
    ...company.calls.get(change.id),
    ...change,
  };
  if (call.status === 'answered') call.answeredAtSeconds ??= nowSeconds;
  if (call.status === 'done') call.endedAtSeconds ??= nowSeconds;

  company.calls.set(call.id, call);
  return call;
}

export function findCall(id: string, company: Company): Required<SimulatedCall> | undefined {
  const call = company.calls.get(id);
  if (call !== undefined || !CALL_ID.test(id) || !company.isUnknownCallAccepted(id)) return call;

  return putCall({ id }, company);
}

export function getCall({ id }: RouteRequest, company: Company): Answer {
  const call = findCall(id, company);
  return call === undefined ? notFound('Call not found') : json(200, { call: printCall(call, company) });
}

/**
 * Gap: what a transfer to an outside number changes here. Nothing, is the assumption that forgives a client
 * least: `external_transferred_to` is documented for the webhook event only.
 */
export function printCall(call: Required<SimulatedCall>, company: Company): unknown {
  const isMissed = call.status === 'done' && call.answeredAtSeconds === null && call.direction === 'inbound';
  return {
    id: int64(call.id),
    direct_link: `${company.url}/v1/calls/${call.id}`,
    direction: call.direction,
    status: call.status,
    missed_call_reason: isMissed ? (call.missedCallReason ?? 'agents_did_not_answer') : null,
    started_at: call.startedAtSeconds,
    answered_at: call.answeredAtSeconds,
    ended_at: call.endedAtSeconds,
    duration: call.endedAtSeconds === null ? 0 : call.endedAtSeconds - call.startedAtSeconds,
    voicemail: null,
    recording: null,
    asset: null,
    raw_digits: call.rawDigits,
    user: printUserOfCall(call.userId, company),
    contact: null,
    archived: false,
    assigned_to: null,
    transferred_by: null,
    transferred_to: printUserOfCall(call.transferredToUserId, company),
    cost: '0',
    number: printNumber(company),
  };
}

/** The one number of the company. */
export function printNumber({ url, number }: Company) {
  return {
    id: number.id,
    direct_link: `${url}/v1/numbers/${number.id}`,
    name: number.name,
    digits: number.digits,
    created_at: '2024-01-15T09:00:00.000Z',
    country: number.country,
    time_zone: number.timeZone,
    open: true,
    availability_status: 'open',
    is_ivr: false,
    live_recording_activated: false,
    priority: null,
    messages: {},
  };
}
