/** Which webhook is made or switched on at Aircall, and which others are told of. */
import { expect, it } from 'vitest';
import { routedEvents } from '../../lib/core/choose-webhook.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { Webhook } from '../../lib/ports.ts';
import { createRegisterWebhook } from '../../lib/use-cases/register-webhook.ts';

const url = new URL('https://router.example.com/aircall/calls');
const deadlineMs = 1_763_851_210_000;

/** Aircall's register, with what was asked of it. */
function registerOf(...webhooks: Webhook[]) {
  const asked: unknown[] = [];
  const registerWebhook = createRegisterWebhook(
    {
      listWebhooks: async () => succeed({ webhooks, unreadable: 0 }),
      createWebhook: async (webhook, deadline) => {
        asked.push({ create: webhook, deadline });
        return succeed({ ...webhook, webhookId: 'made', active: true, token: 'token-of-made' });
      },
      activateWebhook: async (webhookId, events, deadline) => {
        asked.push({ activate: webhookId, events, deadline });
        return succeed({ ...webhookAt(webhookId), events });
      },
    },
    { name: 'call-router', tokens: [] },
  );
  return { asked, registerWebhook };
}

function webhookAt(webhookId: string, at: string = url.href): Webhook {
  return { webhookId, url: at, active: true, events: [...routedEvents], token: `token-of-${webhookId}` };
}

it('creates the webhook where there is none, and switches on the one there is', async () => {
  const none = registerOf(webhookAt('elsewhere', 'https://crm.example.com/hooks'));
  expect(await none.registerWebhook(url, 'one', deadlineMs)).toMatchObject({
    value: { did: 'created', webhook: { webhookId: 'made' }, others: [] },
  });

  const one = registerOf(webhookAt('old'));
  expect(await one.registerWebhook(url, 'one', deadlineMs)).toMatchObject({
    value: { did: 'activated', webhook: { webhookId: 'old' }, others: [] },
  });
  expect(one.asked).toEqual([{ activate: 'old', events: [...routedEvents], deadline: deadlineMs }]);
});

it('creates another although there are some, for our events by name, and touches none of the older ones', async () => {
  const { asked, registerWebhook } = registerOf(
    webhookAt('old'),
    webhookAt('elsewhere', 'https://crm.example.com/hooks'),
    webhookAt('older'),
  );
  expect(await registerWebhook(url, 'another', deadlineMs)).toMatchObject({
    ok: true,
    value: {
      did: 'created',
      webhook: { webhookId: 'made', token: 'token-of-made' },
      others: [{ webhookId: 'old' }, { webhookId: 'older' }],
    },
  });
  expect(asked).toEqual([
    {
      create: { name: 'call-router', url: url.href, events: [...routedEvents] },
      deadline: deadlineMs,
    },
  ]);
});

it('creates nothing while it cannot see what is there', async () => {
  const never = () => Promise.reject(new Error('not to be asked'));
  const registerWebhook = createRegisterWebhook(
    {
      listWebhooks: async () => fail({ reason: 'unavailable', message: 'GET /v1/webhooks: ECONNREFUSED' }),
      createWebhook: never,
      activateWebhook: never,
    },
    { name: 'call-router', tokens: [] },
  );
  expect(await registerWebhook(url, 'another', deadlineMs)).toEqual({
    ok: false,
    failure: { reason: 'unavailable', message: 'GET /v1/webhooks: ECONNREFUSED', while: 'listing' },
  });
});
