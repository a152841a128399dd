import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import type { Table } from '../../lib/adapters/dynamodb/table.ts';
import { createFindWebhookSeen, createSaveWebhookSeen } from '../../lib/adapters/dynamodb/webhook-seen.ts';
import { t0 } from '../builders.ts';
import { useTables } from './tables.ts';
import { testWebhookSeenStore } from './webhook-seen.contract.ts';

const tableOfNewAccount = useTables();

const createStore = (table: Table) => ({
  findWebhookSeen: createFindWebhookSeen(table),
  saveWebhookSeen: createSaveWebhookSeen(table),
});

testWebhookSeenStore('the DynamoDB store', async () => createStore(tableOfNewAccount()));

it('keeps it as docs/storage.md shows it, and reads no other', async () => {
  const table = tableOfNewAccount();
  const store = createStore(table);
  const soon = t0 + 1_000_000_000;
  await store.saveWebhookSeen({ announcedAtMs: 1763851200000, missedUntilMs: 1763851500000 }, soon);

  const Key = { pk: `ACCOUNT#${table.account}`, sk: 'WEBHOOK_SEEN' };
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
  expect(Item).toEqual({
    ...Key,
    schemaVersion: 1,
    announcedAtMs: 1763851200000,
    missedUntilMs: 1763851500000,
  });

  await table.client.send(
    new PutCommand({ TableName: table.name, Item: { ...Key, schemaVersion: 1, announcedAtMs: 'lately' } }),
  );
  expect(await store.findWebhookSeen(soon)).toEqual({
    ok: false,
    failure: { reason: 'item-unreadable', detail: 'webhook seen: announcedAtMs' },
  });
});
