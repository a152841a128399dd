/** What `webhook status` shows, and how it ends, by the state of the webhooks it finds. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routedEvents } from '../../lib/core/choose-webhook.ts';
import { runCommand } from './command.ts';
import { startWebhookStack, url, type WebhookStack } from './webhook-stack.ts';

let stack: WebhookStack;
beforeEach(async () => {
  stack = await startWebhookStack();
});
afterEach(() => stack.close());

const status = (options: readonly string[] = [], settings: Record<string, string> = {}) =>
  runCommand(['webhook', 'status', ...options], { ...stack.environment, ...settings });
const register = () => runCommand(['webhook', 'register', '--url', url], stack.environment);
const ours = { url, events: routedEvents };

const advice = `→ npx call-router webhook register --url ${url}\n`;

describe('webhook status', () => {
  it('is content with a webhook in order, its token accepted by the table or by the environment', async () => {
    const { token } = await stack.create(ours);
    expect(await status([], { AIRCALL_WEBHOOK_TOKENS: token })).toMatchObject({ exitCode: 0, stderr: '' });
    await register();
    expect(await status()).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('tells of each webhook at the URL, its token only where asked', async () => {
    await register();
    const { webhookId, token } = stack.only();
    await stack.create({ url: 'https://crm.example.com/aircall/calls' });
    const lines = [
      `url     ${url}`,
      `id      ${webhookId}`,
      'active  yes',
      `events  ${routedEvents.join(', ')} (exactly ours)`,
      'token   accepted',
      '',
    ];
    expect((await status(['--url', url])).stdout).toBe(lines.join('\n'));

    const { stdout } = await status(['--url', url, '--show-token']);
    expect(stdout).toContain(`token        accepted\ntoken value  ${token}\n`);
  });

  it('prints JSON, with the token only where asked', async () => {
    await register();
    const { webhookId, token } = stack.only();
    const report = {
      webhookId,
      url,
      active: true,
      events: routedEvents,
      hasExactlyOurEvents: true,
      isTokenAccepted: true,
    };
    expect(JSON.parse((await status(['--json'])).stdout)).toEqual([report]);
    expect(JSON.parse((await status(['--json', '--show-token'])).stdout)).toEqual([{ ...report, token }]);
  });

  it('says what to do about one that is switched off', async () => {
    await register();
    stack.aircall.deactivateWebhook(stack.only().webhookId);
    const { exitCode, stdout, stderr } = await status();
    expect([exitCode, stderr]).toEqual([1, advice]);
    expect(stdout).toContain('active  NO, switched off\n');
  });

  it('says what to do about one with other events', async () => {
    const { token } = await stack.create({ url, events: ['call.created', 'call.ended'] });
    const { exitCode, stdout, stderr } = await status([], { AIRCALL_WEBHOOK_TOKENS: token });
    expect([exitCode, stderr]).toEqual([1, advice]);
    expect(stdout).toContain('events  call.created, call.ended (NOT exactly ours)\n');
  });

  it('says what to do about one whose token the router does not accept', async () => {
    const { token } = await stack.create(ours);
    const { exitCode, stdout, stderr } = await status([], { AIRCALL_WEBHOOK_TOKENS: 'other' });
    expect([exitCode, stderr]).toEqual([1, advice]);
    expect(stdout).toContain('token   NOT accepted by the router\n');
    expect(stdout).not.toContain(token);
  });

  it('says what to do about two at one URL, each of which is in order: calls are announced twice', async () => {
    await register();
    const { token } = await stack.create(ours);
    const { exitCode, stderr } = await status([], { AIRCALL_WEBHOOK_TOKENS: token });
    expect([exitCode, stderr]).toEqual([1, advice]);
  });

  it('says so once for a URL', async () => {
    await stack.create({ url, events: ['call.ended'] });
    await stack.create({ url, events: ['call.ended'] });
    expect(await status()).toMatchObject({ exitCode: 1, stderr: advice });
  });

  it('finds nothing wrong any more once its advice was followed', async () => {
    await stack.create({ url, events: ['call.ended'] });
    await stack.create({ url, events: ['call.ended'] });
    await register();
    expect(await status()).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('fails where there is none', async () => {
    await stack.create({ url: 'https://crm.example.com/hooks' });
    expect(await status()).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: no webhook of ours is registered; see: npx call-router webhook register --help\n',
    });
  });

  it('fails where Aircall or the table is not to be had', async () => {
    expect(await status([], { AIRCALL_API_TOKEN: 'wrong' })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: Aircall did not accept our credentials (GET /v1/webhooks: 403)\n',
    });
    expect(await status([], { TABLE_NAME: '' })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: TABLE_NAME is not set (set it, or use --local for the local stack)\n',
    });
  });
});
