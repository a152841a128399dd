/**
 * `/v1/webhooks`, with memory: the register. Who is told what is in `deliveries.ts`.
 *
 * An empty or missing `events` subscribes to everything, on a PUT too, unless `?events_action=add|remove`
 * says the list is a change. Whichever credential asks, the register is the whole company's: gap.
 * Gaps: the 101st webhook and a body that makes no sense are answered 422; event names are not checked;
 * `custom_name` is taken and, as in the documented answer, not shown.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { type Answer, json, notFound, unprocessable } from './answer.ts';
import type { Company, SimulatedWebhook } from './company.ts';
import { everyEvent } from './every-event.ts';
import { page } from './page.ts';
import type { JsonObject } from './parse-object.ts';
import type { RouteRequest } from './routes.ts';

const MAX_WEBHOOKS = 100;

export function listWebhooks({ query }: RouteRequest, company: Company): Answer {
  const webhooks = [...company.webhooks.values()].map((webhook) => printWebhook(webhook, company));
  return page('webhooks', `${company.url}/v1/webhooks`, query, webhooks);
}

export function getWebhook({ id }: RouteRequest, company: Company): Answer {
  const webhook = company.webhooks.get(id);
  if (webhook === undefined) return notFound('Webhook not found');

  return json(200, { webhook: printWebhook(webhook, company) });
}

export function createWebhook({ body, isOverOauth }: RouteRequest, company: Company): Answer {
  const errors = checkFields({ url: null, ...body });
  if (Object.keys(errors).length > 0) return unprocessable(errors);
  if (company.webhooks.size >= MAX_WEBHOOKS)
    return unprocessable({ webhooks: `are limited to ${MAX_WEBHOOKS}` });

  const webhook: SimulatedWebhook = {
    webhookId: randomUUID(),
    customName: undefined,
    url: '',
    active: true,
    token: randomBytes(16).toString('hex'),
    createdAtMs: company.nowMs(),
    ...readFields(body),
    events: eventsOr(everyEvent(isOverOauth), body),
    isMadeOverOauth: isOverOauth,
  };
  company.webhooks.set(webhook.webhookId, webhook);
  return json(201, { webhook: printWebhook(webhook, company) });
}

export function updateWebhook({ id, query, body }: RouteRequest, company: Company): Answer {
  const known = company.webhooks.get(id);
  if (known === undefined) return notFound('Webhook not found');

  const errors = checkFields(body);
  if (Object.keys(errors).length > 0) return unprocessable(errors);

  const events = changeEvents(known, query.get('events_action'), body);
  const webhook = { ...known, ...readFields(body), events };
  company.webhooks.set(id, webhook);
  return json(200, { webhook: printWebhook(webhook, company) });
}

export function deleteWebhook({ id }: RouteRequest, company: Company): Answer {
  return company.webhooks.delete(id) ? { status: 204 } : notFound('Webhook not found');
}

function changeEvents(known: SimulatedWebhook, action: string | null, body: JsonObject): string[] {
  const listed = eventsOr([], body);
  if (action === 'add') return [...new Set([...known.events, ...listed])];
  if (action === 'remove') return known.events.filter((event) => !listed.includes(event));

  return eventsOr(everyEvent(known.isMadeOverOauth ?? false), body);
}

function checkFields({ url, custom_name, active, events }: JsonObject): Record<string, string> {
  return {
    ...(url !== undefined && !isHttpUrl(url) && { url: 'is not a URL' }),
    ...(custom_name !== undefined && typeof custom_name !== 'string' && { custom_name: 'is not a string' }),
    ...(active !== undefined && typeof active !== 'boolean' && { active: 'is not a boolean' }),
    ...(events !== undefined && !isStrings(events) && { events: 'is not a list of event names' }),
  };
}

function readFields({ url, custom_name, active }: JsonObject): Partial<SimulatedWebhook> {
  return {
    ...(typeof url === 'string' && { url }),
    ...(typeof custom_name === 'string' && { customName: custom_name }),
    ...(typeof active === 'boolean' && { active }),
  };
}

function eventsOr(otherwise: readonly string[], { events }: JsonObject): string[] {
  return isStrings(events) && events.length > 0 ? [...events] : [...otherwise];
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function printWebhook(webhook: SimulatedWebhook, company: Company): unknown {
  return {
    webhook_id: webhook.webhookId,
    direct_link: `${company.url}/v1/webhooks/${webhook.webhookId}`,
    created_at: new Date(webhook.createdAtMs).toISOString(),
    url: webhook.url,
    active: webhook.active,
    events: webhook.events,
    token: webhook.token,
  };
}
