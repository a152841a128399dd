/** DynamoDB in every kind of trouble, at every door. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProxyMode } from '../fakes/faulty-proxy.ts';
import { callWitness, createFindLeaks, type FindLeaks, type Witness } from './canaries.ts';
import { expectFailOpen, expectNobodyUnheard, expectOneTransfer } from './fail-open.ts';
import { type Door, doors, type FaultyWorld, startFaultyWorld } from './faulty-world.ts';

let world: FaultyWorld;
let witness: Witness;
let findLeaks: FindLeaks;
beforeAll(async () => {
  world = await startFaultyWorld();
  findLeaks = createFindLeaks(world.canaries);
  witness = callWitness();
});
afterAll(async () => {
  witness.dismiss();
  await world.close();
});
beforeEach(async () => {
  await world.reset();
  witness.clear();
});
afterEach(() => {
  world.heal();
  expectNobodyUnheard(witness);
});

const troubles: readonly ProxyMode[] = [
  'hang',
  'hang-after-work',
  'reset',
  'reset-after-work',
  'throttle',
  'fail',
  'garbage',
  'wrong-types',
  'truncated',
  'stall-after-work',
  'huge',
];

describe.each(troubles)('DynamoDB that does "%s"', (mode) => {
  it.each(doors)('leaves a call to Aircall: %s', async (door) => {
    const came = await world.comeIn(door, () => {
      world.dynamodb.mode = mode;
    });

    expectFailOpen(door, came, witness.written(), findLeaks);
    expectLeft(door, came.body);
    expect(witness.written()).toMatch(/StoreUnavailable|ItemUnreadable|unknown-caller/);
    await expectOneTransfer(world, door, came);
  });

  it('only after the transfer: the call is routed, and stays so', async () => {
    const came = await world.comeIn(doors[0], () => {
      Object.assign(world.dynamodb, { mode, only: /decisionRecord/ });
    });

    expectFailOpen(doors[0], came, witness.written(), findLeaks);
    expect(JSON.parse(came.body)).toMatchObject({ outcome: 'routed', to: { aircallUserId: 456 } });
    expect(world.transfersOf(came.callId)).toBe(1);
    await expectOneTransfer(world, doors[0], came);
  });
});

it.each(doors)('a DynamoDB that is a quarter of a second late loses no call: %s', async (door) => {
  const came = await world.comeIn(door, () => {
    world.dynamodb.mode = 'slow';
  });

  expectFailOpen(door, came, witness.written(), findLeaks);
  expect(`${came.body}${world.transfersOf(came.callId)}`).toMatch(/"routed".*1$|"user_id":456.*0$|^2$/);
});

/** What the protocol has no place for, alone and within. */
const shapes = [
  '[1]',
  'null',
  '{"Item":[1],"Items":{"a":{}},"Attributes":"text"}',
  '{"Item":7,"Items":7,"Attributes":7}',
  '{"Item":"text","Items":"text","Attributes":[]}',
  '{"Item":{"pk":7},"Items":[null],"Attributes":{"pk":null}}',
  '{"Item":{"pk":{"X":1}},"Items":["text"],"Attributes":{"pk":{"N":"many"}}}',
  '{"Item":{"a":{"N":"1e400"}},"Items":[{"a":{"N":"99999999999999999999"}}],"Attributes":{"a":{"B":7}}}',
  '{"Item":{"__proto__":{"M":{"a":{"S":"b"}}}},"Items":[{"__proto__":{"S":"a"}}],"Attributes":{}}',
];

describe.each(shapes)('DynamoDB that answers %s', (shape) => {
  it.each(doors)('leaves a call to Aircall: %s', async (door) => {
    const came = await world.comeIn(door, () => {
      Object.assign(world.dynamodb, { mode: 'wrong-shape', shape });
    });

    expectFailOpen(door, came, witness.written(), findLeaks);
    expectLeft(door, came.body);
    expect(witness.written()).not.toContain('unexpected-error');
    expect(world.transfersOf(came.callId)).toBe(door === 'a ring timer' ? 1 : 0);
  });
});

function expectLeft(door: Door, body: string): void {
  if (door === 'the call flow’s question') expect(body).toBe('{}');
  else if (door !== 'a ring timer') expect(JSON.parse(body)).toMatchObject({ outcome: 'left' });
}
