/**
 * Time to transfer, warm: the router, the tutorial's and the floor side by side, one call after the other, in turn.
 */
import type { Delays } from './delays.ts';
import { type Delivery, deliverCall, joinObserved, type MeasuredCall } from './measured-call.ts';
import { createFloor } from './peers/floor.ts';
import type { Peer, PeerName } from './peers/peer.ts';
import { startRouter } from './peers/router.ts';
import { createTutorial } from './peers/tutorial.ts';
import { medianOf, type Percentiles, percentilesOf, ratioOf } from './percentiles.ts';
import { type FarWorld, withWorlds } from './start-worlds.ts';
import type { Observed } from './world.ts';

export type TimeToTransfer = {
  readonly calls: number;
  readonly dynamodbDelayMs: number;
  readonly aircallDelayMs: number;
  /** What a round trip took, delay and all; median. */
  readonly dynamodbRoundTripMs: number;
  readonly aircallRoundTripMs: number;
  /** From the delivery until the request to transfer is answered. */
  readonly router: Percentiles;
  readonly tutorial: Percentiles;
  readonly floor: Percentiles;
  readonly ratioToFloor: Percentiles;
  readonly ratioToTutorial: Percentiles;
  /** From the delivery until Aircall has the request to transfer. */
  readonly untilAircall: Readonly<Record<PeerName, Percentiles>>;
  /** From the delivery until it is answered. */
  readonly untilAnswered: Readonly<Record<PeerName, Percentiles>>;
  /** Calls that were left, and are in no other figure. */
  readonly notTransferred: Readonly<Record<PeerName, number>>;
  /** Of each peer, the sequential round trips that nine calls in ten don't exceed, and the most of any call. */
  readonly waves: Readonly<Record<PeerName, number>>;
  readonly mostWaves: Readonly<Record<PeerName, number>>;
  readonly aircallRequestsPerCall: Readonly<Record<PeerName, number>>;
};

/** One page of users at Aircall: more, and the tutorial's would find only some of them. */
const agents = 20;
const contacts = 1000;

export async function measureTimeToTransfer(
  calls: number,
  warmUpCalls: number,
  delays: Delays,
  advance: () => void,
): Promise<TimeToTransfer> {
  const world = { contacts, agents, rules: 0, ...delays };

  return withWorlds([world], async ([world]) => {
    if (world === undefined) throw new Error('no world');
    const { environment } = world;
    const peers = [await startRouter(environment), createTutorial(environment), createFloor(environment)];

    for (const peer of peers) await warmUp(world, peer, warmUpCalls);
    await world.takeObserved();

    const deliveries: Delivery[] = [];
    for (let call = 0; call < calls; call += 1) {
      // Each comes first as often as the others.
      for (const turn of peers.keys()) {
        const peer = peers[(call + turn) % peers.length];
        if (peer !== undefined) deliveries.push(await deliverCall(world, peer, call % contacts));
      }
      advance();
    }
    const observed = await world.takeObserved();
    return summarize(joinObserved(deliveries, observed), observed, calls, delays);
  });
}

/** Several at a time, each lane with agents of its own. */
async function warmUp(world: FarWorld, peer: Peer, calls: number): Promise<void> {
  const lanes = agents / 2;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let call = lane; call < calls; call += lanes) await deliverCall(world, peer, call % contacts);
    }),
  );
}

function summarize(
  measured: readonly MeasuredCall[],
  observed: Observed,
  calls: number,
  delays: Delays,
): TimeToTransfer {
  const of = (peer: PeerName) => measured.filter((call) => call.peer === peer);
  const eachPeer = <Value>(value: (calls: readonly MeasuredCall[]) => Value): Record<PeerName, Value> => ({
    router: value(of('router')),
    tutorial: value(of('tutorial')),
    floor: value(of('floor')),
  });
  const untilTransferred = eachPeer((calls) =>
    percentilesOf(calls.map(({ untilTransferredMs }) => untilTransferredMs)),
  );
  const roundTrip = (trips: Observed[keyof Observed]) =>
    medianOf(trips.map(({ startMs, endMs }) => endMs - startMs));

  return {
    calls,
    dynamodbDelayMs: delays.dynamodbMs,
    aircallDelayMs: delays.aircallMs,
    dynamodbRoundTripMs: roundTrip(observed.dynamodb),
    aircallRoundTripMs: roundTrip(observed.aircall),
    ...untilTransferred,
    ratioToFloor: ratioOf(untilTransferred.router, untilTransferred.floor),
    ratioToTutorial: ratioOf(untilTransferred.router, untilTransferred.tutorial),
    untilAircall: eachPeer((calls) => percentilesOf(calls.map(({ untilAircallMs }) => untilAircallMs))),
    untilAnswered: eachPeer((calls) => percentilesOf(calls.map(({ untilAnsweredMs }) => untilAnsweredMs))),
    notTransferred: eachPeer((transferred) => calls - transferred.length),
    waves: eachPeer((calls) => percentilesOf(calls.map(({ waves }) => waves)).p90),
    mostWaves: eachPeer((calls) => Math.max(...calls.map(({ waves }) => waves))),
    aircallRequestsPerCall: eachPeer(
      (calls) => calls.reduce((sum, { aircallRequests }) => sum + aircallRequests, 0) / calls.length,
    ),
  };
}
