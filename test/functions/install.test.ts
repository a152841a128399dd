/** A company that installs the router over OAuth: the deployed handlers, whole. */
import { createHash } from 'node:crypto';
import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFindAccount, createSaveAccount } from '../../lib/adapters/dynamodb/accounts.ts';
import { createDocumentClient } from '../../lib/adapters/dynamodb/table.ts';
import { createFindTokenOwner } from '../../lib/adapters/dynamodb/webhook-tokens.ts';
import { limits, readTableName } from '../../lib/config.ts';
import { beginPurge } from '../../lib/core/account.ts';
import { eventsFor, routedEvents } from '../../lib/core/choose-webhook.ts';
import type { AccountId } from '../../lib/core/model.ts';
import type { Fault } from '../../local/simulated-aircall.ts';
import { callbackUrl, company, deliveryUrl, type Installation, startInstallation } from './installation.ts';

let installation: Installation;
let written: string[];
beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation.close());
beforeEach(() => {
  written = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  }
  vi.spyOn(console, 'info').mockImplementation((line) => written.push(line));
  vi.spyOn(console, 'warn').mockImplementation((line) => written.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  installation.stack.aircall.heal();
  installation.stack.aircall.uninstall(company);
});

const soon = () => Date.now() + 10_000;
const store = () => ({
  client: createDocumentClient(limits.background.table),
  name: readTableName(),
  now: Date.now,
});
async function account() {
  const found = await createFindAccount(store())(String(company) as AccountId, soon());
  return found.ok ? found.value : found;
}
async function ownerOf(token: string) {
  const found = await createFindTokenOwner(store())(token, soon());
  return found.ok ? found.value?.accountId : found;
}
/** As if so much time had passed since an installation was begun. */
async function bringForward(state: string, ms: number): Promise<void> {
  const { client, name } = store();
  const hash = createHash('sha256').update(state).digest('hex');
  const update = new UpdateCommand({
    TableName: name,
    Key: { pk: `INSTALL#${hash}`, sk: 'STATE' },
    UpdateExpression: 'ADD expiresAtMs :ms',
    ExpressionAttributeValues: { ':ms': -ms },
  });
  await client.send(update);
}
const aircall = () => installation.stack.aircall;
const webhooks = () => aircall().company(company).webhooks();
const asked = () =>
  aircall().requests.map(
    ({ method, path }) => `${method} ${path.replace(/\?.*/, '').replace(/(webhooks)\/.*/, '$1/:id')}`,
  );
const success = () => ({ status: 302, location: `${aircall().url}/oauth/success` });

