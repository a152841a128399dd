/** A client of the simulated Aircall: requests as they are, and the installation of an app. */
import type { SimulatedAircall } from '../../../local/simulated-aircall.ts';

export const app = {
  clientId: 'client-of-ours',
  clientSecret: 'secret-of-ours',
  redirectUri: 'https://router.example.com/aircall/oauth/callback?from=aircall',
};

/** The main company's API key `id:secret`. */
export const basic = 'Basic aWQ6c2VjcmV0';

type Sent = { readonly authorization?: string; readonly body?: unknown };

export async function send(url: string, method: string, path: string, { authorization, body }: Sent) {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? '' : JSON.parse(text) };
}

/** @returns the answer to the exchange of a code */
export function exchange(aircall: SimulatedAircall, code: string, change: Record<string, unknown> = {}) {
  const body = {
    code,
    redirect_uri: app.redirectUri,
    client_id: app.clientId,
    client_secret: app.clientSecret,
    grant_type: 'authorization_code',
    ...change,
  };
  return send(aircall.url, 'POST', '/v1/oauth/token', { body });
}

/** @returns the credential that a company's consent gives */
export async function installApp(aircall: SimulatedAircall, companyId: number): Promise<string> {
  const { body } = await exchange(aircall, aircall.authorize(companyId));
  return `${body.token_type} ${body.access_token}`;
}
