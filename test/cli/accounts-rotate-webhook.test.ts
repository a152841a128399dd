/** A new webhook token without a gap: `accounts rotate-webhook`. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routedEvents } from '../../lib/core/choose-webhook.ts';
import { localWebhookToken } from '../../local/stack.ts';
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

const rotate = (...argv: string[]) => stack.run(['accounts', 'rotate-webhook', ...argv]);
const ours = () => stack.local.aircall.webhooks();
const theirs = () => stack.local.aircall.company(tidewaterCompany).webhooks();
const register = () => stack.run(['webhook', 'register', '--url', deliveryUrl]);
const done = (webhookId: string | undefined, url = deliveryUrl) =>
  `webhook ${webhookId} delivers to ${url}, and its token is accepted\n`;

describe('accounts rotate-webhook', () => {
  it('replaces the webhook of the environment whose token is in AIRCALL_WEBHOOK_TOKENS', async () => {
    stack.local.addWebhook(deliveryUrl);
    const { exitCode, stdout, stderr } = await rotate('default');
    const [webhook, ...others] = ours();
    expect(others).toEqual([]);
    expect([exitCode, stdout, stderr]).toEqual([0, done(webhook?.webhookId), '']);
    expect(webhook).toMatchObject({ url: deliveryUrl, events: routedEvents, active: true });
    expect(webhook?.token).not.toBe(localWebhookToken);
    expect(await stack.ownerOf(webhook?.token ?? '')).toBe('default');
  });

  it('replaces one whose token is in the table, and goes on taking what is repeated of it', async () => {
    await register();
    const [old] = ours();
    const { exitCode, stdout, stderr } = await rotate('default');
    const [webhook, ...others] = ours();
    expect(others).toEqual([]);
    expect([exitCode, stdout, stderr]).toEqual([0, done(webhook?.webhookId), '']);
    expect(webhook?.token).not.toBe(old?.token);
    expect(await stack.ownerOf(webhook?.token ?? '')).toBe('default');
    expect(await stack.ownerOf(old?.token ?? '')).toBe('default');
    expect((await stack.findAccount('default'))?.webhookId).toBe(webhook?.webhookId);
  });

  it("replaces another company's, and touches no one else's", async () => {
    await register();
    const untouched = ours();
    await stack.run(['accounts', 'add', 'tidewater', '--url', deliveryUrl], tidewaterKey);
    const [old] = theirs();
    const { exitCode, stdout, stderr } = await rotate('tidewater');
    const [webhook, ...others] = theirs();
    expect(others).toEqual([]);
    expect([exitCode, stdout, stderr]).toEqual([0, done(webhook?.webhookId), '']);
    expect(webhook?.token).not.toBe(old?.token);
    expect(await stack.ownerOf(webhook?.token ?? '')).toBe('tidewater');
    expect(ours()).toEqual(untouched);
  });

  it('takes the place of all whose tokens are accepted, wherever they deliver', async () => {
    const elsewhere = 'https://old.example.com/aircall/calls';
    stack.local.addWebhook(elsewhere);
    await register();
    const before = ours();
    const { exitCode, stdout, stderr } = await rotate('default');
    const [webhook, ...others] = ours();
    expect(others).toEqual([]);
    expect([exitCode, stdout, stderr]).toEqual([0, done(webhook?.webhookId), '']);
    expect(before.map(({ webhookId }) => webhookId)).not.toContain(webhook?.webhookId);
  });

  it('moves to another URL when told to, and the old one is deleted', async () => {
    await register();
    const [old] = ours();
    const url = 'https://new.example.com/aircall/calls';
    const { exitCode, stdout, stderr } = await rotate('default', '--url', url);
    const [webhook, ...others] = ours();
    expect(others).toEqual([]);
    expect([exitCode, stdout, stderr]).toEqual([0, done(webhook?.webhookId, url), '']);
    expect(await stack.ownerOf(old?.token ?? '')).toBe('default');
  });

  it('leaves webhooks alone whose tokens nobody accepts, where they deliver elsewhere', async () => {
    const crm = {
      url: 'https://crm.example.com/hooks',
      customName: 'crm',
      token: 'token-of-crm',
      events: [],
    };
    stack.local.aircall.addWebhook(crm);
    await register();
    expect((await rotate('default')).exitCode).toBe(0);
    expect(ours().map(({ url }) => url)).toEqual(['https://crm.example.com/hooks', deliveryUrl]);
  });

  it('says so where the webhook was there, with a token that nobody accepted, and replaces it the next time', async () => {
    stack.local.addWebhook(deliveryUrl);
    const settings = { AIRCALL_WEBHOOK_TOKENS: '' };
    const argv = ['accounts', 'rotate-webhook', 'default', '--url', deliveryUrl];
    const { exitCode, stderr } = await stack.run(argv, settings);
    expect([exitCode, stderr]).toEqual([
      0,
      'note: it was there already, with a token that was not accepted yet; if that token is the one to be replaced, run this again\n',
    ]);
    expect(ours()[0]?.token).toBe(localWebhookToken);

    expect(await stack.run(argv, settings)).toMatchObject({ exitCode: 0, stderr: '' });
    const [webhook, ...others] = ours();
    expect(others).toEqual([]);
    expect(webhook?.token).not.toBe(localWebhookToken);
  });

  it('ends with 1 where the old one could not be deleted, and deletes it the next time', async () => {
    await register();
    const [old] = ours();
    stack.local.aircall.failAlways('DELETE /v1/webhooks/:id', { kind: 'status', status: 403 });
    expect(await rotate('default')).toMatchObject({
      exitCode: 1,
      stderr: `warning: webhook ${old?.webhookId} could not be deleted: run this again\n`,
    });
    stack.local.aircall.heal();
    expect(await rotate('default')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ours()).toHaveLength(1);
  });

  it('completes what was begun where the answer was lost', async () => {
    await register();
    const [old] = ours();
    stack.local.aircall.failNext('POST /v1/webhooks', { kind: 'reset-after-work' });
    const { exitCode, stderr } = await rotate('default');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: the answer was lost .*: a webhook that was created is found then\n$/);
    expect(await stack.ownerOf(old?.token ?? '')).toBe('default');

    expect((await rotate('default')).exitCode).toBe(0);
    const [webhook, ...others] = ours();
    expect(others).toEqual([]);
    expect(webhook?.token).not.toBe(old?.token);
    expect(await stack.ownerOf(webhook?.token ?? '')).toBe('default');
  });

  it('asks where to deliver, where there is no webhook to replace', async () => {
    expect(await rotate('default')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: no webhook is registered whose token is accepted: say where the router takes deliveries, with --url https://…/aircall/calls\n',
    });
    expect(ours()).toEqual([]);
    expect((await rotate('default', '--url', deliveryUrl)).exitCode).toBe(0);
    expect(ours()).toHaveLength(1);
  });

  it('warns of a URL with another path', async () => {
    const { exitCode, stderr } = await rotate('default', '--url', 'https://router.example.com');
    expect([exitCode, stderr]).toEqual([
      0,
      'warning: the router takes deliveries at /aircall/calls, this URL has another path\n',
    ]);
  });

  it('fails for an account that is not there, one without credentials, and one that Aircall refuses', async () => {
    const failed = (error: string) => ({ exitCode: 1, stdout: '', stderr: `error: ${error}\n` });
    expect(await rotate('lantern')).toEqual(
      failed('there is no account lantern; see: npx call-router accounts list'),
    );
    await stack.putAccount('gone', { status: 'uninstalled' });
    expect(await rotate('gone')).toEqual(
      failed(
        'the credentials for Aircall could not be opened: nothing was sent (credentials of account gone: there are none)',
      ),
    );
    const sealedCredentials = await stack.seal('wrong', { kind: 'oauth', accessToken: 'not-theirs' });
    await stack.putAccount('wrong', { sealedCredentials });
    expect(await rotate('wrong')).toEqual(
      failed('Aircall did not accept our credentials (GET /v1/webhooks: 403)'),
    );
    expect(await rotate('default', '--url', 'router')).toMatchObject({ exitCode: 2 });
  });
});
