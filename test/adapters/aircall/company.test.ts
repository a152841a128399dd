/** The company that lets us in, over HTTP: who it is, and that it is told when all is done. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAircallClient } from '../../../lib/adapters/aircall/client.ts';
import { createCompanyAtAircall } from '../../../lib/adapters/aircall/company.ts';
import type { AircallCredentials } from '../../../lib/core/account.ts';
import { app, exchange } from '../../local/simulated-aircall/client.ts';
import { useListener } from './heard.ts';
import { apiKey, connectionTo, november, type Simulation, startSimulation } from './simulation.ts';

const LANTERN = 90_001;
const TIDEWATER = 90_210;
const deadlineMs = november + 60_000;
const listen = useListener();

let simulation: Simulation;
beforeEach(async () => {
  simulation = await startSimulation({
    oauth: app,
    otherCompanies: [{ id: TIDEWATER, name: 'Tidewater Books' }],
  });
});
afterEach(() => simulation.aircall.close());

function companyWith(credentials: AircallCredentials, url = simulation.aircall.url) {
  const requestAircall = createAircallClient(connectionTo(url, credentials), simulation.clock);
  return createCompanyAtAircall(requestAircall, credentials.kind, 5000);
}

/** As its person has authorized us. */
async function install(companyId: number): Promise<AircallCredentials> {
  const { body } = await exchange(simulation.aircall, simulation.aircall.authorize(companyId));
  return { kind: 'oauth', accessToken: body.access_token };
}

const requested = () => simulation.aircall.requests.map(({ method, path }) => `${method} ${path}`);
const oauth = { kind: 'oauth', accessToken: 'access-token-of-theirs' } as const;

describe('a company', () => {
  it('that installed us is known by id and name', async () => {
    const company = companyWith(await install(TIDEWATER));
    simulation.aircall.requests.length = 0;

    expect(await company.fetchCompany(deadlineMs)).toEqual({
      ok: true,
      value: { companyId: '90210', name: 'Tidewater Books' },
    });
    expect(requested()).toEqual(['GET /v1/integrations/me', 'GET /v1/company']);
  });

  it('whose API key we have is known by name: a key tells no id', async () => {
    expect(await companyWith(apiKey).fetchCompany(deadlineMs)).toStrictEqual({
      ok: true,
      value: { name: 'Lantern & Co' },
    });
    expect(requested()).toEqual(['GET /v1/company']);
  });

  it.each([
    { id: '90001', companyId: '90001' },
    { id: '"90001"', companyId: '90001' },
    { id: '9007199254740993', companyId: '9007199254740993' },
    { id: 'null', companyId: undefined },
    { id: '{}', companyId: undefined },
  ])(
    'whose API key we have is known by id where that comes with the name: $id',
    async ({ id, companyId }) => {
      const { url } = await listen(200, `{"company":{"id":${id},"name":"Lantern & Co"}}`);

      expect(await companyWith(apiKey, url).fetchCompany(deadlineMs)).toEqual({
        ok: true,
        value: { name: 'Lantern & Co', ...(companyId !== undefined && { companyId }) },
      });
    },
  );

  it.each([
    '',
    '{}',
    '[]',
    '{"integration":{}}',
    '{"integration":{"company_id":null}}',
    '{"integration":{"company_id":"acme"}}',
    '{"integration":{"company_id":0}}',
    '{"company_id":90210}',
  ])('is unknown where its installation tells no id: %s', async (answer) => {
    const { url, heard } = await listen(200, answer);

    expect(await companyWith(oauth, url).fetchCompany(deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'unreadable-answer', message: 'GET /v1/integrations/me: not as we know it' },
    });
    expect(heard).toHaveLength(1);
  });

  it.each(['', '{}', '{"company":{}}', '{"company":{"name":7}}', '{"name":"Lantern & Co"}'])(
    'is unknown where it has no name: %s',
    async (answer) => {
      const { url } = await listen(200, answer);

      expect(await companyWith(apiKey, url).fetchCompany(deadlineMs)).toEqual({
        ok: false,
        failure: { reason: 'unreadable-answer', message: 'GET /v1/company: not as we know it' },
      });
    },
  );

  it.each(['GET /v1/integrations/me', 'GET /v1/company'])('is unknown where %s fails', async (route) => {
    const company = companyWith(await install(TIDEWATER));
    simulation.aircall.failNext(route, { kind: 'status', status: 500 });

    expect(await company.fetchCompany(deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'lost-answer', status: 500, message: `${route}: 500` },
    });
  });

  it('that has uninstalled us since is forbidden', async () => {
    const company = companyWith(await install(TIDEWATER));
    simulation.aircall.uninstall(TIDEWATER);

    expect(await company.fetchCompany(deadlineMs)).toMatchObject({
      ok: false,
      failure: { reason: 'forbidden', message: 'GET /v1/integrations/me: 403' },
    });
  });
});

describe('the end of an installation', () => {
  it('is told to the company that installed us, and to no other', async () => {
    const company = companyWith(await install(TIDEWATER));
    await install(LANTERN);
    expect(simulation.aircall.integration(TIDEWATER)).toMatchObject({ isEnabled: false });

    expect(await company.enableIntegration(deadlineMs)).toEqual({ ok: true, value: undefined });

    expect(simulation.aircall.integration(TIDEWATER)).toMatchObject({ isEnabled: true });
    expect(simulation.aircall.integration(LANTERN)).toMatchObject({ isEnabled: false });
    expect(requested().at(-1)).toBe('POST /v1/integrations/enable');
  });

  it('is told to nobody where we have an API key', async () => {
    expect(await companyWith(apiKey).enableIntegration(deadlineMs)).toEqual({ ok: true, value: undefined });
    expect(requested()).toEqual([]);
  });

  it('fails as Aircall fails', async () => {
    const company = companyWith(await install(TIDEWATER));
    simulation.aircall.failNext('POST /v1/integrations/enable', { kind: 'status', status: 422 });

    expect(await company.enableIntegration(deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'refused', status: 422, message: 'POST /v1/integrations/enable: 422' },
    });
  });
});
