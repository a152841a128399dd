/** Every day: companies that uninstalled us a month ago, forgotten. A failure is thrown, so that its alarm rings. */
import type { Context } from 'aws-lambda';
import { readInvocation } from '../lib/adapters/api-gateway/http.ts';
import { composeForgetAccounts } from '../lib/compose-background.ts';
import { limits } from '../lib/config.ts';
import type { Forgotten } from '../lib/use-cases/forget-accounts.ts';

const forgetAccounts = composeForgetAccounts();

export async function handler(_event: unknown, context: Context): Promise<Forgotten> {
  const { deadlineMs } = readInvocation(context, limits.background, Date.now());
  const forgotten = await forgetAccounts(deadlineMs);
  if (!forgotten.ok) throw new Error(forgotten.failure.message);

  return forgotten.value;
}
