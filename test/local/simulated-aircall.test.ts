/**
 * The simulated Aircall, over HTTP like any client. The key lists are those of the JSON in Aircall's
 * documentation.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SimulatedAircall, startSimulatedAircall } from '../../local/simulated-aircall.ts';

const NOVEMBER_MS = 1_763_851_200_000;
const TRANSFERS = 'POST /v1/calls/:id/transfers';
const CREDENTIAL = `Basic ${Buffer.from('id:secret').toString('base64')}`;

let aircall: SimulatedAircall;
let nowMs: number;

beforeEach(async () => {
  nowMs = NOVEMBER_MS;
  aircall = await startSimulatedAircall({
    apiId: 'id',
    apiToken: 'secret',
    now: () => nowMs,
    users: [
      { id: 456, name: 'Zoë Martin', email: 'Zoe.Martin@example.com', timeZone: 'Europe/Paris' },
      { id: 457, name: 'Amy Okafor', email: 'amy.okafor@example.com', availability: 'in_call' },
      { id: 458, name: 'Vera Lindt', email: 'vera.lindt@example.com', availability: 'do_not_disturb' },
    ],
  });
  aircall.putCall({ id: '812000001', rawDigits: '+44 20 7946 0123' });
});

afterEach(() => aircall.close());

function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return fetch(path.startsWith('http') ? path : aircall.url + path, {
    method,
    headers: { authorization: CREDENTIAL, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function answerTo(method: string, path: string, body?: unknown) {
  const response = await send(method, path, body);
  const text = await response.text();
  return { status: response.status, body: text === '' ? '' : JSON.parse(text) };
}

const get = (path: string) => answerTo('GET', path);
const transfer = (id: string, body: unknown) => answerTo('POST', `/v1/calls/${id}/transfers`, body);

describe('credentials', () => {
  it('answers a ping', async () => {
    expect(await get('/v1/ping')).toEqual({ status: 200, body: { ping: 'pong' } });
  });

  it('answers 401 to a request without a credential, whatever it asks for', async () => {
    for (const path of ['/v1/ping', '/v2/users', '/nowhere']) {
      const response = await fetch(aircall.url + path);
      expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
    }
  });

  it.each(['Basic aWQ6d3Jvbmc=', 'Bearer secret', ''])(
    'answers 403 to the wrong credential "%s"',
    async (authorization) => {
      const response = await send('GET', '/v1/ping', undefined, { authorization });
      expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
    },
  );
});

describe('paths', () => {
  it.each(['/', '/v1/users', '/v1/users/456', '/v2/users/', '/v1/calls/812000001/hangup'])(
    'does not know GET %s',
    async (path) => {
      expect(await get(path)).toEqual({ status: 404, body: { message: 'Not Found' } });
    },
  );

  it('answers 405 to a method that a known path does not take', async () => {
    expect(await answerTo('PATCH', '/v1/webhooks')).toEqual({
      status: 405,
      body: {
        error: 'Method Not Allowed',
        troubleshoot: 'This method is not supported here',
        success: false,
      },
    });
  });

  it('answers 400 to a body that is not a JSON object', async () => {
    for (const body of ['{"user_id":', '[456]', '"456"', 'null']) {
      expect(await transfer('812000001', body)).toEqual({
        status: 400,
        body: { error: 'Bad Request', troubleshoot: 'The body is not a JSON object' },
      });
    }
  });
});

describe('users', () => {
  it('are listed in the documented shape', async () => {
    const { status, body } = await get('/v2/users');

    expect(status).toBe(200);
    expect(body.meta).toEqual({
      count: 3,
      total: 3,
      current_page: 1,
      per_page: 20,
      next_page_link: null,
      previous_page_link: null,
    });
    expect(body.users[0]).toEqual({
      id: 456,
      direct_link: `${aircall.url}/v2/users/456`,
      name: 'Zoë Martin',
      email: 'Zoe.Martin@example.com',
      available: true,
      availability_status: 'available',
      created_at: '2024-01-15T09:00:00.000Z',
      time_zone: 'Europe/Paris',
      language: 'en-US',
      substatus: 'always_opened',
      wrap_up_time: 0,
      extension: '456',
    });
  });

  it('show what they chose, not whether they are free', async () => {
    const { body } = await get('/v2/users');
    const chosen = body.users.map((user: { available: boolean; availability_status: string }) => [
      user.available,
      user.availability_status,
    ]);
    expect(chosen).toEqual([
      [true, 'available'],
      [true, 'available'],
      [false, 'unavailable'],
    ]);
  });

  it('are found by id, and by e-mail in any letter case, with the @ escaped or not', async () => {
    for (const key of ['456', 'zoe.martin@example.com', 'ZOE.MARTIN%40example.com']) {
      const { status, body } = await get(`/v2/users/${key}`);
      expect([status, Object.keys(body), body.user.id]).toEqual([200, ['user'], 456]);
    }
  });

  it.each(['999', 'nobody@example.com', '%E0%A4%A'])('answers 404 for the unknown user %s', async (key) => {
    const unknown = { status: 404, body: { error: 'Not Found', troubleshoot: 'User not found' } };
    expect(await get(`/v2/users/${key}`)).toEqual(unknown);
    expect(await get(`/v1/users/${key}/availability`)).toEqual(unknown);
  });

  it('tell whether they are free now, in a list and one by one', async () => {
    const { status, body } = await get('/v1/users/availabilities');
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['meta', 'users']);
    expect(body.users).toEqual([
      { id: 456, availability: 'available' },
      { id: 457, availability: 'in_call' },
      { id: 458, availability: 'do_not_disturb' },
    ]);
    expect(await get('/v1/users/457/availability')).toEqual({
      status: 200,
      body: { availability: 'in_call' },
    });
  });

  it('can be added, removed and made unavailable meanwhile', async () => {
    aircall.addUser({ id: 459, name: 'Ines Roux', email: 'ines.roux@example.com' });
    aircall.removeUser(457);
    aircall.setAvailability(456, 'after_call_work');

    expect((await get('/v1/users/availabilities')).body.users).toEqual([
      { id: 456, availability: 'after_call_work' },
      { id: 458, availability: 'do_not_disturb' },
      { id: 459, availability: 'available' },
    ]);
    expect(() => aircall.setAvailability(457, 'offline')).toThrow('the simulated Aircall has no user 457');
  });
});

describe('paging', () => {
  beforeEach(() => {
    for (const id of [456, 457, 458]) aircall.removeUser(id);
    for (let id = 1; id <= 120; id += 1) {
      aircall.addUser({ id, name: `Agent ${id}`, email: `agent-${id}@example.com` });
    }
  });

  it.each(['/v2/users', '/v1/users/availabilities'])(
    'leads through 120 users of %s by its own links',
    async (path) => {
      const ids: number[] = [];
      const counts: number[] = [];
      for (let link: string | null = `${path}?per_page=50`; link !== null; ) {
        const { body } = await get(link);
        ids.push(...body.users.map((user: { id: number }) => user.id));
        counts.push(body.meta.count);
        link = body.meta.next_page_link;
      }
      expect(counts).toEqual([50, 50, 20]);
      expect(new Set(ids).size).toBe(120);
      expect(ids.at(-1)).toBe(120);
    },
  );

  it('links to the pages before and after with absolute URLs', async () => {
    expect((await get('/v2/users?page=2')).body.meta).toEqual({
      count: 20,
      total: 120,
      current_page: 2,
      per_page: 20,
      next_page_link: `${aircall.url}/v2/users?order=asc&page=3&per_page=20`,
      previous_page_link: `${aircall.url}/v2/users?order=asc&page=1&per_page=20`,
    });
  });

  it('starts with the newest when asked for desc, and goes on so', async () => {
    const { body } = await get('/v2/users?order=desc&per_page=1');
    expect(body.users[0].id).toBe(120);
    expect(body.meta.next_page_link).toBe(`${aircall.url}/v2/users?order=desc&page=2&per_page=1`);
  });

  it.each([
    ['51', 50],
    ['50', 50],
    ['1', 1],
    ['0', 20],
    ['-3', 20],
    ['many', 20],
  ])('makes of per_page=%s a page of %i', async (perPage, size) => {
    const { body } = await get(`/v2/users?per_page=${perPage}`);
    expect([body.meta.per_page, body.users.length]).toEqual([size, size]);
  });

  it('is empty behind the last page', async () => {
    const { body } = await get('/v2/users?page=7');
    expect([body.users, body.meta.count, body.meta.next_page_link]).toEqual([[], 0, null]);
  });
});

describe('calls', () => {
  it('are read in the documented shape', async () => {
    const { status, body } = await get('/v1/calls/812000001');

    expect(status).toBe(200);
    expect(Object.keys(body.call)).toEqual([
      'id',
      'direct_link',
      'direction',
      'status',
      'missed_call_reason',
      'started_at',
      'answered_at',
      'ended_at',
      'duration',
      'voicemail',
      'recording',
      'asset',
      'raw_digits',
      'user',
      'contact',
      'archived',
      'assigned_to',
      'transferred_by',
      'transferred_to',
      'cost',
      'number',
    ]);
    expect(body.call).toMatchObject({
      id: 812000001,
      direction: 'inbound',
      status: 'initial',
      started_at: 1763851200,
      answered_at: null,
      ended_at: null,
      duration: 0,
      raw_digits: '+44 20 7946 0123',
      user: null,
      transferred_to: null,
    });
  });

  it('are answered, and over, when the test says so', async () => {
    nowMs += 5_000;
    aircall.putCall({ id: '812000001', status: 'answered', userId: 456 });
    nowMs += 30_000;
    aircall.putCall({ id: '812000001', status: 'done' });

    const { call } = (await get('/v1/calls/812000001')).body;
    expect(call).toMatchObject({
      status: 'done',
      missed_call_reason: null,
      started_at: 1763851200,
      answered_at: 1763851205,
      ended_at: 1763851235,
      duration: 35,
    });
    expect(Object.keys(call.user)).toEqual([
      'id',
      'direct_link',
      'name',
      'email',
      'available',
      'availability_status',
      'created_at',
      'time_zone',
      'language',
    ]);
  });

  it('that end unanswered are missed', async () => {
    aircall.putCall({ id: '812000001', status: 'done' });
    expect((await get('/v1/calls/812000001')).body.call.missed_call_reason).toBe('agents_did_not_answer');
  });

  it('keep an Int64 id exact', async () => {
    aircall.putCall({ id: '9223372036854775807' });
    const response = await send('GET', '/v1/calls/9223372036854775807');
    expect(await response.text()).toContain('"id":9223372036854775807,');
  });

  it('that nobody heard of are 404', async () => {
    const unknown = { status: 404, body: { error: 'Not Found', troubleshoot: 'Call not found' } };
    expect(await get('/v1/calls/1')).toEqual(unknown);
    expect(await transfer('1', { user_id: 456 })).toEqual(unknown);
  });

  it('cannot be put with an id Aircall would not give', () => {
    expect(() => aircall.putCall({ id: 'CA12' })).toThrow('a call id is up to 19 digits, not "CA12"');
  });
});

describe('transfers', () => {
  const refused = (troubleshoot: string) => ({ status: 400, body: { error: 'Bad Request', troubleshoot } });

  it('to a user are answered 204, recorded, and seen on the call', async () => {
    nowMs += 700;
    expect(await transfer('812000001', { user_id: 457 })).toEqual({ status: 204, body: '' });

    expect(aircall.transfers).toEqual([
      { callId: '812000001', target: { user_id: 457 }, atMs: NOVEMBER_MS + 700 },
    ]);
    expect(aircall.call('812000001')).toMatchObject({ status: 'initial', transferredToUserId: 457 });
    expect((await get('/v1/calls/812000001')).body.call.transferred_to).toMatchObject({
      id: 457,
      direct_link: `${aircall.url}/v1/users/457`,
    });
  });

  it('to a team may say how it rings, and show its first user', async () => {
    await transfer('812000001', { team_id: 12 });
    await transfer('812000001', { team_id: 12, dispatching_strategy: 'longest_idle' });

    expect(aircall.transfers.map(({ target }) => target)).toEqual([
      { team_id: 12 },
      { team_id: 12, dispatching_strategy: 'longest_idle' },
    ]);
    expect((await get('/v1/calls/812000001')).body.call.transferred_to.id).toBe(456);
  });

  it('to an outside number leave no trace on the call', async () => {
    expect((await transfer('812000001', { number: '+33199001234' })).status).toBe(204);

    expect(aircall.transfers[0]?.target).toEqual({ number: '+33199001234' });
    expect((await get('/v1/calls/812000001')).body.call.transferred_to).toBeNull();
  });

  it('are not idempotent: the second is accepted as well', async () => {
    await transfer('812000001', { user_id: 456 });
    await transfer('812000001', { user_id: 457 });
    expect(aircall.transfers.map(({ target }) => target)).toEqual([{ user_id: 456 }, { user_id: 457 }]);
  });

  it('to someone busy are accepted: Aircall does not look', async () => {
    expect((await transfer('812000001', { user_id: 458 })).status).toBe(204);
  });

  it.each([
    [{}, 'Exactly one of user_id, team_id, number is needed'],
    [{ user_id: 456, team_id: 12 }, 'Exactly one of user_id, team_id, number is needed'],
    [{ user_id: 456, number: null }, 'Exactly one of user_id, team_id, number is needed'],
    [{ user_id: 456, dispatching_strategy: 'random' }, 'dispatching_strategy needs a team_id'],
    [{ team_id: 12, dispatching_strategy: 'loudest' }, 'Unknown dispatching_strategy'],
    [{ team_id: 'sales' }, 'The target is not an integer id or an E.164 number'],
    [{ user_id: '456' }, 'The target is not an integer id or an E.164 number'],
    [{ number: '+33 1 99 00 12 34' }, 'The target is not an integer id or an E.164 number'],
    [{ number: '0199001234' }, 'The target is not an integer id or an E.164 number'],
    [{ user_id: 999 }, 'User not found'],
  ])('of %j are refused', async (body, troubleshoot) => {
    expect(await transfer('812000001', body)).toEqual(refused(troubleshoot));
    expect(aircall.transfers).toEqual([]);
  });

  it('of a call that is over are refused', async () => {
    aircall.putCall({ id: '812000001', status: 'done' });
    expect(await transfer('812000001', { user_id: 456 })).toEqual(refused('Call already ended'));
  });

  it('of an answered call reach a user, but not a number', async () => {
    aircall.putCall({ id: '812000001', status: 'answered' });
    const onlyUnanswered = 'Only an inbound call that nobody has answered goes to a number';
    expect(await transfer('812000001', { number: '+33199001234' })).toEqual(refused(onlyUnanswered));
    expect((await transfer('812000001', { user_id: 456 })).status).toBe(204);
  });

  it('of an outbound call do not reach a number', async () => {
    aircall.putCall({ id: '2', direction: 'outbound' });
    expect((await transfer('2', { number: '+33199001234' })).status).toBe(400);
  });

  it('to a user who refuses are answered 405, until healed', async () => {
    aircall.refuseTransfersTo(456);
    expect(await transfer('812000001', { user_id: 456 })).toEqual({
      status: 405,
      body: {
        error: 'Method Not Allowed',
        troubleshoot: 'The user is currently unavailable',
        success: false,
      },
    });
    expect(aircall.transfers).toEqual([]);

    aircall.heal();
    expect((await transfer('812000001', { user_id: 456 })).status).toBe(204);
  });
});

describe('insight cards', () => {
  const showCard = (id: string, body: unknown) => answerTo('POST', `/v1/calls/${id}/insight_cards`, body);
  const title = { type: 'title', text: 'Zoë Martin', link: 'https://crm.example.com/zoe' };
  const line = { type: 'shortText', label: 'Company', text: 'Northwind Tea' };

  it('are recorded with their call', async () => {
    expect(await showCard('812000001', { contents: [title, line] })).toEqual({ status: 204, body: '' });
    expect(aircall.insightCards).toEqual([
      { callId: '812000001', contents: [title, line], atMs: NOVEMBER_MS },
    ]);
  });

  it.each<[string, unknown]>([
    ['no contents', {}],
    ['contents that are no list', { contents: title }],
    ['an empty list', { contents: [] }],
    ['nothing for a content', { contents: [title, null] }],
    ['a content of another type', { contents: [title, { ...line, type: 'longText' }] }],
    ['a content without text', { contents: [{ type: 'title' }] }],
    ['a line without a label', { contents: [{ type: 'shortText', text: 'x' }] }],
    ['a link that is no text', { contents: [{ ...title, link: null }] }],
  ])('with %s are refused', async (_, body) => {
    expect(await showCard('812000001', body)).toMatchObject({ status: 400 });
    expect(aircall.insightCards).toEqual([]);
  });

  it('of an unknown call are refused', async () => {
    expect(await showCard('812000099', { contents: [title] })).toEqual({
      status: 404,
      body: { error: 'Not Found', troubleshoot: 'Call not found' },
    });
    expect(aircall.insightCards).toEqual([]);
  });
});

describe('calls never heard of, where they are accepted', () => {
  beforeEach(async () => {
    await aircall.close();
    aircall = await startSimulatedAircall({
      apiId: 'id',
      apiToken: 'secret',
      now: () => nowMs,
      acceptUnknownCalls: true,
    });
  });

  it('are young, inbound and ringing', async () => {
    expect((await get('/v1/calls/77')).body.call).toMatchObject({
      id: 77,
      direction: 'inbound',
      status: 'initial',
      started_at: 1763851200,
    });
  });

  it('are transferred', async () => {
    expect((await transfer('78', { number: '+12025550123' })).status).toBe(204);
    expect((await transfer('79', { team_id: 12 })).status).toBe(204);
    expect(aircall.transfers.map(({ callId }) => callId)).toEqual(['78', '79']);
  });

  it('still need an id that is a number', async () => {
    expect((await get('/v1/calls/CA12')).status).toBe(404);
  });
});

describe('webhooks', () => {
  const url = 'https://example.com/aircall/calls';
  const create = async (body: unknown) => (await answerTo('POST', '/v1/webhooks', body)).body.webhook;

  it('are created in the documented shape', async () => {
    const body = { custom_name: 'Call router', url, events: ['call.created'] };
    const { status, body: answer } = await answerTo('POST', '/v1/webhooks', body);

    expect(status).toBe(201);
    expect(answer).toEqual({
      webhook: {
        webhook_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/),
        direct_link: `${aircall.url}/v1/webhooks/${answer.webhook.webhook_id}`,
        created_at: '2025-11-22T22:40:00.000Z',
        url,
        active: true,
        events: ['call.created'],
        token: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
    expect(aircall.webhooks()).toMatchObject([{ customName: 'Call router', url }]);
  });

  it('are listed with their tokens, page by page', async () => {
    const first = await create({ url, events: ['call.created'] });
    const second = await create({ url, events: ['call.created'] });

    expect(first.token).not.toBe(second.token);
    expect((await get('/v1/webhooks?per_page=1&page=2')).body).toEqual({
      meta: {
        count: 1,
        total: 2,
        current_page: 2,
        per_page: 1,
        next_page_link: null,
        previous_page_link: `${aircall.url}/v1/webhooks?order=asc&page=1&per_page=1`,
      },
      webhooks: [second],
    });
  });

  it.each([{}, { events: [] }])('created with %j are sent everything', async (body) => {
    const { events } = await create({ url, ...body });
    expect(events).toEqual(
      expect.arrayContaining(['call.created', 'user.wut_end', 'number.closed', 'contact.deleted']),
    );
    expect(events).toHaveLength(34);
  });

  it('are read one by one, and gone once deleted', async () => {
    const webhook = await create({ url, events: ['call.created'] });
    const path = `/v1/webhooks/${webhook.webhook_id}`;
    const unknown = { status: 404, body: { error: 'Not Found', troubleshoot: 'Webhook not found' } };

    expect(await get(path)).toEqual({ status: 200, body: { webhook } });
    expect(await answerTo('DELETE', path)).toEqual({ status: 204, body: '' });
    expect(await get(path)).toEqual(unknown);
    expect(await answerTo('PUT', path, {})).toEqual(unknown);
    expect(await answerTo('DELETE', path)).toEqual(unknown);
  });

  it('keep their token when changed', async () => {
    const webhook = await create({ url, events: ['call.created'] });
    const change = { url: 'https://example.com/elsewhere', events: ['call.ended'] };

    expect(await answerTo('PUT', `/v1/webhooks/${webhook.webhook_id}`, change)).toEqual({
      status: 200,
      body: { webhook: { ...webhook, ...change } },
    });
  });

  it('subscribe to everything when a change omits the events', async () => {
    const webhook = await create({ url, events: ['call.created'] });
    const { body } = await answerTo('PUT', `/v1/webhooks/${webhook.webhook_id}`, { active: true });
    expect(body.webhook.events).toHaveLength(34);
  });

  it('add and remove events when told that the list is a change', async () => {
    const webhook = await create({ url, events: ['call.created', 'call.ended'] });
    const path = `/v1/webhooks/${webhook.webhook_id}`;

    const added = await answerTo('PUT', `${path}?events_action=add`, {
      events: ['call.ended', 'user.closed'],
    });
    expect(added.body.webhook.events).toEqual(['call.created', 'call.ended', 'user.closed']);

    const removed = await answerTo('PUT', `${path}?events_action=remove`, { events: ['call.ended'] });
    expect(removed.body.webhook.events).toEqual(['call.created', 'user.closed']);

    const untouched = await answerTo('PUT', `${path}?events_action=add`, { active: true });
    expect(untouched.body.webhook.events).toEqual(['call.created', 'user.closed']);
  });

  it('that were deactivated come back by a PUT', async () => {
    const { webhook_id } = await create({ url, events: ['call.created'] });
    aircall.deactivateWebhook(webhook_id);
    expect((await get(`/v1/webhooks/${webhook_id}`)).body.webhook.active).toBe(false);

    await answerTo('PUT', `/v1/webhooks/${webhook_id}`, { active: true, events: ['call.created'] });
    expect((await get(`/v1/webhooks/${webhook_id}`)).body.webhook.active).toBe(true);
  });

  it.each([
    [{}, { url: 'is not a URL' }],
    [{ url: 'example.com' }, { url: 'is not a URL' }],
    [{ url, events: 'call.created' }, { events: 'is not a list of event names' }],
    [
      { url, active: 'yes', custom_name: 7 },
      { active: 'is not a boolean', custom_name: 'is not a string' },
    ],
  ])('of %j are refused', async (body, errors) => {
    expect(await answerTo('POST', '/v1/webhooks', body)).toEqual({
      status: 422,
      body: { error: 'Unprocessable Entity', success: false, errors },
    });
  });

  it('refuse a change that makes no sense, and stay as they are', async () => {
    const webhook = await create({ url, events: ['call.created'] });
    const path = `/v1/webhooks/${webhook.webhook_id}`;
    expect((await answerTo('PUT', path, { active: 1 })).status).toBe(422);
    expect((await get(path)).body.webhook).toEqual(webhook);
  });

  it('are a hundred at most', async () => {
    for (let count = 1; count <= 100; count += 1) {
      if (count === 60) nowMs += 60_000; // a new minute: the rate limit is not what is tested
      await create({ url, events: ['call.created'] });
    }
    expect(await answerTo('POST', '/v1/webhooks', { url })).toEqual({
      status: 422,
      body: { error: 'Unprocessable Entity', success: false, errors: { webhooks: 'are limited to 100' } },
    });
  });
});

describe('the rate limit', () => {
  it('lets 120 requests a minute through, refuses the next with its headers, and recovers', async () => {
    for (let count = 1; count <= 120; count += 1) {
      const response = await send('GET', '/v1/ping');
      expect([response.status, response.headers.get('x-aircallapi-limit')]).toEqual([200, null]);
    }
    nowMs += 59_999;
    const refused = await send('GET', '/v1/ping');
    expect([refused.status, await refused.json()]).toEqual([429, { message: 'Too Many Requests' }]);
    expect(refused.headers.get('x-aircallapi-limit')).toBe('120');
    expect(refused.headers.get('x-aircallapi-remaining')).toBe('0');
    expect(refused.headers.get('x-aircallapi-reset')).toBe('1763851260');
    expect(refused.headers.get('retry-after')).toBeNull();

    nowMs += 1;
    expect((await get('/v1/ping')).status).toBe(200);
  });

  it('does no work for a request over it', async () => {
    await aircall.close();
    aircall = await startSimulatedAircall({
      apiId: 'id',
      apiToken: 'secret',
      requestsPerMinute: 0,
      acceptUnknownCalls: true,
    });
    expect((await transfer('1', { number: '+12025550123' })).status).toBe(429);
    expect(aircall.transfers).toEqual([]);
  });

  it('is not spent by strangers', async () => {
    for (let count = 1; count <= 130; count += 1) await (await fetch(`${aircall.url}/v1/ping`)).text();
    expect((await get('/v1/ping')).status).toBe(200);
  });
});

describe('faults', () => {
  const toZoe = () => transfer('812000001', { user_id: 456 });

  /**
   * A client that gives up, but not before the server has the request and as many transfers as it will get.
   */
  async function giveUpOnTransfer(transfers: number) {
    const patience = new AbortController();
    const request = expect(
      fetch(`${aircall.url}/v1/calls/812000001/transfers`, {
        method: 'POST',
        headers: { authorization: CREDENTIAL },
        body: '{"user_id":456}',
        signal: patience.signal,
      }),
    ).rejects.toThrow('aborted');

    await expect.poll(() => [aircall.requests.length, aircall.transfers.length]).toEqual([1, transfers]);
    await sleep(50);
    patience.abort();
    await request;
    expect(aircall.transfers).toHaveLength(transfers);
  }

  it('delay the work, which is done although the client has given up', async () => {
    aircall.failNext(TRANSFERS, { kind: 'delay', delayMs: 500 });
    await giveUpOnTransfer(0);

    await expect.poll(() => aircall.transfers.length, { timeout: 5_000 }).toBe(1);
    expect(aircall.requests.at(-1)?.status).toBeUndefined();
  });

  it('delay an answer that comes in the end', async () => {
    aircall.failNext(TRANSFERS, { kind: 'delay', delayMs: 20 });
    aircall.failNext(TRANSFERS, { kind: 'delay-after-work', delayMs: 20 });
    expect((await toZoe()).status).toBe(204);
    expect((await toZoe()).status).toBe(204);
    expect(aircall.transfers).toHaveLength(2);
  });

  it('delay only the answer, the work done at once', async () => {
    aircall.failNext(TRANSFERS, { kind: 'delay-after-work', delayMs: 10_000 });
    await giveUpOnTransfer(1);
  });

  it('answer another status, the work not done', async () => {
    aircall.failNext(TRANSFERS, {
      kind: 'status',
      status: 503,
      body: { message: 'Down' },
      headers: { 'retry-after': '2' },
    });
    const response = await send('POST', '/v1/calls/812000001/transfers', { user_id: 456 });

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await response.json()).toEqual({ message: 'Down' });
    expect(aircall.transfers).toHaveLength(0);
  });

  it('answer another status, the work done all the same', async () => {
    aircall.failNext(TRANSFERS, { kind: 'status-after-work', status: 502 });
    expect(await toZoe()).toEqual({ status: 502, body: '' });
    expect(aircall.transfers).toHaveLength(1);
  });

  it('answer 200 with something that is not JSON', async () => {
    aircall.failNext('GET /v2/users', { kind: 'garbage' });
    const response = await send('GET', '/v2/users');
    expect([response.status, await response.text()]).toEqual([200, '<html>Bad gateway</html>']);
  });

  it.each([
    ['hang', 0],
    ['hang-after-work', 1],
  ] as const)('never answer: %s leaves %i transfers behind', async (kind, transfers) => {
    aircall.failNext(TRANSFERS, { kind });
    await giveUpOnTransfer(transfers);
  });

  it.each([
    ['reset-before-work', 0],
    ['reset-after-work', 1],
  ] as const)('reset the connection: %s leaves %i transfers behind', async (kind, transfers) => {
    aircall.failNext(TRANSFERS, { kind });
    await expect(toZoe()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });

    expect(aircall.transfers).toHaveLength(transfers);
    expect(aircall.requests).toEqual([
      { method: 'POST', path: '/v1/calls/812000001/transfers', status: undefined },
    ]);
  });

  it('strike as often and in the order asked for, and only their own route', async () => {
    aircall.failNext(TRANSFERS, { kind: 'status', status: 500 }, 2);
    aircall.failNext(TRANSFERS, { kind: 'status', status: 504 });

    expect((await get('/v1/calls/812000001')).status).toBe(200);
    const statuses = [];
    for (let count = 1; count <= 4; count += 1) statuses.push((await toZoe()).status);
    expect(statuses).toEqual([500, 500, 504, 204]);
  });

  it('last until healed when they are for always, behind those for the next requests', async () => {
    aircall.failAlways(TRANSFERS, { kind: 'status', status: 503 });
    aircall.failNext(TRANSFERS, { kind: 'status', status: 500 });
    expect([(await toZoe()).status, (await toZoe()).status, (await toZoe()).status]).toEqual([500, 503, 503]);

    aircall.failNext(TRANSFERS, { kind: 'status', status: 500 });
    aircall.heal();
    expect((await toZoe()).status).toBe(204);
  });

  it('cannot be asked for on a route that is not served', () => {
    const unknown = 'the simulated Aircall has no route "POST /v1/calls/:id/transfer"';
    expect(() => aircall.failNext('POST /v1/calls/:id/transfer', { kind: 'hang' })).toThrow(unknown);
    expect(() => aircall.failAlways('POST /v1/calls/:id/transfer', { kind: 'hang' })).toThrow(unknown);
  });
});

