/**
 * Everything of an account deleted. What it has is found by a scan of the whole table: that is done seldom, and an index
 * for it would cost every write. One that died on the way is completed by the next: the account itself goes last, and only
 * as it was read: a company may come back in that moment.
 */
import { DeleteCommand, type DeleteCommandInput, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { PurgeAccount } from '../../account-ports.ts';
import { accountKey, accountPartitions, type Key, webhookTokenKey } from './keys.ts';
import { type Store, send } from './table.ts';
import { mostWritesInBatch, writeBatch } from './write-batch.ts';

export function createPurgeAccount(store: Store): PurgeAccount {
  return async function purgeAccount({ accountId, tokenHashes, version }, deadlineMs) {
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
      for (const Key of tokenHashes.map(webhookTokenKey)) deleted += await deleteOne({ Key }, abortSignal);
      const asItWasRead = {
        ConditionExpression: 'attribute_not_exists(pk) OR #version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': version },
      };
      deleted += await deleteOne({ Key: accountKey(accountId), ...asItWasRead }, abortSignal);
      return deleted;
    });
  };

  /** @returns how many there were: one or none */
  async function deleteOne(
    what: Omit<DeleteCommandInput, 'TableName' | 'ReturnValues'>,
    abortSignal: AbortSignal,
  ): Promise<number> {
    const command = new DeleteCommand({ TableName: store.name, ReturnValues: 'ALL_OLD', ...what });
    return (await store.client.send(command, { abortSignal })).Attributes === undefined ? 0 : 1;
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
