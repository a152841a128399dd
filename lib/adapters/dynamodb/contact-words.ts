/**
 * What Aircall says of who has a phone: beside what is ours of it, one item for each contact at Aircall.
 */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { AircallContactId, PhoneNumber, StoreResult } from '../../core/model.ts';
import { succeed } from '../../core/result.ts';
import type { WordsOfContact } from '../../core/sync-contact.ts';
import type { SaveWords } from '../../ports.ts';
import { contactKey, contactWordsKey, contactWordsSort } from './keys.ts';
import { query, readItem, schemaVersion, type Table, write } from './table.ts';

/** In this time whoever was overtaken while writing has long given up. */
const forgottenForMs = 86_400_000;

export const contactId = z.pipe(
  z.string(),
  z.transform((id) => id as AircallContactId),
);

/** Words that were taken back have no `attributes`. */
const wordsItem = z.object({
  contactId,
  atMs: z.optional(z.number()),
  name: z.optional(z.string()),
  company: z.optional(z.string()),
  attributes: z.optional(z.record(z.string(), z.string())),
});

const isNotOvertaken =
  'attribute_not_exists(pk) OR (schemaVersion <= :schemaVersion AND version <= :version)';

/** What is taken back stays as an empty item for a day: whoever is late can't bring it back then. */
export function createSaveWords(table: Table): SaveWords {
  return async function saveWords(phone, { contactId, version, words }, deadlineMs) {
    const expiresAtSeconds = Math.ceil((table.now() + forgottenForMs) / 1000);
    const put = new PutCommand({
      TableName: table.name,
      Item: {
        ...contactWordsKey(table.account, phone, contactId),
        schemaVersion,
        phone,
        contactId,
        version,
        ...(words === undefined ? { expiresAtSeconds } : toAttributes(words)),
      },
      ConditionExpression: isNotOvertaken,
      ExpressionAttributeValues: { ':schemaVersion': schemaVersion, ':version': version },
    });
    const answer = await write(table, deadlineMs, (options) => table.client.send(put, options));
    return answer.ok ? succeed(undefined) : answer;
  };
}

function toAttributes({ atMs, name, company, attributes }: WordsOfContact) {
  return { atMs, name, company, attributes };
}

/** Of every contact at Aircall that has the phone. */
export async function findWords(
  table: Table,
  phone: PhoneNumber,
  deadlineMs: number,
): Promise<StoreResult<readonly WordsOfContact[]>> {
  const found = await query(table, deadlineMs, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :words)',
    ExpressionAttributeValues: { ':pk': contactKey(table.account, phone).pk, ':words': contactWordsSort },
    ConsistentRead: true,
  });
  return found.ok ? fromWordsItems(found.value) : found;
}

export function isWordsItem({ sk }: Record<string, unknown>): boolean {
  return typeof sk === 'string' && sk.startsWith(contactWordsSort);
}

export function fromWordsItems(items: readonly unknown[]): StoreResult<readonly WordsOfContact[]> {
  const words: WordsOfContact[] = [];
  for (const item of items) {
    const parsed = readItem(wordsItem, 'words of a contact', item);
    if (!parsed.ok) return parsed;

    const { contactId, atMs, name, company, attributes } = parsed.value;
    if (atMs === undefined || attributes === undefined) continue;
    words.push({
      contactId,
      atMs,
      ...(name !== undefined && { name }),
      ...(company !== undefined && { company }),
      attributes,
    });
  }
  return succeed(words);
}
