/**
 * Requests to Aircall, over HTTP: what comes back when all is well, and what each kind of trouble is called.
 */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AircallRequest, createAircallClient } from '../../../lib/adapters/aircall/client.ts';
import { type Fault, startSimulatedAircall } from '../../../local/simulated-aircall.ts';
import { connectionTo, credentials, november, type Simulation, startSimulation } from './simulation.ts';

/** Everything a failure must not show: whom we asked about, whom we named, and how we proved ourselves. */
const secrets = [
  'jane@example.com',
  'jane',
  '+442079460123',
  '442079460123',
  'api-id-of-ours',
  'api-token-of-ours',
  'YXBpLWlkLW9mLW91cnM6YXBpLXRva2VuLW9mLW91cnM=',
];

const askForJane: AircallRequest = {
  method: 'GET',
  path: '/v2/users/jane@example.com',
  route: '/v2/users/:email',
  timeoutMs: 5000,
  deadlineMs: november + 60_000,
};
const userRoute = 'GET /v2/users/:id';

const transfer: AircallRequest = {
  method: 'POST',
  path: '/v1/calls/812000001/transfers',
  route: '/v1/calls/:id/transfers',
  json: { user_id: 456 },
  timeoutMs: 5000,
  deadlineMs: november + 60_000,
};
const transferRoute = 'POST /v1/calls/:id/transfers';

let simulation: Simulation;
let servers: Server[];

beforeEach(async () => {
  simulation = await startSimulation();
  simulation.aircall.addUser({ id: 456, name: 'Jane Doe', email: 'jane@example.com' });
  simulation.aircall.putCall({ id: '812000001' });
  servers = [];
});

