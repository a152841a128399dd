/**
 * Every 5 minutes: the webhook looked after, and our agents, and what they are doing, brought in step with Aircall. A failure
 * is thrown, so that its alarm rings.
 */
import type { Context } from 'aws-lambda';
import { readInvocation } from '../lib/adapters/api-gateway/http.ts';
import { composeRefresh } from '../lib/compose.ts';
import { limits } from '../lib/config.ts';
import type { RefreshDone } from '../lib/use-cases/refresh.ts';

const refresh = composeRefresh();

export async function handler(_event: unknown, context: Context): Promise<RefreshDone> {
  const refreshed = await refresh(readInvocation(context, limits.background, Date.now()));
  if (!refreshed.ok) throw new Error(refreshed.failure.message);

  return refreshed.value;
}
