/**
 * Everything of an account deleted. What it has is found by a scan of the whole table: that is done seldom, and an index
 * for it would cost every write. One that died on the way is completed by the next: the account itself goes last.
 */
import { DeleteCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { PurgeAccount } from '../../account-ports.ts';
import { accountKey, accountPartitions, type Key, webhookTokenKey } from './keys.ts';
import { type Store, send } from './table.ts';
import { mostWritesInBatch, writeBatch } from './write-batch.ts';

export function createPurgeAccount(store: Store): PurgeAccount {
  return async function purgeAccount({ accountId, tokenHashes }, deadlineMs) {
    return send(store, deadlineMs, async ({ abortSignal }) => {
      const { own, others } = accountPartitions(accountId);
      const scan = {
        TableName: store.name,
        FilterExpression: 'pk = :own OR begins_with(pk, :others)',
        ExpressionAttributeValues: { ':own': own, ':others': others },
        ProjectionExpression: 'pk, sk',
        ConsistentRead: true,
      };
      let deleted = 0;
      for await (const page of paginateScan({ client: store.client }, scan, { abortSignal })) {
        const keys = (page.Items ?? []) as Key[];
        await deleteAll(keys, abortSignal);
        deleted += keys.length;
      }
      const last = [...tokenHashes.map(webhookTokenKey), accountKey(accountId)];
      for (const Key of last) deleted += (await deleteOne(Key, abortSignal)) ? 1 : 0;
      return deleted;
    });
  };

  /** @returns whether it was there */
  async function deleteOne(Key: Key, abortSignal: AbortSignal): Promise<boolean> {
    const command = new DeleteCommand({ TableName: store.name, Key, ReturnValues: 'ALL_OLD' });
    return (await store.client.send(command, { abortSignal })).Attributes !== undefined;
  }

  async function deleteAll(keys: readonly Key[], abortSignal: AbortSignal): Promise<void> {
    for (let start = 0; start < keys.length; start += mostWritesInBatch) {
      const batch = keys.slice(start, start + mostWritesInBatch);
      await writeBatch(
        store,
        batch.map((Key) => ({ DeleteRequest: { Key } })),
        abortSignal,
      );
    }
  }
}
