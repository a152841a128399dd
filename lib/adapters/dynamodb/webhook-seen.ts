/**
 * When a webhook of ours was last seen to announce calls, and which calls may have been missed since.
 */
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { succeed } from '../../core/result.ts';
import type { FindWebhookSeen, SaveWebhookSeen } from '../../ports.ts';
import { webhookSeenKey } from './keys.ts';
import { readItem, schemaVersion, send, type Table } from './table.ts';

const seenItem = z.object({ announcedAtMs: z.number(), missedUntilMs: z.exactOptional(z.number()) });

export function createFindWebhookSeen(table: Table): FindWebhookSeen {
  return async function findWebhookSeen(deadlineMs) {
    const get = new GetCommand({
      TableName: table.name,
      Key: webhookSeenKey(table.account),
      ConsistentRead: true,
    });
    const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
    if (!answer.ok) return answer;

    return answer.value.Item === undefined
      ? succeed(undefined)
      : readItem(seenItem, 'webhook seen', answer.value.Item);
  };
}

/** Unconditional: there is one writer, and its runs don't overlap. */
export function createSaveWebhookSeen(table: Table): SaveWebhookSeen {
  return async function saveWebhookSeen(seen, deadlineMs) {
    const Item = { ...webhookSeenKey(table.account), schemaVersion, ...seen };
    return send(table, deadlineMs, async (options) => {
      await table.client.send(new PutCommand({ TableName: table.name, Item }), options);
    });
  };
}
