/**
 * Contacts, by phone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  DeleteCommand,
  GetCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { parseEmailAddress } from '../../core/email-address.ts';
import type { AccountId, Contact, EmailAddress, PhoneNumber, StoreResult } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { DeleteContact, FindContact, SaveContacts } from '../../ports.ts';
import { contactKey, type Key } from './keys.ts';
import { isNewer, readItem, schemaVersion, send, type Table } from './table.ts';

export const email = z.pipe(
  z.string().check(z.refine((text) => parseEmailAddress(text) !== undefined)),
  z.transform((text) => parseEmailAddress(text) as EmailAddress),
);

const contactItem = z.object({
  phone: z.string(),
  name: z.optional(z.string()),
  company: z.optional(z.string()),
  assignedTo: z.optional(email),
  backups: z.array(email),
  attributes: z.record(z.string(), z.string()),
});

export function createFindContact(table: Table): FindContact {
  return async function findContact(phone, deadlineMs) {
    const get = new GetCommand({ TableName: table.name, Key: contactKey(table.account, phone) });
    const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
    if (!answer.ok) return answer;

    return answer.value.Item === undefined ? succeed(undefined) : fromContactItem(answer.value.Item);
  };
}

/**
 * What is stored already costs a read and no write: importing a file twice changes nothing. Where newer code has been
 * at work, nothing is written.
 */
export function createSaveContacts(table: Table): SaveContacts {
  return async function saveContacts(contacts, deadlineMs) {
    const items = contacts.map((contact) => toContactItem(table.account, contact));
    const keys = contacts.map((contact) => contactKey(table.account, contact.phone));
    const read = await send(table, deadlineMs, ({ abortSignal }) => readBatch(table, keys, abortSignal));
    if (!read.ok) return read;

    if (read.value.some((item) => isNewer(item))) {
      return fail({ reason: 'item-unreadable', detail: 'contact: schemaVersion' });
    }
    const stored = new Map(read.value.map((item) => [item['pk'], item]));
    const changed = items.filter((item) => !isDeepStrictEqual(stored.get(item['pk']), item));
    for (let start = 0; start < changed.length; start += mostWritesInBatch) {
      const puts = changed.slice(start, start + mostWritesInBatch).map((Item) => ({ PutRequest: { Item } }));
      const written = await send(table, deadlineMs, ({ abortSignal }) =>
        writeBatch(table, puts, abortSignal),
      );
      if (!written.ok) return written;
    }
    return succeed({ written: changed.length, unchanged: items.length - changed.length });
  };
}

const mostWritesInBatch = 25;
const pauseBeforeRepeatMs = 100;

type Writes = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

/** A throttled table answers a part of a batch and hands the rest back. */
async function readBatch(table: Table, keys: readonly Key[], abortSignal: AbortSignal) {
  const items: Record<string, unknown>[] = [];
  for (let left: Record<string, unknown>[] = [...keys]; left.length > 0; ) {
    const batch = new BatchGetCommand({ RequestItems: { [table.name]: { Keys: left } } });
    const answer = await table.client.send(batch, { abortSignal });
    items.push(...(answer.Responses?.[table.name] ?? []));
    left = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
    if (left.length > 0) await sleep(pauseBeforeRepeatMs, undefined, { signal: abortSignal });
  }
  return items;
}

async function writeBatch(table: Table, writes: Writes, abortSignal: AbortSignal): Promise<void> {
  for (let left = writes; left.length > 0; ) {
    const batch = new BatchWriteCommand({ RequestItems: { [table.name]: left } });
    const answer = await table.client.send(batch, { abortSignal });
    left = answer.UnprocessedItems?.[table.name] ?? [];
    if (left.length > 0) await sleep(pauseBeforeRepeatMs, undefined, { signal: abortSignal });
  }
}

export function createDeleteContact(table: Table): DeleteContact {
  return async function deleteContact(phone, deadlineMs) {
    const remove = new DeleteCommand({
      TableName: table.name,
      Key: contactKey(table.account, phone),
      ReturnValues: 'ALL_OLD',
    });
    const answer = await send(table, deadlineMs, (options) => table.client.send(remove, options));
    if (!answer.ok) return answer;

    return succeed(answer.value.Attributes === undefined ? 'absent' : 'deleted');
  };
}

export function toContactItem(account: AccountId, contact: Contact): Record<string, unknown> {
  return { ...contactKey(account, contact.phone), schemaVersion, ...contact };
}

export function fromContactItem(item: unknown): StoreResult<Contact> {
  const parsed = readItem(contactItem, 'contact', item);
  if (!parsed.ok) return parsed;

  const { phone, name, company, assignedTo, backups, attributes } = parsed.value;
  return succeed({
    phone: phone as PhoneNumber,
    ...(name !== undefined && { name }),
    ...(company !== undefined && { company }),
    ...(assignedTo !== undefined && { assignedTo }),
    backups,
    attributes,
  });
}
