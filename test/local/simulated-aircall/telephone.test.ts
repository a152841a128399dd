/** The telephone of the simulated Aircall, on a clock moved by hand; transfers and readings over HTTP, as any client's. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualScheduler, type ManualScheduler } from '../../../local/simulated-aircall/scheduler.ts';
import type { IncomingCall } from '../../../local/simulated-aircall/telephone.ts';
import { type SimulatedAircall, startSimulatedAircall } from '../../../local/simulated-aircall.ts';

const START_MS = 1_763_851_200_000;
const CREDENTIAL = `Basic ${Buffer.from('id:secret').toString('base64')}`;
const EVENTS = ['created', 'ringing_on_agent', 'agent_declined', 'answered', 'transferred', 'hungup', 'ended']
  .concat('external_transferred', 'unsuccessful_transfer')
  .map((name) => `call.${name}`)
  .concat('user.wut_start', 'user.wut_start.v2', 'user.wut_end', 'user.wut_end.v2');

type Data = { [key: string]: unknown; user?: { id: number }; transferred_to?: { id: number } | null };

let scheduler: ManualScheduler;
let aircall: SimulatedAircall;
let delivered: { event: string; timestamp: number; data: Data }[];

beforeEach(async () => {
  scheduler = createManualScheduler(START_MS);
  delivered = [];
  aircall = await startSimulatedAircall({
    apiId: 'id',
    apiToken: 'secret',
    scheduler,
    users: [
      { id: 456, name: 'Jane Doe', email: 'jane@example.com' },
      { id: 457, name: 'Jan de Vries', email: 'jan@example.com', wrapUpSeconds: 20 },
      { id: 458, name: 'Amélie Laurent', email: 'amelie@example.com', availability: 'offline' },
    ],
    post: async (_url, body) => {
      delivered.push(JSON.parse(body));
      return { status: 200, text: '' };
    },
  });
  aircall.addWebhook({ url: 'https://example.com', token: 'token', events: EVENTS, customName: undefined });
});
afterEach(() => aircall.close());

const place = (call: Partial<IncomingCall> = {}) =>
  aircall.telephone.placeCall({ from: '+33 1 99 00 00 07', callId: '812000001', ...call });

async function request(method: string, path: string, body?: unknown) {
  const response = await fetch(aircall.url + path, {
    method,
    headers: { authorization: CREDENTIAL },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
const transfer = async (body: unknown, callId = '812000001') => {
  const { status } = await request('POST', `/v1/calls/${callId}/transfers`, body);
  return status;
};
const { answer, decline, hangUp } = {
  answer: (userId: number, callId = '812000001') => aircall.telephone.answer(callId, userId),
  decline: (userId: number, callId = '812000001') => aircall.telephone.decline(callId, userId),
  hangUp: (by: 'caller' | 'agent') => aircall.telephone.hangUp('812000001', by),
};
const seconds = (count: number) => scheduler.advance(count * 1000);

/** What was delivered since the last look: event, whose user, and status. */
async function events() {
  await scheduler.advance(0);
  return delivered
    .splice(0)
    .map(({ event, data }) => [event, data.user?.id, data['status']].filter((part) => part !== undefined));
}
async function availabilities() {
  const { body } = await request('GET', '/v1/users/availabilities');
  return Object.fromEntries(
    body.users.map(({ id, availability }: { id: number; availability: string }) => [id, availability]),
  );
}

describe('a call that comes in', () => {
  it('is told as Aircall tells it: no user and no contact', async () => {
    place();
    await scheduler.advance(0);
    expect(delivered[0]).toEqual({
      resource: 'call',
      event: 'call.created',
      timestamp: 1_763_851_200,
      token: 'token',
      data: {
        id: 812000001,
        direct_link: `${aircall.url}/v1/calls/812000001`,
        direction: 'inbound',
        status: 'initial',
        missed_call_reason: null,
        started_at: 1_763_851_200,
        answered_at: null,
        ended_at: null,
        duration: 0,
        cost: '0.0',
        hangup_cause: null,
        voicemail: null,
        recording: null,
        asset: null,
        raw_digits: '+33 1 99 00 00 07',
        number: expect.objectContaining({ id: 1234, availability_status: 'open', is_ivr: false }),
        archived: false,
        teams: [],
        comments: [],
        tags: [],
      },
    });
  });

  it('rings the number’s distribution in the same second, as far as it is free', async () => {
    place({ distribution: [456, 457, 458] });
    expect(await events()).toEqual([
      ['call.created', 'initial'],
      ['call.ringing_on_agent', 456, 'initial'],
      ['call.ringing_on_agent', 457, 'initial'],
    ]);
  });

  it('gets an id of its own, and is read at Aircall under it', async () => {
    const callId = aircall.telephone.placeCall({ from: 'anonymous' });
    expect((await request('GET', `/v1/calls/${callId}`)).body.call).toMatchObject({
      id: Number(callId),
      status: 'initial',
      raw_digits: 'anonymous',
      started_at: 1_763_851_200,
    });
  });

  it('is missed when nobody answers in 30 s of ringing and 30 s of waiting', async () => {
    place({ distribution: [456] });
    await seconds(59.999);
    expect(await events()).toEqual([
      ['call.created', 'initial'],
      ['call.ringing_on_agent', 456, 'initial'],
    ]);
    await seconds(0.001);
    expect(delivered[0]).toMatchObject({
      event: 'call.hungup',
      timestamp: 1_763_851_260,
      data: {
        status: 'done',
        missed_call_reason: 'agents_did_not_answer',
        answered_at: null,
        ended_at: 1_763_851_260,
        duration: 60,
      },
    });
    expect((await request('GET', '/v1/calls/812000001')).body.call).toMatchObject({
      status: 'done',
      missed_call_reason: 'agents_did_not_answer',
    });
  });

  it.each([
    [9.9, 'short_abandoned'],
    [10, 'abandoned_in_classic'],
  ])('whose caller hangs up after %d s is %s', async (after, reason) => {
    place({ distribution: [456] });
    await seconds(after);
    expect(hangUp('caller')).toBe(true);
    expect((await request('GET', '/v1/calls/812000001')).body.call.missed_call_reason).toBe(reason);
    expect(answer(456)).toBe(false);
  });
});

