/**
 * Whose a request is, by its credential: the main company's with the API key, a company's that consented with an access
 * token. 401 without a credential, 403 with a wrong one.
 */
import { type Answer, edgeError } from './answer.ts';

export type Recognised =
  | { kind: 'company'; companyId: number; isOverOauth: boolean }
  | { kind: 'stranger'; answer: Answer };

export type ApiKey = { apiId: string; apiToken: string };

export function createAuthentication(
  { apiId, apiToken }: ApiKey,
  mainCompanyId: number,
  companyOfToken: (accessToken: string) => number | undefined,
) {
  const apiKey = `Basic ${Buffer.from(`${apiId}:${apiToken}`).toString('base64')}`;

  return function recognise(authorization: string | undefined): Recognised {
    if (authorization === undefined) return { kind: 'stranger', answer: edgeError(401, 'Unauthorized') };
    if (authorization === apiKey) return { kind: 'company', companyId: mainCompanyId, isOverOauth: false };

    const companyId = companyOfToken(/^Bearer (.+)$/.exec(authorization)?.[1] ?? '');
    if (companyId === undefined) return { kind: 'stranger', answer: edgeError(403, 'Forbidden') };

    return { kind: 'company', companyId, isOverOauth: true };
  };
}
