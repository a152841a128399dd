/**
 * Credentials as the text that is sealed, and back.
 */
import * as z from 'zod/mini';
import type { SealFailure } from '../../account-ports.ts';
import type { AircallCredentials } from '../../core/account.ts';
import { fail, type Result, succeed } from '../../core/result.ts';

const credentials = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('api-key'), apiId: z.string(), apiToken: z.string() }),
  z.object({ kind: z.literal('oauth'), accessToken: z.string() }),
]);

export function toText(given: AircallCredentials): string {
  return JSON.stringify(given);
}

export function fromText(text: string): Result<AircallCredentials, SealFailure> {
  const parsed = credentials.safeParse(parseJson(text));
  return parsed.success
    ? succeed(parsed.data)
    : fail({ reason: 'seal-broken', detail: 'what was sealed are no credentials' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