describe('an installation', () => {
  it('begins at Aircall’s page, with a state that goes there and a secret that stays with the browser', async () => {
    const page = await installation.begin();
    expect(page.origin + page.pathname).toBe(`${aircall().url}/oauth/authorize`);
    const { state, ...query } = Object.fromEntries(page.searchParams);
    expect(query).toEqual({
      client_id: 'local-client-id',
      redirect_uri: callbackUrl,
      response_type: 'code',
      scope: 'public_api',
    });
    expect(state).toMatch(/^[\w-]{43}$/);
    expect(installation.cookie()).toMatch(/^__Host-call-router-install=[\w-]{43}$/);
    expect(installation.cookie()).not.toContain(state);
  });

  it('ends at Aircall’s last page, with an account, a webhook for our events and that of the uninstallation, and a refresh under way', async () => {
    aircall().requests.length = 0;
    installation.invocations.length = 0;
    expect(await installation.install()).toEqual(success());

    const [webhook, ...others] = webhooks();
    expect(others).toEqual([]);
    expect(webhook).toMatchObject({ url: deliveryUrl, active: true, events: eventsFor('oauth') });
    expect(await account()).toMatchObject({
      accountId: '90210',
      name: 'Tidewater Books',
      companyId: '90210',
      status: 'active',
      letInBy: 'oauth',
      webhookId: webhook?.webhookId,
    });
    expect(await ownerOf(webhook?.token ?? '')).toBe('90210');
    expect(aircall().integration(company)).toMatchObject({ isEnabled: true });
    const byName = installation.invocations.toSorted((a, b) => a.name.localeCompare(b.name));
    expect(byName).toEqual([
      { name: 'refresh-agents', payload: { accountId: '90210' } },
      { name: 'sync-contacts', payload: { accountId: '90210' } },
    ]);
    expect(asked()).toEqual([
      'POST /v1/oauth/token',
      'GET /v1/integrations/me',
      'GET /v1/company',
      'GET /v1/webhooks',
      'POST /v1/webhooks',
      'PUT /v1/webhooks/:id',
      'POST /v1/integrations/enable',
    ]);
  });

  it('done again brings the account up to date, with a new token, while the old one is still accepted', async () => {
    await installation.install();
    const [before] = webhooks();
    const sealedBefore = await account();
    expect(await installation.install()).toEqual(success());

    const [after, ...others] = webhooks();
    expect(others).toEqual([]);
    expect(after?.token).not.toBe(before?.token);
    expect([await ownerOf(before?.token ?? ''), await ownerOf(after?.token ?? '')]).toEqual([
      '90210',
      '90210',
    ]);
    expect(await account()).toMatchObject({ status: 'active', webhookId: after?.webhookId });
    expect(await account()).not.toEqual(sealedBefore);
  });

  it('leaves no code, token, state or secret in what is written', async () => {
    aircall().failNext('POST /v1/integrations/enable', { kind: 'status', status: 500 });
    await installation.install();
    await installation.install();
    const text = written.join('\n');
    expect(text).toContain('install-failed');
    expect(text).not.toMatch(/[\w-]{32,}/);
    expect(text).not.toContain('local-client-secret');
  });

  it('with an earlier webhook that can not be deleted ends well, and is told of', async () => {
    await installation.install();
    aircall().failAlways('DELETE /v1/webhooks/:id', { kind: 'status', status: 403 });
    expect(await installation.install()).toEqual(success());
    expect(webhooks()).toHaveLength(2);
    expect(written.join('\n')).toContain('webhook-left-over');
  });

  it('of a company whose earlier account is being deleted waits until that is over', async () => {
    await installation.install();
    const before = await account();
    if (before === undefined || 'ok' in before) throw new Error('no account');
    const saveAccount = createSaveAccount(store());
    await saveAccount(beginPurge(before, Date.now()), soon());
    const [webhook] = webhooks();
    expect(await installation.install()).toEqual({
      status: 409,
      title: 'An earlier installation is being deleted',
    });
    expect(webhooks()).toEqual([webhook]);

    const { purgingAtMs: _, ...left } = beginPurge(before, Date.now());
    await saveAccount({ ...left, purgingAtMs: Date.now() - 900_000, version: left.version + 1 }, soon());
    expect(await installation.install()).toEqual(success());
    expect(await account()).toMatchObject({ status: 'active' });
  });

  it('of a company that is served already with an API key is refused, and changes nothing', async () => {
    const { company: main } = aircall();
    const mainId = 90_001;
    aircall().addWebhook({
      url: deliveryUrl,
      customName: 'call-router',
      token: '0123456789abcdef0123456789abcdef',
      events: [...routedEvents],
    });
    const before = main(mainId).webhooks();
    expect(await installation.install(mainId)).toEqual({
      status: 409,
      title: 'This company is served already',
    });
    expect(main(mainId).webhooks()).toEqual(before);
    expect((await createFindAccount(store())(String(mainId) as AccountId, soon())) as unknown).toEqual({
      ok: true,
      value: undefined,
    });
  });
});

