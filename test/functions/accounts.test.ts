/** Two companies, one deployment: the deployed handlers, whole, with the same calls, phones and contacts at both. */
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFindAccount, createSaveAccount } from '../../lib/adapters/dynamodb/accounts.ts';
import { createFindCall } from '../../lib/adapters/dynamodb/call-history.ts';
import { createFindContact, createSaveContacts } from '../../lib/adapters/dynamodb/contacts.ts';
import { createDocumentClient, type Table } from '../../lib/adapters/dynamodb/table.ts';
import { limits, readTableName } from '../../lib/config.ts';
import { type Account, switchTo } from '../../lib/core/account.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { startContainer } from '../../local/deliver.ts';
import { createContext, toApiGatewayEvent, toSqsEvent } from '../../local/lambda.ts';
import { localRingToSecret, localWebhookToken } from '../../local/stack.ts';
import { callId, contact, email, phone } from '../builders.ts';
import { company, deliveryUrl, type Installation, startInstallation } from './installation.ts';

const theirs = String(company) as AccountId;
const soon = () => Date.now() + 10_000;

let installation: Installation;
let webhook: typeof import('../../functions/webhook.ts').handler;
let refresh: typeof import('../../functions/refresh-agents.ts').handler;
let calls = 0;
/** What Aircall delivered, and what it was answered. */
const delivered: { readonly body: string; readonly answer: unknown }[] = [];

beforeAll(async () => {
  installation = await startInstallation(async (url, body) => {
    const answer = await webhook(toApiGatewayEvent(new URL(url).pathname, body), createContext());
    const { statusCode: status = 200, body: text = '' } = answer;
    delivered.push({ body, answer: { status, ...JSON.parse(text) } });
    return { status, text };
  });
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(await installation.install()).toMatchObject({ status: 302 });
  ({ handler: refresh } = await import('../../functions/refresh-agents.ts'));
  await refresh({ accountId: theirs }, createContext(60_000));
  await createSaveContacts(tableOf(theirs))(
    [
      contact({
        phone: phone('+442079460123'),
        name: 'Zoë of Tidewater',
        assignedTo: email('nina@example.org'),
      }),
    ],
    soon(),
  );
});
afterAll(() => installation.close());
beforeEach(async () => {
  calls += 1;
  ({ handler: webhook } = await startContainer('webhook'));
  const { aircall } = installation.stack;
  aircall.transfers.length = 0;
  aircall.company(company).transfers.length = 0;
  await installation.stack.resetAgents();
  await releaseNina();
});

/** From the calls of the tests before. */
async function releaseNina(): Promise<void> {
  const { client, name } = tableOf(theirs);
  const Key = { pk: `ACCOUNT#${theirs}#AGENT#nina@example.org`, sk: 'AGENT' };
  const UpdateExpression = 'REMOVE reservedForCall, reservedUntilMs';
  await client.send(new UpdateCommand({ TableName: name, Key, UpdateExpression }));
}

function tableOf(account: AccountId): Table {
  const client = createDocumentClient(limits.background.table);
  return { client, name: readTableName(), account, now: Date.now };
}
const tidewater = () => installation.stack.aircall.company(company);
const token = () => tidewater().webhooks().at(-1)?.token ?? '';

async function deliver(event: string, given: string, data: object, timestampMs = Date.now()) {
  const timestamp = Math.floor(timestampMs / 1000);
  const body = JSON.stringify({ resource: event.split('.')[0], event, timestamp, token: given, data });
  const answer = await webhook(toApiGatewayEvent('/aircall/calls', body), createContext());
  return { status: answer.statusCode, ...JSON.parse(answer.body ?? '{}') };
}
/** The same call, at both companies. */
function newCall() {
  const id = 813_000_000 + calls;
  const { aircall } = installation.stack;
  for (const one of [aircall, tidewater()]) one.putCall({ id: String(id) });
  const startedAtSeconds = Math.floor(Date.now() / 1000);
  return { id, direction: 'inbound', started_at: startedAtSeconds, raw_digits: '+44 20 7946 0123' };
}
const findAccount = async () => {
  const found = await createFindAccount(tableOf(theirs))(theirs, soon());
  return found.ok ? found.value : undefined;
};

