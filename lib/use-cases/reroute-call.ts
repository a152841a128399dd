/**
 * A call that rings someone of ours, given on down its plan:
 *
 *   why      who rings declined, the transfer failed, or they let it ring for too long
 *   claim    this hop is ours alone, and the call neither answered nor over
 *   read     the call at Aircall: a missed event must not cost anyone their conversation
 *   try      those of the plan who were not tried yet, as at first
 *   after    settle: store the hop ∥ follow up
 *
 * A hop whose owner dies is not taken over: whether it transferred can't be told from the call, which was transferred
 * before. Then, as on any trouble, the caller gets what Aircall does when no one answers.
 */
import { inDoubt, leave } from '../core/decisions.ts';
import { troubleOf } from '../core/explain-failure.ts';
import {
  type DecidedCall,
  findRefusal,
  findRinging,
  findUntried,
  isFirstUnanswered,
  mostHops,
} from '../core/hops.ts';
import { judgeHop } from '../core/judge-call.ts';
import type { CallReading, ClaimOwner, Decision, Hop, HopCause, StoreFailure } from '../core/model.ts';
import type { Policy } from '../core/policy.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { ClaimHop, Now, SettleHop, Warn } from '../ports.ts';
import type { CurrentPolicy } from './current-policy.ts';
import type { FollowUp } from './follow-up.ts';
import { type Notes, startNotes, toChoice } from './notes.ts';
import { newsOf } from './settled-news.ts';
import type { JudgeByReading, TransferOnce } from './transfer-once.ts';
import type { TryTargets } from './try-targets.ts';

export type RerouteCallPorts = {
  readonly claimHop: ClaimHop;
  readonly currentPolicy: CurrentPolicy;
  readonly judgeByReading: JudgeByReading;
  readonly tryTargets: TryTargets;
  readonly transferOnce: TransferOnce;
  readonly settleHop: SettleHop;
  readonly followUp: FollowUp;
  readonly warn: Warn;
  readonly now: Now;
};

export type RerouteCallLimits = {
  /** Kept back before the deadline for storing what came of it. */
  readonly settleKeptMs: number;
  /** With less time than this no hop is begun: it would be lost on the way. */
  readonly hopNeedsMs: number;
};

/**
 * Gives a call on while whoever it rings will not take it; without an explicit `cause`, only then. Gives the last hop
 * it made, or why not even the first could be claimed. Answers by `deadlineMs`.
 */
export type RerouteCall = (
  call: DecidedCall,
  owner: ClaimOwner,
  deadlineMs: number,
  cause?: HopCause,
) => Promise<Result<Hop | undefined, StoreFailure['reason']>>;

export function createRerouteCall(ports: RerouteCallPorts, limits: RerouteCallLimits): RerouteCall {
  const rerouteCall: RerouteCall = async (call, owner, deadlineMs, cause = findRefusal(call)) => {
    const { record } = call;
    const { callId } = record;
    const actBeforeMs = deadlineMs - limits.settleKeptMs;
    const notes = startNotes(ports.now());

    const ringing = findRinging(call);
    const isDue = cause !== undefined && deadlineMs - ports.now() >= limits.hopNeedsMs;
    if (!isDue || ringing === undefined || ringing.hop >= mostHops) return succeed(undefined);
    const hop = ringing.hop + 1;
    const [claimed, found] = await Promise.all([
      ports.claimHop(callId, hop, owner, actBeforeMs),
      ports.currentPolicy(actBeforeMs),
    ]);
    notes.timings.claimedMs = ports.now() - notes.receivedAtMs;
    if (!claimed.ok) {
      const { reason, detail } = claimed.failure;
      ports.warn(troubleOf(claimed.failure), { callId, during: 'claiming a hop', detail });
      return fail(reason);
    }
    if (claimed.value === 'refused') return succeed(undefined);

    if (found.ok) notes.policyVersion = found.value.version;
    const decision = found.ok
      ? await decide(call, cause, found.value.policy, notes, actBeforeMs)
      : leave(found.failure.reason);
    const made: Hop = { ...toChoice(decision, notes), hop, cause };
    const hops = [...call.hops, made];

    // Nothing that follows this hop delays the next one, if whoever it rings has refused already.
    const [next] = await Promise.all([
      settleAndGoOn({ ...call, hops, hopsBegun: hop }, made, owner, deadlineMs),
      found.ok && ports.followUp({ record, hops }, found.value.policy, deadlineMs),
    ]);
    return succeed(next ?? made);
  };
  return rerouteCall;

  async function settleAndGoOn(
    call: DecidedCall,
    made: Hop,
    owner: ClaimOwner,
    deadlineMs: number,
  ): Promise<Hop | undefined> {
    const { callId } = call.record;
    const news = newsOf(await ports.settleHop(callId, made, owner, deadlineMs), callId, ports.warn);
    const next = news && (await rerouteCall({ ...call, news }, owner, deadlineMs));
    return next?.ok ? next.value : undefined;
  }

  async function decide(
    call: DecidedCall,
    cause: HopCause,
    policy: Policy,
    notes: Notes,
    deadlineMs: number,
  ): Promise<Decision> {
    const { callId } = call.record;
    if (!policy.enabled) return leave('router-disabled');
    if (cause === 'ring-timeout' && policy.ringSeconds === 0) return leave('policy-says-leave');
    const untried = findUntried(call);
    if (untried.length === 0) return leave('no-target-available');

    const mayBeUntouched = !isFirstUnanswered(call);
    const judge = (reading: CallReading) => judgeHop(reading, cause);
    const judgeFirst = (reading: CallReading) =>
      mayBeUntouched || reading.isTouched ? judge(reading) : 'untouched';
    const verdict = await ports.judgeByReading(callId, judgeFirst, notes, deadlineMs);
    // While a transfer may be on its way, no other is sent.
    if (verdict === 'untouched') return inDoubt('answer-lost');
    if (verdict !== 'still-ringing') return leave(verdict);

    return ports.tryTargets(
      untried,
      { callId, policy, refusals: call.news.refusals },
      (target, to) => ports.transferOnce({ callId, target, to, judge }, notes, deadlineMs),
      notes,
      deadlineMs,
    );
  }
}
