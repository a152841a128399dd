/** The webhooks of one company at Aircall: each is made with a token of its own, and tells it whenever it is listed. */
import type { DeleteWebhook } from '../../lib/account-ports.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { ActivateWebhook, CreateWebhook, ListWebhooks, Webhook } from '../../lib/ports.ts';

export type WebhookRegister = {
  readonly listWebhooks: ListWebhooks;
  readonly createWebhook: CreateWebhook;
  readonly activateWebhook: ActivateWebhook;
  readonly deleteWebhook: DeleteWebhook;
  readonly all: () => readonly Webhook[];
  readonly at: (url: string) => readonly Webhook[];
};

export function createWebhookRegister(...registered: readonly Webhook[]): WebhookRegister {
  let webhooks = registered;
  let made = 0;

  return {
    listWebhooks: async () => succeed({ webhooks, unreadable: 0 }),
    createWebhook: async (wanted) => {
      made += 1;
      const webhook = { ...wanted, webhookId: `made-${made}`, active: true, token: `token-of-made-${made}` };
      webhooks = [...webhooks, webhook];
      return succeed(webhook);
    },
    activateWebhook: async (webhookId, events) => {
      const before = webhooks.find((webhook) => webhook.webhookId === webhookId);
      if (before === undefined) return fail({ reason: 'not-found', message: 'PUT /v1/webhooks/:id: 404' });

      const webhook = { ...before, events, active: true };
      webhooks = webhooks.map((one) => (one === before ? webhook : one));
      return succeed(webhook);
    },
    deleteWebhook: async (webhookId) => {
      webhooks = webhooks.filter((webhook) => webhook.webhookId !== webhookId);
      return succeed(undefined);
    },
    all: () => webhooks,
    at: (url) => webhooks.filter((webhook) => webhook.url === url),
  };
}
