/** Several companies at the simulated Aircall, over HTTP: none sees what is another's. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualScheduler, type ManualScheduler } from '../../../local/simulated-aircall/scheduler.ts';
import { type SimulatedAircall, startSimulatedAircall } from '../../../local/simulated-aircall.ts';
import { app, basic, installApp, send } from './client.ts';

const LANTERN = 90_001;
const TIDEWATER = 90_210;
const START_MS = 1_763_851_200_000;
let scheduler: ManualScheduler;
let aircall: SimulatedAircall;
let bearer: string;

beforeEach(async () => {
  scheduler = createManualScheduler(START_MS);
  aircall = await startSimulatedAircall({
    apiId: 'id',
    apiToken: 'secret',
    scheduler,
    oauth: app,
    users: [{ id: 456, name: 'Jane Doe', email: 'jane@example.com' }],
    otherCompanies: [
      {
        id: TIDEWATER,
        name: 'Tidewater Books',
        apiKey: { apiId: 'tidewater', apiToken: 'books' },
        number: {
          id: 4321,
          name: 'Bookshop',
          digits: '+44 20 7946 0700',
          country: 'GB',
          timeZone: 'Europe/London',
        },
        users: [{ id: 771, name: 'Nina Falk', email: 'nina@example.org' }],
        contacts: [{ id: '710001', firstName: 'Zoë', phones: ['+442079460123'] }],
      },
    ],
  });
  aircall.putContact({ id: '700001', firstName: 'Paul', phones: ['+33199000007'] });
  bearer = await installApp(aircall, TIDEWATER);
});
afterEach(() => aircall.close());

const get = (path: string, authorization: string) => send(aircall.url, 'GET', path, { authorization });
const idsOf = (items: readonly { id: number }[]) => items.map(({ id }) => id);

describe('a credential', () => {
  it('says whose users and contacts are listed', async () => {
    expect(idsOf((await get('/v2/users', basic)).body.users)).toEqual([456]);
    expect(idsOf((await get('/v2/users', bearer)).body.users)).toEqual([771]);
    expect(idsOf((await get('/v1/users/availabilities', bearer)).body.users)).toEqual([771]);
    expect(idsOf((await get('/v1/contacts', basic)).body.contacts)).toEqual([700001]);
    expect(idsOf((await get('/v1/contacts', bearer)).body.contacts)).toEqual([710001]);
    expect((await get('/v2/users/456', bearer)).status).toBe(404);
    expect((await get('/v2/users/nina@example.org', basic)).status).toBe(404);
  });

  it('may be an API key of another company, too, which has no integration then', async () => {
    const key = `Basic ${Buffer.from('tidewater:books').toString('base64')}`;
    expect(idsOf((await get('/v2/users', key)).body.users)).toEqual([771]);
    expect((await get('/v1/company', key)).body.company.name).toBe('Tidewater Books');
    expect((await get('/v1/integrations/me', key)).status).toBe(403);
  });

  it('says whose calls are read, listed and transferred', async () => {
    aircall.putCall({ id: '812000001' });
    aircall.company(TIDEWATER).putCall({ id: '812000002' });

    expect((await get('/v1/calls/812000001', bearer)).status).toBe(404);
    expect((await get('/v1/calls/812000002', basic)).status).toBe(404);
    expect(idsOf((await get('/v1/calls', bearer)).body.calls)).toEqual([812000002]);

    const transfer = (callId: string, userId: number, authorization: string) =>
      send(aircall.url, 'POST', `/v1/calls/${callId}/transfers`, {
        authorization,
        body: { user_id: userId },
      });
    expect((await transfer('812000001', 771, bearer)).status).toBe(404);
    expect((await transfer('812000002', 456, bearer)).status).toBe(400);
    expect((await transfer('812000002', 771, bearer)).status).toBe(204);
    expect(aircall.transfers).toEqual([]);
    expect(aircall.company(TIDEWATER).transfers).toEqual([
      { callId: '812000002', target: { user_id: 771 }, atMs: START_MS },
    ]);
  });

  it('says whose insight cards are shown', async () => {
    aircall.company(TIDEWATER).putCall({ id: '812000002' });
    const body = { contents: [{ type: 'title', text: 'Zoë Martin' }] };
    const path = '/v1/calls/812000002/insight_cards';

    expect((await send(aircall.url, 'POST', path, { authorization: basic, body })).status).toBe(404);
    expect((await send(aircall.url, 'POST', path, { authorization: bearer, body })).status).toBe(204);
    expect(aircall.insightCards).toEqual([]);
    expect(aircall.company(TIDEWATER).insightCards).toHaveLength(1);
  });

  it('says whose webhooks are made, listed and deleted', async () => {
    const body = { url: 'https://example.com/aircall/calls', events: ['call.created'] };
    const { webhook } = (await send(aircall.url, 'POST', '/v1/webhooks', { authorization: bearer, body }))
      .body;
    const path = `/v1/webhooks/${webhook.webhook_id}`;

    expect((await get('/v1/webhooks', basic)).body.webhooks).toEqual([]);
    expect((await get('/v1/webhooks', bearer)).body.webhooks).toEqual([webhook]);
    expect((await get(path, basic)).status).toBe(404);
    expect((await send(aircall.url, 'DELETE', path, { authorization: basic })).status).toBe(404);
    expect(aircall.webhooks()).toEqual([]);
    expect(aircall.company(TIDEWATER).webhooks()).toMatchObject([{ token: webhook.token }]);
    expect((await send(aircall.url, 'DELETE', path, { authorization: bearer })).status).toBe(204);
  });

  it('says whose name the company has', async () => {
    expect(await get('/v1/company', basic)).toEqual({
      status: 200,
      body: {
        company: { name: 'Lantern & Co', users_count: 1, numbers_count: 1, allow_custom_tags: true },
      },
    });
    expect((await get('/v1/company', bearer)).body.company.name).toBe('Tidewater Books');
  });

  it('may be an access token of the main company, too', async () => {
    const mainBearer = await installApp(aircall, LANTERN);
    expect(idsOf((await get('/v2/users', mainBearer)).body.users)).toEqual([456]);
  });
});

describe('the rate limit', () => {
  it('is each company’s own', async () => {
    for (let count = 1; count <= 120; count += 1) await get('/v1/ping', bearer);
    expect((await get('/v1/ping', bearer)).status).toBe(429);
    expect((await get('/v1/ping', basic)).status).toBe(200);
  });

  it('is shared by all credentials of one company', async () => {
    const other = await installApp(aircall, TIDEWATER);
    for (let count = 1; count <= 120; count += 1) await get('/v1/ping', bearer);
    expect((await get('/v1/ping', other)).status).toBe(429);
  });
});

describe('the telephone', () => {
  const webhook = { url: 'https://example.com', events: ['call.created'], customName: undefined };

  it('tells only the webhooks of the company that is called, and of its own number', async () => {
    await aircall.close();
    const received: { token: string; digits: string }[] = [];
    aircall = await startSimulatedAircall({
      apiId: 'id',
      apiToken: 'secret',
      scheduler,
      otherCompanies: [
        {
          id: TIDEWATER,
          name: 'Tidewater Books',
          number: {
            id: 4321,
            name: 'Bookshop',
            digits: '+44 20 7946 0700',
            country: 'GB',
            timeZone: 'Europe/London',
          },
        },
      ],
      post: async (_url, body) => {
        const { token, data } = JSON.parse(body);
        received.push({ token, digits: data.number.digits });
        return { status: 200, text: '' };
      },
    });
    aircall.addWebhook({ ...webhook, token: 'of-lantern' });
    aircall.company(TIDEWATER).addWebhook({ ...webhook, token: 'of-tidewater' });

    aircall.company(TIDEWATER).telephone.placeCall({ from: '+33 1 99 00 00 07' });
    await scheduler.advance(0);
    expect(received).toEqual([{ token: 'of-tidewater', digits: '+44 20 7946 0700' }]);

    aircall.telephone.placeCall({ from: '+33 1 99 00 00 07' });
    await scheduler.advance(0);
    expect(received.slice(1)).toEqual([{ token: 'of-lantern', digits: '+33 1 99 00 12 34' }]);
  });

  it('rings only users of the company that is called', async () => {
    const telephone = aircall.company(TIDEWATER).telephone;
    const callId = telephone.placeCall({ from: '+33 1 99 00 00 07', distribution: [456, 771] });
    expect(telephone.call(callId)?.ringing).toEqual([771]);
    expect(aircall.telephone.call(callId)).toBeUndefined();
  });

  it('by HTTP places a call at the company asked for, and finds it by its id alone', async () => {
    const body = { from: '+33 1 99 00 00 07', company: TIDEWATER, distribution: [771] };
    const placed = await send(aircall.url, 'POST', '/telephone/calls', { body });
    const path = `/telephone/calls/${placed.body.callId}`;

    expect(placed.status).toBe(201);
    expect((await send(aircall.url, 'GET', `${path}/story`, {})).body.events).toMatchObject([
      { kind: 'calls' },
      { kind: 'rings', agent: { userId: 771, name: 'Nina Falk' } },
    ]);
    expect((await send(aircall.url, 'POST', `${path}/answer`, { body: { userId: 771 } })).status).toBe(204);
  });

  it('by HTTP refuses a company that there is not', async () => {
    const body = { from: '+33 1 99 00 00 07', company: 7 };
    expect(await send(aircall.url, 'POST', '/telephone/calls', { body })).toEqual({
      status: 404,
      body: { error: 'no such company' },
    });
  });
});

it('has no handle of a company that there is not', () => {
  expect(() => aircall.company(7)).toThrow('the simulated Aircall has no company 7');
});

it('takes back refusals of every company’s users', async () => {
  const tidewater = aircall.company(TIDEWATER);
  tidewater.putCall({ id: '812000002' });
  tidewater.refuseTransfersTo(771);
  const transfer = () =>
    send(aircall.url, 'POST', '/v1/calls/812000002/transfers', {
      authorization: bearer,
      body: { user_id: 771 },
    });
  expect((await transfer()).status).toBe(405);
  aircall.heal();
  expect((await transfer()).status).toBe(204);
});

it('takes a call nobody has heard of for one of who asks, and never for another’s', async () => {
  await aircall.close();
  aircall = await startSimulatedAircall({
    apiId: 'id',
    apiToken: 'secret',
    scheduler,
    oauth: app,
    acceptUnknownCalls: true,
    otherCompanies: [{ id: TIDEWATER, name: 'Tidewater Books' }],
  });
  bearer = await installApp(aircall, TIDEWATER);
  expect((await get('/v1/calls/77', bearer)).status).toBe(200);
  expect((await get('/v1/calls/77', basic)).status).toBe(404);
  expect((await get('/v1/calls/78', basic)).status).toBe(200);
});
