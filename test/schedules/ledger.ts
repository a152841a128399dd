/**
 * What happened in a world, as nobody in it knows it: every transfer with what its sender had seen of the call, every name
 * given to the call flow, every invocation.
 */
import type { DecidedCall } from '../../lib/core/hops.ts';
import type { AircallFailure, CallId, TransferTarget } from '../../lib/core/model.ts';
import type { CallTruth } from './aircall.ts';
import type { Mortal } from './mortal.ts';

/** The last that an invocation saw of a call before it gave it to someone. Of a claim or a hop of its own: it has no other. */
export type Look = {
  readonly callId: CallId;
  /** 0: the first decision. */
  readonly hop: number;
  /** An earlier owner of the claim may have given it away. */
  readonly isInDoubt: boolean;
  /** By then an event had told of an answer. */
  readonly isToldAnswered: boolean;
  /** When it began to look for someone, on its own clock. */
  beganAtMs: number | undefined;
  /** When Aircall last told it how the call was. */
  readAtMs: number | undefined;
};

export type TransferRequest = {
  readonly callId: CallId;
  readonly to: TransferTarget;
  readonly invocation: string;
  readonly look: Look | undefined;
  readonly sentAtMs: number;
  /** Earlier ones for this call that were still on their way. */
  readonly sentOver: readonly TransferRequest[];
  came: 'on-its-way' | 'accepted' | 'refused' | 'lost';
  /** When the call had been answered, if it had been when this was accepted. */
  answeredAtMs: number | undefined;
  /** What its sender heard; nothing, where they died of it. */
  heard: 'accepted' | AircallFailure['reason'] | undefined;
};

/** The call flow was told whom to ring. */
export type Named = { readonly callId: CallId; readonly to: TransferTarget };

export type Invocation = Mortal & {
  readonly id: string;
  readonly what: string;
  /** On its own clock, as is the time of its answer. */
  readonly deadlineMs: number;
  look: Look | undefined;
  answered: { readonly atMs: number; readonly as: string; readonly underWay: number } | undefined;
};

export type Ledger = {
  readonly requests: readonly TransferRequest[];
  readonly named: readonly Named[];
  readonly invocations: readonly Invocation[];
  readonly calls: readonly CallTruth[];
  /** What the store has of a call. */
  readonly decided: (callId: CallId) => DecidedCall | undefined;
  /** Who stored the decision, or the hop. */
  readonly settledBy: (callId: CallId, hop: number) => string | undefined;
};

/** Whom calls were brought to, in order: by transfers that were accepted, and by names that the flow was told. */
export function rungIn({ requests, named }: Ledger): readonly (number | 'team' | 'number')[] {
  const accepted = requests.filter(({ came }) => came === 'accepted');
  return [...accepted, ...named].map(({ to }) => (to.kind === 'agent' ? to.aircallUserId : to.kind));
}
