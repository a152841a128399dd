/**
 * The register of webhooks at Aircall. An empty or missing list of events means all of them there, in a PUT too: the
 * list is always sent.
 */
import type { DeleteWebhook } from '../../account-ports.ts';
import type { AircallResult } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { ActivateWebhook, CreateWebhook, ListWebhooks, Webhook } from '../../ports.ts';
import type { AircallClock, RequestAircall } from './client.ts';
import { listPages } from './pages.ts';
import { webhookAnswer, webhook as webhookSchema, webhooksPage } from './wire.ts';

/** `GET /v1/webhooks`, all pages. */
export function createListWebhooks(
  requestAircall: RequestAircall,
  clock: AircallClock,
  timeoutMs: number,
): ListWebhooks {
  return async function listWebhooks(deadlineMs) {
    const { items, missing, failure } = await listPages(requestAircall, clock, {
      path: '/v1/webhooks',
      schema: webhooksPage,
      itemsOf: (page) => page.webhooks,
      timeoutMs,
      deadlineMs,
    });
    if (failure !== undefined) return fail(failure);

    const webhooks = items.map(toWebhook).filter((webhook) => webhook !== undefined);
    return succeed({ webhooks, unreadable: items.length - webhooks.length + missing });
  };
}

/** `POST /v1/webhooks`. */
export function createCreateWebhook(requestAircall: RequestAircall, timeoutMs: number): CreateWebhook {
  return async function createWebhook({ name, url, events }, deadlineMs) {
    const path = '/v1/webhooks';
    const json = { custom_name: name, url, events };
    const answer = await requestAircall({ method: 'POST', path, route: path, json, timeoutMs, deadlineMs });
    return answer.ok ? readAnswer(answer.value, `POST ${path}`) : answer;
  };
}

/** `PUT /v1/webhooks/:id`. */
export function createActivateWebhook(requestAircall: RequestAircall, timeoutMs: number): ActivateWebhook {
  return async function activateWebhook(webhookId, events, deadlineMs) {
    const route = '/v1/webhooks/:id';
    const answer = await requestAircall({
      method: 'PUT',
      path: `/v1/webhooks/${encodeURIComponent(webhookId)}`,
      route,
      json: { events, active: true },
      timeoutMs,
      deadlineMs,
    });
    return answer.ok ? readAnswer(answer.value, `PUT ${route}`) : answer;
  };
}

/** `DELETE /v1/webhooks/:id`. */
export function createDeleteWebhook(requestAircall: RequestAircall, timeoutMs: number): DeleteWebhook {
  return async function deleteWebhook(webhookId, deadlineMs) {
    const answer = await requestAircall({
      method: 'DELETE',
      path: `/v1/webhooks/${encodeURIComponent(webhookId)}`,
      route: '/v1/webhooks/:id',
      timeoutMs,
      deadlineMs,
    });
    return answer.ok || answer.failure.reason === 'not-found' ? succeed(undefined) : answer;
  };
}

function readAnswer(answer: unknown, request: string): AircallResult<Webhook> {
  const parsed = webhookAnswer.safeParse(answer);
  const webhook = parsed.success ? toWebhook(parsed.data.webhook) : undefined;
  return webhook === undefined
    ? fail({ reason: 'unreadable-answer', message: `${request}: not a webhook` })
    : succeed(webhook);
}

function toWebhook(wire: unknown): Webhook | undefined {
  const parsed = webhookSchema.safeParse(wire);
  if (!parsed.success) return undefined;

  const { webhook_id, custom_name, url, active, events, token } = parsed.data;
  return {
    webhookId: webhook_id,
    ...(custom_name !== undefined && { name: custom_name }),
    url,
    active,
    events,
    token,
  };
}
