/** Aircall's rules of delivery, on a clock moved by hand; over HTTP where it is HTTP that is tested. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatedWebhook } from '../../../local/simulated-aircall/company.ts';
import {
  type Attempt,
  createDeliveries,
  createPost,
  type Deliveries,
} from '../../../local/simulated-aircall/deliveries.ts';
import { createManualScheduler, type ManualScheduler } from '../../../local/simulated-aircall/scheduler.ts';

const START_MS = 1_763_851_200_000;
const HOUR_MS = 3_600_000;
const EVENTS = ['call.created', 'call.answered', 'call.hungup'];

let scheduler: ManualScheduler;
let webhooks: Map<string, SimulatedWebhook>;
let deliveries: Deliveries;
let attempts: Attempt[];
let received: { url: string; body: Record<string, unknown>; atMs: number }[];
/** What the receiver answers: undefined for nothing at all. */
let status: number | undefined;

beforeEach(() => {
  scheduler = createManualScheduler(START_MS);
  webhooks = new Map();
  attempts = [];
  received = [];
  status = 200;
  addWebhook('one', {});
  deliveries = createDeliveries(webhooks, scheduler, async (url, body) => {
    received.push({ url, body: JSON.parse(body), atMs: scheduler.now() - START_MS });
    return status === undefined ? undefined : { status, text: '{"outcome":"routed"}' };
  });
  deliveries.follow((attempt) => attempts.push(attempt));
});

function addWebhook(webhookId: string, change: Partial<SimulatedWebhook>) {
  webhooks.set(webhookId, {
    webhookId,
    customName: undefined,
    url: `https://example.com/${webhookId}`,
    events: EVENTS,
    active: true,
    token: `token-of-${webhookId}`,
    createdAtMs: START_MS,
    ...change,
  });
}

const send = (event = 'call.created', options = {}) =>
  deliveries.send({ resource: 'call', event, data: { id: 7 }, callId: '7' }, options);
const isActive = () => webhooks.get('one')?.active;

describe('an event', () => {
  it('goes out in its five fields, with the token of the webhook and the time in seconds', async () => {
    await scheduler.advance(1_999);
    send();
    await scheduler.advance(0);
    expect(received).toEqual([
      {
        url: 'https://example.com/one',
        body: {
          resource: 'call',
          event: 'call.created',
          timestamp: 1_763_851_201,
          token: 'token-of-one',
          data: { id: 7 },
        },
        atMs: 1_999,
      },
    ]);
  });

  it('goes to every active webhook that subscribed to it, and to no other', async () => {
    addWebhook('off', { active: false });
    addWebhook('deaf', { events: ['user.opened'] });
    addWebhook('two', {});
    send();
    await scheduler.advance(0);
    expect(received.map(({ url }) => url)).toEqual(['https://example.com/one', 'https://example.com/two']);
  });

  it('is told of, with what came back', async () => {
    send();
    await scheduler.advance(0);
    expect(attempts).toEqual([
      {
        atMs: START_MS,
        webhookId: 'one',
        event: 'call.created',
        callId: '7',
        attempt: 1,
        status: 200,
        answer: '{"outcome":"routed"}',
      },
    ]);
  });

  it.each([200, 201, 204, 299])('answered %i is delivered, and not sent again', async (answer) => {
    status = answer;
    send();
    await scheduler.advance(12 * HOUR_MS);
    expect(received).toHaveLength(1);
  });

  it.each([302, 400, 401, 500, undefined])('answered %s is sent again, as it was', async (answer) => {
    status = answer;
    send();
    await scheduler.advance(0);
    status = 200;
    await scheduler.advance(12 * HOUR_MS);
    expect(received.map(({ atMs }) => atMs)).toEqual([0, 10_000]);
    expect(received[1]?.body).toEqual(received[0]?.body);
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });
});

describe('what fails', () => {
  beforeEach(() => {
    status = 500;
  });

  it('is retried with growing pauses, 50 times within 12 hours, then never again', async () => {
    send();
    await scheduler.advance(48 * HOUR_MS);
    expect(received.slice(0, 10).map(({ atMs }) => atMs / 1000)).toEqual([
      0, 10, 30, 70, 150, 310, 630, 1270, 2170, 3070,
    ]);
    expect(received).toHaveLength(51);
    expect(received.at(-1)?.atMs).toBe(39_970_000);
  });

  it('ten times in a row switches the webhook off; nine times does not', async () => {
    for (let count = 1; count <= 9; count += 1) send();
    await scheduler.advance(0);
    expect(isActive()).toBe(true);

    send();
    await scheduler.advance(0);
    expect(isActive()).toBe(false);
  });

  it('counts from the start after a success', async () => {
    for (let count = 1; count <= 9; count += 1) send();
    await scheduler.advance(0);
    status = 200;
    send();
    await scheduler.advance(0);
    status = 500;
    await scheduler.advance(10_000);
    expect(received).toHaveLength(19);
    expect(isActive()).toBe(true);
  });

  it('switches a webhook off by the retries of a single event, too', async () => {
    send();
    await scheduler.advance(3_069_999);
    expect(isActive()).toBe(true);
    await scheduler.advance(1);
    expect(isActive()).toBe(false);
  });
});

