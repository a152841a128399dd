/**
 * What is known of a contact at Aircall: the newest news, and the phones that have words of it. Its deletion brings no
 * phones, and is remembered for a while: what is late would bring the contact back.
 */
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { PhoneNumber, StoreResult } from '../../core/model.ts';
import { succeed } from '../../core/result.ts';
import type { KnownContact, SyncedContact } from '../../core/sync-contact.ts';
import type { FindContactSync, FindSyncedContact, SaveContactSync, SaveSyncedContact } from '../../ports.ts';
import { contactId } from './contact-words.ts';
import { contactSyncKey, syncedContactKey } from './keys.ts';
import { readItem, schemaVersion, send, type Table, write } from './table.ts';

const deletionKnownForSeconds = 30 * 86_400;

const phones = z.array(
  z.pipe(
    z.string(),
    z.transform((phone) => phone as PhoneNumber),
  ),
);

const syncedItem = z.object({
  news: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('deleted'), contactId, atMs: z.number() }),
    z.object({
      kind: z.enum(['created', 'updated', 'listed']),
      contactId,
      atMs: z.number(),
      name: z.optional(z.string()),
      company: z.optional(z.string()),
      attributes: z.record(z.string(), z.string()),
      phones,
    }),
  ]),
  phones,
  version: z.int(),
  isPending: z.boolean(),
});

export function createFindSyncedContact(table: Table): FindSyncedContact {
  return async function findSyncedContact(id, deadlineMs) {
    const get = new GetCommand({
      TableName: table.name,
      Key: syncedContactKey(table.account, id),
      ConsistentRead: true,
    });
    const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
    if (!answer.ok) return answer;

    return answer.value.Item === undefined ? succeed(undefined) : fromItem(answer.value.Item);
  };
}

function fromItem(item: unknown): StoreResult<SyncedContact> {
  const parsed = readItem(syncedItem, 'contact at Aircall', item);
  if (!parsed.ok) return parsed;

  const { news, ...others } = parsed.value;
  if (news.kind === 'deleted') return succeed({ news, ...others });

  const { name, company, ...words } = news;
  const known: KnownContact = {
    ...words,
    ...(name !== undefined && { name }),
    ...(company !== undefined && { company }),
  };
  return succeed({ news: known, ...others });
}

/** A version is begun on the condition that it is the next one, and done on the condition that it still is the last. */
export function createSaveSyncedContact(table: Table): SaveSyncedContact {
  return async function saveSyncedContact(synced, deadlineMs) {
    const { news, version, isPending } = synced;
    const replaced = isPending ? version - 1 : version;
    const put = new PutCommand({
      TableName: table.name,
      Item: {
        ...syncedContactKey(table.account, news.contactId),
        schemaVersion,
        ...synced,
        ...(news.kind === 'deleted' && {
          expiresAtSeconds: Math.ceil(news.atMs / 1000) + deletionKnownForSeconds,
        }),
      },
      ...(replaced === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: 'version = :replaced',
            ExpressionAttributeValues: { ':replaced': replaced },
          }),
    });
    const answer = await write(table, deadlineMs, (options) => table.client.send(put, options));
    if (!answer.ok) return answer;

    return succeed(answer.value === 'written' ? 'saved' : 'changed-meanwhile');
  };
}

const syncItem = z.object({ reachedMs: z.number() });

export function createFindContactSync(table: Table): FindContactSync {
  return async function findContactSync(deadlineMs) {
    const get = new GetCommand({
      TableName: table.name,
      Key: contactSyncKey(table.account),
      ConsistentRead: true,
    });
    const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
    if (!answer.ok) return answer;

    return answer.value.Item === undefined
      ? succeed(undefined)
      : readItem(syncItem, 'sync of contacts', answer.value.Item);
  };
}

export function createSaveContactSync(table: Table): SaveContactSync {
  return async function saveContactSync(progress, deadlineMs) {
    const Key = contactSyncKey(table.account);
    return send(table, deadlineMs, async (options) => {
      if (progress === undefined) {
        await table.client.send(new DeleteCommand({ TableName: table.name, Key }), options);
        return;
      }
      const Item = { ...Key, schemaVersion, ...progress };
      await table.client.send(new PutCommand({ TableName: table.name, Item }), options);
    });
  };
}