describe('the server', () => {
  it('records every request, refused and unknown ones too', async () => {
    await get('/v2/users?per_page=1');
    await fetch(`${aircall.url}/v1/ping`);
    await transfer('812000001', {});
    await get('/nowhere');

    expect(aircall.requests).toEqual([
      { method: 'GET', path: '/v2/users?per_page=1', status: 200 },
      { method: 'GET', path: '/v1/ping', status: 401 },
      { method: 'POST', path: '/v1/calls/812000001/transfers', status: 400 },
      { method: 'GET', path: '/nowhere', status: 404 },
    ]);
  });

  it('closes with a request hanging and another delayed', async () => {
    aircall.failNext('GET /v1/ping', { kind: 'hang' });
    aircall.failNext(TRANSFERS, { kind: 'delay', delayMs: 60_000 });
    const hanging = expect(get('/v1/ping')).rejects.toThrow('fetch failed');
    const delayed = expect(transfer('812000001', { user_id: 456 })).rejects.toThrow('fetch failed');
    await expect.poll(() => aircall.requests.length).toBe(2);

    await aircall.close();
    await Promise.all([hanging, delayed]);
    expect(aircall.transfers).toEqual([]);
  });

  it('can be closed twice', async () => {
    await aircall.close();
    await aircall.close();
  });

  it('listens on the port it is given, or fails', async () => {
    const port = Number(new URL(aircall.url).port);
    const options = { apiId: 'id', apiToken: 'secret', port };
    await expect(startSimulatedAircall(options)).rejects.toThrow('EADDRINUSE');

    await aircall.close();
    aircall = await startSimulatedAircall(options);
    expect(aircall.url).toBe(`http://127.0.0.1:${port}`);
  });
});