describe('a webhook that was switched off', () => {
  beforeEach(async () => {
    status = 500;
    for (let count = 1; count <= 10; count += 1) send();
    await scheduler.advance(0);
    received.length = 0;
  });

  it('is not told what happens meanwhile, not even later', async () => {
    status = 200;
    send('call.answered');
    await scheduler.advance(HOUR_MS);
    expect(received.map(({ body }) => body['event'])).not.toContain('call.answered');
  });

  it('is switched on again by a retry that succeeds', async () => {
    status = 200;
    await scheduler.advance(10_000);
    expect(received).toHaveLength(10);
    expect(isActive()).toBe(true);
  });

  it('stays off while retries fail', async () => {
    await scheduler.advance(12 * HOUR_MS);
    expect(isActive()).toBe(false);
  });

  it('switched on by hand, is told again, and starts with a clean slate', async () => {
    addWebhook('one', {});
    send('call.answered');
    await scheduler.advance(0);
    expect(received.map(({ body }) => body['event'])).toEqual(['call.answered']);
    expect(isActive()).toBe(true);
  });
});

it('leaves a webhook off that its owner switched off, whatever succeeds late', async () => {
  status = 500;
  send();
  await scheduler.advance(0);
  addWebhook('one', { active: false });
  status = 200;
  await scheduler.advance(10_000);
  expect([received.length, isActive()]).toEqual([2, false]);
});

it('retries at the new address of a webhook that moved, and not at all for one that is gone', async () => {
  status = 500;
  send();
  await scheduler.advance(0);
  addWebhook('one', { url: 'https://example.com/moved' });
  await scheduler.advance(10_000);
  webhooks.delete('one');
  await scheduler.advance(HOUR_MS);
  expect(received.map(({ url }) => url)).toEqual(['https://example.com/one', 'https://example.com/moved']);
});

describe('on demand', () => {
  it('comes everything twice', async () => {
    send('call.created', { duplicates: true });
    await scheduler.advance(0);
    expect(received).toHaveLength(2);
    expect(received[0]?.body).toEqual(received[1]?.body);
  });

  it('comes everything late', async () => {
    send('call.created', { delayMs: 2_500 });
    await scheduler.advance(2_499);
    expect(received).toEqual([]);
    await scheduler.advance(1);
    expect(received[0]).toMatchObject({ atMs: 2_500, body: { timestamp: 1_763_851_200 } });
  });

  async function orderWithSeed(seed: number) {
    const before = received.length;
    for (const event of [...EVENTS, ...EVENTS]) send(event, { reordering: { seed, withinMs: 1_000 } });
    await scheduler.advance(1_000);
    return received.slice(before).map(({ body }) => String(body['event']));
  }

  it('comes everything in another order, the same one for the same seed', async () => {
    const order = await orderWithSeed(1);
    expect(order.toSorted()).toEqual([...EVENTS, ...EVENTS].toSorted());
    expect(order).not.toEqual([...EVENTS, ...EVENTS]);

    deliveries = createDeliveries(webhooks, scheduler, async (url, body) => {
      received.push({ url, body: JSON.parse(body), atMs: 0 });
      return { status: 200, text: '' };
    });
    expect(await orderWithSeed(1)).toEqual(order);
    expect(await orderWithSeed(2)).not.toEqual(order);
  });
});

describe('over HTTP', () => {
  let server: Server;
  let seen: { method: string | undefined; headers: IncomingHttpHeaders; body: string }[];
  let isSilent: boolean;
  let url: string;

  beforeEach(async () => {
    seen = [];
    isSilent = false;
    server = createServer(async (request, response) => {
      seen.push({ method: request.method, headers: request.headers, body: await text(request) });
      if (!isSilent) response.writeHead(202).end('taken');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/aircall/calls`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it('is a POST as Aircall’s are', async () => {
    expect(await createPost(5_000)(url, '{"é":1}')).toEqual({ status: 202, text: 'taken' });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'axios/1.7.9',
          'aircall-origin': 'webhooks',
        },
        body: '{"é":1}',
      },
    ]);
  });

  it('gives up on who does not answer in time, and on who is not there', async () => {
    isSilent = true;
    expect(await createPost(20)(url, '{}')).toBeUndefined();
    expect(seen).toHaveLength(1);
    expect(await createPost(5_000)('http://127.0.0.1:1/', '{}')).toBeUndefined();
  });
});
