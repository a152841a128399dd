/**
 * Which requests the simulated Aircall answers, and with what. `GET /v1/users` is gone on purpose.
 */
import { type Answer, badRequest, edgeError, json, notAllowed } from './answer.ts';
import { getCall } from './calls.ts';
import type { Company } from './company.ts';
import { listContacts } from './contacts.ts';
import { showInsightCard } from './insight-cards.ts';
import { listCalls } from './list-calls.ts';
import { transferCall } from './transfers.ts';
import { getAvailability, getUser, listAvailabilities, listUsers } from './users.ts';
import { createWebhook, deleteWebhook, getWebhook, listWebhooks, updateWebhook } from './webhooks.ts';

export type JsonObject = Record<string, unknown>;
export type RouteRequest = { id: string; query: URLSearchParams; body: JsonObject };

const ROUTES: Record<string, (request: RouteRequest, company: Company) => Answer> = {
  'GET /v1/ping': () => json(200, { ping: 'pong' }),
  'GET /v2/users': listUsers,
  'GET /v2/users/:id': getUser,
  'GET /v1/users/availabilities': listAvailabilities,
  'GET /v1/users/:id/availability': getAvailability,
  'GET /v1/calls': listCalls,
  'GET /v1/contacts': listContacts,
  'GET /v1/calls/:id': getCall,
  'POST /v1/calls/:id/transfers': transferCall,
  'POST /v1/calls/:id/insight_cards': showInsightCard,
  'GET /v1/webhooks': listWebhooks,
  'POST /v1/webhooks': createWebhook,
  'GET /v1/webhooks/:id': getWebhook,
  'PUT /v1/webhooks/:id': updateWebhook,
  'DELETE /v1/webhooks/:id': deleteWebhook,
};

export function answerRoute(method: string, url: URL, bodyText: string, company: Company): Answer {
  for (const [route, answer] of Object.entries(ROUTES)) {
    const id = matchRoute(route, method, url.pathname);
    if (id === undefined) continue;

    const body = bodyText === '' ? {} : parseObject(bodyText);
    return body === undefined
      ? badRequest('The body is not a JSON object')
      : answer({ id, query: url.searchParams, body }, company);
  }

  const isServedOtherwise = Object.keys(ROUTES).some(
    (route) => matchRoute(route, route.slice(0, route.indexOf(' ')), url.pathname) !== undefined,
  );
  return isServedOtherwise ? notAllowed('This method is not supported here') : edgeError(404, 'Not Found');
}

/** The value of `:id`, '' for a route without one, or undefined where the route does not match. */
export function matchRoute(route: string, method: string, path: string): string | undefined {
  const wanted = route.split('/');
  const got = `${method} ${path}`.split('/');
  const isMatch =
    wanted.length === got.length &&
    wanted.every((part, index) => (part === ':id' ? got[index] !== '' : got[index] === part));

  return isMatch ? (got[wanted.indexOf(':id')] ?? '') : undefined;
}

export function isRoute(route: string): boolean {
  return route in ROUTES;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