afterEach(async () => {
  await simulation.aircall.close();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server of our own, for what the simulated Aircall does not do. */
async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Real time passes only where nothing else can end the wait. */
function patienceFor(fault: Fault): number {
  return fault.kind.startsWith('hang') ? 150 : 5000;
}

function clientOf(url: string) {
  return createAircallClient(connectionTo(url), simulation.clock);
}

describe('a request', () => {
  it('carries Basic credentials and names the product and its version', async () => {
    let headers: NodeJS.Dict<string | string[]> = {};
    const url = await listen((request, response) => {
      headers = request.headers;
      response.end('{}');
    });

    await clientOf(url)(askForJane);

    expect(headers['authorization']).toBe('Basic YXBpLWlkLW9mLW91cnM6YXBpLXRva2VuLW9mLW91cnM=');
    expect(headers['user-agent']).toBe('call-router/0.1.0');
  });

  it('sends its JSON as JSON', async () => {
    const received: unknown[] = [];
    const url = await listen(async (request, response) => {
      received.push(request.method, request.headers['content-type']);
      for await (const chunk of request) received.push(String(chunk));
      response.writeHead(204).end();
    });

    await clientOf(url)(transfer);

    expect(received).toEqual(['POST', 'application/json', '{"user_id":456}']);
  });

  it.each(['', '/'])('goes to the right path where the URL ends in "%s"', async (end) => {
    await clientOf(simulation.aircall.url + end)(askForJane);

    expect(simulation.aircall.requests.map(({ path }) => path)).toEqual(['/v2/users/jane@example.com']);
  });

  it('gives the parsed answer', async () => {
    const answer = await simulation.requestAircall({ ...askForJane, path: '/v1/ping', route: '/v1/ping' });

    expect(answer).toEqual({ ok: true, value: { ping: 'pong' } });
  });

  it('gives undefined for an empty answer', async () => {
    expect(await simulation.requestAircall(transfer)).toEqual({ ok: true, value: undefined });
  });

  it('keeps ids exact that a JavaScript number would round', async () => {
    simulation.aircall.putCall({ id: '9007199254740993' });

    const answer = await simulation.requestAircall({
      ...askForJane,
      path: '/v1/calls/9007199254740993',
      route: '/v1/calls/:id',
    });

    expect(answer).toMatchObject({ ok: true, value: { call: { id: '9007199254740993' } } });
  });

  it('does not follow a redirect, which would carry the credentials elsewhere', async () => {
    let strangers = 0;
    const elsewhere = await listen((_request, response) => {
      strangers += 1;
      response.end('{}');
    });
    simulation.aircall.failNext(userRoute, { kind: 'status', status: 302, headers: { location: elsewhere } });

    const answer = await simulation.requestAircall(askForJane);

    expect(answer).toMatchObject({ ok: false, failure: { reason: 'lost-answer' } });
    expect(strangers).toBe(0);
  });
});

describe('a failure', () => {
  /** Aircall, or something before it, that repeats what it should not. */
  const body = { error: 'jane@example.com', troubleshoot: '+442079460123', message: 'api-token-of-ours' };

  const saying = (status: number): Fault => ({ kind: 'status', status, body });
  const reset = /^GET \/v2\/users\/:email: ECONNRESET$/;

  it.each<{ after: string; fault: Fault; failure: { reason: string; status?: number; message: unknown } }>([
    {
      after: 'a 401',
      fault: saying(401),
      failure: { reason: 'unauthorized', status: 401, message: 'GET /v2/users/:email: 401' },
    },
    {
      after: 'a 403',
      fault: saying(403),
      failure: { reason: 'forbidden', status: 403, message: 'GET /v2/users/:email: 403' },
    },
    {
      after: 'a 404',
      fault: saying(404),
      failure: { reason: 'not-found', status: 404, message: 'GET /v2/users/:email: 404' },
    },
    {
      after: 'a 400',
      fault: saying(400),
      failure: { reason: 'refused', status: 400, message: 'GET /v2/users/:email: 400' },
    },
    {
      after: 'a 405',
      fault: saying(405),
      failure: { reason: 'refused', status: 405, message: 'GET /v2/users/:email: 405' },
    },
    {
      after: 'a 422',
      fault: saying(422),
      failure: { reason: 'refused', status: 422, message: 'GET /v2/users/:email: 422' },
    },
    {
      after: 'a 429',
      fault: saying(429),
      failure: { reason: 'rate-limited', status: 429, message: 'GET /v2/users/:email: 429' },
    },
    {
      after: 'a 408',
      fault: saying(408),
      failure: { reason: 'no-answer', status: 408, message: 'GET /v2/users/:email: 408' },
    },
    {
      after: 'a 500',
      fault: saying(500),
      failure: { reason: 'lost-answer', status: 500, message: 'GET /v2/users/:email: 500' },
    },
    {
      after: 'a 503',
      fault: saying(503),
      failure: { reason: 'lost-answer', status: 503, message: 'GET /v2/users/:email: 503' },
    },
    {
      after: 'a silence',
      fault: { kind: 'hang' },
      failure: { reason: 'no-answer', message: 'GET /v2/users/:email: TimeoutError' },
    },
    {
      after: 'a reset',
      fault: { kind: 'reset-before-work' },
      failure: { reason: 'lost-answer', message: expect.stringMatching(reset) },
    },
    {
      after: 'a reset of what was carried out',
      fault: { kind: 'reset-after-work' },
      failure: { reason: 'lost-answer', message: expect.stringMatching(reset) },
    },
    {
      after: 'a web page',
      fault: { kind: 'garbage' },
      failure: { reason: 'unreadable-answer', message: 'GET /v2/users/:email: the answer is not JSON' },
    },
  ])('is called $failure.reason after $after, and shows only method, route and status', async (trouble) => {
    simulation.aircall.failAlways(userRoute, trouble.fault);

    const answer = await simulation.requestAircall({ ...askForJane, timeoutMs: patienceFor(trouble.fault) });

    expect(answer).toEqual({ ok: false, failure: trouble.failure });
    for (const secret of secrets) expect(JSON.stringify(answer)).not.toContain(secret);
  });

  it('is called call-ended where Aircall says so', async () => {
    simulation.aircall.putCall({ id: '812000001', status: 'done' });

    expect(await simulation.requestAircall(transfer)).toEqual({
      ok: false,
      failure: { reason: 'call-ended', status: 400, message: 'POST /v1/calls/:id/transfers: 400' },
    });
  });

  it('is called forbidden where the credentials are wrong', async () => {
    const connection = connectionTo(simulation.aircall.url, { kind: 'api-key', apiId: 'x', apiToken: 'y' });

    expect(await createAircallClient(connection, simulation.clock)(askForJane)).toEqual({
      ok: false,
      failure: { reason: 'forbidden', status: 403, message: 'GET /v2/users/:email: 403' },
    });
  });

  it('is called unavailable where nobody listens', async () => {
    await simulation.aircall.close();

    expect(await simulation.requestAircall(askForJane)).toEqual({
      ok: false,
      failure: { reason: 'unavailable', message: 'GET /v2/users/:email: ECONNREFUSED' },
    });
  });

  it.each([
    { status: 400, body: { error: 'Bad Request', troubleshoot: 'Call already ended' } },
    { status: 400, body: { message: 'Call already ended' } },
    { status: 422, body: { error: 'Call already ended', success: false, errors: {} } },
    {
      status: 405,
      body: { error: 'Method Not Allowed', troubleshoot: 'The call has Already Ended', success: false },
    },
  ])('finds the end of a call in each documented shape of an error: $body', async ({ status, body }) => {
    simulation.aircall.failNext(transferRoute, { kind: 'status', status, body });

    const answer = await simulation.requestAircall(transfer);

    expect(answer).toMatchObject({ ok: false, failure: { reason: 'call-ended', status } });
  });

  it.each([
    { body: { error: 'Bad Request', troubleshoot: 'User not found' } },
    { body: { message: 'Bad Request' } },
    { body: { error: 'Unprocessable Entity', success: false, errors: {} } },
    { body: { error: 'Method Not Allowed', troubleshoot: 'The user is unavailable', success: false } },
    { body: { error: ['Call already ended'], troubleshoot: 42, message: null } },
    { body: ['Call already ended'] },
    { body: null },
    { body: undefined },
  ])('is plain refused where the body says anything else: $body', async ({ body }) => {
    simulation.aircall.failNext(transferRoute, { kind: 'status', status: 400, body });

    const answer = await simulation.requestAircall(transfer);

    expect(answer).toMatchObject({ ok: false, failure: { reason: 'refused', status: 400 } });
  });

  it('is plain refused where the body is no JSON', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end('<html>Call</html>');
    });

    expect(await clientOf(url)(transfer)).toMatchObject({ ok: false, failure: { reason: 'refused' } });
  });
});

