/**
 * OAuth at Aircall: a person is asked in their browser, which brings back a code; the code is exchanged for a token that
 * lasts until the company uninstalls us.
 */
import type { ExchangeCode } from '../../account-ports.ts';
import { fail, succeed } from '../../core/result.ts';
import type { RequestAircall } from './client.ts';
import { accessTokenAnswer } from './wire.ts';

export type App = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where Aircall sends the browser back to. */
  readonly redirectUrl: string;
};

/** Where a person is asked. @param dashboardUrl Aircall's, without a path */
export function authorizeUrl(
  dashboardUrl: string,
  { clientId, redirectUrl }: Omit<App, 'clientSecret'>,
  state: string,
): string {
  const url = new URL('/oauth/authorize', dashboardUrl);
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUrl,
    response_type: 'code',
    scope: 'public_api',
    state,
  }).toString();
  return url.href;
}

/** Where an installation ends. */
export function successUrl(dashboardUrl: string): string {
  return new URL('/oauth/success', dashboardUrl).href;
}

/**
 * `POST /v1/oauth/token`, sent once: after a lost answer the code may be used up.
 *
 * @param requestAircall without credentials: the code and our secret are all that proves it
 */
export function createExchangeCode(
  requestAircall: RequestAircall,
  { clientId, clientSecret, redirectUrl }: App,
  timeoutMs: number,
): ExchangeCode {
  return async function exchangeCode(code, deadlineMs) {
    const path = '/v1/oauth/token';
    const json = {
      code,
      redirect_uri: redirectUrl,
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'authorization_code',
    };
    const answer = await requestAircall({ method: 'POST', path, route: path, json, timeoutMs, deadlineMs });
    if (!answer.ok) return answer;

    const parsed = accessTokenAnswer.safeParse(answer.value);
    return parsed.success
      ? succeed(parsed.data.access_token)
      : fail({ reason: 'unreadable-answer', message: `POST ${path}: no access token` });
  };
}
