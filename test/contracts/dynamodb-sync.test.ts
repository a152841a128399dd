import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { createAssignContact, createAssignUnassigned } from '../../lib/adapters/dynamodb/assignments.ts';
import { createSaveWords } from '../../lib/adapters/dynamodb/contact-words.ts';
import {
  createDeleteContact,
  createFindContact,
  createListContacts,
  createSaveContacts,
} from '../../lib/adapters/dynamodb/contacts.ts';
import { createFindCaller } from '../../lib/adapters/dynamodb/last-agents.ts';
import {
  createFindContactSync,
  createFindSyncedContact,
  createSaveContactSync,
  createSaveSyncedContact,
} from '../../lib/adapters/dynamodb/synced-contacts.ts';
import type { Table } from '../../lib/adapters/dynamodb/table.ts';
import { contact, contactId, email, phone, t0 } from '../builders.ts';
import type { SyncStore } from '../fakes/in-memory-store.ts';
import { testSyncStore } from './sync.contract.ts';
import { useTables } from './tables.ts';

const tableOfNewAccount = useTables();

function createStore(table: Table): SyncStore {
  return {
    findContact: createFindContact(table),
    saveContacts: createSaveContacts(table),
    deleteContact: createDeleteContact(table),
    findCaller: createFindCaller(table),
    findSyncedContact: createFindSyncedContact(table),
    saveSyncedContact: createSaveSyncedContact(table),
    saveWords: createSaveWords(table),
    assignUnassigned: createAssignUnassigned(table),
    listContacts: createListContacts(table),
    findContactSync: createFindContactSync(table),
    saveContactSync: createSaveContactSync(table),
  };
}

testSyncStore('the DynamoDB store', async () => createStore(tableOfNewAccount()));

const soon = t0 + 1_000_000_000;
const zoe = phone('+442079460123');
const id = contactId('700001');
const words = { contactId: id, atMs: t0, name: 'Zoë Martin', attributes: { owner: 'jane@example.com' } };

const read = async (table: Table, pk: string, sk: string) => {
  const Key = { pk: `ACCOUNT#${table.account}${pk}`, sk };
  return (await table.client.send(new GetCommand({ TableName: table.name, Key }))).Item;
};

it('keeps the words of a contact as docs/storage.md shows them, and for a day that they were taken back', async () => {
  const table = tableOfNewAccount();
  const store = createStore(table);
  const key = { pk: `ACCOUNT#${table.account}#PHONE#+442079460123`, sk: 'CONTACT#AIRCALL#700001' };
  await store.saveWords(zoe, { contactId: id, version: 4, words }, soon);
  const item = { ...key, schemaVersion: 1, phone: '+442079460123', contactId: '700001' };
  expect(await read(table, '#PHONE#+442079460123', 'CONTACT#AIRCALL#700001')).toEqual({
    ...item,
    version: 4,
    atMs: 1763851200000,
    name: 'Zoë Martin',
    attributes: { owner: 'jane@example.com' },
  });
  await store.saveWords(zoe, { contactId: id, version: 5 }, soon);
  expect(await read(table, '#PHONE#+442079460123', 'CONTACT#AIRCALL#700001')).toEqual({
    ...item,
    version: 5,
    expiresAtSeconds: 1763937600,
  });
});

it('keeps a contact at Aircall as docs/storage.md shows it, and its deletion for 30 days', async () => {
  const table = tableOfNewAccount();
  const store = createStore(table);
  const news = { kind: 'updated', ...words, phones: [zoe] } as const;
  await store.saveSyncedContact({ news, phones: [zoe], version: 1, isPending: true }, soon);
  expect(await read(table, '#CONTACT#700001', 'AIRCALL')).toEqual({
    pk: `ACCOUNT#${table.account}#CONTACT#700001`,
    sk: 'AIRCALL',
    schemaVersion: 1,
    news: {
      kind: 'updated',
      contactId: '700001',
      atMs: 1763851200000,
      name: 'Zoë Martin',
      attributes: { owner: 'jane@example.com' },
      phones: ['+442079460123'],
    },
    phones: ['+442079460123'],
    version: 1,
    isPending: true,
  });
  const deletion = { kind: 'deleted', contactId: id, atMs: t0 } as const;
  await store.saveSyncedContact({ news: deletion, phones: [], version: 2, isPending: true }, soon);
  expect(await read(table, '#CONTACT#700001', 'AIRCALL')).toMatchObject({
    news: { kind: 'deleted' },
    expiresAtSeconds: 1766443200,
  });
});

it('does not change what newer code wrote', async () => {
  const table = tableOfNewAccount();
  const store = createStore(table);
  const newer = {
    pk: `ACCOUNT#${table.account}#PHONE#+442079460123`,
    sk: 'CONTACT#AIRCALL#700001',
    schemaVersion: 2,
    phone: '+442079460123',
    version: 1,
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item: newer }));
  await store.saveWords(zoe, { contactId: id, version: 5, words }, soon);
  expect(await read(table, '#PHONE#+442079460123', 'CONTACT#AIRCALL#700001')).toEqual(newer);
  const unreadable = { reason: 'item-unreadable', detail: 'words of a contact: schemaVersion' };
  expect(await store.findContact(zoe, soon)).toEqual({ ok: false, failure: unreadable });
  expect(await store.findCaller(zoe, soon)).toEqual({ ok: false, failure: unreadable });
  expect(await store.saveContacts([contact()], soon)).toEqual({ ok: false, failure: unreadable });
  expect(await store.listContacts(soon)).toEqual({ ok: true, value: { contacts: [], unreadable: 1 } });

  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...newer, sk: 'CONTACT' } }));
  expect(await store.assignUnassigned(zoe, email('jane@example.com'), soon)).toMatchObject({ value: 'kept' });
});

it('assigns a contact of Aircall’s as one that is known', async () => {
  const table = tableOfNewAccount();
  const assign = createAssignContact(table);
  await createStore(table).saveWords(zoe, { contactId: id, version: 1, words }, soon);
  const assignment = { assignedTo: email('jane@example.com') };
  expect(await assign(zoe, assignment, soon)).toEqual({ ok: true, value: 'assigned' });
  expect(await assign(phone('+12025550101'), assignment, soon)).toEqual({ ok: true, value: 'created' });
});

it('lists more contacts than one answer of the table holds', { timeout: 20_000 }, async () => {
  const store = createStore(tableOfNewAccount());
  const attributes = { note: 'x'.repeat(20_000) };
  for (let start = 0; start < 100; start += 20) {
    const batch = Array.from({ length: 20 }, (_, index) =>
      contact({ phone: phone(`+1202555${String(start + index).padStart(4, '0')}`), attributes }),
    );
    await store.saveContacts(batch, soon);
  }
  const listed = await store.listContacts(soon);
  expect(listed.ok && listed.value.contacts.length).toBe(100);
});
