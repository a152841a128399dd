/** A company that gives us its API key: `accounts add`. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routedEvents } from '../../lib/core/choose-webhook.ts';
import { t0 } from '../builders.ts';
import {
  type AccountStack,
  deliveryUrl,
  startAccountStack,
  tidewaterCompany,
  tidewaterKey,
} from './account-stack.ts';

let stack: AccountStack;
beforeEach(async () => {
  stack = await startAccountStack();
});
afterEach(() => stack.close());

const add = (settings: Record<string, string> = tidewaterKey, id = 'tidewater') =>
  stack.run(['accounts', 'add', id, '--url', deliveryUrl], settings);
const webhooks = () => stack.local.aircall.company(tidewaterCompany).webhooks();

describe('accounts add', () => {
  it('seals the API key, registers the webhook, accepts its token, and says what comes next', async () => {
    expect(await add()).toEqual({
      exitCode: 0,
      stdout: 'added tidewater: Tidewater Books, active\n',
      stderr: [
        'next: npx call-router agents refresh --account tidewater',
        'next: npx call-router contacts sync --account tidewater',
        '',
      ].join('\n'),
    });
    const [webhook, ...others] = webhooks();
    expect(others).toEqual([]);
    expect(webhook).toMatchObject({ url: deliveryUrl, events: routedEvents, active: true });
    expect(await stack.ownerOf(webhook?.token ?? '')).toBe('tidewater');

    const account = await stack.findAccount('tidewater');
    expect(account).toMatchObject({
      name: 'Tidewater Books',
      status: 'active',
      webhookId: webhook?.webhookId,
      version: 1,
    });
    expect(account?.sealedCredentials).toMatch(/^[\w+/]+=*$/);
    expect(JSON.stringify(account)).not.toMatch(/tidewater-api|token-/);
  });

  it('lets every command work for the company, by what was sealed', async () => {
    await add();
    const next = ['agents', 'refresh', '--account', 'tidewater'];
    expect((await stack.run(next)).stdout).toBe(
      '2 users at Aircall: 2 written, 0 gone\n2 presences checked: 0 corrected\n',
    );
    expect((await stack.run(['webhook', 'status', '--account', 'tidewater'])).exitCode).toBe(0);
  });

  it('brings the account up to date when it is run again, with a new token', async () => {
    await add();
    const [first] = webhooks();
    const before = await stack.findAccount('tidewater');
    expect(await add()).toEqual({
      exitCode: 0,
      stdout: 'updated tidewater: Tidewater Books, active\n',
      stderr: '',
    });
    const [second, ...others] = webhooks();
    expect(others).toEqual([]);
    expect(second?.token).not.toBe(first?.token);
    expect(await stack.ownerOf(second?.token ?? '')).toBe('tidewater');
    expect(await stack.ownerOf(first?.token ?? '')).toBe('tidewater');

    const after = await stack.findAccount('tidewater');
    expect(after).toMatchObject({ version: 2, webhookId: second?.webhookId });
    expect(after?.sealedCredentials).not.toBe(before?.sealedCredentials);
  });

  it('leaves a company disabled that we have disabled, and says how it is enabled', async () => {
    await stack.putAccount('tidewater', { status: 'disabled', disabledAtMs: t0 });
    expect(await add()).toEqual({
      exitCode: 0,
      stdout: 'updated tidewater: Tidewater Books, disabled\n',
      stderr: 'next: npx call-router accounts enable tidewater\n',
    });
  });

  it('warns of an earlier webhook that could not be deleted', async () => {
    await add();
    const [first] = webhooks();
    stack.local.aircall.failAlways('DELETE /v1/webhooks/:id', { kind: 'status', status: 403 });
    expect(await add()).toMatchObject({
      exitCode: 0,
      stderr: `warning: webhook ${first?.webhookId} could not be deleted: run this again\n`,
    });
    stack.local.aircall.heal();
    await add();
    expect(webhooks()).toHaveLength(1);
  });

  it('changes nothing for a company that is served already, as the account of the environment', async () => {
    await stack.run(['webhook', 'register', '--url', deliveryUrl]);
    const before = stack.local.aircall.webhooks();
    expect(await add({})).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: the company is served already, as account default; nothing was changed\n',
    });
    expect(stack.local.aircall.webhooks()).toEqual(before);
    expect(await stack.findAccount('tidewater')).toBeUndefined();
  });

  it('changes nothing for a company that is served already, under another id', async () => {
    await add();
    const before = webhooks();
    expect(await add(tidewaterKey, 'books')).toMatchObject({
      exitCode: 1,
      stderr: 'error: the company is served already, as account tidewater; nothing was changed\n',
    });
    expect(webhooks()).toEqual(before);
    expect(await stack.findAccount('books')).toBeUndefined();
  });

  it('changes nothing while an earlier account of this name is being deleted', async () => {
    await stack.putAccount('tidewater', { status: 'uninstalled', purgingAtMs: Date.now() - 60_000 });
    const before = await stack.findAccount('tidewater');
    expect(await add()).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: what is left of an earlier account of this name is just being deleted: try again in a quarter of an hour; nothing was stored\n',
    });
    expect(await stack.findAccount('tidewater')).toEqual(before);
    expect(webhooks()).toEqual([]);
  });

  it("changes nothing where the account is another company's", async () => {
    await stack.putAccount('lantern', { name: 'Lantern & Co', webhookId: 'w1' });
    const before = await stack.findAccount('lantern');
    expect(await add(tidewaterKey, 'lantern')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: the API key is of Tidewater Books, and the account of Lantern & Co; nothing was stored\n',
    });
    expect(await stack.findAccount('lantern')).toEqual(before);
    expect(webhooks()).toEqual([]);
  });

  it('knows a company that has changed its name by its webhook', async () => {
    await stack.local.aircall.company(tidewaterCompany).addWebhook({
      url: deliveryUrl,
      customName: 'call-router',
      token: 'token-of-old',
      events: [],
    });
    const [{ webhookId } = { webhookId: '' }] = webhooks();
    await stack.putAccount('tidewater', { name: 'Tidewater Ltd', webhookId });
    expect((await add()).stdout).toBe('updated tidewater: Tidewater Books, active\n');
  });

  it.each([
    [
      'an API key that Aircall refuses',
      { ...tidewaterKey, AIRCALL_API_TOKEN: 'wrong' },
      'error: Aircall did not accept our credentials (GET /v1/company: 403); nothing was stored\n',
    ],
    [
      'no sealing key',
      { ...tidewaterKey, SEALING_KEY_FILE: '' },
      'error: the credentials could not be sealed (SEALING_KEY_ID is not set); nothing was stored\n',
    ],
    [
      'a sealing key that is not there',
      { ...tidewaterKey, SEALING_KEY_FILE: '/nowhere/key' },
      'error: the credentials could not be sealed (the key file: ENOENT); nothing was stored\n',
    ],
    [
      'no API key',
      { AIRCALL_API_ID: '' },
      'error: AIRCALL_API_ID is not set (set it, or use --local for the local stack)\n',
    ],
    [
      'no table',
      { ...tidewaterKey, TABLE_NAME: '' },
      'error: TABLE_NAME is not set (set it, or use --local for the local stack)\n',
    ],
  ])('stores nothing with %s', async (_, settings, stderr) => {
    expect(await add(settings)).toEqual({ exitCode: 1, stdout: '', stderr });
    expect(webhooks()).toEqual([]);
    expect(await stack.findAccount('tidewater')).toBeUndefined();
  });

  it('completes an installation whose webhook was made though the answer was lost', async () => {
    stack.local.aircall.failNext('POST /v1/webhooks', { kind: 'reset-after-work' });
    const { exitCode, stderr } = await add();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: the answer was lost \(.*\); run this again: a webhook that was created is found then\n$/,
    );
    expect(await stack.findAccount('tidewater')).toBeUndefined();

    expect((await add()).stdout).toBe('added tidewater: Tidewater Books, active\n');
    const [webhook, ...others] = webhooks();
    expect(others).toEqual([]);
    expect(await stack.ownerOf(webhook?.token ?? '')).toBe('tidewater');
  });

  it.each([
    [
      ['default', '--url', deliveryUrl],
      'default is the account of the environment and needs no adding: npx call-router webhook register --help',
    ],
    [
      ['90210', '--url', deliveryUrl],
      '90210: digits alone are for companies that install the app, by their id at Aircall',
    ],
    [['tidewater'], "required option '--url <url>' not specified"],
    [
      ['tidewater', '--url', 'http://router.example.com'],
      "option '--url <url>' argument 'http://router.example.com' is invalid. Not an https URL.",
    ],
    [
      ['Tidewater', '--url', deliveryUrl],
      "command-argument value 'Tidewater' is invalid for argument 'id'. Not an account id: a-z, 0-9 and -, at most 40.",
    ],
  ])('takes no such words: %s', async (argv, error) => {
    expect(await stack.run(['accounts', 'add', ...argv], tidewaterKey)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error: ${error}\n`,
    });
    expect(webhooks()).toEqual([]);
  });

  it('warns of a URL with another path', async () => {
    const argv = ['accounts', 'add', 'tidewater', '--url', 'https://router.example.com'];
    expect((await stack.run(argv, tidewaterKey)).stderr).toContain(
      'warning: the router takes deliveries at /aircall/calls, this URL has another path\n',
    );
  });
});
