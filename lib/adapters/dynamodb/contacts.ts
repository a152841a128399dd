/**
 * Contacts, by phone: what is ours of them, joined with what Aircall says.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { BatchGetCommand, DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { parseEmailAddress } from '../../core/email-address.ts';
import type { AccountId, Contact, EmailAddress, PhoneNumber, StoreResult } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import { joinContact, partContact } from '../../core/sync-contact.ts';
import type { DeleteContact, FindContact, ListContacts, SaveContacts } from '../../ports.ts';
import { findWords, fromWordsItems, isWordsItem } from './contact-words.ts';
import { contactKey, contactWordsSort, type Key } from './keys.ts';
import { isNewer, query, readItem, schemaVersion, send, type Table } from './table.ts';
import { mostWritesInBatch, pauseBeforeRepeatMs, type Writes, writeBatch } from './write-batch.ts';

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
    const { pk, sk } = contactKey(table.account, phone);
    const found = await query(table, deadlineMs, {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :contact)',
      ExpressionAttributeValues: { ':pk': pk, ':contact': sk },
    });
    return found.ok ? fromContactItems(phone, found.value) : found;
  };
}

/**
 * What is stored already costs a read and no write: importing a file twice changes nothing. Nor is anything written that
 * Aircall says, too. Where newer code has been at work, nothing is written.
 */
export function createSaveContacts(table: Table): SaveContacts {
  return async function saveContacts(contacts, deadlineMs) {
    const keys = contacts.map((contact) => contactKey(table.account, contact.phone));
    const read = await send(table, deadlineMs, ({ abortSignal }) => readBatch(table, keys, abortSignal));
    if (!read.ok) return read;

    if (read.value.some((item) => isNewer(item))) {
      return fail({ reason: 'item-unreadable', detail: 'contact: schemaVersion' });
    }
    const stored = new Map(read.value.map((item) => [item['pk'], item]));
    const storedOf = ({ phone }: Contact) => stored.get(contactKey(table.account, phone).pk);
    const changed = contacts.filter(
      (contact) => !isDeepStrictEqual(storedOf(contact), toContactItem(table.account, contact)),
    );
    let written = 0;
    for (let start = 0; start < changed.length; start += mostWritesInBatch) {
      const batch = changed.slice(start, start + mostWritesInBatch);
      const planned = await Promise.all(
        batch.map((contact) => planWrite(table, contact, storedOf(contact), deadlineMs)),
      );
      const writes: Writes = [];
      for (const plan of planned) {
        if (!plan.ok) return plan;
        if (plan.value !== undefined) writes.push(plan.value);
      }
      if (writes.length === 0) continue;

      const sent = await send(table, deadlineMs, ({ abortSignal }) => writeBatch(table, writes, abortSignal));
      if (!sent.ok) return sent;
      written += writes.length;
    }
    return succeed({ written, unchanged: contacts.length - written });
  };
}

/** `undefined`: with what Aircall says, it is as it should be. */
async function planWrite(
  table: Table,
  contact: Contact,
  stored: Record<string, unknown> | undefined,
  deadlineMs: number,
): Promise<StoreResult<Writes[number] | undefined>> {
  const words = await findWords(table, contact.phone, deadlineMs);
  if (!words.ok) return words;

  const before = stored && fromContactItem(stored);
  const joined = before?.ok === false ? undefined : joinContact(contact.phone, before?.value, words.value);
  if (isDeepStrictEqual(joined, contact)) return succeed(undefined);

  const ours = partContact(contact, words.value);
  const item = ours && toContactItem(table.account, ours);
  if (isDeepStrictEqual(item, stored)) return succeed(undefined);

  const Key = contactKey(table.account, contact.phone);
  return succeed(item === undefined ? { DeleteRequest: { Key } } : { PutRequest: { Item: item } });
}

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

export function createDeleteContact(table: Table): DeleteContact {
  return async function deleteContact(phone, deadlineMs) {
    const remove = new DeleteCommand({
      TableName: table.name,
      Key: contactKey(table.account, phone),
      ReturnValues: 'ALL_OLD',
    });
    const answer = await send(table, deadlineMs, (options) => table.client.send(remove, options));
    if (!answer.ok) return answer;

    const words = await findWords(table, phone, deadlineMs);
    if (!words.ok) return words;
    if (words.value.length > 0) return succeed('at-aircall');

    return succeed(answer.value.Attributes === undefined ? 'absent' : 'deleted');
  };
}

/** Reads the whole table: there is no index of contacts, for a call needs none. */
export function createListContacts(table: Table): ListContacts {
  return async function listContacts(deadlineMs) {
    const phones = contactKey(table.account, '' as PhoneNumber).pk;
    const items = new Map<PhoneNumber, Record<string, unknown>[]>();
    let start: Record<string, unknown> | undefined;
    do {
      const scan: ScanCommand = new ScanCommand({
        TableName: table.name,
        FilterExpression: 'begins_with(pk, :phones) AND (sk = :contact OR begins_with(sk, :words))',
        ExpressionAttributeValues: {
          ':phones': phones,
          ':contact': contactSort,
          ':words': contactWordsSort,
        },
        ExclusiveStartKey: start,
      });
      const page = await send(table, deadlineMs, (options) => table.client.send(scan, options));
      if (!page.ok) return page;

      for (const item of page.value.Items ?? []) {
        const phone = String(item['pk']).slice(phones.length) as PhoneNumber;
        items.set(phone, [...(items.get(phone) ?? []), item]);
      }
      start = page.value.LastEvaluatedKey;
    } while (start !== undefined);

    const read = [...items]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([phone, ofPhone]) => fromContactItems(phone, ofPhone));
    return succeed({
      contacts: read.flatMap((one) => (one.ok ? (one.value ?? []) : [])),
      unreadable: read.filter(({ ok }) => !ok).length,
    });
  };
}

const { sk: contactSort } = contactKey('' as AccountId, '' as PhoneNumber);

/** All items of one phone that are of a contact, ours and Aircall's. */
export function fromContactItems(
  phone: PhoneNumber,
  items: readonly Record<string, unknown>[],
): StoreResult<Contact | undefined> {
  const item = items.find(({ sk }) => sk === contactSort);
  const ours = item === undefined ? succeed(undefined) : fromContactItem(item);
  if (!ours.ok) return ours;

  const words = fromWordsItems(items.filter(isWordsItem));
  return words.ok ? succeed(joinContact(phone, ours.value, words.value)) : words;
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
