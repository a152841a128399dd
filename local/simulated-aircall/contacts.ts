/**
 * The company's shared contacts: put there and removed by a test or a stack, which webhooks are told, and listed by
 * `GET /v1/contacts`, no more than 10,000 of them.
 *
 * Gaps, and how they are filled: `from` is about `created_at`, in seconds, and that second belongs to the list; contacts beyond
 * the 10,000th are as if there were none; the list's dates are numbers, as those of events are.
 */
import { type Answer, int64 } from './answer.ts';
import type { Company, SimulatedContact } from './company.ts';
import type { Deliveries } from './deliveries.ts';
import { page } from './page.ts';
import type { RouteRequest } from './routes.ts';

const MOST_RECORDS = 10_000;

export function listContacts({ query }: RouteRequest, company: Company): Answer {
  const from = Number(query.get('from') ?? 0);
  const oldestFirst = [...company.contacts.values()]
    .filter(({ createdAtSeconds }) => createdAtSeconds >= from)
    .toSorted((a, b) => a.createdAtSeconds - b.createdAtSeconds);
  const listed =
    query.get('order') === 'desc' ? oldestFirst.slice(-MOST_RECORDS) : oldestFirst.slice(0, MOST_RECORDS);

  return page(
    'contacts',
    `${company.url}/v1/contacts`,
    query,
    listed.map((contact) => printContact(contact, company)),
  );
}

/** Adds a contact, or changes the given fields of one that is there. */
export function putContact(change: SimulatedContact, company: Company, deliveries: Deliveries): void {
  const nowSeconds = Math.floor(company.nowMs() / 1000);
  const before = company.contacts.get(change.id);
  const contact = {
    firstName: null,
    lastName: null,
    companyName: null,
    information: null,
    phones: [],
    createdAtSeconds: nowSeconds,
    ...before,
    updatedAtSeconds: nowSeconds,
    ...change,
  };
  company.contacts.set(change.id, contact);
  const event = before === undefined ? 'contact.created' : 'contact.updated';
  deliveries.send({ resource: 'contact', event, data: printContact(contact, company) });
}

/** By then it has no phones any more, and its event brings none. */
export function removeContact(id: string, company: Company, deliveries: Deliveries): void {
  const contact = company.contacts.get(id);
  if (contact === undefined || !company.contacts.delete(id)) return;

  const data = printContact({ ...contact, phones: [] }, company);
  deliveries.send({ resource: 'contact', event: 'contact.deleted', data });
}

function printContact(contact: Required<SimulatedContact>, company: Company): unknown {
  return {
    id: int64(contact.id),
    direct_link: `${company.url}/v1/contacts/${contact.id}`,
    first_name: contact.firstName,
    last_name: contact.lastName,
    company_name: contact.companyName,
    information: contact.information,
    is_shared: true,
    created_at: contact.createdAtSeconds,
    updated_at: contact.updatedAtSeconds,
    emails: [],
    phone_numbers: contact.phones.map((value, index) => ({ id: 800_001 + index, label: 'Work', value })),
  };
}
