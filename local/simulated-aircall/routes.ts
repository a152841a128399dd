/**
 * Which requests of a company the simulated Aircall answers, and with what. `GET /v1/users` is gone on purpose.
 */
import { type Answer, badRequest, edgeError, json, notAllowed } from './answer.ts';
import { getCall } from './calls.ts';
import type { Company } from './company.ts';
import { listContacts } from './contacts.ts';
import { showInsightCard } from './insight-cards.ts';
import { disableIntegration, enableIntegration, showIntegration } from './integrations.ts';
import { listCalls } from './list-calls.ts';
import { matchRoute } from './match-route.ts';
import { type JsonObject, parseObject } from './parse-object.ts';
import { showCompany } from './show-company.ts';
import { transferCall } from './transfers.ts';
import { getAvailability, getUser, listAvailabilities, listUsers } from './users.ts';
import { createWebhook, deleteWebhook, getWebhook, listWebhooks, updateWebhook } from './webhooks.ts';

/** `isOverOauth`: with an access token, rather than with an API key. */
export type RouteRequest = { id: string; query: URLSearchParams; body: JsonObject; isOverOauth: boolean };

const ROUTES: Record<string, (request: RouteRequest, company: Company) => Answer> = {
  'GET /v1/ping': () => json(200, { ping: 'pong' }),
  'GET /v1/company': showCompany,
  'GET /v1/integrations/me': showIntegration,
  'POST /v1/integrations/enable': enableIntegration,
  'POST /v1/integrations/disable': disableIntegration,
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

export function answerRoute(
  method: string,
  url: URL,
  bodyText: string,
  company: Company,
  isOverOauth: boolean,
): Answer {
  for (const [route, answer] of Object.entries(ROUTES)) {
    const id = matchRoute(route, method, url.pathname);
    if (id === undefined) continue;

    const body = bodyText === '' ? {} : parseObject(bodyText);
    return body === undefined
      ? badRequest('The body is not a JSON object')
      : answer({ id, query: url.searchParams, body, isOverOauth }, company);
  }

  const isServedOtherwise = Object.keys(ROUTES).some(
    (route) => matchRoute(route, route.slice(0, route.indexOf(' ')), url.pathname) !== undefined,
  );
  return isServedOtherwise ? notAllowed('This method is not supported here') : edgeError(404, 'Not Found');
}

export function isCompanyRoute(route: string): boolean {
  return route in ROUTES;
}
