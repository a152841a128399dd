/** Our clock, minutes before or behind those of Aircall and API Gateway. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { callWitness, createFindLeaks, type FindLeaks, type Witness } from './canaries.ts';
import { expectFailOpen, expectNobodyUnheard } from './fail-open.ts';
import { type Door, doors, type FaultyWorld, startFaultyWorld } from './faulty-world.ts';

let world: FaultyWorld;
let witness: Witness;
let findLeaks: FindLeaks;
let aheadMs = 0;
beforeAll(async () => {
  const realNow = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + aheadMs);
  // Whoever took the real clock when they were loaded is loaded again.
  vi.resetModules();
  world = await startFaultyWorld();
  findLeaks = createFindLeaks(world.canaries);
  witness = callWitness();
});
afterAll(async () => {
  witness.dismiss();
  await world.close();
  vi.restoreAllMocks();
});
beforeEach(async () => {
  await world.reset();
  witness.clear();
});
afterEach(() => {
  aheadMs = 0;
  expectNobodyUnheard(witness);
});

const minutes = (count: number) => count * 60_000;

/** What comes of it, and how often the call was given to someone. */
async function comeIn(door: Door, shiftMs: number): Promise<string> {
  const came = await world.comeIn(door, () => {
    aheadMs = shiftMs;
  });
  aheadMs = 0;
  expectFailOpen(door, came, witness.written(), findLeaks);
  expect(came.thrown).toBeUndefined();
  const { outcome, because } = JSON.parse(came.body || '{}');
  return `${outcome === undefined ? came.body : `${outcome} ${because}`} ${world.transfersOf(came.callId)}`.trim();
}

describe.each([2, 5, 30])('%i minutes ahead', (count) => {
  it.each([
    [doors[0], 'left stale 0'],
    [doors[1], 'left stale 0'],
    // Asked minutes ago, as far as we know: the flow has long gone on.
    [doors[2], '{} 0'],
    [doors[3], '1'],
  ])('what is new looks old, and is not acted on: %s', async (door, expected) => {
    expect(await comeIn(door, minutes(count))).toBe(expected);
  });
});

describe.each([2, 5, 30])('%i minutes behind', (count) => {
  it.each([
    [doors[0], 'routed assigned-agent 1'],
    [doors[1], 'routed assigned-agent 1'],
    [doors[2], '{"data":{"user_id":456}} 0'],
    [doors[3], '2'],
  ])('what comes from the future is new: %s', async (door, expected) => {
    expect(await comeIn(door, -minutes(count))).toBe(expected);
  });
});

describe('an agent', () => {
  const told = async (event: string, shiftMs: number) => {
    const timestamp = Math.floor((Date.now() + shiftMs) / 1000);
    const answer = await world.tell({ resource: 'user', event, timestamp, data: { id: 456 } });
    return [answer.statusCode, JSON.parse(answer.body ?? '').because];
  };

  it('who will have left in five minutes is there now', async () => {
    expect(await told('user.disconnected', minutes(5))).toEqual([200, 'presence-from-the-future']);
    expect(await comeIn(doors[0], 0)).toBe('routed assigned-agent 1');
  });

  it('who will be there in five minutes is not now', async () => {
    await world.stack.resetAgents({ 456: 'offline', 457: 'offline' });
    expect(await told('user.connected', minutes(5))).toEqual([200, 'presence-from-the-future']);
    expect(await comeIn(doors[0], 0)).toBe('left no-target-available 0');
  });

  it('who had left five minutes ago, and was seen since, is there', async () => {
    expect(await told('user.disconnected', -minutes(5))).toEqual([200, 'presence-unchanged']);
    expect(await comeIn(doors[0], 0)).toBe('routed assigned-agent 1');
  });
});
