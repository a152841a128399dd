/**
 * How far the backfill of last agents has come: what survives a process that was killed.
 */
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { succeed } from '../../core/result.ts';
import type { FindBackfill, SaveBackfill } from '../../ports.ts';
import { backfillKey } from './keys.ts';
import { get, readItem, schemaVersion, send, type Table } from './table.ts';

const backfillItem = z.object({ sinceMs: z.number(), reachedMs: z.number() });

export function createFindBackfill(table: Table): FindBackfill {
  return async function findBackfill(deadlineMs) {
    const answer = await get(table, backfillKey(table.account), deadlineMs);
    if (!answer.ok) return answer;

    return answer.value === undefined ? succeed(undefined) : readItem(backfillItem, 'backfill', answer.value);
  };
}

export function createSaveBackfill(table: Table): SaveBackfill {
  return async function saveBackfill(progress, deadlineMs) {
    const Key = backfillKey(table.account);
    const answer = await send(table, deadlineMs, async (options) => {
      if (progress === undefined) {
        await table.client.send(new DeleteCommand({ TableName: table.name, Key }), options);
        return;
      }
      const Item = { ...Key, schemaVersion, ...progress };
      await table.client.send(new PutCommand({ TableName: table.name, Item }), options);
    });
    return answer;
  };
}
