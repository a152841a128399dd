/** News of agents, calls and contacts while DynamoDB is in trouble: lost or kept, never refused. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ProxyMode } from '../fakes/faulty-proxy.ts';
import { callWitness, createFindLeaks, type FindLeaks, type Witness } from './canaries.ts';
import { expectNobodyUnheard } from './fail-open.ts';
import { type FaultyWorld, startFaultyWorld } from './faulty-world.ts';

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
beforeEach(() => witness.clear());
afterEach(() => {
  world.heal();
  expectNobodyUnheard(witness);
});

const user = { id: 456, name: 'Jane Doe', email: 'jane@example.com' };

function newsOf(seconds: number) {
  const call = {
    id: 817_000_001,
    direction: 'inbound',
    raw_digits: '+442079460177',
    started_at: seconds - 60,
    user,
  };
  const over = { ...call, status: 'done', answered_at: seconds - 50, ended_at: seconds };
  const contact = { id: 700_003, first_name: 'Ada', last_name: 'Winter' };
  return [
    { resource: 'user', event: 'user.closed', timestamp: seconds, data: user },
    { resource: 'call', event: 'call.answered', timestamp: seconds, data: { ...call, answered_at: seconds } },
    { resource: 'call', event: 'call.agent_declined', timestamp: seconds, data: call },
    { resource: 'call', event: 'call.ended', timestamp: seconds, data: over },
    {
      resource: 'contact',
      event: 'contact.updated',
      timestamp: seconds,
      data: { ...contact, phone_numbers: [{ value: '+442079460177' }], updated_at: seconds },
    },
    { resource: 'contact', event: 'contact.deleted', timestamp: seconds, data: contact },
  ];
}

const troubles: readonly ProxyMode[] = [
  'hang',
  'reset',
  'reset-after-work',
  'throttle',
  'fail',
  'garbage',
  'wrong-types',
  'wrong-shape',
  'truncated',
  'stall-after-work',
  'huge',
];

it.each(troubles)('each is answered 200 in time by a router whose DynamoDB does "%s"', async (mode) => {
  world.dynamodb.mode = mode;
  const startedAtMs = performance.now();
  const answers = await Promise.all(newsOf(Math.floor(Date.now() / 1000)).map((news) => world.tell(news)));
  expect(performance.now() - startedAtMs).toBeLessThan(4_800);

  for (const { statusCode, body } of answers) {
    expect(statusCode).toBe(200);
    expect(JSON.parse(body ?? '')).toMatchObject({
      outcome: 'tracked',
      because: expect.stringMatching(
        /^(store-unavailable|item-unreadable|unknown-agent|presence-unchanged|contact-[a-z]+)$/,
      ),
    });
  }
  expect(witness.written()).not.toContain('unexpected-error');
  expect(findLeaks(`${witness.written()}\n${JSON.stringify(answers)}`)).toEqual([]);
});