describe('a request that certainly did not happen', () => {
  const limited = (headers?: Record<string, string>): Fault => ({
    kind: 'status',
    status: 429,
    body: { message: 'Too Many Requests' },
    ...(headers && { headers }),
  });

  it.each([askForJane, transfer])('is sent again after 250 ms: 429 to $method $route', async (request) => {
    simulation.aircall.failNext(userRoute, limited());
    simulation.aircall.failNext(transferRoute, limited());

    expect(await simulation.requestAircall(request)).toMatchObject({ ok: true });
    expect(simulation.aircall.requests).toHaveLength(2);
    expect(simulation.pauses).toEqual([250]);
  });

  it.each([
    { retryAfter: '2', pauses: [2000] },
    { retryAfter: '0', pauses: [0] },
    { retryAfter: 'Sat, 22 Nov 2025 22:40:03 GMT', pauses: [3000] },
    { retryAfter: 'Sat, 22 Nov 2025 22:39:00 GMT', pauses: [0] },
    { retryAfter: 'soon', pauses: [250] },
    { retryAfter: '', pauses: [250] },
  ])('pauses as Retry-After "$retryAfter" asks', async ({ retryAfter, pauses }) => {
    simulation.aircall.failNext(userRoute, limited({ 'retry-after': retryAfter }));

    expect(await simulation.requestAircall(askForJane)).toMatchObject({ ok: true });
    expect(simulation.pauses).toEqual(pauses);
  });

  it('is tried three times at most', async () => {
    simulation.aircall.failAlways(userRoute, limited());

    expect(await simulation.requestAircall(askForJane)).toEqual({
      ok: false,
      failure: { reason: 'rate-limited', status: 429, message: 'GET /v2/users/:email: 429' },
    });
    expect(simulation.aircall.requests).toHaveLength(3);
    expect(simulation.pauses).toEqual([250, 250]);
  });

  it.each([
    { leftMs: 3000, requests: 1 },
    { leftMs: 4000, requests: 2 },
  ])(
    'is sent again only if that leaves time: $requests in all, with 3000 ms to pause and $leftMs left',
    async ({ leftMs, requests }) => {
      simulation.aircall.failNext(userRoute, limited({ 'retry-after': '3' }));

      await simulation.requestAircall({ ...askForJane, deadlineMs: november + leftMs });

      expect(simulation.aircall.requests).toHaveLength(requests);
    },
  );

  it('makes no pause that the deadline would cut short', async () => {
    simulation.aircall.failAlways(userRoute, limited({ 'retry-after': '60' }));

    const answer = await simulation.requestAircall(askForJane);

    expect(answer).toMatchObject({ ok: false, failure: { reason: 'rate-limited' } });
    expect(simulation.pauses).toEqual([]);
  });

  it('is tried three times where the connection is refused', async () => {
    await simulation.aircall.close();

    await simulation.requestAircall(transfer);

    expect(simulation.pauses).toEqual([250, 250]);
  });

  it('is sent again by the clock on the wall, where no other is given', async () => {
    simulation.aircall.failNext(userRoute, limited({ 'retry-after': '0' }));
    const connection = connectionTo(simulation.aircall.url);

    const answer = await createAircallClient(connection)({ ...askForJane, deadlineMs: Date.now() + 5000 });

    expect(answer).toMatchObject({ ok: true });
    expect(simulation.aircall.requests).toHaveLength(2);
  });

  it('arrives where the connection is refused at first', async () => {
    await simulation.aircall.close();
    const port = Number(new URL(simulation.aircall.url).port);
    const connection = connectionTo(simulation.aircall.url);
    const revive = async () => {
      const aircall = await startSimulatedAircall({ ...credentials, port, now: simulation.clock.now });
      simulation = { ...simulation, aircall };
    };
    const requestAircall = createAircallClient(connection, { now: simulation.clock.now, sleep: revive });

    const answer = await requestAircall({ ...askForJane, path: '/v1/ping', route: '/v1/ping' });

    expect(answer).toEqual({ ok: true, value: { ping: 'pong' } });
  });
});

