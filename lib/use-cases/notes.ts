/**
 * What is noted down while someone is chosen to ring, for the decision record.
 */
import type { Choice, Considered, Decision, Timings, TransferAttempt } from '../core/model.ts';

export type Notes = {
  readonly receivedAtMs: number;
  policyVersion?: number;
  readonly considered: Considered[];
  readonly attempts: TransferAttempt[];
  readonly readings: Choice['readings'][number][];
  readonly timings: { -readonly [Key in keyof Timings]: Timings[Key] };
};

export function startNotes(nowMs: number): Notes {
  return { receivedAtMs: nowMs, considered: [], attempts: [], readings: [], timings: {} };
}

export function toChoice(decision: Decision, notes: Notes): Choice {
  return { ...notes, decision };
}
