/** The telephone by HTTP: what a player in another process does with it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualScheduler, type ManualScheduler } from '../../../local/simulated-aircall/scheduler.ts';
import { type SimulatedAircall, startSimulatedAircall } from '../../../local/simulated-aircall.ts';

const START_MS = 1_763_851_200_000;
let scheduler: ManualScheduler;
let aircall: SimulatedAircall;

beforeEach(async () => {
  scheduler = createManualScheduler(START_MS);
  const users = [{ id: 456, name: 'Jane Doe', email: 'jane@example.com' }];
  aircall = await startSimulatedAircall({ apiId: 'id', apiToken: 'secret', scheduler, users });
});
afterEach(() => aircall.close());

async function request(method: string, path: string, body?: unknown) {
  const response = await fetch(aircall.url + path, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
const post = (path: string, body: unknown) => request('POST', path, body);
const place = async (more: object = {}): Promise<string> =>
  (await post('/telephone/calls', { from: '+33 1 99 00 00 07', ...more })).body.callId;

it('places a call that rings its distribution, and plays it to its end', async () => {
  const callId = await place({ distribution: [456] });
  const path = `/telephone/calls/${callId}`;

  expect((await request('GET', `${path}/story`)).body).toEqual({
    events: [
      { callId, atMs: START_MS, kind: 'calls', from: '+33 1 99 00 00 07' },
      {
        callId,
        atMs: START_MS,
        kind: 'rings',
        from: '+33 1 99 00 00 07',
        agent: { userId: 456, name: 'Jane Doe' },
      },
    ],
    next: 2,
    isOver: false,
  });
  expect(await post(`${path}/answer`, { userId: 456 })).toEqual({ status: 204, body: undefined });
  expect(await post(`${path}/hang-up`, { by: 'agent' })).toEqual({ status: 204, body: undefined });
  const { body } = await request('GET', `${path}/story?after=2`);
  expect(body).toMatchObject({ events: [{ kind: 'answers' }, { kind: 'hangs-up' }], next: 4, isOver: true });
});

it('places a call by the call flow, if asked', async () => {
  const callId = await place({ flow: 'announced-first' });
  expect(aircall.telephone.call(callId)).toMatchObject({ phase: 'asking', isAnnounced: true });
  expect((await post('/telephone/calls', { from: 'anonymous', flow: 'sideways' })).status).toBe(400);
});

it('lets an agent decline', async () => {
  const callId = await place({ distribution: [456] });
  expect((await post(`/telephone/calls/${callId}/decline`, { userId: 456 })).status).toBe(204);
  expect(aircall.telephone.call(callId)).toMatchObject({ phase: 'waiting', declined: [456] });
});

it('sends the events of a call twice, or in another order, if asked', async () => {
  const received: string[] = [];
  await aircall.close();
  aircall = await startSimulatedAircall({
    apiId: 'id',
    apiToken: 'secret',
    scheduler,
    post: async (_url, body) => {
      received.push(JSON.parse(body).event);
      return { status: 200, text: '' };
    },
  });
  aircall.addWebhook({
    url: 'https://example.com',
    token: 'token',
    events: ['call.created'],
    customName: undefined,
  });
  await place({ duplicates: true });
  await scheduler.advance(0);
  expect(received).toEqual(['call.created', 'call.created']);

  await place({ reorderingSeed: 1 });
  await scheduler.advance(0);
  expect(received).toHaveLength(2);
  await scheduler.advance(3_000);
  expect(received).toHaveLength(3);
});

it('is no part of Aircall: needs no credential, and is not counted', async () => {
  await place();
  expect(aircall.requests).toEqual([]);
});

describe('refuses', () => {
  it.each([
    [{}, 'from: not understood'],
    [{ from: '' }, 'from: not understood'],
    [{ from: 'anonymous', distribution: ['456'] }, 'distribution.0: not understood'],
    ['no JSON', 'body: not understood'],
  ])('a call from %j', async (body, error) => {
    expect(await post('/telephone/calls', body)).toEqual({ status: 400, body: { error } });
  });

  it('what can not be done now, or makes no sense', async () => {
    const path = `/telephone/calls/${await place()}`;
    const conflict = { status: 409, body: { error: 'that can not be done now' } };
    expect(await post(`${path}/answer`, { userId: 456 })).toEqual(conflict);
    expect(await post(`${path}/hang-up`, { by: 'agent' })).toEqual(conflict);
    expect((await post(`${path}/answer`, {})).status).toBe(400);
    expect((await post(`${path}/hang-up`, { by: 'nobody' })).status).toBe(400);
  });

  it.each([
    ['POST', '/telephone/calls/1/answer'],
    ['GET', '/telephone/calls/1/story'],
    ['GET', '/telephone/elsewhere'],
  ])('%s %s: there is no such call', async (method, path) => {
    expect((await request(method, path, method === 'POST' ? { userId: 456 } : undefined)).status).toBe(404);
  });
});
