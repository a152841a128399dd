/**
 * One inbound call, from its announcement to a settled decision:
 *
 *   wave 1   claim the call ∥ find the caller
 *   pure     is it still ours to give? who could ring?
 *   wave 2   resolve the agent            (memory, as a rule)
 *   wave 3   transfer
 *   after    settle: store the decision record
 *
 * On any trouble the call is left to Aircall. At most one transfer is accepted: nothing is sent without a claim; after a
 * lost answer or a lapsed claim the call is read first, and given away only if it shows no trace of a transfer; and
 * while a transfer may still be on its way, no other is sent.
 */
import { leaveReasonFrom, troubleFrom, troubleOf } from '../core/explain-failure.ts';
import { judgeCall, judgeDoubt } from '../core/judge-call.ts';
import type {
  AircallFailure,
  AircallResult,
  Caller,
  ClaimOwner,
  Considered,
  Contact,
  Decision,
  DecisionRecord,
  DoubtReason,
  InboundCall,
  LeaveReason,
  StoreFailure,
  StoreResult,
  Target,
  Timings,
  TransferAttempt,
  TransferTarget,
} from '../core/model.ts';
import { planTargets } from '../core/plan-targets.ts';
import { succeed } from '../core/result.ts';
import type { ClaimCall, FindContact, Now, ReadCall, SettleCall, TransferCall, Warn } from '../ports.ts';
import type { ResolveAgent } from './resolve-agent.ts';

export type RouteCallPorts = {
  readonly claimCall: ClaimCall;
  readonly findContact: FindContact;
  readonly resolveAgent: ResolveAgent;
  readonly transferCall: TransferCall;
  readonly readCall: ReadCall;
  readonly settleCall: SettleCall;
  readonly warn: Warn;
  readonly now: Now;
};

export type RouteCallLimits = {
  /** A call that started longer ago is old news. */
  readonly staleAfterMs: number;
  /** Kept back before the deadline for storing the decision. */
  readonly settleKeptMs: number;
  /** With less time left no transfer is begun: its answer would be lost. */
  readonly transferNeedsMs: number;
};

/** Answers by `deadlineMs`; never throws for what a port reports as a failure. */
export type RouteCall = (call: InboundCall, owner: ClaimOwner, deadlineMs: number) => Promise<DecisionRecord>;

/** What is noted down on the way, for the decision record. */
type Notes = {
  readonly receivedAtMs: number;
  considered: Considered[];
  attempts: TransferAttempt[];
  readings: DecisionRecord['readings'][number][];
  timings: { -readonly [Key in keyof Timings]: Timings[Key] };
  /** What is still being written, and has to be before we answer: a Lambda is frozen then. */
  unfinished: Promise<void>[];
};

