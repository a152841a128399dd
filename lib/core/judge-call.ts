/**
 * Whether a call may still be given to someone. No clock, no network.
 */
import type { CallReading, CallReason, CallStatus, DoubtReason } from './model.ts';

/** Old news is not acted on: deliveries are retried for 12 hours. A start in the future is a clock's error, and young. */
export function judgeCall(
  call: { readonly status: CallStatus; readonly startedAtMs: number },
  staleAfterMs: number,
  nowMs: number,
): 'go' | CallReason {
  if (call.status === 'over') return 'call-over';
  if (call.status === 'answered') return 'call-answered';
  if (nowMs - call.startedAtMs > staleAfterMs) return 'stale';

  return 'go';
}

/** In doubt, a transfer may be sent only if the call shows no trace of one. */
export function judgeDoubt(reading: CallReading, staleAfterMs: number, nowMs: number): 'go' | DoubtReason {
  const verdict = judgeCall(reading, staleAfterMs, nowMs);
  if (verdict !== 'go') return verdict;
  if (reading.isTouched) return 'call-touched';

  return 'go';
}
