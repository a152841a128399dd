/**
 * An inbound call on the telephone, what may happen to it, and what there is to tell of that. How one leads to the
 * other is in `call-steps.ts`.
 *
 *   asking ─► ringing                 a call flow asks who should ring, and rings them
 *   ringing ─► talking ─► over        somebody's phone rings, somebody has picked up, everybody has hung up
 *      │ ▲        │
 *      ▼ │        └─► ringing         a transfer takes the caller away from whom they talk to
 *   waiting ─► over                   the number's "no one answers": waiting is heard out, then the call is missed
 */
export type CallState = {
  readonly callId: string;
  readonly from: string;
  readonly phase: 'asking' | 'ringing' | 'waiting' | 'talking' | 'outside' | 'over';
  readonly ringing: readonly number[];
  readonly declined: readonly number[];
  readonly talkingTo: number | null;
  /** Whether webhooks were told of the call at all: a call flow may ask before. */
  readonly isAnnounced: boolean;
  /** Whom the call flow rings when nobody else takes the call; null where it goes nowhere, or no more. */
  readonly fallback: readonly number[] | null;
  /** Set once the call was transferred, and kept on, whatever came of it. */
  readonly transferredTo: number | null;
  readonly isTransferred: boolean;
  readonly externalNumber: string | null;
  readonly startedAtMs: number;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly missedReason: string | null;
  /** When the patience of this phase is over: see `timeIsUp`. */
  readonly patientUntilMs: number | null;
};

/** A transfer's target as the telephone sees it: users to ring (those of a team), or a number elsewhere. */
export type RingTarget =
  | { readonly kind: 'users'; readonly userIds: readonly number[] }
  | { readonly kind: 'number'; readonly number: string };

export type Happening =
  /** Without a target: nothing that the flow could use. */
  | { readonly kind: 'flow-answered'; readonly target: RingTarget | undefined }
  | { readonly kind: 'transferred'; readonly target: RingTarget }
  | { readonly kind: 'answered'; readonly userId: number }
  | { readonly kind: 'declined'; readonly userId: number }
  | { readonly kind: 'time-is-up' }
  | { readonly kind: 'hung-up'; readonly by: 'caller' | 'agent' };

/** What there is to tell, in order; those with an `event` are told to webhooks as well. */
export type Told = { readonly kind: ToldKind; readonly userId?: number; readonly event?: string };
export type ToldKind =
  | 'calls'
  | 'announced'
  | 'flow-rings'
  | 'flow-rings-outside'
  | 'flow-falls-back'
  | 'rings'
  | 'stops-ringing'
  | 'answers'
  | 'declines'
  | 'transferred'
  | 'transferred-outside'
  | 'taken-away'
  | 'not-reached'
  | 'waits'
  | 'hangs-up'
  | 'missed';

export type Step = { readonly state: CallState; readonly told: readonly Told[] };

export type Facts = { readonly nowMs: number; readonly isFree: (userId: number) => boolean };
