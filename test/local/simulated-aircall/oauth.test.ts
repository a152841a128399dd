/** An app is installed over OAuth at the simulated Aircall, used and uninstalled: over HTTP, on a clock moved by hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualScheduler, type ManualScheduler } from '../../../local/simulated-aircall/scheduler.ts';
import { type SimulatedAircall, startSimulatedAircall } from '../../../local/simulated-aircall.ts';
import { app, basic, exchange, installApp, send } from './client.ts';

const LANTERN = 90_001;
const TIDEWATER = 90_210;
const REQUEST = {
  client_id: 'client-of-ours',
  redirect_uri: 'https://router.example.com/aircall/oauth/callback?from=aircall',
  response_type: 'code',
  scope: 'public_api',
  state: 'state-1',
};

let scheduler: ManualScheduler;
let aircall: SimulatedAircall;
let received: { url: string; body: Record<string, unknown> }[];
let deliveryStatus: number;

beforeEach(async () => {
  scheduler = createManualScheduler(1_763_851_200_000);
  received = [];
  deliveryStatus = 200;
  aircall = await startSimulatedAircall({
    apiId: 'id',
    apiToken: 'secret',
    scheduler,
    oauth: app,
    otherCompanies: [
      { id: TIDEWATER, name: 'Tidewater <b>Books</b>' },
      { id: 90_211, name: 'Third & Last' },
    ],
    post: async (url, body) => {
      received.push({ url, body: JSON.parse(body) });
      return { status: deliveryStatus, text: '' };
    },
  });
});
afterEach(() => aircall.close());

async function ask(change: Record<string, string> = {}) {
  const query = new URLSearchParams({ ...REQUEST, ...change });
  const response = await fetch(`${aircall.url}/oauth/authorize?${query}`, { redirect: 'manual' });
  return { status: response.status, type: response.headers.get('content-type'), page: await response.text() };
}

async function decide(change: Record<string, string> = {}, without: readonly string[] = []) {
  const form = { ...REQUEST, company_id: String(TIDEWATER), decision: 'authorize', ...change };
  const body = new URLSearchParams(Object.entries(form).filter(([name]) => !without.includes(name)));
  const response = await fetch(`${aircall.url}/oauth/authorize`, {
    method: 'POST',
    body,
    redirect: 'manual',
  });
  return { status: response.status, location: response.headers.get('location'), page: await response.text() };
}

const get = (path: string, authorization: string) => send(aircall.url, 'GET', path, { authorization });
const post = (path: string, authorization: string, body?: unknown) =>
  send(aircall.url, 'POST', path, { authorization, body });
const forbidden = { status: 403, body: { message: 'Forbidden' } };
const invalidGrant = {
  status: 400,
  body: {
    error: 'invalid_grant',
    error_description: 'code is unknown, used, too old, or of another redirect_uri',
  },
};

describe('the consent page', () => {
  it('lets a person choose the company, and first proposes one without an API key', async () => {
    const { status, type, page } = await ask();
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page).toContain('<h1>Connect Call router</h1>');
    expect(page).toContain('value="90001" required> Lantern &amp; Co</label>');
    expect(page).toContain('value="90210" checked required> Tidewater &lt;b&gt;Books&lt;/b&gt;</label>');
    expect(page).toContain('value="90211" required> Third &amp; Last</label>');
    expect(page).toContain('value="authorize">Authorize</button>');
    expect(page).toContain('value="decline" class="quiet" formnovalidate>Decline</button>');
  });

  it('proposes the main company where there is no other', async () => {
    await aircall.close();
    aircall = await startSimulatedAircall({
      apiId: 'id',
      apiToken: 'secret',
      company: { id: 7, name: 'Only One' },
      oauth: { clientId: 'client-of-ours', clientSecret: 'secret-of-ours', name: 'Router <2>' },
    });
    const { page } = await ask({ redirect_uri: 'http://localhost:3000/callback' });
    expect(page).toContain('value="7" checked required> Only One</label>');
    expect(page).toContain('<h1>Connect Router &lt;2&gt;</h1>');
    expect((await ask({ redirect_uri: 'javascript:alert(1)' })).status).toBe(400);
  });

  it('carries the request along, and nothing of it is markup', async () => {
    const { page } = await ask({ state: "\"><script>alert('1')</script>&amp;" });
    expect(page).toContain(
      '<input type="hidden" name="state" value="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;">',
    );
    expect(page).not.toContain('<script');
    expect(page).toContain(
      'name="redirect_uri" value="https://router.example.com/aircall/oauth/callback?from=aircall"',
    );
  });

  it.each([
    ['client_id', 'somebody-else', 'client_id is not that of a registered app.'],
    ['redirect_uri', 'https://evil.example.com/', 'redirect_uri is not that of the registered app.'],
    ['redirect_uri', '', 'redirect_uri is not that of the registered app.'],
    ['response_type', 'token', 'response_type is not code.'],
    ['scope', 'everything', 'scope is not public_api.'],
  ])('is refused for %s "%s", and leads nowhere', async (name, value, because) => {
    const asked = await ask({ [name]: value });
    expect([asked.status, asked.type]).toEqual([400, 'text/html; charset=utf-8']);
    expect(asked.page).toContain(`<p>${because}</p>`);

    const decided = await decide({ [name]: value });
    expect([decided.status, decided.location]).toEqual([400, null]);
    expect(decided.page).toContain(`<p>${because}</p>`);
  });

  it('is refused where no app is registered', async () => {
    await aircall.close();
    aircall = await startSimulatedAircall({ apiId: 'id', apiToken: 'secret' });
    expect((await ask()).status).toBe(400);
    expect((await exchange(aircall, 'any')).status).toBe(401);
    expect((await exchange(aircall, 'any', { client_id: undefined, client_secret: undefined })).status).toBe(
      401,
    );
  });
});

describe('a decision', () => {
  it('to authorize goes back with a code and the state, and keeps the query that was there', async () => {
    const { status, location } = await decide({ state: 'a b&c=d' });
    expect(status).toBe(302);
    expect(location?.replace(/code=[0-9a-f]{32}&/, 'code=…&')).toBe(
      'https://router.example.com/aircall/oauth/callback?from=aircall&code=…&state=a+b%26c%3Dd',
    );
    const code = new URL(location ?? '').searchParams.get('code') ?? '';
    expect((await exchange(aircall, code)).status).toBe(200);
    expect(aircall.integration(TIDEWATER)).toBeDefined();
    expect(aircall.integration(LANTERN)).toBeUndefined();
  });

  it('to decline goes back with that', async () => {
    const { status, location } = await decide({ decision: 'decline' });
    expect(status).toBe(302);
    expect(location).toBe(
      'https://router.example.com/aircall/oauth/callback?from=aircall&error=access_denied&state=state-1',
    );
  });

  it('brings no state back where there was none', async () => {
    const { location } = await decide({ decision: 'decline' }, ['state']);
    expect(location).toBe(
      'https://router.example.com/aircall/oauth/callback?from=aircall&error=access_denied',
    );
  });

  it.each([
    [{ company_id: '7' }, 'There is no such company.'],
    [{ decision: 'perhaps' }, 'It was neither authorized nor declined.'],
  ])('of %j is none', async (change, because) => {
    const { status, location, page } = await decide(change);
    expect([status, location]).toEqual([400, null]);
    expect(page).toContain(`<p>${because}</p>`);
  });
});

describe('a code', () => {
  it('gets an access token, without a credential', async () => {
    expect(await exchange(aircall, aircall.authorize(TIDEWATER))).toEqual({
      status: 200,
      body: { access_token: expect.stringMatching(/^[0-9a-f]{64}$/), token_type: 'Bearer' },
    });
  });

  it('is good once', async () => {
    const code = aircall.authorize(TIDEWATER);
    expect((await exchange(aircall, code)).status).toBe(200);
    expect(await exchange(aircall, code)).toEqual(invalidGrant);
  });

  it('is good for ten minutes', async () => {
    const [early, late] = [aircall.authorize(TIDEWATER), aircall.authorize(TIDEWATER)];
    await scheduler.advance(599_999);
    expect((await exchange(aircall, early)).status).toBe(200);
    await scheduler.advance(1);
    expect(await exchange(aircall, late)).toEqual(invalidGrant);
  });

  it('is good only with the redirect_uri it was sent to', async () => {
    const code = aircall.authorize(TIDEWATER);
    for (const redirect_uri of ['https://router.example.com/elsewhere', undefined])
      expect(await exchange(aircall, code, { redirect_uri })).toEqual(invalidGrant);

    expect((await exchange(aircall, code)).status).toBe(200);
  });

  it.each([{ client_id: 'somebody-else' }, { client_secret: 'guessed' }, { client_secret: undefined }])(
    'is worth nothing to a client with %j',
    async (change) => {
      expect(await exchange(aircall, aircall.authorize(TIDEWATER), change)).toEqual({
        status: 401,
        body: { error: 'invalid_client', error_description: 'client_id or client_secret is wrong' },
      });
    },
  );

  it.each([
    [{ grant_type: 'refresh_token' }, 'unsupported_grant_type'],
    [{ code: 'never-given' }, 'invalid_grant'],
    [{ code: undefined }, 'invalid_grant'],
  ])('is refused in a request with %j', async (change, error) => {
    expect(await exchange(aircall, aircall.authorize(TIDEWATER), change)).toMatchObject({
      status: 400,
      body: { error },
    });
  });

  it('is refused in a body that is not a JSON object', async () => {
    const body = new URLSearchParams({ code: aircall.authorize(TIDEWATER) });
    const response = await fetch(`${aircall.url}/v1/oauth/token`, { method: 'POST', body });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'The body is not a JSON object' },
    ]);
  });

  it('may be of another place, where any can be asked for', async () => {
    const redirectUri = 'http://localhost:3000/callback';
    const code = aircall.authorize(TIDEWATER, redirectUri);
    expect((await exchange(aircall, code, { redirect_uri: redirectUri })).status).toBe(200);
  });

  it('is not given for a company that there is not', () => {
    expect(() => aircall.authorize(7)).toThrow('the simulated Aircall has no company 7');
  });
});

describe('an access token', () => {
  it('has no end, and goes on after further installs', async () => {
    const first = await installApp(aircall, TIDEWATER);
    await scheduler.advance(365 * 86_400_000);
    const second = await installApp(aircall, TIDEWATER);

    expect(first).not.toBe(second);
    for (const bearer of [first, second]) expect((await get('/v1/ping', bearer)).status).toBe(200);
  });

  it.each(['Bearer ', 'Bearer guessed', 'bearer'])('is refused as "%s"', async (authorization) => {
    await installApp(aircall, TIDEWATER);
    expect(await get('/v1/ping', authorization)).toEqual(forbidden);
  });

  it('leaves the API key as it was, and nobody without a credential in', async () => {
    await installApp(aircall, LANTERN);
    expect((await get('/v1/ping', basic)).status).toBe(200);
    expect(await send(aircall.url, 'GET', '/v1/ping', {})).toEqual({
      status: 401,
      body: { message: 'Unauthorized' },
    });
  });
});

describe('the integration', () => {
  it('is shown to its own token, with the company’s id', async () => {
    const bearer = await installApp(aircall, TIDEWATER);
    const id = aircall.integration(TIDEWATER)?.id;
    expect(await get('/v1/integrations/me', bearer)).toEqual({
      status: 200,
      body: {
        integration: { id, name: 'Call router', company_id: 90210, status: 'inactive', active: false },
      },
    });
  });

  it('is enabled and disabled, and so through a further install', async () => {
    const bearer = await installApp(aircall, TIDEWATER);
    expect(aircall.integration(TIDEWATER)?.isEnabled).toBe(false);

    expect(await post('/v1/integrations/enable?install=true', bearer)).toEqual({ status: 204, body: '' });
    await installApp(aircall, TIDEWATER);
    expect(aircall.integration(TIDEWATER)?.isEnabled).toBe(true);
    expect((await get('/v1/integrations/me', bearer)).body.integration).toMatchObject({
      status: 'active',
      active: true,
    });

    expect(await post('/v1/integrations/disable', bearer)).toEqual({ status: 204, body: '' });
    expect(aircall.integration(TIDEWATER)?.isEnabled).toBe(false);
    expect((await post('/v1/integrations/enable', bearer)).status).toBe(204);
  });

  it('is nothing for an API key, even of a company that has one', async () => {
    await installApp(aircall, LANTERN);
    expect(await get('/v1/integrations/me', basic)).toEqual(forbidden);
    expect(await post('/v1/integrations/enable', basic)).toEqual(forbidden);
    expect(await post('/v1/integrations/disable', basic)).toEqual(forbidden);
    expect(aircall.integration(LANTERN)?.isEnabled).toBe(false);
  });
});

describe('an uninstall', () => {
  const url = 'https://router.example.com/aircall/calls';
  const makeWebhook = async (authorization: string, path: string, events?: readonly string[]) =>
    (await post('/v1/webhooks', authorization, { url: url + path, ...(events && { events }) })).body.webhook;

  it('ends every access token of the company, and no other', async () => {
    const tokens = [await installApp(aircall, TIDEWATER), await installApp(aircall, TIDEWATER)];
    const other = await installApp(aircall, 90_211);
    const pending = aircall.authorize(TIDEWATER);
    aircall.uninstall(TIDEWATER);

    for (const bearer of tokens) expect(await get('/v1/ping', bearer)).toEqual(forbidden);
    expect((await get('/v1/ping', other)).status).toBe(200);
    expect(await exchange(aircall, pending)).toEqual(invalidGrant);
    expect(aircall.integration(TIDEWATER)).toBeUndefined();
  });

  it('is told to the webhooks made over OAuth, which are gone then', async () => {
    const bearer = await installApp(aircall, LANTERN);
    const id = aircall.integration(LANTERN)?.id;
    const { token } = await makeWebhook(bearer, '/ours', ['call.created', 'integration.deleted']);
    await makeWebhook(bearer, '/deaf', ['call.created']);
    await makeWebhook(basic, '/by-api-key', ['call.created', 'integration.deleted']);
    aircall.uninstall(LANTERN);
    await scheduler.advance(0);

    expect(received).toEqual([
      {
        url: `${url}/ours`,
        body: {
          resource: 'integration',
          event: 'integration.deleted',
          timestamp: 1_763_851_200,
          token,
          data: { integration_id: id, company_id: 90001 },
        },
      },
    ]);
    expect(aircall.webhooks().map((webhook) => webhook.url)).toEqual([`${url}/by-api-key`]);
  });

  it('is told again where it was not taken', async () => {
    await makeWebhook(await installApp(aircall, TIDEWATER), '', ['integration.deleted']);
    deliveryStatus = 500;
    aircall.uninstall(TIDEWATER);
    await scheduler.advance(0);
    deliveryStatus = 200;
    await scheduler.advance(3_600_000);
    expect(received).toHaveLength(2);
  });

  it('is part of everything, for a webhook made over OAuth', async () => {
    const bearer = await installApp(aircall, TIDEWATER);
    const { webhook_id, events } = await makeWebhook(bearer, '');
    expect(events).toHaveLength(35);
    expect(events).toContain('integration.deleted');

    const path = `/v1/webhooks/${webhook_id}`;
    const changed = await send(aircall.url, 'PUT', path, { authorization: bearer, body: { active: true } });
    expect(changed.body.webhook.events).toEqual(events);
  });

  it('of what is not installed is nothing', async () => {
    aircall.uninstall(TIDEWATER);
    await scheduler.advance(0);
    expect(received).toEqual([]);
  });

  it('lets the app be installed again, as another integration, not yet enabled', async () => {
    await post('/v1/integrations/enable', await installApp(aircall, TIDEWATER));
    const before = aircall.integration(TIDEWATER)?.id;
    aircall.uninstall(TIDEWATER);
    const bearer = await installApp(aircall, TIDEWATER);

    expect((await get('/v1/integrations/me', bearer)).body.integration.active).toBe(false);
    expect(aircall.integration(TIDEWATER)?.id).not.toBe(before);
  });
});

it('ends on a page that says so', async () => {
  const response = await fetch(`${aircall.url}/oauth/success`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await response.text()).toContain('<h1>Call router is installed</h1>');
});

it('is recorded step by step, and each step can fail', async () => {
  const code = aircall.authorize(TIDEWATER);
  aircall.failNext('POST /v1/oauth/token', { kind: 'status', status: 503 });
  aircall.failNext('POST /v1/oauth/token', { kind: 'status-after-work', status: 502 });
  for (const route of ['GET /oauth/authorize', 'POST /oauth/authorize', 'GET /oauth/success'])
    aircall.failAlways(route, { kind: 'status', status: 500 });
  for (const route of ['GET /v1/integrations/me', 'POST /v1/integrations/enable', 'GET /v1/company'])
    aircall.failAlways(route, { kind: 'status', status: 500 });
  aircall.failAlways('POST /v1/integrations/disable', { kind: 'status', status: 500 });

  const statuses = [];
  for (let count = 1; count <= 3; count += 1) statuses.push((await exchange(aircall, code)).status);
  // The second time the token was made, and its answer lost: its code is used.
  expect(statuses).toEqual([503, 502, 400]);
  expect((await ask()).status).toBe(500);
  expect((await get('/v1/company', basic)).status).toBe(500);
  expect(aircall.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
    'POST /v1/oauth/token',
    'POST /v1/oauth/token',
    'POST /v1/oauth/token',
    'GET /oauth/authorize',
    'GET /v1/company',
  ]);
});
