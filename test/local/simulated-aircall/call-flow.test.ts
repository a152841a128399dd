/** Calls that come in by a call flow, which asks who should ring, on a clock moved by hand. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAsk, type FlowAnswer } from '../../../local/simulated-aircall/call-flow.ts';
import { createManualScheduler, type ManualScheduler } from '../../../local/simulated-aircall/scheduler.ts';
import type { IncomingCall } from '../../../local/simulated-aircall/telephone.ts';
import { type SimulatedAircall, startSimulatedAircall } from '../../../local/simulated-aircall.ts';

const START_MS = 1_763_851_200_000;
const FLOW = { url: 'https://example.com/aircall/ring-to', secret: 'a secret' };
const CALL = '812000001';

let scheduler: ManualScheduler;
let aircall: SimulatedAircall;
let asked: { url: string; secret: string; body: string }[];
let answer: FlowAnswer | (() => FlowAnswer);
/** Of which events webhooks were told, with the call's status. */
let told: string[];

beforeEach(async () => {
  scheduler = createManualScheduler(START_MS);
  [asked, told] = [[], []];
  aircall = await startSimulatedAircall({
    apiId: 'id',
    apiToken: 'secret',
    scheduler,
    users: [
      { id: 456, name: 'Jane Doe', email: 'jane@example.com' },
      { id: 457, name: 'Jan de Vries', email: 'jan@example.com' },
      { id: 458, name: 'Amélie Laurent', email: 'amelie@example.com', availability: 'offline' },
    ],
    ask: async (flow, body) => {
      asked.push({ ...flow, body });
      return typeof answer === 'function' ? answer() : answer;
    },
    post: async (_url, body) => {
      const { event, data } = JSON.parse(body);
      told.push(`${event} ${data.status}`);
      return { status: 200, text: '' };
    },
  });
  const events = ['created', 'agent_declined', 'external_transferred', 'hungup'].map(
    (name) => `call.${name}`,
  );
  aircall.addWebhook({ url: 'https://example.com', token: 'token', events, customName: undefined });
  aircall.setCallFlow(FLOW);
});
afterEach(() => aircall.close());

async function place(data: object | undefined, call: Partial<IncomingCall> = {}): Promise<void> {
  if (data !== undefined) answer = { status: 200, text: JSON.stringify({ data }) };
  aircall.telephone.placeCall({ from: '+44 20 7946 0123', callId: CALL, flow: 'asks-first', ...call });
  await scheduler.advance(0);
}
const ringing = () => aircall.telephone.call(CALL)?.ringing;
const kinds = () =>
  aircall.telephone
    .story(CALL)
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'delivery');

it('asks with its secret who should ring, rings them, and only then announces the call', async () => {
  await place({ user_id: 456 });
  expect(asked).toEqual([
    {
      ...FLOW,
      body: '{"call_id":812000001,"caller_number":"+44 20 7946 0123","target_number":"+33 1 99 00 12 34"}',
    },
  ]);
  expect(ringing()).toEqual([456]);
  expect(kinds()).toEqual(['calls', 'asks', 'flow-answer', 'announced', 'flow-rings', 'rings']);
  expect(told).toEqual(['call.created initial']);
});

describe('of an answer it reads', () => {
  it.each<[string, object, readonly number[]]>([
    ['a user', { user_id: 457 }, [457]],
    ['a user in quotes', { user_id: '457' }, [457]],
    ['a team: the first of everybody who is free', { team_id: 12 }, [456]],
    ['the user where there is a team, too', { user_id: 457, team_id: 12 }, [457]],
  ])('%s', async (_, data, rings) => {
    await place(data, { distribution: [458] });
    expect(ringing()).toEqual(rings);
  });

  it('a number, which rings outside, and is no transfer', async () => {
    await place({ number: '+33199000042' }, { distribution: [457] });
    expect(aircall.telephone.call(CALL)).toMatchObject({ phase: 'outside', externalNumber: '+33199000042' });
    expect(told).toEqual(['call.created initial']);
    expect(aircall.transfers).toEqual([]);
  });
});

