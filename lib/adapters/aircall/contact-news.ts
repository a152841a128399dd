/**
 * What Aircall tells of a contact, by an event or in its list.
 */
import { readInformation } from '../../core/contact-information.ts';
import type { AircallContactId } from '../../core/model.ts';
import { parsePhoneNumber } from '../../core/phone-number.ts';
import type { ContactNews, KnownContact } from '../../core/sync-contact.ts';
import { contact as contactSchema, deletedContact, type WireContact } from './wire.ts';

/**
 * `unreadable` for a contact in a shape we don't know: of one without a list of phones it can't be told that it has none.
 * `undefined` for an event of something else.
 *
 * @param timestamp the delivery's, in seconds: of a deletion the only time that is known
 */
export function readContactNews(
  event: string,
  data: unknown,
  timestamp: number,
): ContactNews | 'unreadable' | undefined {
  const kind = kinds.get(event);
  if (kind === undefined) return undefined;
  const toldAtMs = readTime(timestamp);
  if (toldAtMs === undefined) return 'unreadable';

  if (kind === 'deleted') {
    const parsed = deletedContact.safeParse(data);
    return parsed.success ? { kind, contactId: toContactId(parsed.data), atMs: toldAtMs } : 'unreadable';
  }
  const parsed = contactSchema.safeParse(data);
  return parsed.success ? toKnownContact(kind, parsed.data, toldAtMs) : 'unreadable';
}

const kinds: ReadonlyMap<string, ContactNews['kind']> = new Map([
  ['contact.created', 'created'],
  ['contact.updated', 'updated'],
  ['contact.deleted', 'deleted'],
]);

/** Each is written by itself, within one delivery's time. */
const mostPhones = 100;

/**
 * @param elseAtMs where Aircall does not tell when it was changed
 */
export function toKnownContact(
  kind: KnownContact['kind'],
  contact: WireContact,
  elseAtMs: number,
): KnownContact {
  const { first_name = '', last_name = '', company_name = '', information = '' } = contact;
  const name = `${first_name.trim()} ${last_name.trim()}`.trim();
  const company = company_name.trim();
  return {
    kind,
    contactId: toContactId(contact),
    atMs: readTime(contact.updated_at) ?? elseAtMs,
    ...(name !== '' && { name }),
    ...(company !== '' && { company }),
    attributes: readInformation(information),
    phones: contact.phone_numbers.slice(0, mostPhones).flatMap(({ value }) => parsePhoneNumber(value) ?? []),
  };
}

function toContactId({ id }: Pick<WireContact, 'id'>): AircallContactId {
  return String(id) as AircallContactId;
}

/** A time beyond the year 5138, like milliseconds in place of seconds, would outlive all that is told after it. */
const lastMs = 100_000_000_000_000;

/** In ms; `undefined` for what is no time. */
export function readTime(wire: number | string | undefined): number | undefined {
  const ms = typeof wire === 'string' ? Date.parse(wire) : Math.floor((wire ?? Number.NaN) * 1000);
  return ms >= 0 && ms <= lastMs ? ms : undefined;
}
