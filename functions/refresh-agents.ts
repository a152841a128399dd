/**
 * Every 5 minutes, and for a company that has just installed us: each webhook looked after, and the agents, and what they are
 * doing, brought in step with Aircall. A failure is thrown, so that its alarm rings.
 */
import type { Context } from 'aws-lambda';
import { readInvocation, type WishOfOne } from '../lib/adapters/api-gateway/http.ts';
import { composeRefresh } from '../lib/compose-background.ts';
import { limits } from '../lib/config.ts';
import type { RefreshDone } from '../lib/use-cases/refresh.ts';

const refresh = composeRefresh();

export async function handler(
  event: WishOfOne,
  context: Context,
): Promise<Readonly<Record<string, RefreshDone>>> {
  const refreshed = await refresh(readInvocation(context, limits.background, Date.now()), event.accountId);
  if (!refreshed.ok) throw new Error(refreshed.failure.message);

  return refreshed.value;
}
