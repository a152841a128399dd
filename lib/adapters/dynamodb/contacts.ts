/**
 * Contacts, by phone.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { parseEmailAddress } from '../../core/email-address.ts';
import type { AccountId, Contact, EmailAddress, PhoneNumber, StoreResult } from '../../core/model.ts';
import { succeed } from '../../core/result.ts';
import type { FindContact } from '../../ports.ts';
import { contactKey } from './keys.ts';
import { readItem, schemaVersion, send, type Table } from './table.ts';

const email = z.pipe(
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
