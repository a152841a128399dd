/**
 * The router's ports over a store and an Aircall, each with a witness: what was sent, what its sender had looked at, and what
 * came of it is written down.
 */
import type { AircallFailure, AircallResult, CallId, StoreResult } from '../../lib/core/model.ts';
import type { Policy } from '../../lib/core/policy.ts';
import { fail, type Result, succeed } from '../../lib/core/result.ts';
import type { QueueFailure, ReadCall, RingTimer } from '../../lib/ports.ts';
import { t0 } from '../builders.ts';
import type { createInMemoryStore } from '../fakes/in-memory-store.ts';
import type { Aircall } from './aircall.ts';
import type { Invocation, Look, TransferRequest } from './ledger.ts';
import type { Client, MakeMortal, Sent } from './mortal.ts';
import type { MovedTime } from './moved-time.ts';
import { account, type RouterPorts } from './router.ts';
import { userOf } from './staff.ts';

export type Store = ReturnType<typeof createInMemoryStore>;

export type Around = {
  readonly time: MovedTime;
  readonly store: Store;
  readonly readCall: ReadCall;
  readonly aircall: Aircall;
  readonly policy: () => Policy;
  /** Does it by the clock of whoever asks. */
  readonly onClockOf: <Value>(invocation: Invocation, act: () => Value) => Value;
  readonly startTimer: (timer: RingTimer, invocation: Invocation) => void;
  readonly latestTransferMs: number;
  /** What is written down. */
  readonly requests: TransferRequest[];
  readonly settledBy: Map<string, string>;
};

/** As DynamoDB's client is set up: twice 600 ms. */
const storeClient: Client<StoreResult<never>> = {
  lost: fail({ reason: 'store-unavailable', detail: 'ECONNRESET' }),
  givenUp: fail({ reason: 'store-unavailable', detail: 'TimeoutError' }),
  noTimeLeft: fail({ reason: 'store-unavailable', detail: 'no time left' }),
  givesUpAfterMs: 1200,
  latestMs: Number.POSITIVE_INFINITY,
  isFarAway: false,
};

const queueFailure: Result<never, QueueFailure> = fail({
  reason: 'queue-unavailable',
  detail: 'TimeoutError',
});
const queueClient: Client<Result<void, QueueFailure>> = {
  ...storeClient,
  lost: queueFailure,
  givenUp: queueFailure,
  noTimeLeft: queueFailure,
};

function aircallClient(givesUpAfterMs: number): Client<AircallResult<never>> {
  const failed = (reason: AircallFailure['reason']) => fail({ reason, message: 'said so' });
  return {
    lost: failed('lost-answer'),
    givenUp: failed('no-answer'),
    noTimeLeft: failed('out-of-time'),
    givesUpAfterMs,
    latestMs: Number.POSITIVE_INFINITY,
    isFarAway: true,
  };
}

