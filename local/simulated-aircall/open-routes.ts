/**
 * Which requests the simulated Aircall answers without knowing whose they are, and with what: those of an OAuth
 * installation.
 *
 * Gap: a limit for them. They spend no company's.
 */
import { type Answer, html } from './answer.ts';
import type { Company } from './company.ts';
import { matchRoute } from './match-route.ts';
import type { OauthApp } from './oauth-app.ts';
import { askForConsent, takeConsent } from './oauth-authorize.ts';
import { printInstalledPage } from './oauth-pages.ts';
import { exchangeCode } from './oauth-token.ts';

export type OpenRequest = { query: URLSearchParams; bodyText: string };

/** Where consent is given: the app, and the companies that can have it. The first one has the API key. */
export type ConsentDesk = { readonly app: OauthApp; readonly companies: readonly Company[] };

const ROUTES: Record<string, (request: OpenRequest, desk: ConsentDesk) => Answer> = {
  'GET /oauth/authorize': askForConsent,
  'POST /oauth/authorize': takeConsent,
  'POST /v1/oauth/token': exchangeCode,
  'GET /oauth/success': (_request, { app }) => html(200, printInstalledPage(app.name)),
};

/** @returns undefined for a request that is none of these */
export function answerOpenRoute(
  method: string,
  url: URL,
  bodyText: string,
  desk: ConsentDesk,
): Answer | undefined {
  const [, answer] =
    Object.entries(ROUTES).find(([route]) => matchRoute(route, method, url.pathname) !== undefined) ?? [];
  return answer?.({ query: url.searchParams, bodyText }, desk);
}

export function isOpenRoute(route: string): boolean {
  return route in ROUTES;
}
