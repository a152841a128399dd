/**
 * Whose a request is, by its credential: a company's with its API key, one's that consented with an access token. 401 without a credential, 403 with a wrong one.
 */
import { type Answer, edgeError } from './answer.ts';

export type Recognised =
  | { kind: 'company'; companyId: number; isOverOauth: boolean }
  | { kind: 'stranger'; answer: Answer };

export type ApiKey = { apiId: string; apiToken: string };

export type CompanyWithKey = { id: number; apiKey?: ApiKey };

export function createAuthentication(
  companies: readonly CompanyWithKey[],
  companyOfToken: (accessToken: string) => number | undefined,
) {
  const companyOfKey = new Map(
    companies.flatMap(({ id, apiKey }) => (apiKey === undefined ? [] : [[basic(apiKey), id] as const])),
  );

  return function recognise(authorization: string | undefined): Recognised {
    if (authorization === undefined) return { kind: 'stranger', answer: edgeError(401, 'Unauthorized') };
    const keyOwner = companyOfKey.get(authorization);
    if (keyOwner !== undefined) return { kind: 'company', companyId: keyOwner, isOverOauth: false };

    const companyId = companyOfToken(/^Bearer (.+)$/.exec(authorization)?.[1] ?? '');
    if (companyId === undefined) return { kind: 'stranger', answer: edgeError(403, 'Forbidden') };

    return { kind: 'company', companyId, isOverOauth: true };
  };
}

function basic({ apiId, apiToken }: ApiKey): string {
  return `Basic ${Buffer.from(`${apiId}:${apiToken}`).toString('base64')}`;
}
