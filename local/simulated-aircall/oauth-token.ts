/**
 * `POST /v1/oauth/token`: an access token for a code, and with it the app is installed. It has no end, and those given
 * before go on.
 *
 * Gaps, and what was chosen: all refusals, in the words of the OAuth standard. 401 for the wrong client or secret, 400 for
 * the rest.
 */
import { type Answer, json } from './answer.ts';
import { install } from './integrations.ts';
import type { OauthRegistration } from './oauth-app.ts';
import type { ConsentDesk, OpenRequest } from './open-routes.ts';
import { type JsonObject, parseObject } from './parse-object.ts';

export function exchangeCode({ bodyText }: OpenRequest, { app, companies }: ConsentDesk): Answer {
  const body = parseObject(bodyText);
  if (body === undefined) return refuse(400, 'invalid_request', 'The body is not a JSON object');
  if (body['grant_type'] !== 'authorization_code')
    return refuse(400, 'unsupported_grant_type', 'grant_type is not authorization_code');
  if (!isClient(body, app.registration))
    return refuse(401, 'invalid_client', 'client_id or client_secret is wrong');

  const companyId = app.useCode(String(body['code']), String(body['redirect_uri']));
  const company = companies.find(({ id }) => id === companyId);
  if (company === undefined)
    return refuse(400, 'invalid_grant', 'code is unknown, used, too old, or of another redirect_uri');

  install(company, app.name);
  return json(200, { access_token: app.issueToken(company.id), token_type: 'Bearer' });
}

function isClient(body: JsonObject, registration: OauthRegistration | undefined): boolean {
  if (registration === undefined) return false;
  return body['client_id'] === registration.clientId && body['client_secret'] === registration.clientSecret;
}

function refuse(status: number, error: string, description: string): Answer {
  return json(status, { error, error_description: description });
}
