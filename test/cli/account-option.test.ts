/** `--account`: every command works on the company that it names, and on nothing of another one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClaimCall, createSettleCall } from '../../lib/adapters/dynamodb/call-records.ts';
import { composeOperator } from '../../lib/compose-operator.ts';
import { eventsFor } from '../../lib/core/choose-webhook.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { callId, owner, routedRecord } from '../builders.ts';
import { startFaultyProxy } from '../fakes/faulty-proxy.ts';
import { type AccountStack, deliveryUrl, startAccountStack, tidewaterCompany } from './account-stack.ts';
import { listCommands } from './list-commands.ts';
import { tableOf } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'call-router-account-option-'));
const contactsFile = join(folder, 'contacts.csv');
const policyFile = join(folder, 'policy.json');
writeFileSync(contactsFile, 'phone,name\n+33199000042,Theo Brand\n');
writeFileSync(policyFile, '{ "rules": [{ "name": "books", "targets": [{ "team": 7 }] }] }');
afterAll(() => rmSync(folder, { recursive: true }));

let stack: AccountStack;
beforeEach(async () => {
  stack = await startAccountStack();
});
afterEach(() => stack.close());

const run = (...argv: string[]) => stack.run(argv);
const json = async (...argv: string[]) => JSON.parse((await run(...argv, '--json')).stdout);
const theirs = ['--account', '90210'];

/** The second company as one that has installed the router over OAuth. */
async function installTidewater(): Promise<void> {
  const redirectUri = 'http://localhost:3000/callback';
  const response = await fetch(`${stack.local.aircall.url}/v1/oauth/token`, {
    method: 'POST',
    body: JSON.stringify({
      code: stack.local.aircall.authorize(tidewaterCompany, redirectUri),
      redirect_uri: redirectUri,
      client_id: 'local-client-id',
      client_secret: 'local-client-secret',
      grant_type: 'authorization_code',
    }),
  });
  const { access_token: accessToken } = (await response.json()) as { access_token: string };
  const sealedCredentials = await stack.seal('90210', { kind: 'oauth', accessToken });
  await stack.putAccount('90210', { companyId: '90210', letInBy: 'oauth', sealedCredentials });
}

async function scan(): Promise<unknown> {
  const { client, name } = stack.store;
  return (await client.send(new ScanCommand({ TableName: name }))).Items;
}

/** A call of this account's, decided just now. */
async function decide(accountId: string, id: string): Promise<void> {
  const table = tableOf(stack.store, accountId);
  const us = owner('request-1');
  const soon = Date.now() + 10_000;
  await createClaimCall(table, { claimLapsesAfterMs: 10_000, keptForDays: 90 })(
    callId(id),
    'webhook',
    us,
    soon,
  );
  await createSettleCall(table)(routedRecord({ callId: callId(id) }), us, soon);
}

const takingPart: readonly (readonly [command: string, ...argv: string[]])[] = [
  ['contacts import', contactsFile],
  ['contacts export'],
  ['contacts sync'],
  ['contacts get', '+442079460123'],
  ['contacts assign', '+442079460123', 'jan@example.com'],
  ['contacts delete', '+442079460123'],
  ['agents refresh'],
  ['agents list'],
  ['last-agent backfill'],
  ['webhook register', '--url', deliveryUrl],
  ['webhook status'],
  ['calls list'],
  ['policy put', policyFile, '--yes'],
  ['policy get'],
  ['policy history'],
  ['policy rollback', '0', '--yes'],
  ['simulate', '--from', '+442079460123'],
  ['explain', '812000001'],
  ['doctor'],
];

describe('with an account that is not there', () => {
  it.each(takingPart)('%s fails, and writes nothing', async (command, ...argv) => {
    const before = await scan();
    expect(await run(...command.split(' '), ...argv, '--account', 'lantern')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: there is no account lantern; see: npx call-router accounts list\n',
    });
    expect(await scan()).toEqual(before);
    expect(stack.local.aircall.requests).toEqual([]);
  });

  it('every command is among these, but those that name the account themselves, or need none', async () => {
    const others = (await listCommands()).filter((command) => !command.startsWith('accounts '));
    expect(others.sort()).toEqual([...takingPart.map(([command]) => command), 'policy check'].sort());
  });
});