describe('a call that is answered', () => {
  beforeEach(async () => {
    place({ distribution: [456, 457] });
    await seconds(3);
    answer(457);
    await scheduler.advance(0);
  });

  it('is told with who answered, and rings nobody else', async () => {
    expect(delivered.at(-1)).toMatchObject({
      event: 'call.answered',
      data: { status: 'answered', answered_at: 1_763_851_203, user: { id: 457 } },
    });
    expect(answer(456)).toBe(false);
  });

  it('keeps that user in a call, then in wrap-up, which is told under both names', async () => {
    expect(await availabilities()).toMatchObject({ 456: 'available', 457: 'in_call' });
    await seconds(40);
    await events();

    hangUp('agent');
    expect(await events()).toEqual([['call.hungup', 457, 'done'], ['user.wut_start'], ['user.wut_start.v2']]);
    expect(await availabilities()).toMatchObject({ 457: 'after_call_work' });

    await seconds(20);
    expect(delivered.splice(0)).toMatchObject([
      { event: 'user.wut_end', timestamp: 1_763_851_263, data: { id: 457, numbers: [{ id: 1234 }] } },
      { event: 'user.wut_end.v2', data: { id: 457, wrap_up_time: 20, substatus: 'always_opened' } },
    ]);
    expect(await availabilities()).toMatchObject({ 457: 'available' });
  });

  it('is ended 30 s after hanging up', async () => {
    await seconds(40);
    hangUp('caller');
    await seconds(29.999);
    expect((await events()).map(([event]) => event)).not.toContain('call.ended');
    await seconds(0.001);
    expect(delivered).toMatchObject([
      {
        event: 'call.ended',
        timestamp: 1_763_851_273,
        data: { status: 'done', ended_at: 1_763_851_243, duration: 43, missed_call_reason: null },
      },
    ]);
  });

  it('is over once: nobody hangs up twice, and no transfer is taken', async () => {
    hangUp('caller');
    expect(hangUp('caller')).toBe(false);
    expect(await request('POST', '/v1/calls/812000001/transfers', { user_id: 456 })).toEqual({
      status: 400,
      body: { error: 'Bad Request', troubleshoot: 'Call already ended' },
    });
  });

  it('leaves a user offline who went offline meanwhile', async () => {
    aircall.setAvailability(457, 'offline');
    hangUp('caller');
    expect(await availabilities()).toMatchObject({ 457: 'offline' });
  });

  it('leaves a user offline, too, who went offline in wrap-up', async () => {
    hangUp('caller');
    aircall.setAvailability(457, 'offline');
    await seconds(20);
    expect(await availabilities()).toMatchObject({ 457: 'offline' });
    expect((await events()).flat()).not.toContain('user.wut_end');
  });

  it('is taken away from who talks by a transfer, which is kept on record', async () => {
    await seconds(7);
    await events();
    expect(await transfer({ user_id: 456 })).toBe(204);
    expect(await events()).toEqual([
      ['call.transferred', 'answered'],
      ['call.ringing_on_agent', 456, 'answered'],
      ['user.wut_start'],
      ['user.wut_start.v2'],
    ]);
    expect(aircall.telephone.takenAway).toMatchObject([{ callId: '812000001', agent: { userId: 457 } }]);
    answer(456);
    expect((await request('GET', '/v1/calls/812000001')).body.call).toMatchObject({
      answered_at: 1_763_851_203,
      user: { id: 456 },
    });
  });
});

