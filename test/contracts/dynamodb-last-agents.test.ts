import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createSaveAgent } from '../../lib/adapters/dynamodb/agents.ts';
import { createFindBackfill, createSaveBackfill } from '../../lib/adapters/dynamodb/backfills.ts';
import { createSaveContacts } from '../../lib/adapters/dynamodb/contacts.ts';
import { createFindCaller, createSaveConversation } from '../../lib/adapters/dynamodb/last-agents.ts';
import type { Table } from '../../lib/adapters/dynamodb/table.ts';
import type { Conversation } from '../../lib/core/last-agent.ts';
import { contact, email, phone, t0, userId } from '../builders.ts';
import type { LastAgentStore } from '../fakes/in-memory-store.ts';
import { testLastAgentStore } from './last-agents.contract.ts';
import { useTables } from './tables.ts';

const tableOfNewAccount = useTables();

function createStore(table: Table): LastAgentStore {
  return {
    saveContacts: createSaveContacts(table),
    saveAgent: createSaveAgent(table),
    findCaller: createFindCaller(table),
    saveConversation: createSaveConversation(table),
    findBackfill: createFindBackfill(table),
    saveBackfill: createSaveBackfill(table),
  };
}

testLastAgentStore('the DynamoDB store', async () => createStore(tableOfNewAccount()));

const soon = t0 + 1_000_000_000;
const untilMs = t0 + 2_592_000_000;
const withJan: Conversation = {
  phone: phone('+442079460123'),
  aircallUserId: userId(457),
  email: email('jan@example.com'),
  direction: 'inbound',
  answeredAtMs: t0 - 60_000,
  endedAtMs: t0,
};
const keyOf = (table: Table) => ({
  pk: `ACCOUNT#${table.account}#PHONE#+442079460123`,
  sk: 'LAST_AGENT',
});

it('keeps a last agent as docs/storage.md shows it', async () => {
  const table = tableOfNewAccount();
  await createStore(table).saveConversation(withJan, untilMs, soon);

  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: keyOf(table) }));
  expect(Item).toEqual({
    ...keyOf(table),
    schemaVersion: 1,
    email: 'jan@example.com',
    aircallUserId: 457,
    direction: 'inbound',
    answeredAtMs: 1763851140000,
    endedAtMs: 1763851200000,
    expiresAtSeconds: 1766443200,
  });
});

it('reads nothing else of the phone', async () => {
  const table = tableOfNewAccount();
  const store = createStore(table);
  for (const sk of ['A', 'CONTACTS', 'Z'])
    await table.client.send(new PutCommand({ TableName: table.name, Item: { ...keyOf(table), sk } }));
  expect(await store.findCaller(withJan.phone, soon)).toEqual({ ok: true, value: {} });
});

describe('a last agent that is damaged, or of newer code', () => {
  it.each([
    { says: 'damaged', item: { schemaVersion: 1, email: 'nobody' }, unreadable: 'last agent: email' },
    { says: 'newer', item: { schemaVersion: 2, agents: [] }, unreadable: 'last agent: schemaVersion' },
  ])('costs the caller no more than that agent: $says', async ({ item, unreadable }) => {
    const table = tableOfNewAccount();
    const store = createStore(table);
    await store.saveContacts([contact()], soon);
    await table.client.send(new PutCommand({ TableName: table.name, Item: { ...keyOf(table), ...item } }));

    expect(await store.findCaller(withJan.phone, soon)).toEqual({
      ok: true,
      value: { contact: contact(), unreadable },
    });
  });

  it('is not written over', async () => {
    const table = tableOfNewAccount();
    const newer = { ...keyOf(table), schemaVersion: 2, endedAtMs: 1 };
    await table.client.send(new PutCommand({ TableName: table.name, Item: newer }));

    expect(await createStore(table).saveConversation(withJan, untilMs, soon)).toEqual({
      ok: true,
      value: 'kept',
    });
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: keyOf(table) }));
    expect(Item).toEqual(newer);
  });
});

it('a damaged contact is the trouble of the whole call', async () => {
  const table = tableOfNewAccount();
  const store = createStore(table);
  await store.saveConversation(withJan, untilMs, soon);
  const Item = { ...keyOf(table), sk: 'CONTACT', schemaVersion: 1, phone: '+442079460123' };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));

  expect(await store.findCaller(withJan.phone, soon)).toEqual({
    ok: false,
    failure: { reason: 'item-unreadable', detail: 'contact: backups' },
  });
});

it('keeps the progress of a backfill as docs/storage.md shows it, and reads no other', async () => {
  const table = tableOfNewAccount();
  const store = createStore(table);
  await store.saveBackfill({ sinceMs: 1761259200000, reachedMs: 1762555200000 }, soon);

  const Key = { pk: `ACCOUNT#${table.account}`, sk: 'BACKFILL#LAST_AGENT' };
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
  expect(Item).toEqual({
    ...Key,
    schemaVersion: 1,
    sinceMs: 1761259200000,
    reachedMs: 1762555200000,
  });

  await table.client.send(
    new PutCommand({ TableName: table.name, Item: { ...Key, schemaVersion: 1, sinceMs: 'long ago' } }),
  );
  expect(await store.findBackfill(soon)).toEqual({
    ok: false,
    failure: { reason: 'item-unreadable', detail: 'backfill: sinceMs' },
  });
});
