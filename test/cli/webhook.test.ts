import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routedEvents } from '../../lib/core/choose-webhook.ts';
import { type SimulatedAircall, startSimulatedAircall } from '../../local/simulated-aircall.ts';
import { runCommand } from './command.ts';

const url = 'https://router.example.com/aircall/calls';
let aircall: SimulatedAircall;
beforeEach(async () => {
  aircall = await startSimulatedAircall({ apiId: 'id', apiToken: 'secret' });
});
afterEach(() => aircall.close());

const webhook = (argv: readonly string[], settings: Record<string, string> = {}) =>
  runCommand(['webhook', ...argv], {
    AIRCALL_API_URL: aircall.url,
    AIRCALL_API_ID: 'id',
    AIRCALL_API_TOKEN: 'secret',
    ...settings,
  });

/** A webhook of someone's, made at Aircall. */
async function create(body: object): Promise<void> {
  await fetch(`${aircall.url}/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('id:secret').toString('base64')}` },
    body: JSON.stringify(body),
  });
}

function only() {
  const [first, ...others] = aircall.webhooks();
  if (first === undefined || others.length > 0) throw new Error('there should be one webhook');
  return first;
}

const sent = () => aircall.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);

describe('webhook register', () => {
  it('creates the webhook for our events only, and says where its token belongs, not what it is', async () => {
    const { exitCode, stdout, stderr } = await webhook(['register', '--url', url]);
    const { webhookId, token, ...made } = only();
    expect(made).toMatchObject({ customName: 'call-router', url, events: routedEvents, active: true });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'created',
        `url     ${url}`,
        `id      ${webhookId}`,
        'active  yes',
        `events  ${routedEvents.join(', ')} (exactly ours)`,
        'token   not compared: AIRCALL_WEBHOOK_TOKENS is not set',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain('AIRCALL_WEBHOOK_TOKENS');
    expect(stderr).toContain('/call-router/<stage>/aircall-webhook-tokens');
    expect(stderr).toContain('--show-token');
    expect(stdout + stderr).not.toContain(token);
  });

  it('shows the token where it is asked for', async () => {
    const { stdout } = await webhook(['register', '--url', url, '--show-token']);
    expect(stdout).toContain(only().token);
    const { stdout: json } = await webhook(['register', '--url', url, '--show-token', '--json']);
    expect(JSON.parse(json)).toEqual({
      did: 'activated',
      webhookId: only().webhookId,
      url,
      active: true,
      events: routedEvents,
      hasExactlyOurEvents: true,
      token: only().token,
    });
  });

  it('switches a webhook on again and takes back what is too much, without a second one', async () => {
    await create({ url });
    const { webhookId, token } = only();
    aircall.deactivateWebhook(webhookId);

    const { exitCode, stdout, stderr } = await webhook(['register', '--url', url], {
      AIRCALL_WEBHOOK_TOKENS: `old, ${token}`,
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('activated');
    expect(stdout).toContain('token   is among AIRCALL_WEBHOOK_TOKENS');
    expect(only()).toMatchObject({ webhookId, events: routedEvents, active: true });
  });

  it('finds its webhook on a later page', { timeout: 15_000 }, async () => {
    for (let index = 0; index < 50; index += 1) await create({ url: `https://a.example.com/${index}` });
    await create({ url });
    await webhook(['register', '--url', url]);
    expect(aircall.webhooks()).toHaveLength(51);
  });

  it('leaves a webhook elsewhere alone', async () => {
    await create({ url: 'https://staging.example.com/aircall/calls', custom_name: 'call-router' });
    await webhook(['register', '--url', url]);
    expect(aircall.webhooks().map(({ events }) => events.includes('number.opened'))).toEqual([true, false]);
  });

  it('warns of more webhooks at its URL, and takes the active one', async () => {
    await create({ url });
    await create({ url });
    const [first, second] = aircall.webhooks();
    aircall.deactivateWebhook(first?.webhookId ?? '');
    const { exitCode, stdout, stderr } = await webhook(['register', '--url', url]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(second?.webhookId);
    expect(stderr).toContain(
      `warning: webhook ${first?.webhookId} delivers to this URL too: remove it at Aircall`,
    );
  });

  it('makes another beside the one there is, and says that the older one is to be deleted, not yet', async () => {
    await create({ url, events: ['call.created'] });
    const old = only();
    const { exitCode, stdout, stderr } = await webhook(['register', '--url', url, '--new', '--show-token'], {
      AIRCALL_WEBHOOK_TOKENS: old.token,
    });
    const [untouched, made, ...more] = aircall.webhooks();
    expect([untouched, more]).toEqual([old, []]);
    expect(made).toMatchObject({ customName: 'call-router', url, events: [...routedEvents], active: true });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^created\n/);
    expect(stdout).toContain(`token value  ${made?.token}`);
    expect(stdout).toContain('token        is NOT among AIRCALL_WEBHOOK_TOKENS');
    expect(stderr).toContain(
      `older: webhook ${old.webhookId} goes on delivering to this URL; delete it at Aircall (dashboard) once the new token is accepted`,
    );
    expect(stderr).toContain('/call-router/<stage>/aircall-webhook-tokens');
  });

  it('takes the new one from then on, once its token is ours', async () => {
    await create({ url });
    await webhook(['register', '--url', url, '--new']);
    const [old, made] = aircall.webhooks();
    aircall.deactivateWebhook(made?.webhookId ?? '');

    const { stdout, stderr } = await webhook(['register', '--url', url], {
      AIRCALL_WEBHOOK_TOKENS: made?.token ?? '',
    });
    expect(stdout).toContain(`id      ${made?.webhookId}\nactive  yes`);
    expect(stderr).toBe(
      `warning: webhook ${old?.webhookId} delivers to this URL too: remove it at Aircall\n`,
    );
  });

  it('does not send one to make another a second time, where the answer was lost', async () => {
    aircall.failNext('POST /v1/webhooks', { kind: 'reset-after-work' });
    const { exitCode, stderr } = await webhook(['register', '--url', url, '--new']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: the answer was lost .*; before running this again, see .* status --url /);
    expect(only().url).toBe(url);
  });

  it('warns of a URL with another path', async () => {
    const { stderr } = await webhook(['register', '--url', 'https://router.example.com']);
    expect(stderr).toContain(
      'warning: the router takes deliveries at /aircall/calls, this URL has another path',
    );
  });

  it('never repeats a creation whose answer was lost: run again, it finds what was created', async () => {
    aircall.failNext('POST /v1/webhooks', { kind: 'reset-after-work' });
    const { exitCode, stdout, stderr } = await webhook(['register', '--url', url]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: the answer was lost .*; run this again: .*\n$/);
    expect(sent()).toEqual(['GET /v1/webhooks', 'POST /v1/webhooks']);

    await webhook(['register', '--url', url]);
    expect(only().url).toBe(url);
  });

  it('fails in one line where Aircall does not take its credentials, or is not there', async () => {
    const register = (settings: Record<string, string>) => webhook(['register', '--url', url], settings);
    expect(await register({ AIRCALL_API_TOKEN: 'wrong' })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: Aircall did not accept our credentials (GET /v1/webhooks: 403)\n',
    });
    await aircall.close();
    expect(await register({})).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: Aircall could not be reached: nothing was sent (GET /v1/webhooks: ECONNREFUSED)\n',
    });
  });
});