export function createWitnessedPorts(around: Around, mortal: MakeMortal<Invocation>): RouterPorts {
  const { time, store, aircall, requests, settledBy } = around;
  const { now } = time;
  const transferClient = { ...aircallClient(2500), latestMs: around.latestTransferMs };
  const otherClient = aircallClient(800);

  const stored = <Given extends readonly unknown[], Value>(
    name: string,
    port: (...given: Given) => Promise<StoreResult<Value>>,
    witness?: (invocation: Invocation, answer: Value, given: Given) => void,
    begin?: (invocation: Invocation) => void,
  ) =>
    mortal<Given, StoreResult<Value>>(
      name,
      (invocation, ...given) => {
        begin?.(invocation);
        return {
          carryOut: async () => {
            const answer = await around.onClockOf(invocation, () => port(...given));
            if (answer.ok) witness?.(invocation, answer.value, given);
            return answer;
          },
        };
      },
      storeClient,
    );
  const atAircall = <Given extends readonly unknown[], Value>(
    name: string,
    port: (...given: Given) => Promise<AircallResult<Value>>,
    witness?: (invocation: Invocation, given: Given) => void,
  ) =>
    mortal<Given, AircallResult<Value>>(
      name,
      (invocation, ...given) => ({
        carryOut: async () => {
          const answer = await port(...given);
          witness?.(invocation, given);
          return answer;
        },
      }),
      otherClient,
    );

  return {
    proveAccount: stored('proveAccount', async (_token: string, _deadlineMs: number) =>
      succeed({ account, isCurrentToken: true }),
    ),
    claimCall: stored('claimCall', store.claimCall, (invocation, { claim }, [callId]) => {
      if (claim !== 'duplicate') look(invocation, callId, 0, claim === 'in-doubt');
    }),
    settleCall: stored('settleCall', store.settleCall, (invocation, { kind }, [{ callId }]) => {
      if (kind === 'settled') settledBy.set(`${callId} 0`, invocation.id);
    }),
    claimHop: stored('claimHop', store.claimHop, (invocation, claimed, [callId, hop]) => {
      if (claimed === 'claimed') look(invocation, callId, hop, false);
    }),
    settleHop: stored('settleHop', store.settleHop, (invocation, { kind }, [callId, { hop }]) => {
      if (kind === 'settled') settledBy.set(`${callId} ${hop}`, invocation.id);
    }),
    noteCallNews: stored('noteCallNews', store.noteCallNews, (_, __, [callId, { kind }]) => {
      if (kind === 'answered') aircall.truthOf(callId).isAnswerTold = true;
    }),
    findDecidedCall: stored('findDecidedCall', store.findDecidedCall),
    findCaller: stored('findCaller', store.findCaller),
    findContact: stored('findContact', store.findContact),
    findPolicy: stored('findPolicy', async (_deadlineMs: number) =>
      succeed({ version: 1, storedAtMs: t0, policy: around.policy() }),
    ),
    findAgent: stored('findAgent', store.findAgent),
    saveAgent: stored('saveAgent', store.saveAgent),
    trackPresence: stored('trackPresence', store.trackPresence),
    reserveAgent: stored('reserveAgent', store.reserveAgent, undefined, begin),
    releaseAgent: stored('releaseAgent', store.releaseAgent),
    startRingTimer: mortal(
      'startRingTimer',
      (invocation, timer: RingTimer, _deadlineMs: number) => ({
        carryOut: async () => {
          around.startTimer(timer, invocation);
          return succeed(undefined);
        },
      }),
      queueClient,
    ),
    transferCall: mortal('transferCall', transfer, transferClient),
    readCall: atAircall('readCall', around.readCall, ({ look }, [callId]) => {
      if (look?.callId === callId) look.readAtMs = now();
    }),
    fetchUser: atAircall('fetchUser', async (email, _deadlineMs: number) => succeed(userOf(email))),
    fetchAvailability: atAircall('fetchAvailability', async (aircallUserId, _deadlineMs: number) => {
      const presence = aircall.availabilityOf(aircallUserId);
      return succeed(presence && { aircallUserId, presence, atMs: now() });
    }),
    showInsightCard: atAircall('showInsightCard', async () => succeed(undefined)),
  };

  function look(invocation: Invocation, callId: CallId, hop: number, isInDoubt: boolean): void {
    const isToldAnswered = aircall.truthOf(callId).isAnswerTold;
    const seen: Look = { callId, hop, isInDoubt, isToldAnswered, beganAtMs: undefined, readAtMs: undefined };
    invocation.look = seen;
  }

  /** Holding an agent, or where that is a team, the transfer itself. */
  function begin({ look, skewMs }: Invocation): void {
    if (look !== undefined) look.beganAtMs ??= now() + skewMs;
  }

  function transfer(
    invocation: Invocation,
    callId: CallId,
    to: TransferRequest['to'],
    _deadlineMs: number,
  ): Sent<AircallResult<void>> {
    begin(invocation);
    const request: TransferRequest = {
      callId,
      to,
      invocation: invocation.id,
      look: invocation.look && { ...invocation.look },
      sentAtMs: now(),
      sentOver: requests.filter((one) => one.callId === callId && one.came === 'on-its-way'),
      came: 'on-its-way',
      answeredAtMs: undefined,
      heard: undefined,
    };
    requests.push(request);
    return {
      carryOut: async () => {
        const { answeredAtMs } = aircall.truthOf(callId);
        const answer = aircall.transfer(callId, to);
        request.came = answer.ok ? 'accepted' : 'refused';
        if (answer.ok) request.answeredAtMs = answeredAtMs;
        return answer;
      },
      lose: () => {
        request.came = 'lost';
      },
      hear: (answer) => {
        request.heard = answer.ok ? 'accepted' : answer.failure.reason;
      },
    };
  }
}
