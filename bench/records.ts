/**
 * Whether the record tells of calls what Aircall knows of them.
 */
import { createFindDecidedCall } from '../lib/adapters/dynamodb/call-history.ts';
import type { AccountId, CallId } from '../lib/core/model.ts';
import { openTable } from './peers/clients.ts';
import type { PeerEnvironment } from './peers/peer.ts';

export type Comparison = {
  readonly records: number;
  /** Calls without a decision record. */
  readonly missing: number;
  /** Records that say a call was transferred where Aircall accepted no transfer, or the other way round. */
  readonly different: number;
};

export async function compareRecords(
  environment: PeerEnvironment,
  callIds: readonly string[],
  transferred: readonly string[],
): Promise<Comparison> {
  const table = { ...openTable(environment), account: 'default' as AccountId, now: Date.now };
  const findDecidedCall = createFindDecidedCall(table);
  const accepted = new Set(transferred);
  const all = new Set([...callIds, ...transferred]);
  let [missing, different] = [0, 0];
  for (const callId of all) {
    const found = await findDecidedCall(callId as CallId, Date.now() + 10_000);
    const outcome = found.ok ? found.value?.record.decision.outcome : undefined;
    if (outcome === undefined) missing += 1;
    else if ((outcome === 'routed') !== accepted.has(callId)) different += 1;
  }
  table.client.destroy();
  return { records: all.size - missing, missing, different };
}
