/**
 * The contacts that Aircall keeps, page by page: `GET /v1/contacts`. It counts no further than 10,000.
 */
import { fail, succeed } from '../../core/result.ts';
import type { ContactsPage, ReadContacts } from '../../ports.ts';
import type { RequestAircall } from './client.ts';
import { readTime, toKnownContact } from './contact-news.ts';
import { contact as contactSchema, contactsPage } from './wire.ts';

const path = '/v1/contacts';
const perPage = 50;
const lastPage = 10_000 / perPage;

/** Asks once: whoever asks for thousands of contacts has to keep a pace. */
export function createReadContacts(requestAircall: RequestAircall, timeoutMs: number): ReadContacts {
  return async function readContacts({ fromMs, page }, deadlineMs) {
    const from = Math.floor(fromMs / 1000);
    const answer = await requestAircall({
      method: 'GET',
      path: `${path}?order=asc&from=${from}&per_page=${perPage}&page=${page}`,
      route: path,
      timeoutMs,
      deadlineMs,
      tries: 1,
    });
    if (!answer.ok) return answer;

    const parsed = contactsPage.safeParse(answer.value);
    if (!parsed.success) return fail({ reason: 'unreadable-answer', message: `GET ${path}: not a list` });

    const { contacts: listed, meta } = parsed.data;
    const readable = listed.flatMap((contact) => contactSchema.safeParse(contact).data ?? []);
    const madeAtMs = readable.flatMap((contact) => readTime(contact.created_at) ?? []);
    return succeed({
      contacts: readable.map((contact) => toKnownContact('listed', contact, 0)),
      unreadable: listed.length - readable.length,
      ...(madeAtMs.length > 0 && { firstMs: Math.min(...madeAtMs), reachedMs: Math.max(...madeAtMs) }),
      more: tellMore(page, listed.length, Boolean(meta.next_page_link)),
    });
  };
}

/** Whether the last page that Aircall gives has a link to the next, nobody knows: if it is full, there may be more. */
function tellMore(page: number, contacts: number, hasNext: boolean): ContactsPage['more'] {
  if (page >= lastPage && (hasNext || contacts === perPage)) return 'beyond-last-page';
  return hasNext ? 'next-page' : 'none';
}