export function createRouteCall(ports: RouteCallPorts, limits: RouteCallLimits): RouteCall {
  return async function routeCall(call, owner, deadlineMs) {
    const actBeforeMs = deadlineMs - limits.settleKeptMs;
    const notes: Notes = {
      receivedAtMs: ports.now(),
      considered: [],
      attempts: [],
      readings: [],
      timings: {},
      unfinished: [],
    };

    const [claim, contact] = await Promise.all([
      ports.claimCall(call, owner, actBeforeMs),
      findCaller(call.caller, actBeforeMs),
    ]);
    notes.timings.claimedMs = ports.now() - notes.receivedAtMs;

    if (!claim.ok) return recordOf(call, leaveForStore(call, claim.failure, 'claiming the call'), notes);
    if (claim.value === 'duplicate') return recordOf(call, { outcome: 'duplicate' }, notes);

    const doubt = claim.value === 'in-doubt' ? await judgeByReading(call, notes, actBeforeMs) : 'go';
    const decision = doubt === 'go' ? await decide(call, contact, notes, actBeforeMs) : inDoubt(doubt);

    const record = recordOf(call, decision, notes);
    await Promise.all([settle(record, owner, deadlineMs), ...notes.unfinished]);
    return record;
  };

  async function findCaller(caller: Caller, deadlineMs: number): Promise<StoreResult<Contact | undefined>> {
    return caller.kind === 'identified' ? ports.findContact(caller.phone, deadlineMs) : succeed(undefined);
  }

  async function decide(
    call: InboundCall,
    contact: StoreResult<Contact | undefined>,
    notes: Notes,
    deadlineMs: number,
  ): Promise<Decision> {
    const verdict = judgeCall(call, limits.staleAfterMs, ports.now());
    if (verdict !== 'go') return leave(verdict);
    if (!contact.ok) return leaveForStore(call, contact.failure, 'finding the caller');

    const plan = planTargets(call.caller, contact.value);
    if (plan.kind === 'leave') return leave(plan.because);

    for (const target of plan.targets) {
      const to = await consider(target, notes, deadlineMs);
      if (to !== undefined) return transfer(call, target, to, notes, deadlineMs);
    }
    return leave(reasonNobodyRang(notes.considered));
  }

  /** Whom the target stands for at Aircall, or `undefined` with the reason noted. */
  async function consider(
    target: Target,
    notes: Notes,
    deadlineMs: number,
  ): Promise<TransferTarget | undefined> {
    const agent = await ports.resolveAgent(target.email, deadlineMs);
    notes.timings.resolvedMs = ports.now() - notes.receivedAtMs;
    if (!agent.ok) {
      notes.considered.push({ target, verdict: agent.failure.reason });
      return undefined;
    }

    const { aircallUserId, source, ageMs, saving } = agent.value;
    if (saving !== undefined) notes.unfinished.push(saving);
    const verdict = aircallUserId === undefined ? 'agent-not-on-aircall' : 'go';
    notes.considered.push({ target, verdict, source, ageMs });
    return aircallUserId === undefined ? undefined : { kind: 'agent', aircallUserId };
  }

  async function transfer(
    call: InboundCall,
    target: Target,
    to: TransferTarget,
    notes: Notes,
    deadlineMs: number,
  ): Promise<Decision> {
    const routed: Decision = { outcome: 'routed', to, because: target.because };

    if (isTooLate(deadlineMs)) return leave('out-of-time');
    const first = await attemptTransfer(call, to, notes, deadlineMs);
    if (first.ok) return routed;
    const { reason } = first.failure;
    if (reason !== 'lost-answer' && reason !== 'no-answer') return leave(leaveReasonFrom(first.failure));

    const doubt = await judgeByReading(call, notes, deadlineMs);
    if (doubt !== 'go') return inDoubt(doubt);
    if (reason === 'no-answer') return inDoubt('answer-lost');
    if (isTooLate(deadlineMs)) return inDoubt('out-of-time');
    const second = await attemptTransfer(call, to, notes, deadlineMs);
    // Whatever the second answer says, the first request may still have been carried out.
    return second.ok ? routed : inDoubt('answer-lost');
  }

  async function attemptTransfer(
    call: InboundCall,
    to: TransferTarget,
    notes: Notes,
    deadlineMs: number,
  ): Promise<AircallResult<void>> {
    const startedAtMs = ports.now();
    const answer = await ports.transferCall(call.callId, to, deadlineMs);
    const tookMs = ports.now() - startedAtMs;
    if (answer.ok) notes.timings.transferredMs = ports.now() - notes.receivedAtMs;
    else warnOfAircall(call, answer.failure, 'transferring');

    const status = answer.ok ? undefined : answer.failure.status;
    notes.attempts.push({
      to,
      answer: answer.ok ? 'accepted' : answer.failure.reason,
      ...(status !== undefined && { status }),
      tookMs,
    });
    return answer;
  }

  /** In doubt whether a transfer happened: what the call itself says. */
  async function judgeByReading(
    call: InboundCall,
    notes: Notes,
    deadlineMs: number,
  ): Promise<'go' | DoubtReason> {
    const answer = await ports.readCall(call.callId, deadlineMs);
    if (!answer.ok) warnOfAircall(call, answer.failure, 'reading the call');
    const verdict = answer.ok
      ? judgeDoubt(answer.value, limits.staleAfterMs, ports.now())
      : troubleFrom(answer.failure);
    notes.readings.push(verdict === 'go' ? 'untouched' : verdict);
    return verdict;
  }

  function leaveForStore({ callId }: InboundCall, failure: StoreFailure, during: string): Decision {
    ports.warn(troubleOf(failure), { callId, during, detail: failure.detail });
    return leave(failure.reason);
  }

  function warnOfAircall({ callId }: InboundCall, failure: AircallFailure, during: string): void {
    ports.warn('aircall-trouble', { callId, during, failure: failure.message });
  }

  function isTooLate(deadlineMs: number): boolean {
    return deadlineMs - ports.now() < limits.transferNeedsMs;
  }

  /** A decision that can't be stored is carried out all the same: the claim lapses, and whoever takes it over reads the call. */
  async function settle(record: DecisionRecord, owner: ClaimOwner, deadlineMs: number): Promise<void> {
    const settled = await ports.settleCall(record, owner, deadlineMs);
    if (!settled.ok) ports.warn('settle-failed', { callId: record.callId, detail: settled.failure.detail });
    else if (settled.value === 'not-owner')
      ports.warn('settle-failed', { callId: record.callId, detail: 'not-owner' });
  }
}

/** Trouble is the better explanation than "nobody could be rung": it can be mended. */
function reasonNobodyRang(considered: readonly Considered[]): LeaveReason {
  for (const { verdict } of considered) {
    if (verdict !== 'go' && verdict !== 'agent-not-on-aircall') return verdict;
  }
  return 'no-target-available';
}

function recordOf(call: InboundCall, decision: Decision, notes: Notes): DecisionRecord {
  const { callId, caller, startedAtMs } = call;
  const { unfinished: _, ...told } = notes;
  return { callId, caller, callStartedAtMs: startedAtMs, decision, ...told };
}

function leave(because: LeaveReason): Decision {
  return { outcome: 'left', because };
}

function inDoubt(because: DoubtReason): Decision {
  return { outcome: 'in-doubt', because };
}
