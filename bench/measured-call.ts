/**
 * One delivery, timed: handed to a peer, and joined afterwards with what DynamoDB and Aircall saw of it meanwhile.
 */
import { announce } from './announcement.ts';
import { clockMs } from './clock.ts';
import { agentOf, emailOf, phoneOf } from './company.ts';
import type { ObservedRequest } from './delay-proxy.ts';
import type { Peer, PeerName } from './peers/peer.ts';
import type { FarWorld } from './start-worlds.ts';
import { countWaves } from './waves.ts';
import type { Observed } from './world.ts';

export type Delivery = {
  readonly peer: PeerName;
  readonly callId: string;
  readonly startMs: number;
  readonly endMs: number;
};

export type MeasuredCall = Delivery & {
  /** From the delivery until Aircall has the request to transfer. */
  readonly untilAircallMs: number;
  /** … until that request is answered. */
  readonly untilTransferredMs: number;
  /** … until the delivery is answered. */
  readonly untilAnsweredMs: number;
  /** Of the transfer and what came before it. */
  readonly waves: number;
  /** Of the whole delivery. */
  readonly aircallRequests: number;
  readonly dynamodbRequests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
};

/** A call from a contact, counted from 0, whose agent is let free again after it. */
export async function deliverCall(world: FarWorld, peer: Peer, contact: number): Promise<Delivery> {
  const { callId, body } = announce(phoneOf(contact));
  const startMs = clockMs();
  await peer.deliver(body);
  const endMs = clockMs();
  if (peer.name === 'router') {
    await world.freeAgent(emailOf(agentOf(contact, world.options.agents)));
  }
  return { peer: peer.name, callId, startMs, endMs };
}

/**
 * Those that were transferred: a busy machine may keep the router from it.
 * @throws where a call was transferred twice
 */
export function joinObserved(deliveries: readonly Delivery[], observed: Observed): readonly MeasuredCall[] {
  return deliveries.flatMap((delivery) => join(delivery, observed) ?? []);
}

function join(delivery: Delivery, { dynamodb, aircall }: Observed): MeasuredCall | undefined {
  const { callId, startMs, endMs } = delivery;
  const isMeanwhile = (trip: ObservedRequest) => trip.startMs >= startMs && trip.startMs < endMs;
  const asked = { dynamodb: dynamodb.filter(isMeanwhile), aircall: aircall.filter(isMeanwhile) };
  const path = `POST /v1/calls/${callId}/transfers`;
  const transfers = asked.aircall.filter(({ what, status }) => what === path && status === 204);
  const [transfer] = transfers;
  if (transfers.length > 1)
    throw new Error(`${delivery.peer} transferred call ${callId} ${transfers.length} times`);
  if (transfer === undefined) return undefined;

  const before = [...asked.dynamodb, ...asked.aircall].filter((trip) => trip.startMs < transfer.startMs);
  return {
    ...delivery,
    untilAircallMs: transfer.arrivedMs - startMs,
    untilTransferredMs: transfer.endMs - startMs,
    untilAnsweredMs: endMs - startMs,
    waves: countWaves([...before, transfer]),
    aircallRequests: asked.aircall.length,
    dynamodbRequests: asked.dynamodb.length,
    readUnits: unitsOf(asked.dynamodb.filter(isReading)),
    writeUnits: unitsOf(asked.dynamodb.filter((trip) => !isReading(trip))),
  };
}

function isReading({ what }: ObservedRequest): boolean {
  return /^(Query|GetItem|BatchGetItem|Scan)$/.test(what);
}

function unitsOf(trips: readonly ObservedRequest[]): number {
  return trips.reduce((sum, { capacityUnits = 0 }) => sum + capacityUnits, 0);
}