describe('the option', () => {
  it.each([
    [['--account', '90210', 'policy', 'history']],
    [['policy', '--account', '90210', 'history']],
    [['policy', 'history', '--account', '90210']],
    [['policy', 'history', '--account=90210']],
  ])('may stand before and after the name of a command: %j', async (argv) => {
    await stack.putAccount('90210');
    await run('policy', 'put', policyFile, '--yes', ...theirs);
    expect((await run(...argv)).stdout).toMatch(/\n1 .* on {6}books\n$/);
    expect((await run('policy', 'history')).stdout).toBe('');
  });

  it.each([[['--account', 'Lantern', 'agents', 'list']], [['agents', 'list', '--account', 'Lantern']]])(
    'takes nothing but an account id: %j',
    async (argv) => {
      expect(await run(...argv)).toEqual({
        exitCode: 2,
        stdout: '',
        stderr:
          "error: option '--account <id>' argument 'Lantern' is invalid. Not an account id: a-z, 0-9 and -, at most 40.\n",
      });
    },
  );

  it.each([
    ['a-b-1', 1],
    ['9'.repeat(40), 1],
    ['9'.repeat(41), 2],
    ['', 2],
    ['a#b', 2],
    ['a b', 2],
    ['_a', 2],
  ])('takes %j: ends with %i', async (accountId, exitCode) => {
    expect((await run('agents', 'list', '--account', accountId)).exitCode).toBe(exitCode);
  });

  it('is the account of the environment where it says default', async () => {
    expect(await run('contacts', 'export', '--account', 'default')).toEqual(await run('contacts', 'export'));
  });

  it('is not for the commands that name the account themselves', async () => {
    await stack.putAccount('90210');
    expect(await run('accounts', 'disable', '90210', '--account', 'lantern')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error: leave out --account: the commands of accounts name the account themselves\n',
    });
    expect((await run('accounts', 'list', ...theirs)).exitCode).toBe(2);
    expect(await stack.findAccount('90210')).toMatchObject({ status: 'active' });
  });

  it('fails in one line where the table cannot tell whether the account is there', async () => {
    const ended = await stack.run(['agents', 'list', ...theirs], { TABLE_NAME: 'elsewhere' });
    expect(ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^error: the table could not be used: it does not exist .*\n$/),
    });
  });
});

