/**
 * An Aircall that knows the truth of every call: who is rung, who talks, which transfers it carried out. Agents do what
 * they are said to do when their phone rings, and what they do is told by events.
 */
import type {
  AircallResult,
  AircallUserId,
  CallId,
  CallReading,
  Refusal,
  TransferTarget,
} from '../../lib/core/model.ts';
import type { Presence } from '../../lib/core/presence.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { NewsOfCall } from '../../lib/use-cases/track-call.ts';
import type { PresenceNews } from '../../lib/use-cases/track-presence.ts';
import { userId } from '../builders.ts';
import type { MovedTime } from './moved-time.ts';

/** What whoever is rung does about it. `fails`: the transfer to them did, after it was accepted. */
export type Habit = {
  readonly does: 'answers' | 'declines' | 'fails' | 'ignores';
  readonly afterMs: number;
};

export type AircallFacts = {
  readonly habits: ReadonlyMap<AircallUserId, Habit>;
  readonly presences: ReadonlyMap<AircallUserId, Presence>;
  /** A transfer to them is refused. */
  readonly refuses: ReadonlySet<AircallUserId>;
  /** Calls that were only transferred have been seen to read as answered, without a time of it. */
  readonly showsTransferredAsAnswered: boolean;
};

export type CallTruth = {
  readonly callId: CallId;
  readonly startedAtMs: number;
  phase: 'ringing' | 'answered' | 'over';
  answeredAtMs: number | undefined;
  /** The store knows it from an event. */
  isAnswerTold: boolean;
  /** Whom it rings because of us, and since which transfer. */
  rings: { readonly to: TransferTarget; readonly turn: number } | undefined;
  turns: number;
};

/** An event, as the webhook tells it. */
export type Event = { readonly ofCall: NewsOfCall; readonly ofAgent?: PresenceNews };

/** Of the number's own distribution, and unknown to the router. */
export const distributionAgent = userId(900);

export type Aircall = ReturnType<typeof createAircall>;

export function createAircall(time: MovedTime, facts: AircallFacts, tell: (event: Event) => void) {
  const calls = new Map<CallId, CallTruth>();
  const truthOf = (callId: CallId): CallTruth => {
    const truth = calls.get(callId);
    if (truth === undefined) throw new Error(`no call ${callId}`);
    return truth;
  };

  function ring(truth: CallTruth, to: TransferTarget): void {
    truth.turns += 1;
    truth.rings = { to, turn: truth.turns };
    const { turn } = truth.rings;
    const habit = to.kind === 'agent' ? facts.habits.get(to.aircallUserId) : undefined;
    if (to.kind !== 'agent' || habit === undefined || habit.does === 'ignores') return;

    time.at(time.now() + habit.afterMs, () => {
      if (truth.phase !== 'ringing' || truth.rings?.turn !== turn) return;
      if (habit.does === 'answers') answer(truth.callId, to.aircallUserId);
      else refuse(truth, to.aircallUserId, habit.does === 'fails' ? 'transfer-failed' : 'agent-declined');
    });
  }

  function refuse(truth: CallTruth, by: AircallUserId, because: Refusal['because']): void {
    const { callId } = truth;
    const isRung = truth.rings?.to.kind === 'agent' && truth.rings.to.aircallUserId === by;
    if (isRung) truth.rings = undefined;
    const fact = { kind: 'call-declined', callId, atMs: time.now() } as const;
    tell({
      ofCall: { kind: 'refused', callId, refusal: { because, by } },
      ofAgent: { aircallUserId: by, fact },
    });
  }

  function answer(callId: CallId, by: AircallUserId): void {
    const truth = truthOf(callId);
    if (truth.phase !== 'ringing') return;
    const atMs = time.now();
    truth.phase = 'answered';
    truth.answeredAtMs = atMs;
    truth.rings = undefined;
    const fact = { kind: 'call-answered', callId, atMs } as const;
    tell({ ofCall: { kind: 'answered', callId, atMs, by }, ofAgent: { aircallUserId: by, fact } });
  }

  return {
    calls: () => [...calls.values()],
    truthOf,

    begin: (callId: CallId) => {
      calls.set(callId, {
        callId,
        startedAtMs: time.now(),
        phase: 'ringing',
        answeredAtMs: undefined,
        isAnswerTold: false,
        rings: undefined,
        turns: 0,
      });
    },

    /** A transfer, which Aircall accepts of an answered call as of one that rings. */
    transfer: (callId: CallId, to: TransferTarget): AircallResult<void> => {
      const truth = truthOf(callId);
      if (truth.phase === 'over') return fail({ reason: 'call-ended', message: 'Call already ended' });
      if (to.kind === 'agent' && facts.refuses.has(to.aircallUserId)) {
        return fail({ reason: 'refused', message: 'The user is currently unavailable', status: 405 });
      }
      ring(truth, to);
      return succeed(undefined);
    },

    read: (callId: CallId): CallReading => {
      const { phase, startedAtMs, turns } = truthOf(callId);
      const isOnlyTransferred = phase === 'ringing' && turns > 0 && facts.showsTransferredAsAnswered;
      return {
        status: isOnlyTransferred ? 'answered' : phase,
        startedAtMs,
        isTouched: turns > 0 || phase !== 'ringing',
        hasAnswerTime: phase === 'answered',
      };
    },

    availabilityOf: (aircallUserId: AircallUserId) => facts.presences.get(aircallUserId),

    /** The call flow was told whom to ring. */
    ringByFlow: (callId: CallId, to: TransferTarget) => {
      const truth = truthOf(callId);
      if (truth.phase === 'ringing') ring(truth, to);
    },

    /** Someone of the number's own distribution picks up. */
    answerInDistribution: (callId: CallId) => answer(callId, distributionAgent),

    /** The distribution rang an agent of ours, too, and they declined that. */
    declineInDistribution: (callId: CallId, by: AircallUserId) => {
      const truth = truthOf(callId);
      if (truth.phase === 'ringing') refuse(truth, by, 'agent-declined');
    },

    hangUp: (callId: CallId) => {
      const truth = truthOf(callId);
      if (truth.phase === 'over') return;
      truth.phase = 'over';
      truth.rings = undefined;
      tell({ ofCall: { kind: 'over', callId, atMs: time.now() } });
    },
  };
}