describe('whoever comes back without what an installation needs gets a page of their own, and Aircall is asked nothing', () => {
  const state = async () => (await installation.begin()).searchParams.get('state') ?? '';

  it.each<[string, string, () => Promise<Parameters<Installation['finish']>>]>([
    [
      'Aircall’s refusal',
      'The installation was declined',
      async () => [{ error: 'access_denied', state: await state() }],
    ],
    ['no code', 'Aircall sent no code', async () => [{ state: await state() }]],
    [
      'no state',
      'This installation was not begun here',
      async () => {
        await state();
        return [{ code: 'abc' }];
      },
    ],
    [
      'a state of nobody’s',
      'This browser did not begin the installation',
      async () => {
        await state();
        return [{ code: 'abc', state: 'abc' }];
      },
    ],
    [
      'a state of another browser’s',
      'This browser did not begin the installation',
      async () => [{ code: 'abc', state: await state() }, ['__Host-call-router-install=abc']],
    ],
    [
      'no cookie',
      'This browser did not begin the installation',
      async () => [{ code: 'abc', state: await state() }, []],
    ],
    [
      'a state that is over ten minutes old',
      'The installation took too long',
      async () => {
        const old = await state();
        await bringForward(old, 600_000);
        return [{ code: 'abc', state: old }];
      },
    ],
  ])('%s: %s', async (_, title, comeBack) => {
    const given = await comeBack();
    aircall().requests.length = 0;
    expect(await installation.finish(...given)).toEqual({ status: 400, title });
    expect(aircall().requests).toEqual([]);
  });

  it('a state that was used: This link was used already', async () => {
    const used = await state();
    const query = { code: aircall().authorize(company, callbackUrl), state: used };
    const cookies = [installation.cookie()];
    await installation.finish(query, cookies);
    aircall().requests.length = 0;
    expect(await installation.finish(query, cookies)).toEqual({
      status: 400,
      title: 'This link was used already',
    });
    expect(aircall().requests).toEqual([]);
  });
});

describe('a deployment', () => {
  async function deploy(settings: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    await installation.deploy();
  }
  afterEach(async () => {
    vi.unstubAllEnvs();
    await installation.deploy();
  });

  it.each(['AIRCALL_CLIENT_ID', 'PUBLIC_URL'])('without %s is no app, and has no pages', async (name) => {
    await deploy({ [name]: '' });

    expect(await installation.openLink()).toEqual({ status: 404 });
    expect(await installation.finish({ code: 'abc', state: 'abc' })).toEqual({ status: 404 });
  });

  it('whose table is away asks a person to try again, and sends them nowhere', async () => {
    await deploy({ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' });

    expect(await installation.openLink()).toEqual({ status: 503, title: 'Not now' });
  });

  it('with a key of KMS has that seal what lets us in, for the company alone', async () => {
    const kms = mockClient(KMSClient);
    kms.on(EncryptCommand).resolves({ CiphertextBlob: Buffer.from('ciphertext') });
    await deploy({ SEALING_KEY_ID: 'alias/call-router-prod' });

    expect(await installation.install()).toEqual(success());
    expect(await account()).toMatchObject({ status: 'active', sealedCredentials: 'Y2lwaGVydGV4dA==' });
    expect(kms.calls().map(({ args }) => args[0].input)).toMatchObject([
      { KeyId: 'alias/call-router-prod', EncryptionContext: { accountId: '90210' } },
    ]);
    kms.restore();
  });
});

describe('whichever step fails, a second try completes the installation', () => {
  const routes = [
    'POST /v1/oauth/token',
    'GET /v1/integrations/me',
    'GET /v1/company',
    'GET /v1/webhooks',
    'POST /v1/webhooks',
    'PUT /v1/webhooks/:id',
    'POST /v1/integrations/enable',
  ];
  const faults: Fault[] = [
    { kind: 'status', status: 500 },
    { kind: 'status-after-work', status: 500 },
    { kind: 'reset-before-work' },
    { kind: 'reset-after-work' },
    { kind: 'garbage' },
  ];

  describe.each(routes)('%s', (route) => {
    it.each(faults)('$kind', async (fault) => {
      aircall().failNext(route, fault);
      const first = await installation.install();
      // An answer of `enable` has no body that could be wrong; and what only asks is sent again where a connection breaks.
      const isHarmless =
        (route === 'POST /v1/integrations/enable' && fault.kind === 'garbage') ||
        (route.startsWith('GET') && fault.kind.startsWith('reset'));
      if (!isHarmless) expect(first).toMatchObject({ status: 424 });

      expect(await installation.install()).toEqual(success());
      const [webhook, ...others] = webhooks();
      expect(others).toEqual([]);
      expect(webhook).toMatchObject({ active: true, events: eventsFor('oauth') });
      expect(await account()).toMatchObject({ status: 'active', webhookId: webhook?.webhookId });
      expect(await ownerOf(webhook?.token ?? '')).toBe('90210');
      expect(aircall().integration(company)).toMatchObject({ isEnabled: true });
    });
  });
});
