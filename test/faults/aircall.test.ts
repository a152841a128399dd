/** Aircall in every kind of trouble, at every door. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../local/simulated-aircall.ts';
import { callWitness, createFindLeaks, type FindLeaks, type Witness } from './canaries.ts';
import { expectFailOpen, expectNobodyUnheard, expectOneTransfer } from './fail-open.ts';
import { doors, type FaultyWorld, startFaultyWorld } from './faulty-world.ts';

let world: FaultyWorld;
let witness: Witness;
let findLeaks: FindLeaks;
beforeAll(async () => {
  world = await startFaultyWorld();
  await world.stack.setPolicy({ insightCard: { link: 'https://example.com/?q={phone}' } });
  findLeaks = createFindLeaks(world.canaries);
  witness = callWitness();
});
afterAll(async () => {
  witness.dismiss();
  await world.close();
});
beforeEach(() => witness.clear());
afterEach(() => {
  world.heal();
  expectNobodyUnheard(witness);
});

const routes = [
  'POST /v1/calls/:id/transfers',
  'GET /v1/calls/:id',
  'GET /v1/users/:id/availability',
  'GET /v2/users/:id',
  'POST /v1/calls/:id/insight_cards',
];

/** It quotes what it was asked with, as errors do. */
const quoting = {
  error: 'Bearer local-api-token of jane@example.com',
  troubleshoot: 'Ada Winter, +44 20 7946 0177',
  message: 'local-ring-to-secret',
};

/** How many requests for a transfer, at most, and whether the call may have been given to someone. */
const troubles: readonly (readonly [string, Fault])[] = [
  ['hangs', { kind: 'hang' }],
  ['hangs after the work', { kind: 'hang-after-work' }],
  ['resets before the work', { kind: 'reset-before-work' }],
  ['resets after the work', { kind: 'reset-after-work' }],
  ['throttles', { kind: 'status', status: 429, body: quoting }],
  ['throttles for a minute', { kind: 'status', status: 429, headers: { 'retry-after': '60' } }],
  [
    'throttles until a time that is none',
    { kind: 'status', status: 429, headers: { 'retry-after': 'soon' } },
  ],
  ['fails', { kind: 'status', status: 500, body: quoting }],
  ['fails after the work', { kind: 'status-after-work', status: 500, body: quoting }],
  ['is behind a gateway that gives up', { kind: 'status-after-work', status: 504 }],
  ['refuses', { kind: 'status', status: 400, body: quoting }],
  ['refuses our credentials', { kind: 'status', status: 401, body: quoting }],
  ['knows no call', { kind: 'status', status: 404, body: quoting }],
  ['answers garbage', { kind: 'garbage' }],
  ['answers with wrong types', { kind: 'wrong-types' }],
  ['answers half', { kind: 'truncated' }],
  ['answers 30 MB', { kind: 'huge' }],
  ['answers elsewhere', { kind: 'status', status: 302, headers: { location: 'https://example.com/' } }],
];

describe.each(troubles)('Aircall that %s', (_, fault) => {
  it.each(doors)('is asked for at most one transfer of a call that it carries out: %s', async (door) => {
    // Only of agents of whom nothing is known does the call flow's question ask Aircall.
    await world.reset(door === doors[2] ? { 456: 'unknown', 457: 'unknown' } : {});
    const came = await world.comeIn(door, () => {
      for (const route of routes) world.stack.aircall.failAlways(route, fault);
    });

    expectFailOpen(door, came, witness.written(), findLeaks);
    expect(witness.written()).not.toContain('unexpected-error');
    await expectOneTransfer(world, door, came);
  });

  it('for the card alone: the call is routed', async () => {
    await world.reset();
    const came = await world.comeIn(doors[0], () => {
      world.stack.aircall.failAlways('POST /v1/calls/:id/insight_cards', fault);
    });

    expectFailOpen(doors[0], came, witness.written(), findLeaks);
    expect(JSON.parse(came.body)).toMatchObject({ outcome: 'routed' });
    expect(world.transfersOf(came.callId)).toBe(1);
  });
});

it.each(doors)('an Aircall that is a quarter of a second late loses no call: %s', async (door) => {
  await world.reset(door === doors[2] ? { 456: 'unknown' } : {});
  const came = await world.comeIn(door, () => {
    for (const route of routes) world.stack.aircall.failAlways(route, { kind: 'delay', delayMs: 250 });
  });

  expectFailOpen(door, came, witness.written(), findLeaks);
  expect(`${came.body}${world.transfersOf(came.callId)}`).toMatch(/"routed".*1$|"user_id":456.*0$|^2$/);
});
