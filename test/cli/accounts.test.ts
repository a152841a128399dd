/** The accounts: listed, shown, and switched off and on. What adds, rotates and purges them has files of its own. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountKey } from '../../lib/adapters/dynamodb/keys.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { t0 } from '../builders.ts';
import { type AccountStack, startAccountStack } from './account-stack.ts';

let stack: AccountStack;
beforeEach(async () => {
  stack = await startAccountStack();
});
afterEach(() => stack.close());

const accounts = (...argv: string[]) => stack.run(['accounts', ...argv]);
const unknown = 'error: there is no account lantern; see: npx call-router accounts list\n';

async function putDamaged(accountId: string): Promise<void> {
  const { client, name } = stack.store;
  const Item = { ...accountKey(accountId as AccountId), schemaVersion: 1, accountId };
  await client.send(new PutCommand({ TableName: name, Item }));
}

describe('accounts list', () => {
  it('has the account of the environment before any webhook was registered for it', async () => {
    expect(await accounts('list')).toEqual({
      exitCode: 0,
      stdout: [
        'ACCOUNT  STATUS  COMPANY  CREDENTIALS  INSTALLED  NAME',
        'default  active  –        environment  –          the account of the environment',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('has each company with its state, by id in order', async () => {
    await stack.putAccount('90210', { companyId: '90210', sealedCredentials: 'sealed-1', webhookId: 'w1' });
    await stack.putAccount('default', { name: 'the account of the environment', tokenHashes: ['h'] });
    await stack.putAccount('gone', { name: 'Paper & Sons', status: 'uninstalled', uninstalledAtMs: t0 });
    await stack.putAccount('lantern', { name: 'Lantern & Co', status: 'disabled', sealedCredentials: 's-2' });
    expect(await accounts('list')).toEqual({
      exitCode: 0,
      stdout: [
        'ACCOUNT  STATUS       COMPANY  CREDENTIALS  INSTALLED             NAME',
        '90210    active       90210    sealed       2025-11-22 22:40:00Z  Tidewater Books',
        'default  active       –        environment  2025-11-22 22:40:00Z  the account of the environment',
        'gone     uninstalled  –        none         2025-11-22 22:40:00Z  Paper & Sons',
        'lantern  disabled     –        sealed       2025-11-22 22:40:00Z  Lantern & Co',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('prints JSON', async () => {
    await stack.putAccount('gone', {
      status: 'uninstalled',
      companyId: '90210',
      webhookId: 'w1',
      tokenHashes: ['hash-1', 'hash-2'],
      changedAtMs: t0 + 1000,
      uninstalledAtMs: t0 + 1000,
    });
    const { exitCode, stdout } = await accounts('list', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      {
        accountId: 'default',
        name: 'the account of the environment',
        status: 'active',
        credentials: 'environment',
        tokens: 0,
      },
      {
        accountId: 'gone',
        name: 'Tidewater Books',
        status: 'uninstalled',
        companyId: '90210',
        credentials: 'none',
        webhookId: 'w1',
        tokens: 2,
        installedAtMs: t0,
        changedAtMs: t0 + 1000,
        uninstalledAtMs: t0 + 1000,
      },
    ]);
    expect(stdout).not.toContain('hash-1');
  });

  const withoutOwn = { AIRCALL_API_ID: '', AIRCALL_API_TOKEN: '' };

  it('says what to do where there is none', async () => {
    expect(await stack.run(['accounts', 'list'], withoutOwn)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr:
        'there is no account yet: neither is an API key in the environment, nor has a company installed the router; see: npx call-router accounts add --help\n',
    });
    expect((await stack.run(['accounts', 'list', '--json'], withoutOwn)).stdout).toBe('[]\n');
  });

  it('has no account of the environment where that has no API key', async () => {
    await stack.putAccount('lantern');
    const { stdout } = await stack.run(['accounts', 'list', '--json'], withoutOwn);
    expect(JSON.parse(stdout)).toMatchObject([{ accountId: 'lantern' }]);
  });

  it('counts those that are damaged, and ends with 1', async () => {
    await putDamaged('lantern');
    await stack.putAccount('tidewater');
    const { exitCode, stdout, stderr } = await accounts('list');
    expect([exitCode, stderr]).toEqual([
      1,
      'error: accounts that are damaged, or newer than this program: 1\n',
    ]);
    expect(stdout).toMatch(/\ndefault .*\ntidewater .*\n$/);
    expect((await stack.run(['accounts', 'list'], withoutOwn)).stderr).not.toContain('there is no account');
  });

  it('shows a name from Aircall without control characters', async () => {
    await stack.putAccount('lantern', { name: 'Lantern\u001b[2J & Co' });
    expect((await accounts('list')).stdout).toContain('Lantern [2J & Co\n');
  });
});

describe('accounts show', () => {
  it('tells what is known of a company, and no secret', async () => {
    await stack.putAccount('90210', {
      companyId: '90210',
      sealedCredentials: 'sealed-1',
      webhookId: 'w1',
      tokenHashes: ['hash-1', 'hash-2'],
      changedAtMs: t0 + 60_000,
    });
    expect(await accounts('show', '90210')).toEqual({
      exitCode: 0,
      stdout: [
        'account      90210',
        'name         Tidewater Books',
        'status       active',
        'company      90210',
        'credentials  sealed in the table',
        'webhook      w1',
        'tokens       2 in the table',
        'installed    2025-11-22 22:40:00Z',
        'changed      2025-11-22 22:41:00Z',
        '',
      ].join('\n'),
      stderr: '',
    });
    expect(JSON.parse((await accounts('show', '90210', '--json')).stdout)).toEqual({
      accountId: '90210',
      name: 'Tidewater Books',
      status: 'active',
      companyId: '90210',
      credentials: 'sealed',
      webhookId: 'w1',
      tokens: 2,
      installedAtMs: t0,
      changedAtMs: t0 + 60_000,
    });
  });

  it('tells when a company uninstalled the router', async () => {
    await stack.putAccount('90210', { status: 'uninstalled', uninstalledAtMs: t0 + 60_000 });
    expect((await accounts('show', '90210')).stdout).toMatch(
      /\nstatus +uninstalled\n.*\ncredentials +none\n(.*\n)*uninstalled +2025-11-22 22:41:00Z\n$/,
    );
  });

  it('tells of the account of the environment before and after its webhook is registered', async () => {
    expect(await accounts('show', 'default')).toEqual({
      exitCode: 0,
      stdout: [
        'account      default',
        'name         the account of the environment',
        'status       active',
        'company      –',
        'credentials  in the environment',
        'webhook      –',
        'tokens       none in the table',
        '',
      ].join('\n'),
      stderr: '',
    });
    await stack.run(['webhook', 'register', '--url', 'https://router.example.com/aircall/calls']);
    const { stdout } = await accounts('show', 'default', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      webhookId: stack.local.aircall.webhooks()[0]?.webhookId,
      tokens: 1,
    });
  });

  it('fails for one that is not there, or that is damaged', async () => {
    expect(await accounts('show', 'lantern')).toEqual({ exitCode: 1, stdout: '', stderr: unknown });
    await putDamaged('lantern');
    expect(await accounts('show', 'lantern')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: the item in the table is damaged, .*\n$/),
    });
  });

  it('knows of no account of the environment that has no API key', async () => {
    const { exitCode, stderr } = await stack.run(['accounts', 'show', 'default'], { AIRCALL_API_ID: '' });
    expect([exitCode, stderr]).toEqual([
      1,
      'error: there is no account default; see: npx call-router accounts list\n',
    ]);
  });
});

describe('accounts disable and enable', () => {
  it('switch a company off and on again, and change nothing the second time', async () => {
    await stack.putAccount('lantern');
    const note = (text: string) => ({ exitCode: 0, stdout: '', stderr: `${text}\n` });

    expect(await accounts('disable', 'lantern')).toEqual(
      note('lantern is disabled; every container knows within a minute'),
    );
    const disabled = await stack.findAccount('lantern');
    expect(disabled).toMatchObject({ status: 'disabled', version: 2 });
    expect(await accounts('disable', 'lantern')).toEqual(note('unchanged: lantern is disabled already'));
    expect(await stack.findAccount('lantern')).toEqual(disabled);

    expect(await accounts('enable', 'lantern')).toEqual(
      note('lantern is active; every container knows within a minute'),
    );
    expect(await accounts('enable', 'lantern')).toEqual(note('unchanged: lantern is active already'));
    expect(await stack.findAccount('lantern')).toMatchObject({ status: 'active', version: 3 });
  });

  it.each(['disable', 'enable'])('%s fails for a company that has uninstalled the router', async (verb) => {
    await stack.putAccount('lantern', { status: 'uninstalled', uninstalledAtMs: t0 });
    expect(await accounts(verb, 'lantern')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: lantern has uninstalled the router: only the company can install it again\n',
    });
  });

  it.each(['disable', 'enable'])('%s fails for one that is not there', async (verb) => {
    expect(await accounts(verb, 'lantern')).toEqual({ exitCode: 1, stdout: '', stderr: unknown });
  });

  it.each(['disable', 'enable'])('%s says how the account of the environment is switched', async (verb) => {
    expect(await accounts(verb, 'default')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'error: default is the account of the environment: it is switched by "enabled" in its policy (npx call-router policy get, and: policy put)\n',
    });
  });
});
