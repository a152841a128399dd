/**
 * What holds of everyone who comes in, whatever is wrong behind the door.
 */
import { expect } from 'vitest';
import { limits } from '../../lib/config.ts';
import type { FindLeaks, Witness } from './canaries.ts';
import { type Came, type Door, doors, type FaultyWorld } from './faulty-world.ts';

/** A machine with other work may be late by this. */
const othersWorkMs = 500;

/** @param written all that was written meanwhile */
export function expectFailOpen(door: Door, came: Came, written: string, findLeaks: FindLeaks): void {
  expect(findLeaks(`${written}\n${came.body}`)).toEqual([]);
  switch (door) {
    case 'the webhook of our own account':
    case 'the webhook of an account in the table': {
      expect(came.thrown).toBeUndefined();
      expect(came.status).toBe(200);
      expect(came.tookMs).toBeLessThan(limits.clientWaitsMs - othersWorkMs);
      expect(['routed', 'left', 'in-doubt']).toContain(JSON.parse(came.body).outcome);
      return;
    }
    case 'the call flow’s question':
      expect(came.thrown).toBeUndefined();
      expect(came.status).toBe(200);
      expect(came.tookMs).toBeLessThan(limits.ringTo.clientWaitsMs + othersWorkMs);
      expect(['{}', '{"data":{"user_id":456}}', '{"data":{"user_id":457}}']).toContain(came.body);
      return;
    case 'a ring timer':
      // The one error that is meant: the queue brings the timer again.
      if (came.thrown !== undefined) expect(came.thrown).toEqual(Error('the ring timer is to come again'));
      expect(came.tookMs).toBeLessThan(limits.lambdaTimeoutMs - othersWorkMs);
  }
}

/** The call was given to at most one more, and is not given to another when it is announced again in good health. */
export async function expectOneTransfer(
  world: FaultyWorld,
  door: Door,
  { callId, body, status }: Came,
): Promise<void> {
  // A timer's call was given to someone before.
  const most = { [doors[2]]: 0, [doors[3]]: 2 }[door as string] ?? 1;
  expect(world.transfersOf(callId)).toBeLessThanOrEqual(most);
  if (door !== doors[0]) return;

  world.heal();
  await world.reset();
  const again = await world.announceAgain(callId);
  expect(again.statusCode).toBe(status);
  expect(world.transfersOf(callId)).toBeLessThanOrEqual(1);
  const wasDecided = !['store-unavailable', 'item-unreadable'].includes(JSON.parse(body).because);
  if (wasDecided) expect(JSON.parse(again.body ?? '')).toMatchObject({ outcome: 'duplicate' });
}

export function expectNobodyUnheard(witness: Witness): void {
  expect(witness.unhandled).toEqual([]);
}
