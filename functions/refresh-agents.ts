/** Every 5 minutes: our agents, and what they are doing, brought in step with Aircall. A failure is thrown, so that its alarm rings. */
import type { Context } from 'aws-lambda';
import { readInvocation } from '../lib/adapters/api-gateway/http.ts';
import { composeRefreshAgents } from '../lib/compose.ts';
import { limits } from '../lib/config.ts';
import type { RefreshSummary } from '../lib/use-cases/refresh-agents.ts';

const refreshAgents = composeRefreshAgents();

export async function handler(_event: unknown, context: Context): Promise<RefreshSummary> {
  const { deadlineMs } = readInvocation(context, limits.background, Date.now());
  const refreshed = await refreshAgents(deadlineMs);
  if (!refreshed.ok) throw new Error(refreshed.failure.message);

  return refreshed.value;
}
