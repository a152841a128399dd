/** An installation over OAuth: where the browser is sent, and the exchange of the code that it brings back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GiveCredentials } from '../../../lib/account-ports.ts';
import { createAircallClient } from '../../../lib/adapters/aircall/client.ts';
import {
  type App,
  authorizeUrl,
  createExchangeCode,
  successUrl,
} from '../../../lib/adapters/aircall/oauth.ts';
import { succeed } from '../../../lib/core/result.ts';
import type { Fault } from '../../../local/simulated-aircall.ts';
import { useListener } from './heard.ts';
import { connectionTo, november, type Simulation, startSimulation } from './simulation.ts';

const TIDEWATER = 90_210;
const deadlineMs = november + 60_000;
const tokenRoute = 'POST /v1/oauth/token';
const app: App = {
  clientId: 'client-of-ours',
  clientSecret: 'secret-of-ours',
  redirectUrl: 'https://router.example.com/aircall/oauth/callback',
};
const listen = useListener();

let simulation: Simulation;
beforeEach(async () => {
  simulation = await startSimulation({
    oauth: { clientId: app.clientId, clientSecret: app.clientSecret, redirectUri: app.redirectUrl },
    otherCompanies: [{ id: TIDEWATER, name: 'Tidewater Books' }],
  });
});
afterEach(() => simulation.aircall.close());

function exchangeAt(url: string, ours: App = app, timeoutMs = 5000) {
  const giveNothing: GiveCredentials = async () => succeed(undefined);
  const connection = { ...connectionTo(url), giveCredentials: giveNothing };
  return createExchangeCode(createAircallClient(connection, simulation.clock), ours, timeoutMs);
}

describe('the browser', () => {
  it('is sent to the dashboard, with all that Aircall asks for', () => {
    expect(authorizeUrl('https://dashboard.aircall.io', app, 'state-of-an-install')).toBe(
      'https://dashboard.aircall.io/oauth/authorize?client_id=client-of-ours' +
        '&redirect_uri=https%3A%2F%2Frouter.example.com%2Faircall%2Foauth%2Fcallback' +
        '&response_type=code&scope=public_api&state=state-of-an-install',
    );
  });

  it('carries what we send with it unharmed, whatever is in it', () => {
    const url = authorizeUrl(
      'https://dashboard.aircall.io',
      { ...app, clientId: 'a&b=c#d', redirectUrl: 'https://router.example.com/back?from=a&to=b' },
      'é &+/=#',
    );

    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      client_id: 'a&b=c#d',
      redirect_uri: 'https://router.example.com/back?from=a&to=b',
      response_type: 'code',
      scope: 'public_api',
      state: 'é &+/=#',
    });
    expect(new URL(url).hash).toBe('');
  });

  it.each(['https://dashboard.aircall.io', 'https://dashboard.aircall.io/'])(
    'ends on Aircall’s own page: %s',
    (dashboardUrl) => {
      expect(successUrl(dashboardUrl)).toBe('https://dashboard.aircall.io/oauth/success');
    },
  );

  it('finds the page where Aircall asks', async () => {
    const asked = await fetch(authorizeUrl(simulation.aircall.url, app, 'state-of-an-install'));

    expect(asked.status).toBe(200);
    expect(await asked.text()).toContain('Tidewater Books');
  });
});

describe('the exchange of a code', () => {
  it('is one request, proven by the code and our secret alone', async () => {
    const { url, heard } = await listen(
      200,
      '{"access_token":"access-token-of-theirs","token_type":"Bearer"}',
    );

    expect(await exchangeAt(url)('code-of-theirs', deadlineMs)).toEqual({
      ok: true,
      value: 'access-token-of-theirs',
    });
    expect(heard.map(({ method, path }) => [method, path])).toEqual([['POST', '/v1/oauth/token']]);
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual({
      code: 'code-of-theirs',
      redirect_uri: 'https://router.example.com/aircall/oauth/callback',
      client_id: 'client-of-ours',
      client_secret: 'secret-of-ours',
      grant_type: 'authorization_code',
    });
    expect(heard[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(heard[0]?.headers).not.toHaveProperty('authorization');
  });

  it('gives a token that lets us in as the company that authorized us', async () => {
    const code = simulation.aircall.authorize(TIDEWATER);

    const exchanged = await exchangeAt(simulation.aircall.url)(code, deadlineMs);

    if (!exchanged.ok) throw new Error(exchanged.failure.message);
    const credentials = { kind: 'oauth', accessToken: exchanged.value } as const;
    const asThem = createAircallClient(connectionTo(simulation.aircall.url, credentials), simulation.clock);
    const path = '/v1/company';
    expect(await asThem({ method: 'GET', path, route: path, timeoutMs: 5000, deadlineMs })).toMatchObject({
      ok: true,
      value: { company: { name: 'Tidewater Books' } },
    });
  });

  it.each<{ trouble: string; fault: Fault; timeoutMs?: number }>([
    { trouble: 'a 500', fault: { kind: 'status', status: 500 } },
    { trouble: 'a 503 although it was done', fault: { kind: 'status-after-work', status: 503 } },
    { trouble: 'a silence although it was done', fault: { kind: 'hang-after-work' }, timeoutMs: 150 },
    { trouble: 'a reset although it was done', fault: { kind: 'reset-after-work' } },
    { trouble: 'a web page', fault: { kind: 'garbage' } },
  ])('is sent once where its answer is lost: $trouble', async ({ fault, timeoutMs }) => {
    const code = simulation.aircall.authorize(TIDEWATER);
    simulation.aircall.failNext(tokenRoute, fault);

    const exchangeCode = exchangeAt(simulation.aircall.url, app, timeoutMs);
    expect(await exchangeCode(code, deadlineMs)).toMatchObject({ ok: false });

    expect(simulation.aircall.requests).toHaveLength(1);
    expect(simulation.pauses).toEqual([]);
  });

  it('is sent again where it certainly did not happen', async () => {
    const code = simulation.aircall.authorize(TIDEWATER);
    simulation.aircall.failNext(tokenRoute, { kind: 'status', status: 429 });

    expect(await exchangeAt(simulation.aircall.url)(code, deadlineMs)).toMatchObject({ ok: true });
    expect(simulation.aircall.requests).toHaveLength(2);
  });

  it.each([
    { where: 'the code is nobody’s', status: 400, reason: 'refused', ours: app, code: 'code-of-nobody' },
    {
      where: 'our secret is wrong',
      status: 401,
      reason: 'unauthorized',
      ours: { ...app, clientSecret: 'another' },
      code: undefined,
    },
    {
      where: 'the browser was sent elsewhere',
      status: 400,
      reason: 'refused',
      ours: { ...app, redirectUrl: 'https://elsewhere.example.com' },
      code: undefined,
    },
  ])('is refused where $where, of which no secret is told', async ({ status, reason, ours, code }) => {
    const brought = code ?? simulation.aircall.authorize(TIDEWATER);

    expect(await exchangeAt(simulation.aircall.url, ours)(brought, deadlineMs)).toEqual({
      ok: false,
      failure: { reason, status, message: `POST /v1/oauth/token: ${status}` },
    });
  });

  it('of a code that was exchanged already is refused', async () => {
    const code = simulation.aircall.authorize(TIDEWATER);
    const exchangeCode = exchangeAt(simulation.aircall.url);
    await exchangeCode(code, deadlineMs);

    expect(await exchangeCode(code, deadlineMs)).toMatchObject({ ok: false, failure: { reason: 'refused' } });
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '"access-token-of-theirs"',
    '{"access_token":""}',
    '{"access_token":null}',
    '{"access_token":{"secret":"access-token-of-theirs"}}',
    '{"token":"access-token-of-theirs"}',
  ])('has failed where there is no token in its answer, of which nothing is told: %s', async (answer) => {
    const { url } = await listen(200, answer);

    expect(await exchangeAt(url)('code-of-theirs', deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'unreadable-answer', message: 'POST /v1/oauth/token: no access token' },
    });
  });
});
