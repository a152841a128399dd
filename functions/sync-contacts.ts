/**
 * Every day, and for a company that has just installed us: contacts, brought in step with those at Aircall. A failure is thrown,
 * so that its alarm rings.
 */
import type { Context } from 'aws-lambda';
import { readInvocation, type WishOfOne } from '../lib/adapters/api-gateway/http.ts';
import { composeSyncContacts } from '../lib/compose-background.ts';
import { limits } from '../lib/config.ts';
import type { SyncSummary } from '../lib/use-cases/sync-contacts.ts';

const syncContacts = composeSyncContacts();

export async function handler(
  event: WishOfOne,
  context: Context,
): Promise<Readonly<Record<string, SyncSummary>>> {
  const synced = await syncContacts(readInvocation(context, limits.background, Date.now()), event.accountId);
  if (!synced.ok) throw new Error(synced.failure.message);

  return synced.value;
}
