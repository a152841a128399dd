/**
 * `/oauth/authorize`: a person is asked whether the app may have their company, and sent back with a code or with a no. At
 * Aircall it is a page of the dashboard.
 *
 * Gaps, and what was chosen: here there is no login, and the person chooses the company. A request that does not fit is
 * answered with a page, never by going where it wants to be sent.
 */
import { type Answer, html, redirect } from './answer.ts';
import type { OauthApp } from './oauth-app.ts';
import { printConsentPage, printRefusalPage } from './oauth-pages.ts';
import type { ConsentDesk, OpenRequest } from './open-routes.ts';

/** What the app asks with; `state` is absent where it sent none. */
export type ConsentRequest = { readonly redirectUri: string; readonly state: string | undefined };

export function askForConsent({ query }: OpenRequest, { app, companies }: ConsentDesk): Answer {
  const asked = readRequest(query, app);
  if (typeof asked === 'string') return refuse(asked);

  const [main, ...others] = companies;
  const preselectedId = (others[0] ?? main)?.id;
  return html(200, printConsentPage({ appName: app.name, companies, preselectedId, parameters: query }));
}

export function takeConsent({ bodyText }: OpenRequest, { app, companies }: ConsentDesk): Answer {
  const form = new URLSearchParams(bodyText);
  const asked = readRequest(form, app);
  if (typeof asked === 'string') return refuse(asked);

  const decision = form.get('decision');
  if (decision === 'decline') return sendBack(asked, { error: 'access_denied' });
  if (decision !== 'authorize') return refuse('It was neither authorized nor declined.');

  const company = companies.find(({ id }) => String(id) === form.get('company_id'));
  if (company === undefined) return refuse('There is no such company.');

  return sendBack(asked, { code: app.issueCode(company.id, asked.redirectUri) });
}

/** What is asked, or what is wrong with it. */
function readRequest(parameters: URLSearchParams, { registration }: OauthApp): ConsentRequest | string {
  const redirectUri = parameters.get('redirect_uri') ?? '';
  if (registration === undefined || parameters.get('client_id') !== registration.clientId)
    return 'client_id is not that of a registered app.';
  if (!isRegistered(redirectUri, registration.redirectUri))
    return 'redirect_uri is not that of the registered app.';
  if (parameters.get('response_type') !== 'code') return 'response_type is not code.';
  if (parameters.get('scope') !== 'public_api') return 'scope is not public_api.';

  return { redirectUri, state: parameters.get('state') ?? undefined };
}

function isRegistered(redirectUri: string, registered: string | undefined): boolean {
  if (registered !== undefined) return redirectUri === registered;
  return /^https?:$/.test(URL.parse(redirectUri)?.protocol ?? '');
}

function sendBack({ redirectUri, state }: ConsentRequest, answer: Record<string, string>): Answer {
  const location = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) location.searchParams.append(name, value);
  if (state !== undefined) location.searchParams.append('state', state);
  return redirect(location.href);
}

function refuse(because: string): Answer {
  return html(400, printRefusalPage(because));
}
