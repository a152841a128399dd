/** Every day: our contacts, brought in step with those at Aircall. A failure is thrown, so that its alarm rings. */
import type { Context } from 'aws-lambda';
import { readInvocation } from '../lib/adapters/api-gateway/http.ts';
import { composeSyncContacts } from '../lib/compose.ts';
import { limits } from '../lib/config.ts';
import type { SyncSummary } from '../lib/use-cases/sync-contacts.ts';

const syncContacts = composeSyncContacts();

export async function handler(_event: unknown, context: Context): Promise<SyncSummary> {
  const { deadlineMs } = readInvocation(context, limits.background, Date.now());
  const synced = await syncContacts({ untilMs: deadlineMs - limits.contactSync.pageKeptMs }, () => undefined);
  if (!synced.ok) {
    const { failure } = synced;
    throw new Error(`${failure.reason}: ${'detail' in failure ? failure.detail : failure.message}`);
  }
  return synced.value;
}