describe('it goes on to its fallback', () => {
  it.each<[string, FlowAnswer]>([
    ['an answer without data', { status: 200, text: '{}' }],
    ['an answer that names nobody', { status: 200, text: '{"data":{}}' }],
    ['an id that is none', { status: 200, text: '{"data":{"user_id":"jane"}}' }],
    ['a number that is none', { status: 200, text: '{"data":{"number":"42"}}' }],
    ['no JSON', { status: 200, text: '<html>' }],
    ['a status that is not 200', { status: 401, text: '{"data":{"user_id":456}}' }],
    ['nobody who answers', undefined],
    ['a user who is not there', { status: 200, text: '{"data":{"user_id":458}}' }],
    ['a user whom it does not know', { status: 200, text: '{"data":{"user_id":999}}' }],
  ])('on %s', async (_, given) => {
    answer = given;
    await place(undefined, { distribution: [457, 458] });
    expect(ringing()).toEqual([457]);
    expect(kinds().slice(2)).toEqual(['flow-answer', 'announced', 'flow-falls-back', 'rings']);
  });

  it('when whom it rings declines, without whoever declined', async () => {
    await place({ user_id: 456 }, { distribution: [456, 457] });
    aircall.telephone.decline(CALL, 456);
    aircall.telephone.decline(CALL, 457);
    expect(kinds().slice(-5)).toEqual(['declines', 'flow-falls-back', 'rings', 'declines', 'waits']);
  });

  it('when whom it rings lets it ring for 30 s', async () => {
    await place({ user_id: 456 }, { distribution: [457] });
    await scheduler.advance(29_999);
    expect(ringing()).toEqual([456]);
    await scheduler.advance(1);
    expect(ringing()).toEqual([457]);
  });

  it('and misses the call where there is none', async () => {
    await place({ user_id: 458 });
    expect(kinds().slice(-2)).toEqual(['flow-falls-back', 'waits']);
    await scheduler.advance(30_000);
    expect(kinds().at(-1)).toBe('missed');
  });
});

it('finds nobody who answers where none is set up', async () => {
  const own = await startSimulatedAircall({ apiId: 'id', apiToken: 'secret', scheduler });
  own.telephone.placeCall({ from: 'anonymous', callId: CALL, flow: 'asks-first' });
  await scheduler.advance(0);
  expect(own.telephone.story(CALL).find(({ kind }) => kind === 'flow-answer')?.answer).toBeUndefined();
  expect(own.telephone.call(CALL)?.phase).toBe('waiting');
  await own.close();
});

it('tells of a caller who gave up while it asked, and rings nobody for them', async () => {
  answer = () => {
    aircall.telephone.hangUp(CALL, 'caller');
    return { status: 200, text: '{"data":{"user_id":456}}' };
  };
  await place(undefined);
  await scheduler.advance(0);
  expect(aircall.telephone.call(CALL)).toMatchObject({ phase: 'over', ringing: [] });
  expect(told).toEqual(['call.created done', 'call.hungup done']);
});

describe('where the call is announced first', () => {
  const transferTo = (userId: number) =>
    fetch(`${aircall.url}/v1/calls/${CALL}/transfers`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('id:secret').toString('base64')}` },
      body: JSON.stringify({ user_id: userId }),
    });

  it('it asks a second later', async () => {
    await place({ user_id: 456 }, { flow: 'announced-first' });
    expect([told, asked.length, ringing()]).toEqual([['call.created initial'], 0, []]);
    await scheduler.advance(1_000);
    expect([told, asked.length, ringing()]).toEqual([['call.created initial'], 1, [456]]);
  });

  it('a transfer takes the call out of the flow: no answer and no fallback rings anybody', async () => {
    await place({ user_id: 456 }, { flow: 'announced-first', distribution: [456] });
    await transferTo(457);
    await scheduler.advance(1_000);
    expect([asked.length, ringing()]).toEqual([1, [457]]);
    aircall.telephone.decline(CALL, 457);
    expect(aircall.telephone.call(CALL)).toMatchObject({ phase: 'waiting', ringing: [] });
  });
});

describe('a question over HTTP', () => {
  it('is a POST with its secret; whoever does not answer in time, or is not there, has not answered', async () => {
    const seen: object[] = [];
    const server = createServer(({ method, headers: { authorization } }, response) => {
      seen.push({ method, authorization });
      if (seen.length === 1) response.end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const flow = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, secret: 'a secret' };

    expect(await createAsk(5_000)(flow, '{}')).toEqual({ status: 200, text: '{}' });
    expect(seen).toEqual([{ method: 'POST', authorization: 'Bearer a secret' }]);
    expect(await createAsk(20)(flow, '{}')).toBeUndefined();
    expect(await createAsk(5_000)({ ...flow, url: 'http://127.0.0.1:1' }, '{}')).toBeUndefined();
    server.closeAllConnections();
    server.close();
  });
});
