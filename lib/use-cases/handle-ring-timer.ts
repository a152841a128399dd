/**
 * Someone was let ring for as long as the policy says: the call goes on, if it still rings there.
 */
import { troubleOf } from '../core/explain-failure.ts';
import { findRinging } from '../core/hops.ts';
import type { ClaimOwner } from '../core/model.ts';
import type { FindDecidedCall, Now, Report, RingTimer, Warn } from '../ports.ts';
import type { Invocation } from './receive-event.ts';
import type { RerouteCall } from './reroute-call.ts';

export type HandleRingTimerPorts = {
  readonly findDecidedCall: FindDecidedCall;
  readonly rerouteCall: RerouteCall;
  readonly report: Report;
  readonly warn: Warn;
  readonly now: Now;
};

export type HandleRingTimerLimits = {
  /** A timer that comes so much too late is not acted on: the caller has long been looked after by Aircall. */
  readonly timerUsableForMs: number;
};

/** `try-again`: nothing was begun, and the store may be back in a moment. */
export type HandleRingTimer = (timer: RingTimer, invocation: Invocation) => Promise<'done' | 'try-again'>;

export function createHandleRingTimer(
  ports: HandleRingTimerPorts,
  limits: HandleRingTimerLimits,
): HandleRingTimer {
  return async function handleRingTimer({ callId, hop, dueAtMs }, { requestId, deadlineMs }) {
    const startedAtMs = ports.now();
    if (startedAtMs - dueAtMs > limits.timerUsableForMs) return 'done';

    const call = await ports.findDecidedCall(callId, deadlineMs);
    if (!call.ok) {
      const { detail } = call.failure;
      ports.warn(troubleOf(call.failure), { callId, during: 'finding a call that rings', detail });
      return call.failure.reason === 'store-unavailable' ? 'try-again' : 'done';
    }
    if (call.value === undefined || findRinging(call.value)?.hop !== hop) return 'done';

    const made = await ports.rerouteCall(call.value, requestId as ClaimOwner, deadlineMs, 'ring-timeout');
    if (!made.ok) return made.failure === 'store-unavailable' ? 'try-again' : 'done';
    if (made.value === undefined) return 'done';
    const { decision } = made.value;
    const tookMs = ports.now() - startedAtMs;
    ports.report({ requestId, event: 'ring-timeout', callId, decision, tookMs, hop: made.value });
    return 'done';
  };
}
