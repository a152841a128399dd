/**
 * A transfer, sent so that at most one is accepted.
 *
 * After a lost answer the call is read first, and the transfer sent again only if the call shows no trace of it; and
 * while a transfer may still be on its way, no other is sent.
 */
import { inDoubt, leave } from '../core/decisions.ts';
import { leaveReasonFrom, troubleFrom } from '../core/explain-failure.ts';
import type {
  AircallFailure,
  AircallResult,
  AircallTrouble,
  CallId,
  CallReading,
  Choice,
  Decision,
  Target,
  TransferTarget,
} from '../core/model.ts';
import type { Now, ReadCall, TransferCall, Warn } from '../ports.ts';
import type { Notes } from './notes.ts';

export type TransferOncePorts = {
  readonly transferCall: TransferCall;
  readonly readCall: ReadCall;
  readonly warn: Warn;
  readonly now: Now;
};

export type TransferOnceLimits = {
  /** With less time left no transfer is begun: its answer would be lost. */
  readonly transferNeedsMs: number;
};

export type TransferTask = {
  readonly callId: CallId;
  readonly target: Target;
  readonly to: TransferTarget;
  /** Whether a call that reads so may be transferred again. */
  readonly judge: (reading: CallReading) => Verdict;
};

/** What a reading of the call says. */
type Verdict = Choice['readings'][number];

/** `refused`: certainly not carried out, and perhaps because of this target alone. */
export type TransferOnce = (
  task: TransferTask,
  notes: Notes,
  deadlineMs: number,
) => Promise<Decision | 'refused'>;

export function createTransferOnce(ports: TransferOncePorts, limits: TransferOnceLimits): TransferOnce {
  const judgeByReading = createJudgeByReading(ports);

  return async function transferOnce({ callId, target, to, judge }, notes, deadlineMs) {
    const routed: Decision = { outcome: 'routed', to, because: target.because };

    if (isTooLate(deadlineMs)) return leave('out-of-time');
    const first = await attempt(callId, to, notes, deadlineMs);
    if (first.ok) return routed;
    const { reason } = first.failure;
    if (reason === 'refused') return 'refused';
    if (reason !== 'lost-answer' && reason !== 'no-answer') return leave(leaveReasonFrom(first.failure));

    const verdict = await judgeByReading(callId, judge, notes, deadlineMs);
    if (verdict !== 'untouched') return inDoubt(verdict === 'still-ringing' ? 'call-touched' : verdict);
    if (reason === 'no-answer') return inDoubt('answer-lost');
    if (isTooLate(deadlineMs)) return inDoubt('out-of-time');
    const second = await attempt(callId, to, notes, deadlineMs);
    // Whatever the second answer says, the first request may still have been carried out.
    return second.ok ? routed : inDoubt('answer-lost');
  };

  async function attempt(
    callId: CallId,
    to: TransferTarget,
    notes: Notes,
    deadlineMs: number,
  ): Promise<AircallResult<void>> {
    const startedAtMs = ports.now();
    const answer = await ports.transferCall(callId, to, deadlineMs);
    const tookMs = ports.now() - startedAtMs;
    if (answer.ok) notes.timings.transferredMs = ports.now() - notes.receivedAtMs;
    else warnOfAircall(ports.warn, callId, answer.failure, 'transferring');

    const status = answer.ok ? undefined : answer.failure.status;
    notes.attempts.push({
      to,
      answer: answer.ok ? 'accepted' : answer.failure.reason,
      ...(status !== undefined && { status }),
      tookMs,
    });
    return answer;
  }

  function isTooLate(deadlineMs: number): boolean {
    return deadlineMs - ports.now() < limits.transferNeedsMs;
  }
}

/** What the call itself says, noted down; or why it can't be read. */
export type JudgeByReading = <Judgement extends Verdict>(
  callId: CallId,
  judge: (reading: CallReading) => Judgement,
  notes: Notes,
  deadlineMs: number,
) => Promise<Judgement | AircallTrouble>;

export function createJudgeByReading({
  readCall,
  warn,
}: Pick<TransferOncePorts, 'readCall' | 'warn'>): JudgeByReading {
  return async function judgeByReading(callId, judge, notes, deadlineMs) {
    const answer = await readCall(callId, deadlineMs);
    if (!answer.ok) warnOfAircall(warn, callId, answer.failure, 'reading the call');

    const verdict = answer.ok ? judge(answer.value) : troubleFrom(answer.failure);
    notes.readings.push(verdict);
    return verdict;
  };
}

function warnOfAircall(warn: Warn, callId: CallId, failure: AircallFailure, during: string): void {
  warn('aircall-trouble', { callId, during, failure: failure.message });
}