describe('with an account that is there', () => {
  beforeEach(() => installTidewater());

  it('contacts are those of the company', async () => {
    expect((await run('contacts', 'import', contactsFile, ...theirs)).stdout).toBe(
      '1 row: 1 written, 0 unchanged\n',
    );
    await run('contacts', 'assign', '+442079460123', 'nina@example.org', ...theirs);
    expect((await run('contacts', 'export', ...theirs)).stdout).toBe(
      [
        'phone,name,company,agent_email,backup_emails',
        '+33199000042,Theo Brand,,,',
        '+442079460123,,,nina@example.org,',
        '',
      ].join('\n'),
    );
    expect(await json('contacts', 'get', '+442079460123')).toMatchObject({
      name: 'Zoë Martin',
      assignedTo: 'jane@example.com',
    });
    expect((await run('contacts', 'get', '+33199000042')).exitCode).toBe(1);

    await run('contacts', 'delete', '+442079460123', ...theirs);
    expect((await run('contacts', 'get', '+442079460123')).exitCode).toBe(0);
  });

  it('agents, presences and contacts at Aircall are those of the company, by its access token', async () => {
    expect((await run('agents', 'refresh', ...theirs)).stdout).toBe(
      '2 users at Aircall: 2 written, 0 gone\n2 presences checked: 0 corrected\n',
    );
    expect(await json('agents', 'list', ...theirs)).toMatchObject([
      { email: 'nina@example.org', aircallUserId: 771 },
      { email: 'omar@example.org', aircallUserId: 772 },
    ]);
    expect(await json('agents', 'list')).toEqual([]);

    expect((await run('contacts', 'sync', '--assign', ...theirs)).stdout).toBe(
      '2 contacts at Aircall: 2 updated, 0 unchanged, 2 assigned\n',
    );
    expect(await json('contacts', 'get', '+442079460123', ...theirs)).toMatchObject({
      assignedTo: 'nina@example.org',
    });
    expect(await json('contacts', 'get', '+442079460123')).toMatchObject({ assignedTo: 'jane@example.com' });
  });

  it('conversations are those of the company', async () => {
    const startedAtSeconds = Math.floor(Date.now() / 1000) - 86_400;
    stack.local.aircall.company(tidewaterCompany).putCall({
      id: '812000001',
      status: 'done',
      rawDigits: '+1 202 555 0133',
      userId: 771,
      startedAtSeconds,
      answeredAtSeconds: startedAtSeconds + 5,
      endedAtSeconds: startedAtSeconds + 95,
    });
    await run('agents', 'refresh', ...theirs);
    expect((await run('last-agent', 'backfill', ...theirs)).stdout).toBe('1 call: 1 remembered\n');
    expect((await run('last-agent', 'backfill')).stdout).toBe('0 calls\n');
  });

  it('a policy is that of the company, and what a call would come to', async () => {
    await run('policy', 'put', policyFile, '--yes', ...theirs);
    expect((await run('simulate', '--from', '+442079460123', ...theirs)).stdout).toContain(
      'would be routed to team 7',
    );
    expect((await run('simulate', '--from', '+442079460123')).stdout).not.toContain('team 7');
    expect((await run('policy', 'get', '--version', '1')).exitCode).toBe(1);
    expect((await run('policy', 'rollback', '0', '--yes', ...theirs)).stderr).toBe(
      'version 2 is stored, and in force for every call within 30 s\n',
    );
    expect(await json('policy', 'history')).toEqual([]);
  });

  it('calls are those of the company', async () => {
    await decide('90210', '812000001');
    await decide('default', '812000002');
    expect(await json('calls', 'list', ...theirs)).toMatchObject([{ callId: '812000001' }]);
    expect(await json('calls', 'list')).toMatchObject([{ callId: '812000002' }]);
    expect((await run('explain', '812000001', ...theirs)).exitCode).toBe(0);
    expect(await run('explain', '812000002', ...theirs)).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('the webhook is that of the company', async () => {
    const { webhookId } = await json('webhook', 'register', '--url', deliveryUrl, ...theirs);
    const [webhook] = stack.local.aircall.company(tidewaterCompany).webhooks();
    expect(webhookId).toBe(webhook?.webhookId);
    expect(stack.local.aircall.webhooks()).toEqual([]);
    expect(await stack.ownerOf(webhook?.token ?? '')).toBe('90210');
    expect(await stack.findAccount('90210')).toMatchObject({ webhookId, name: 'Tidewater Books' });
    expect((await run('webhook', 'status', ...theirs)).exitCode).toBe(0);
    expect((await run('webhook', 'status')).exitCode).toBe(1);
  });

  it('its webhook tells of the uninstallation, too, for it was made over OAuth', async () => {
    const registered = await json('webhook', 'register', '--url', deliveryUrl, ...theirs);
    expect(registered).toMatchObject({ events: eventsFor('oauth'), hasExactlyOurEvents: true });
    const listed = await json('webhook', 'status', ...theirs);
    expect(listed).toMatchObject([{ events: eventsFor('oauth'), hasExactlyOurEvents: true }]);
  });

  it('the doctor examines the company, and advises for it', async () => {
    expect((await run('doctor', '--url', deliveryUrl, ...theirs)).stdout).toBe(
      [
        'account      ok     active',
        'credentials  ok     Aircall takes them',
        "clock        ok     within 10 s of Aircall's",
        `webhook      FAULT  none is registered for ${deliveryUrl}`,
        `                    → npx call-router webhook register --url ${deliveryUrl} --account 90210`,
        'missed       ok     no refresh has seen our webhook yet; calls recorded in the last day that nobody announced: 0',
        'table        ok     there, with its indexes',
        'agents       FAULT  2 of 2 users at Aircall are not known here as they are, 0 known here are gone',
        '                    → npx call-router agents refresh --account 90210; the scheduled refresh does so every 5 minutes: see that it runs',
        '',
      ].join('\n'),
    );
    await run('webhook', 'register', '--url', deliveryUrl, ...theirs);
    await run('agents', 'refresh', ...theirs);
    expect(await run('doctor', ...theirs)).toMatchObject({ exitCode: 0, stderr: '' });

    await run('accounts', 'disable', '90210');
    const { exitCode, stdout } = await run('doctor', ...theirs);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^account +FAULT +disabled: nothing is done for it\n +→ npx call-router accounts enable 90210\n/,
    );
  });

  it('every hint is for the company', async () => {
    const hints = [
      await run('agents', 'list', ...theirs),
      await run('contacts', 'assign', '+442079460123', 'nobody@example.com', ...theirs),
      await run('policy', 'get', '--version', '9', ...theirs),
    ].flatMap(({ stderr }) => stderr.match(/npx call-router .*/) ?? []);
    expect(hints).toEqual([
      'npx call-router agents refresh --account 90210',
      'npx call-router agents list --account 90210, and: agents refresh',
      'npx call-router policy history --account 90210',
    ]);
    await run('webhook', 'register', '--url', deliveryUrl, ...theirs);
    const { webhookId } = (await stack.findAccount('90210')) ?? {};
    stack.local.aircall.company(tidewaterCompany).deactivateWebhook(webhookId ?? '');
    expect((await run('webhook', 'status', ...theirs)).stderr).toBe(
      `→ npx call-router webhook register --url ${deliveryUrl} --account 90210\n`,
    );
  });
});

describe('without its credentials', () => {
  const closed = 'error: the credentials for Aircall could not be opened: nothing was sent';

  it('a company that uninstalled the router is not asked for anything at Aircall', async () => {
    await stack.putAccount('90210', { status: 'uninstalled' });
    for (const command of ['contacts sync', 'webhook status']) {
      const { exitCode, stdout, stderr } = await run(...command.split(' '), ...theirs);
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain(`${closed} (credentials of account 90210: there are none)`);
    }
    expect(stack.local.aircall.requests).toEqual([]);
    expect((await run('contacts', 'export', ...theirs)).exitCode).toBe(0);
  });

  it.each([
    ['with an API key in the environment', {}],
    ['without one', { AIRCALL_API_ID: '', AIRCALL_API_TOKEN: '' }],
  ])('without the sealing key, it says which setting is missing: %s', async (_, settings) => {
    await installTidewater();
    for (const command of ['agents refresh', 'webhook status']) {
      const argv = [...command.split(' '), ...theirs];
      expect(await stack.run(argv, { ...settings, SEALING_KEY_FILE: '' })).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: 'error: SEALING_KEY_ID is not set (set it, or use --local for the local stack)\n',
      });
    }
  });

  it('needs no API key in the environment', async () => {
    await installTidewater();
    const withoutOwn = { AIRCALL_API_ID: '', AIRCALL_API_TOKEN: '' };
    expect((await stack.run(['agents', 'refresh', ...theirs], withoutOwn)).exitCode).toBe(0);
    const register = ['webhook', 'register', '--url', deliveryUrl, ...theirs];
    expect((await stack.run(register, withoutOwn)).exitCode).toBe(0);
    expect((await stack.run(['doctor', ...theirs], withoutOwn)).exitCode).toBe(0);
  });

  const operatorAt = (endpoint: string) =>
    composeOperator({
      environment: stack.local.environment,
      dynamodb: {
        endpoint,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      },
      accountId: '90210' as AccountId,
    });

  it('a table that fails is not taken for a company without credentials', async () => {
    const operator = operatorAt('http://127.0.0.1:1');
    expect(await operator.webhooks().listWebhooks(operator.deadlineMs())).toEqual({
      ok: false,
      failure: { reason: 'no-credentials', message: 'account 90210 could not be read: ECONNREFUSED' },
    });
  });

  it('a table that fails is not taken for one that does not accept a token', async () => {
    const operator = operatorAt('http://127.0.0.1:1');
    const webhook = { webhookId: '1', url: deliveryUrl, active: true, events: [], token: 'of-theirs' };
    expect(await operator.webhooks().findTraits([webhook], operator.deadlineMs())).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'ECONNREFUSED' },
    });
  });

  it('nor is one that fails while it is asked whose the token is', async () => {
    const table = await startFaultyProxy(stack.local.dynamodb.url);
    Object.assign(table, { mode: 'garbage', only: /WEBHOOK#/ });
    const operator = operatorAt(table.url);
    const webhook = { webhookId: '1', url: deliveryUrl, active: true, events: [], token: 'of-theirs' };
    expect(await operator.webhooks().findTraits([webhook], operator.deadlineMs())).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'ANSWER_UNREADABLE' },
    });
    await table.close();
  });

  it('a company that was forgotten meanwhile has no credentials', async () => {
    const operator = operatorAt(stack.local.dynamodb.url);
    expect(await operator.webhooks().listWebhooks(operator.deadlineMs())).toEqual({
      ok: false,
      failure: { reason: 'no-credentials', message: 'credentials of account 90210: there are none' },
    });
  });

  it('what was sealed for another account stays closed', async () => {
    const sealedCredentials = await stack.seal('lantern', { kind: 'oauth', accessToken: 'theirs' });
    await stack.putAccount('90210', { sealedCredentials });
    const { exitCode, stderr } = await run('webhook', 'status', ...theirs);
    expect([exitCode, stderr]).toEqual([
      1,
      `${closed} (credentials of account 90210: sealed with another key, for another account, or damaged)\n`,
    ]);
  });
});
