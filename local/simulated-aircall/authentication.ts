/**
 * Refuses a request that is not the company's: 401 without a credential, 403 with a wrong one.
 */
import { type Answer, edgeError } from './answer.ts';

export function createAuthentication(apiId: string, apiToken: string) {
  const expected = `Basic ${Buffer.from(`${apiId}:${apiToken}`).toString('base64')}`;

  return function refuseStranger(authorization: string | undefined): Answer | undefined {
    if (authorization === undefined) return edgeError(401, 'Unauthorized');
    if (authorization !== expected) return edgeError(403, 'Forbidden');

    return undefined;
  };
}