describe('a call that is transferred', () => {
  beforeEach(async () => {
    place({ distribution: [457] });
    await events();
  });

  it('rings the target, and nobody else any more', async () => {
    expect(await transfer({ user_id: 456 })).toBe(204);
    await scheduler.advance(0);
    expect(delivered).toMatchObject([
      {
        event: 'call.transferred',
        data: { status: 'initial', answered_at: null, transferred_to: { id: 456 }, transferred_by: null },
      },
      { event: 'call.ringing_on_agent', data: { user: { id: 456 }, transferred_to: { id: 456 } } },
    ]);
    expect(delivered[0]?.data).not.toHaveProperty('user');
    expect(answer(457)).toBe(false);
    expect(answer(456)).toBe(true);
    expect(aircall.telephone.takenAway).toEqual([]);
  });

  it('moves on by a second transfer while the first target still rings', async () => {
    await transfer({ user_id: 456 });
    await seconds(25);
    expect(await transfer({ user_id: 457 })).toBe(204);
    expect(answer(456)).toBe(false);
    await seconds(29);
    expect(answer(457)).toBe(true);
    expect(aircall.telephone.takenAway).toEqual([]);
  });

  it('waits for another transfer when the target declines, and is missed when none comes', async () => {
    await transfer({ user_id: 456 });
    await seconds(5);
    decline(456);
    expect((await events()).slice(2)).toEqual([['call.agent_declined', 456, 'initial']]);

    await seconds(29);
    await transfer({ user_id: 457 });
    expect(await events()).toEqual([
      ['call.transferred', 'initial'],
      ['call.ringing_on_agent', 457, 'initial'],
    ]);
    decline(457);
    await seconds(30);
    expect(aircall.call('812000001')).toMatchObject({
      status: 'done',
      missedCallReason: 'agents_did_not_answer',
    });
  });

  it('to somebody who is not available reaches nobody, and nothing is tried instead', async () => {
    expect(await transfer({ user_id: 458 })).toBe(204);
    await scheduler.advance(0);
    expect(delivered.map(({ event }) => event)).toEqual(['call.transferred', 'call.unsuccessful_transfer']);
    expect(delivered[1]?.data).toMatchObject({
      status: 'initial',
      transferred_to: { id: 458 },
      transferred_by: null,
    });
    expect(answer(457)).toBe(false);
    await seconds(30);
    expect(aircall.call('812000001')?.status).toBe('done');
  });

  it('is not reached either by whom it rings for 30 s in vain', async () => {
    await transfer({ user_id: 456 });
    await events();
    await seconds(30);
    expect(await events()).toEqual([['call.unsuccessful_transfer', 'initial']]);
    expect(answer(456)).toBe(false);
  });

  it('rings no one again who declined it, but whoever only let it ring', async () => {
    decline(457);
    await transfer({ user_id: 457 });
    expect((await events()).map(([event]) => event)).toEqual([
      'call.agent_declined',
      'call.transferred',
      'call.unsuccessful_transfer',
    ]);
    await transfer({ user_id: 456 });
    await seconds(30);
    await transfer({ user_id: 456 });
    expect(answer(456)).toBe(true);
  });

  it('does not ring a phone that rings for another call', async () => {
    await transfer({ user_id: 456 });
    place({ callId: '812000002' });
    await transfer({ user_id: 456 }, '812000002');
    expect((await events()).at(-1)).toEqual(['call.unsuccessful_transfer', 'initial']);
    expect(answer(456, '812000002')).toBe(false);
    expect(answer(456)).toBe(true);
  });

  it('to a team rings whoever is free there', async () => {
    await transfer({ team_id: 12 });
    expect(await events()).toEqual([
      ['call.transferred', 'initial'],
      ['call.ringing_on_agent', 456, 'initial'],
      ['call.ringing_on_agent', 457, 'initial'],
    ]);
  });

  it('to a number leaves the house', async () => {
    await transfer({ number: '+12025550123' });
    await scheduler.advance(0);
    expect(delivered).toMatchObject([
      { event: 'call.external_transferred', data: { external_transferred_to: '+12025550123' } },
    ]);
    await seconds(3_600);
    expect(hangUp('caller')).toBe(true);
    expect(aircall.telephone.call('812000001')).toMatchObject({ phase: 'over', missedReason: null });
  });
});

describe('the story of a call', () => {
  it('is told as it happens, with names, and with what came of each delivery', async () => {
    const heard: string[] = [];
    aircall.telephone.follow(({ kind, agent, delivery }) =>
      heard.push([kind, agent?.name ?? delivery?.event].filter((part) => part !== undefined).join(' ')),
    );
    place();
    await transfer({ user_id: 456 });
    answer(456);
    hangUp('caller');
    await scheduler.advance(0);
    expect(heard).toEqual([
      'calls',
      'waits',
      'transferred Jane Doe',
      'rings Jane Doe',
      'answers Jane Doe',
      'hangs-up',
      'delivery call.created',
      'delivery call.transferred',
      'delivery call.ringing_on_agent',
      'delivery call.answered',
      'delivery call.hungup',
    ]);
    expect(aircall.telephone.story('812000001')).toHaveLength(11);
    expect(aircall.telephone.story('812000001')[0]).toEqual({
      callId: '812000001',
      atMs: START_MS,
      kind: 'calls',
      from: '+33 1 99 00 00 07',
    });
  });
});
