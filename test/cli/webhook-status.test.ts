/** How `webhook status` ends, by the state of the webhooks it finds. */

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

const status = (settings: Record<string, string> = {}) =>
  runCommand(['webhook', 'status'], {
    AIRCALL_API_URL: aircall.url,
    AIRCALL_API_ID: 'id',
    AIRCALL_API_TOKEN: 'secret',
    ...settings,
  });

async function create(events: readonly string[]) {
  await fetch(`${aircall.url}/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('id:secret').toString('base64')}` },
    body: JSON.stringify({ url, events }),
  });
  const webhook = aircall.webhooks().at(-1);
  if (webhook === undefined) throw new Error('no webhook was created');
  return webhook;
}

const advice = `→ npx call-router webhook register --url ${url}\n`;

describe('webhook status', () => {
  it('is content with a webhook in order, its token known or not to be compared', async () => {
    const { token } = await create([...routedEvents]);
    expect(await status()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await status({ AIRCALL_WEBHOOK_TOKENS: token })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('says what to do about one that is switched off', async () => {
    const { webhookId } = await create([...routedEvents]);
    aircall.deactivateWebhook(webhookId);
    expect(await status()).toMatchObject({ exitCode: 1, stderr: advice });
  });

  it('says what to do about one with other events', async () => {
    await create(['call.created', 'call.ended']);
    expect(await status()).toMatchObject({ exitCode: 1, stderr: advice });
  });

  it('says what to do about one whose token the router does not accept', async () => {
    await create([...routedEvents]);
    expect(await status({ AIRCALL_WEBHOOK_TOKENS: 'other' })).toMatchObject({ exitCode: 1, stderr: advice });
  });

  it('says so once for a URL', async () => {
    await create(['call.ended']);
    await create(['call.ended']);
    expect(await status()).toMatchObject({ exitCode: 1, stderr: advice });
  });
});