describe('two companies with the same caller and the same call', () => {
  it('each have it brought to their own agent, by what they know of the caller', async () => {
    const call = newCall();
    expect(await deliver('call.created', localWebhookToken, call)).toMatchObject({
      status: 200,
      outcome: 'routed',
      to: { kind: 'agent', aircallUserId: 456 },
    });
    expect(await deliver('call.created', token(), call)).toMatchObject({
      status: 200,
      outcome: 'routed',
      to: { kind: 'agent', aircallUserId: 771 },
    });
    expect(installation.stack.aircall.transfers.map(({ target }) => target)).toEqual([{ user_id: 456 }]);
    expect(tidewater().transfers.map(({ target }) => target)).toEqual([{ user_id: 771 }]);

    const names = await Promise.all(
      (['default', theirs] as AccountId[]).map(async (account) => {
        const found = await createFindContact(tableOf(account))(phone('+442079460123'), soon());
        return found.ok ? found.value?.name : undefined;
      }),
    );
    expect(names).toEqual(['Zoë Martin', 'Zoë of Tidewater']);
  });

  it('cost the same requests, once their container knows who they are', async () => {
    await deliver('call.created', token(), newCall());
    await releaseNina();
    calls += 1;
    const call = newCall();
    const { requests } = installation.stack.aircall;
    requests.length = 0;
    const send = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
    expect(await deliver('call.created', token(), call)).toMatchObject({ outcome: 'routed' });
    const sent = send.mock.calls.map(([command]) => command.constructor.name);
    send.mockRestore();
    expect(sent.toSorted()).toEqual(['QueryCommand', 'UpdateCommand', 'UpdateCommand', 'UpdateCommand']);
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /v1/calls/${call.id}/transfers`,
    ]);
  });

  it('each have its ring timer go on for themselves', async () => {
    const call = newCall();
    await deliver('call.created', token(), call);
    const { handler: ringTimeout } = await startContainer('ring-timeout');
    const timer = { version: 1, accountId: theirs, callId: String(call.id), hop: 0, dueAtMs: Date.now() };
    await ringTimeout(toSqsEvent(JSON.stringify(timer)), createContext());

    const found = await createFindCall(tableOf(theirs))(callId(String(call.id)), soon());
    expect(found).toMatchObject({ value: { settled: { hops: [{ cause: 'ring-timeout' }] } } });
    const { accountId: _, ...ofOld } = timer;
    await ringTimeout(toSqsEvent(JSON.stringify(ofOld)), createContext());
    expect(await createFindCall(tableOf('default' as AccountId))(callId(String(call.id)), soon())).toEqual({
      ok: true,
      value: undefined,
    });
  });

  it('are both refreshed, and what fails at one is done for the other', async () => {
    const context = () => createContext(60_000);
    expect(await refresh({}, context())).toMatchObject({ default: { users: 3 }, [theirs]: { users: 2 } });

    installation.stack.aircall.failNext('GET /v2/users', { kind: 'status', status: 500 });
    await expect(refresh({}, context())).rejects.toThrow(
      /^(default|90210): aircall-unavailable: GET \/v2\/users: 500 [^:]*: [^:]*$/,
    );
  });
});

describe('the credentials of a company', () => {
  const withoutKey = async (work: () => Promise<void>) => {
    const path = process.env['SEALING_KEY_FILE'];
    vi.stubEnv('SEALING_KEY_FILE', `${path}.lost`);
    ({ handler: webhook } = await startContainer('webhook'));
    const written: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(...String(chunk).split('\n'));
      return true;
    });
    await work();
    write.mockRestore();
    vi.unstubAllEnvs();
    return written.filter((line) => line.includes('"credentials-closed"')).length;
  };

  it('are opened for a call, and that is over before it is answered', async () => {
    const tried = await withoutKey(async () => {
      const caller = { raw_digits: '+1 202-555-0199' };
      expect(await deliver('call.created', token(), { ...newCall(), ...caller })).toMatchObject({
        status: 200,
      });
    });
    expect(tried).toBe(1);
  });

  it('are not opened for events that need nothing of Aircall', async () => {
    const tried = await withoutKey(async () => {
      const nina = { id: 771, name: 'Nina', email: 'nina@example.org', availability_status: 'available' };
      expect(await deliver('user.opened', token(), nina)).toMatchObject({ status: 200, outcome: 'tracked' });
    });
    expect(tried).toBe(0);
  });
});

describe('a deployment without a company of its own', () => {
  beforeEach(() => {
    vi.stubEnv('AIRCALL_API_ID', '');
    vi.stubEnv('AIRCALL_API_TOKEN', '');
  });
  afterEach(() => vi.unstubAllEnvs());

  it('works for those that installed it', async () => {
    ({ handler: webhook } = await startContainer('webhook'));
    expect(await deliver('call.created', token(), newCall())).toMatchObject({
      outcome: 'routed',
      to: { kind: 'agent', aircallUserId: 771 },
    });
    expect(await deliver('call.created', localWebhookToken, newCall())).toMatchObject({ status: 401 });
  });

  it('has no door for a call flow, whose question says nothing of a company', async () => {
    const { handler: ringTo } = await startContainer('ring-to');
    const question = { call_id: 813_000_900, caller_number: '+44 20 7946 0123' };
    const event = toApiGatewayEvent('/aircall/ring-to', JSON.stringify(question));
    const headers = { authorization: `Bearer ${localRingToSecret}` };
    expect(await ringTo({ ...event, headers }, createContext())).toMatchObject({
      statusCode: 404,
      body: '{"error":"not found"}',
    });
  });
});

describe('the webhook of a company', () => {
  it('that is gone is made again, and its token accepted at once', async () => {
    const [gone] = tidewater().webhooks();
    await refresh({ accountId: theirs }, createContext(60_000));
    await fetch(`${installation.stack.aircall.url}/v1/webhooks/${gone?.webhookId}`, {
      method: 'DELETE',
      headers: { authorization: await bearer() },
    });
    expect(tidewater().webhooks()).toEqual([]);

    expect(await refresh({ accountId: theirs }, createContext(60_000))).toMatchObject({
      [theirs]: { webhook: 'made-again', mended: 1 },
    });
    expect(tidewater().webhooks()).toMatchObject([{ url: deliveryUrl, active: true }]);
    expect(token()).not.toBe(gone?.token);
    expect(await deliver('call.created', token(), newCall())).toMatchObject({ outcome: 'routed' });
  });
});

describe('a company that is switched off', () => {
  it('has nothing done for it, and no delivery refused', async () => {
    const before = (await findAccount()) as Account;
    const off = switchTo(before, 'disabled', Date.now());
    await createSaveAccount(tableOf(theirs))(off.ok ? off.value : before, soon());

    const ignored = { status: 200, outcome: 'ignored', because: 'account-disabled' };
    const call = newCall();
    expect(await deliver('call.created', token(), call)).toMatchObject(ignored);
    expect(tidewater().transfers).toEqual([]);
    expect(await createFindCall(tableOf(theirs))(callId(String(call.id)), soon())).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await refresh({}, createContext(60_000))).not.toHaveProperty(theirs);

    const on = switchTo((await findAccount()) as Account, 'active', Date.now());
    if (on.ok) await createSaveAccount(tableOf(theirs))(on.value, soon());
  });
});

describe('a company that uninstalls the router', () => {
  it('has its credentials wiped at once, for Aircall tells us; whatever comes late is ignored; installed again, it is served at once', async () => {
    const late = token();
    delivered.length = 0;
    installation.stack.aircall.uninstall(company);
    await vi.waitFor(() => expect(delivered).toHaveLength(1));
    const [told] = delivered;
    expect(JSON.parse(told?.body ?? '')).toMatchObject({
      event: 'integration.deleted',
      token: late,
      data: { company_id: company },
    });
    expect(told?.answer).toEqual({ status: 200, outcome: 'tracked', because: 'account-uninstalled' });

    const account = await findAccount();
    expect(account).toMatchObject({ status: 'uninstalled' });
    expect(account).not.toHaveProperty('sealedCredentials');
    const ignored = { status: 200, outcome: 'ignored', because: 'account-uninstalled' };
    expect(await deliver('call.created', late, newCall())).toMatchObject(ignored);

    // The container, which knows them as gone, serves them all the same: by a token that it had not seen then.
    expect(await installation.install()).toMatchObject({ status: 302 });
    expect(await deliver('call.created', token(), newCall())).toMatchObject({
      outcome: 'routed',
      to: { kind: 'agent', aircallUserId: 771 },
    });
    // Aircall repeats what was not answered, for hours: it is about the installation before.
    const repeated = await webhook(toApiGatewayEvent('/aircall/calls', told?.body ?? ''), createContext());
    expect(JSON.parse(repeated.body ?? '')).toMatchObject({
      outcome: 'ignored',
      because: 'earlier-installation',
    });
    expect(await findAccount()).toMatchObject({ status: 'active' });
  });

  it('does not take the account of the environment with it', async () => {
    const gone = { integration_id: 1, company_id: 90_001 };
    expect(await deliver('integration.deleted', localWebhookToken, gone)).toMatchObject({
      outcome: 'ignored',
      because: 'event-not-routed',
    });
  });
});

/** What their access token is, as only the router knows. */
async function bearer(): Promise<string> {
  const { createOpenCredentials } = await import('../../lib/adapters/sealing/key-file.ts');
  const account = await findAccount();
  const opened = await createOpenCredentials(process.env['SEALING_KEY_FILE'] ?? '')(
    theirs,
    account?.sealedCredentials ?? '',
    soon(),
  );
  return opened.ok && opened.value.kind === 'oauth' ? `Bearer ${opened.value.accessToken}` : '';
}
