/**
 * What is compared does the same thing: each peer brings the caller's call to their agent. How each goes about it is counted.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { announce } from '../../bench/announcement.ts';
import { phoneOf } from '../../bench/company.ts';
import { createFloor } from '../../bench/peers/floor.ts';
import type { Peer } from '../../bench/peers/peer.ts';
import { startRouter } from '../../bench/peers/router.ts';
import { createTutorial } from '../../bench/peers/tutorial.ts';
import { startWorld, type World } from '../../bench/world.ts';

let world: World;
const before = { ...process.env };
beforeAll(async () => {
  const company = { contacts: 3, agents: 2, rules: 2 };
  world = await startWorld({ ...company, dynamodbMs: 0, aircallMs: 0, asksForCapacity: true });
});
afterAll(async () => {
  await world?.close();
  process.env = before;
});

async function deliver(peer: Peer) {
  const { callId, body } = announce(phoneOf(0));
  world.takeObserved();
  const answer = await peer.deliver(body);
  const { dynamodb, aircall } = world.takeObserved();
  expect(world.transferred()).toContain(callId);
  return {
    status: answer.status,
    dynamodb: dynamodb.map(({ what }) => what),
    aircall: aircall.map(({ what }) => what.replace(callId, ':id')),
    units: dynamodb.map(({ capacityUnits }) => capacityUnits),
  };
}

it('the floor asks DynamoDB once, and Aircall once', async () => {
  expect(await deliver(createFloor(world.environment))).toEqual({
    status: 200,
    dynamodb: ['GetItem'],
    aircall: ['POST /v1/calls/:id/transfers'],
    units: [0.5],
  });
});

it('the tutorial’s router reads the contact and the agent, lists users, and transfers', async () => {
  expect(await deliver(createTutorial(world.environment))).toEqual({
    status: 200,
    dynamodb: ['GetItem', 'GetItem'],
    aircall: ['GET /v2/users', 'POST /v1/calls/:id/transfers'],
    units: [0.5, 0.5],
  });
});

it('the router asks Aircall for the transfer alone', async () => {
  const router = await startRouter(world.environment);
  const { status, aircall } = await deliver(router);
  expect(status).toBe(200);
  expect(aircall).toEqual(['POST /v1/calls/:id/transfers']);
});
