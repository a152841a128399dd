/** What Aircall's `call` objects mean to us. */
import type { AircallNumberId, CallId, CallReading, CallStatus, InboundCall } from '../../core/model.ts';
import { parseCaller, parsePhoneNumber } from '../../core/phone-number.ts';
import type { WireCall } from './wire.ts';

export function toCallId(id: WireCall['id']): CallId {
  return String(id) as CallId;
}

export function toCallStatus(call: WireCall): CallStatus {
  if (call.status === 'done' || call.ended_at !== undefined) return 'over';
  if (call.status === 'answered' || call.answered_at !== undefined) return 'answered';

  return 'ringing';
}

export function toInboundCall(call: WireCall): InboundCall {
  const aircallNumber = parsePhoneNumber(call.number?.e164_digits ?? call.number?.digits ?? '');
  return {
    callId: toCallId(call.id),
    caller: parseCaller(call.raw_digits),
    status: toCallStatus(call),
    startedAtMs: call.started_at * 1000,
    ...(call.number?.id !== undefined && { aircallNumberId: call.number.id as AircallNumberId }),
    ...(aircallNumber !== undefined && { aircallNumber }),
  };
}

/**
 * Anyone on the call counts as a trace of a transfer. That may be too careful (a transfer that failed leaves its
 * marks too): then a call stays with Aircall, which is what doubt is for.
 */
export function toCallReading(call: WireCall): CallReading {
  const marks = [
    call.user,
    call.assigned_to,
    call.transferred_to,
    call.transferred_by,
    call.external_transferred_to,
  ];

  return {
    status: toCallStatus(call),
    startedAtMs: call.started_at * 1000,
    isTouched: marks.some(isMark),
    hasAnswerTime: call.answered_at !== undefined,
  };
}

/** Whatever its shape: only an empty one says that nobody is there. */
function isMark(mark: unknown): boolean {
  if (typeof mark === 'object' && mark !== null) return Object.keys(mark).length > 0;
  return mark !== undefined && mark !== null && mark !== '';
}