describe('a request that may have happened', () => {
  it.each<{ trouble: string; fault: Fault }>([
    { trouble: 'a 500', fault: { kind: 'status', status: 500 } },
    { trouble: 'a 503 although it was carried out', fault: { kind: 'status-after-work', status: 503 } },
    { trouble: 'a silence', fault: { kind: 'hang' } },
    { trouble: 'a silence although it was carried out', fault: { kind: 'hang-after-work' } },
    { trouble: 'a reset', fault: { kind: 'reset-before-work' } },
    { trouble: 'a reset although it was carried out', fault: { kind: 'reset-after-work' } },
    { trouble: 'a web page', fault: { kind: 'garbage' } },
  ])('is sent exactly once: $trouble', async ({ fault }) => {
    simulation.aircall.failNext(transferRoute, fault);

    const answer = await simulation.requestAircall({ ...transfer, timeoutMs: patienceFor(fault) });

    expect(answer).toMatchObject({ ok: false });
    expect(simulation.aircall.requests).toHaveLength(1);
    expect(simulation.pauses).toEqual([]);
  });
});

describe('a connection that breaks', () => {
  /** What happened is in the code; the message may quote anything. */
  const because = (code: unknown) =>
    Object.assign(new Error('connect +442079460123 jane@example.com'), { code });

  async function askWhileSendingThrows(error: unknown) {
    const connection = connectionTo(simulation.aircall.url);
    return createAircallClient(connection, simulation.clock, () => Promise.reject(error))(askForJane);
  }

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
    'before it was made is unavailable, and tried again: %s',
    async (code) => {
      expect(await askWhileSendingThrows(because(code))).toEqual({
        ok: false,
        failure: { reason: 'unavailable', message: `GET /v2/users/:email: ${code}` },
      });
      expect(simulation.pauses).toEqual([250, 250]);
    },
  );

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'HPE_INVALID_CONSTANT', 'ERR_STREAM_PREMATURE_CLOSE'])(
    'at any other moment is lost-answer, and not tried again: %s',
    async (code) => {
      expect(await askWhileSendingThrows(because(code))).toEqual({
        ok: false,
        failure: { reason: 'lost-answer', message: `GET /v2/users/:email: ${code}` },
      });
      expect(simulation.pauses).toEqual([]);
    },
  );

  it.each([
    { thrown: 'an error without a code', error: new RangeError('jane@example.com'), name: 'RangeError' },
    { thrown: 'a code that is a number', error: new DOMException('x', 'AbortError'), name: 'AbortError' },
    { thrown: 'no error at all', error: 'jane@example.com', name: 'broke off' },
  ])('says no more than a name: $thrown', async ({ error, name }) => {
    expect(await askWhileSendingThrows(error)).toEqual({
      ok: false,
      failure: { reason: 'lost-answer', message: `GET /v2/users/:email: ${name}` },
    });
  });
});

describe('the wait for an answer', () => {
  it('is not begun without time left', async () => {
    expect(await simulation.requestAircall({ ...askForJane, deadlineMs: november })).toEqual({
      ok: false,
      failure: { reason: 'out-of-time', message: 'GET /v2/users/:email: no time left to ask' },
    });
    expect(simulation.aircall.requests).toEqual([]);
  });

  it.each([
    { bound: 'timeout', timeoutMs: 50, deadlineMs: november + 60_000 },
    { bound: 'deadline', timeoutMs: 60_000, deadlineMs: november + 50 },
  ])('ends at the $bound', { timeout: 3000 }, async ({ timeoutMs, deadlineMs }) => {
    simulation.aircall.failNext(userRoute, { kind: 'hang' });

    const answer = await simulation.requestAircall({ ...askForJane, timeoutMs, deadlineMs });

    expect(answer).toEqual({
      ok: false,
      failure: { reason: 'no-answer', message: 'GET /v2/users/:email: TimeoutError' },
    });
  });

  it.each([200, 400])('ends where the body of a %i never does', { timeout: 3000 }, async (status) => {
    const url = await listen((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).write('{"error":');
    });

    expect(await clientOf(url)({ ...askForJane, timeoutMs: 50 })).toEqual({
      ok: false,
      failure: { reason: 'no-answer', message: 'GET /v2/users/:email: TimeoutError' },
    });
  });
});
