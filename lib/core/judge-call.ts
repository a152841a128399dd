/**
 * Whether a call may still be given to someone. No clock, no network.
 */
import type { CallReading, CallReason, CallStatus, DoubtReason, HopCause } from './model.ts';

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

/**
 * Whether a call that rings someone may still be given to another. `answered` alone was seen on calls that had only been
 * transferred: where whoever we rang will certainly not take it, only the time of an answer counts as one.
 */
export function judgeHop(
  reading: CallReading,
  cause?: HopCause,
): 'still-ringing' | 'call-over' | 'call-answered' {
  if (reading.status === 'over') return 'call-over';
  const isCertain = cause === 'agent-declined' || cause === 'transfer-failed';
  const isAnswered = reading.status === 'answered' && (reading.hasAnswerTime || !isCertain);

  return isAnswered ? 'call-answered' : 'still-ringing';
}

/** In doubt, a transfer may be sent only if the call shows no trace of one. */
export function judgeDoubt(
  reading: CallReading,
  staleAfterMs: number,
  nowMs: number,
): 'untouched' | DoubtReason {
  const verdict = judgeCall(reading, staleAfterMs, nowMs);
  if (verdict !== 'go') return verdict;
  return reading.isTouched ? 'call-touched' : 'untouched';
}
