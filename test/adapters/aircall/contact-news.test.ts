import { describe, expect, it } from 'vitest';
import { readContactNews } from '../../../lib/adapters/aircall/contact-news.ts';

const timestamp = 1763851200;
const zoe = {
  id: 700001,
  direct_link: 'https://api.aircall.io/v1/contacts/700001',
  first_name: 'Zoë',
  last_name: 'Martin',
  company_name: 'Northwind Tea',
  information: 'owner:jane@example.com\nmet at the fair',
  is_shared: true,
  created_at: 1736240400,
  updated_at: 1763851100,
  emails: [],
  phone_numbers: [{ id: 800001, label: 'Work', value: '+442079460123' }],
};
const read = (event: string, changes: Record<string, unknown> = {}, at = timestamp) =>
  readContactNews(event, { ...zoe, ...changes }, at);

const news = {
  kind: 'updated',
  contactId: '700001',
  atMs: 1763851100000,
  name: 'Zoë Martin',
  company: 'Northwind Tea',
  attributes: { owner: 'jane@example.com' },
  phones: ['+442079460123'],
};

describe('an event of a contact', () => {
  it('tells who they are, and when that changed last', () => {
    expect(read('contact.updated')).toStrictEqual(news);
    expect(read('contact.created')).toStrictEqual({ ...news, kind: 'created' });
  });

  it.each([
    [{ updated_at: '2025-11-22T22:38:20.000Z' }, 1763851100000],
    [{ updated_at: '2025-11-22T23:38:20+01:00' }, 1763851100000],
    [{ updated_at: 1763851100.5 }, 1763851100500],
    // No time, or one that is none: that of the delivery.
    [{ updated_at: null }, 1763851200000],
    [{ updated_at: undefined }, 1763851200000],
    [{ updated_at: 'yesterday' }, 1763851200000],
    [{ updated_at: 1763851100000 }, 1763851200000],
    [{ updated_at: -1 }, 1763851200000],
  ])('reads its time: %j', (changes, atMs) => {
    expect(read('contact.updated', changes)).toStrictEqual({ ...news, atMs });
  });

  it.each([
    [{ first_name: null }, 'Martin'],
    [{ last_name: undefined }, 'Zoë'],
    [{ first_name: ' Zoë ', last_name: ' ' }, 'Zoë'],
    [{ first_name: null, last_name: '' }, undefined],
  ])('puts the name together: %j', (changes, name) => {
    expect(read('contact.updated', changes)).toMatchObject(name === undefined ? {} : { name });
    expect('name' in (read('contact.updated', changes) as object)).toBe(name !== undefined);
  });

  it('may have no company, no information and no phone', () => {
    const changes = { company_name: null, information: null, phone_numbers: [] };
    expect(read('contact.created', changes)).toStrictEqual({
      kind: 'created',
      contactId: '700001',
      atMs: 1763851100000,
      name: 'Zoë Martin',
      attributes: {},
      phones: [],
    });
  });

  it('may have several phones, some of which are none', () => {
    const values = ['+442079460123', '+44 20 7946 0124', 'extension 12', null];
    const phone_numbers = [...values.map((value, id) => ({ id, label: 'Work', value })), null, 'x'];
    expect(read('contact.updated', { phone_numbers })).toMatchObject({
      phones: ['+442079460123', '+442079460124'],
    });
  });

  it('keeps a large id exactly', () => {
    expect(read('contact.updated', { id: '9007199254740993' })).toMatchObject({
      contactId: '9007199254740993',
    });
  });

  it('of a deletion tells no more than that, at the time it was told', () => {
    const deletion = { kind: 'deleted', contactId: '700001', atMs: 1763851200000 };
    expect(read('contact.deleted', { phone_numbers: [], emails: [] })).toStrictEqual(deletion);
    expect(readContactNews('contact.deleted', { id: 700001 }, timestamp)).toStrictEqual(deletion);
  });

  it.each([
    ['contact.updated', { id: 'x' }, timestamp],
    ['contact.updated', { phone_numbers: null }, timestamp],
    ['contact.updated', { phone_numbers: undefined }, timestamp],
    ['contact.deleted', { id: null }, timestamp],
    ['contact.updated', {}, -1],
    ['contact.deleted', {}, 1763851200000],
  ])('is unreadable where it cannot be told what it says: %s %j at %i', (event, changes, at) => {
    expect(read(event, changes, at)).toBe('unreadable');
  });

  it('is none of another resource', () => {
    expect(read('user.opened')).toBeUndefined();
    expect(read('contact.archived')).toBeUndefined();
  });
});
