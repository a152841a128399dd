/**
 * Up to 25 writes in one request. A throttled table does a part of them and hands the rest back: that is sent again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Store } from './table.ts';

export type Writes = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

export const mostWritesInBatch = 25;
export const pauseBeforeRepeatMs = 100;

export async function writeBatch(store: Store, writes: Writes, abortSignal: AbortSignal): Promise<void> {
  for (let left = writes; left.length > 0; ) {
    const batch = new BatchWriteCommand({ RequestItems: { [store.name]: left } });
    const answer = await store.client.send(batch, { abortSignal });
    left = answer.UnprocessedItems?.[store.name] ?? [];
    if (left.length > 0) await sleep(pauseBeforeRepeatMs, undefined, { signal: abortSignal });
  }
}
