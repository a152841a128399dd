import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routedEvents } from '../../lib/core/choose-webhook.ts';
import { runCommand } from './command.ts';
import { startWebhookStack, url, type WebhookStack } from './webhook-stack.ts';

let stack: WebhookStack;
beforeEach(async () => {
  stack = await startWebhookStack();
});
afterEach(() => stack.close());

const register = (options: readonly string[] = [], settings: Record<string, string> = {}) =>
  runCommand(['webhook', 'register', '--url', url, ...options], { ...stack.environment, ...settings });

const sent = () => stack.aircall.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);

describe('webhook register', () => {
  it('creates the webhook for our events only, whose token is accepted at once and never shown', async () => {
    const { exitCode, stdout, stderr } = await register();
    const { webhookId, token, ...made } = stack.only();
    expect(made).toMatchObject({ customName: 'call-router', url, events: routedEvents, active: true });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'created',
        `url     ${url}`,
        `id      ${webhookId}`,
        'active  yes',
        `events  ${routedEvents.join(', ')} (exactly ours)`,
        'token   accepted',
        '',
      ].join('\n'),
    );
    expect(stdout).not.toContain(token);
    expect(await stack.ownerOf(token)).toBe('default');
  });

  it('says the same to a program', async () => {
    const { stdout } = await register(['--json']);
    expect(JSON.parse(stdout)).toEqual({
      did: 'created',
      webhookId: stack.only().webhookId,
      url,
      active: true,
      events: routedEvents,
      hasExactlyOurEvents: true,
      isTokenAccepted: true,
    });
  });

  it.each(['--show-token', '--new'])('has no %s', async (option) => {
    expect(await register([option])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error: unknown option '${option}'\n`,
    });
    expect(stack.aircall.webhooks()).toEqual([]);
  });

  it('keeps its webhook when it is run again', async () => {
    await register();
    const made = stack.only();
    const { exitCode, stdout, stderr } = await register();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^kept\n/);
    expect(stack.only()).toEqual(made);
    expect(await stack.ownerOf(made.token)).toBe('default');
  });

  it('switches a webhook on again and takes back what is too much, without a second one', async () => {
    const { webhookId, token } = await stack.create({ url });
    stack.aircall.deactivateWebhook(webhookId);

    const { exitCode, stdout, stderr } = await register([], { AIRCALL_WEBHOOK_TOKENS: `old, ${token}` });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^kept\n/);
    expect(stack.only()).toMatchObject({ webhookId, events: routedEvents, active: true });
    expect(await stack.ownerOf(token)).toBe('default');
  });

  it('takes up a webhook at its URL whose token nobody accepts', async () => {
    const { webhookId, token } = await stack.create({ url });
    const { exitCode, stdout, stderr } = await register();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^taken up\nurl     ${url}\nid      ${webhookId}\n`));
    expect(stdout).not.toContain(token);
    expect(stack.only()).toMatchObject({ webhookId, events: routedEvents, active: true });
    expect(await stack.ownerOf(token)).toBe('default');
  });

  it('finds its webhook on a later page', { timeout: 15_000 }, async () => {
    for (let index = 0; index < 50; index += 1) await stack.create({ url: `https://a.example.com/${index}` });
    await stack.create({ url });
    expect((await register()).stdout).toMatch(/^taken up\n/);
    expect(stack.aircall.webhooks()).toHaveLength(51);
  });

  it('leaves a webhook elsewhere alone', async () => {
    const staging = { url: 'https://staging.example.com/aircall/calls', custom_name: 'call-router' };
    const elsewhere = await stack.create(staging);
    expect((await register()).stdout).toMatch(/^created\n/);
    const [untouched, made] = stack.aircall.webhooks();
    expect(untouched).toEqual(elsewhere);
    expect(made).toMatchObject({ url, events: routedEvents });
  });

  it('deletes others at its URL, and keeps the one that is accepted', async () => {
    await register();
    const ours = stack.only();
    await stack.create({ url });
    await stack.create({ url });
    const { exitCode, stdout, stderr } = await register();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^kept\n/);
    expect(stack.only()).toEqual(ours);
  });

  it('still takes what Aircall repeats of one that it deleted', async () => {
    const first = await stack.create({ url });
    await register();
    const second = await stack.create({ url });
    await register();
    expect(stack.only().webhookId).toBe(first.webhookId);
    expect(await stack.ownerOf(second.token)).toBe('default');
  });

  it('warns of one at its URL that could not be deleted', async () => {
    await register();
    const { webhookId } = await stack.create({ url });
    stack.aircall.failAlways('DELETE /v1/webhooks/:id', { kind: 'status', status: 403 });
    expect(await register()).toMatchObject({
      exitCode: 0,
      stderr: `warning: webhook ${webhookId} delivers to this URL too, and could not be deleted: run this again\n`,
    });
  });

  it('warns of a URL with another path', async () => {
    const argv = ['webhook', 'register', '--url', 'https://router.example.com'];
    expect(await runCommand(argv, stack.environment)).toMatchObject({
      exitCode: 0,
      stderr: 'warning: the router takes deliveries at /aircall/calls, this URL has another path\n',
    });
  });

  it('never repeats a creation whose answer was lost: run again, it finds what was created', async () => {
    stack.aircall.failNext('POST /v1/webhooks', { kind: 'reset-after-work' });
    const { exitCode, stdout, stderr } = await register();
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^error: the answer was lost \(.*\); run this again: a webhook that was created is found then\n$/,
    );
    expect(sent()).toEqual(['GET /v1/webhooks', 'POST /v1/webhooks']);

    expect((await register()).stdout).toMatch(/^taken up\n/);
    expect(await stack.ownerOf(stack.only().token)).toBe('default');
  });

  it('fails in one line where Aircall does not take its credentials, or is not there', async () => {
    expect(await register([], { AIRCALL_API_TOKEN: 'wrong' })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: Aircall did not accept our credentials (GET /v1/webhooks: 403)\n',
    });
    await stack.aircall.close();
    expect(await register()).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: Aircall could not be reached: nothing was sent (GET /v1/webhooks: ECONNREFUSED)\n',
    });
  });

  it('makes nothing where it could not have the token accepted: without a table', async () => {
    expect(await register([], { TABLE_NAME: '' })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: TABLE_NAME is not set (set it, or use --local for the local stack)\n',
    });
    expect(stack.aircall.requests).toEqual([]);
  });

  it('makes nothing where the table does not answer', async () => {
    await stack.dynamodb.close();
    expect(await register()).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: the table could not be used: nothing answers at its address (ECONNREFUSED): check the network, and AWS_ENDPOINT_URL_DYNAMODB where it is set\n',
    });
    expect(stack.aircall.requests).toEqual([]);
  });
});