describe('webhook status', () => {
  it('tells of each webhook at the URL, its token only where asked', async () => {
    await create({ url });
    const { webhookId, token } = only();
    aircall.deactivateWebhook(webhookId);
    const { exitCode, stdout } = await webhook(['status', '--url', url], { AIRCALL_WEBHOOK_TOKENS: 'other' });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('active  NO, switched off');
    expect(stdout).toContain('(NOT exactly ours)');
    expect(stdout).toContain('token   is NOT among AIRCALL_WEBHOOK_TOKENS');
    expect(stdout).not.toContain(token);
    expect((await webhook(['status', '--show-token'])).stdout).toContain(`token value  ${token}`);
  });

  it('prints JSON', async () => {
    await create({ url, events: routedEvents });
    const { webhookId, token } = only();
    const { stdout } = await webhook(['status', '--json'], { AIRCALL_WEBHOOK_TOKENS: token });
    expect(JSON.parse(stdout)).toEqual([
      {
        webhookId,
        url,
        active: true,
        events: routedEvents,
        hasExactlyOurEvents: true,
        isTokenKnown: true,
      },
    ]);
  });

  it('fails where there is none', async () => {
    await create({ url: 'https://crm.example.com/hooks' });
    expect(await webhook(['status'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: no webhook of ours is registered; see: npx call-router webhook register --help\n',
    });
  });
});
