/** The calls that Aircall keeps, page by page. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createReadPastCalls } from '../../../lib/adapters/aircall/past-calls.ts';
import { november, type Simulation, startSimulation } from './simulation.ts';

const route = 'GET /v1/calls';
const startedAt = november / 1000 - 86_400;

let simulation: Simulation;
beforeEach(async () => {
  simulation = await startSimulation();
  simulation.aircall.addUser({ id: 457, name: 'Jan de Vries', email: 'Jan@example.com' });
});
afterEach(() => simulation.aircall.close());

const read = (page = 1, fromMs = november - 86_400_000) =>
  createReadPastCalls(simulation.requestAircall, 10_000)({ fromMs, toMs: november, page }, november + 60_000);

function putCalls(count: number) {
  for (let index = 0; index < count; index += 1) {
    simulation.aircall.putCall({
      id: String(812_000_001 + index),
      status: 'done',
      startedAtSeconds: startedAt + index,
      answeredAtSeconds: startedAt + index + 5,
      endedAtSeconds: startedAt + index + 65,
      rawDigits: '+1 202 555 0133',
      userId: 457,
    });
  }
}

it('are told as conversations, and when the last of them began', async () => {
  putCalls(2);
  simulation.aircall.putCall({
    id: '812000900',
    status: 'done',
    startedAtSeconds: startedAt + 10,
    rawDigits: 'anonymous',
  });
  const conversation = {
    direction: 'inbound',
    phone: '+12025550133',
    aircallUserId: 457,
    email: 'jan@example.com',
    answeredAtMs: 1763764805000,
    endedAtMs: 1763764865000,
  };
  const inbound = (callId: string, startedAtMs: number) => ({
    callId,
    caller: { kind: 'identified', phone: '+12025550133' },
    status: 'over',
    startedAtMs,
    aircallNumberId: 1234,
    aircallNumber: '+33199001234',
  });
  expect(await read()).toEqual({
    ok: true,
    value: {
      calls: 3,
      inbound: [
        inbound('812000001', 1763764800000),
        inbound('812000002', 1763764801000),
        { ...inbound('812000900', 1763764810000), caller: { kind: 'withheld' } },
      ],
      conversations: [
        conversation,
        { ...conversation, answeredAtMs: 1763764806000, endedAtMs: 1763764866000 },
      ],
      reachedMs: 1763764810000,
      more: 'none',
    },
  });
  expect(simulation.aircall.requests.map(({ path }) => path)).toEqual([
    '/v1/calls?order=asc&from=1763764800&to=1763851200&per_page=50&page=1',
  ]);
});

it('that agents made are not among the inbound ones', async () => {
  putCalls(1);
  simulation.aircall.putCall({
    id: '812000900',
    direction: 'outbound',
    status: 'done',
    startedAtSeconds: startedAt,
  });
  expect(await read()).toMatchObject({ value: { calls: 2, inbound: [{ callId: '812000001' }] } });
});

it('that can’t be read are counted, and cost no other', async () => {
  const sound = { id: 812000001, direction: 'inbound', status: 'done', started_at: 1763764800 };
  const value = { calls: [{ ...sound, started_at: 'yesterday' }, sound], meta: { next_page_link: null } };
  const readPastCalls = createReadPastCalls(async () => ({ ok: true, value }), 10_000);

  expect(await readPastCalls({ fromMs: 0, toMs: november, page: 1 }, november)).toMatchObject({
    ok: true,
    value: { calls: 2, inbound: [{ callId: '812000001' }], conversations: [], reachedMs: 1763764800000 },
  });
});

it('are none of those outside the span', async () => {
  putCalls(2);
  expect(await read(1, november - 86_399_000)).toMatchObject({ value: { calls: 1 } });
  expect(await read(1, november - 1000)).toEqual({
    ok: true,
    value: { calls: 0, inbound: [], conversations: [], more: 'none' },
  });
});

it('come fifty at a time, oldest first', async () => {
  putCalls(120);
  expect(await read(1)).toMatchObject({ value: { calls: 50, reachedMs: 1763764849000, more: 'next-page' } });
  expect(await read(3)).toMatchObject({ value: { calls: 20, reachedMs: 1763764919000, more: 'none' } });
});

it('go on beyond the ten thousandth in another span', async () => {
  putCalls(10_001);
  expect(await read(199)).toMatchObject({ value: { more: 'next-page' } });
  expect(await read(200)).toMatchObject({ value: { calls: 50, more: 'beyond-last-page' } });
});

it('end with a last page that is not full', async () => {
  putCalls(9_999);
  expect(await read(200)).toMatchObject({ value: { calls: 49, more: 'none' } });
});

it('are asked for once: the pace is not ours to set', async () => {
  simulation.aircall.failAlways(route, { kind: 'status', status: 429 });
  expect(await read()).toMatchObject({ ok: false, failure: { reason: 'rate-limited' } });
  expect(simulation.pauses).toEqual([]);
});

it('that are no list are unreadable', async () => {
  const requestAircall = async () => ({ ok: true, value: { calls: 'none' } }) as const;
  const readPastCalls = createReadPastCalls(requestAircall, 10_000);
  expect(await readPastCalls({ fromMs: 0, toMs: november, page: 1 }, november)).toEqual({
    ok: false,
    failure: { reason: 'unreadable-answer', message: 'GET /v1/calls: not a list' },
  });
});
