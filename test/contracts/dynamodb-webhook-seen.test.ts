import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDocumentClient, type Table } from '../../lib/adapters/dynamodb/table.ts';
import { createFindWebhookSeen, createSaveWebhookSeen } from '../../lib/adapters/dynamodb/webhook-seen.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../local/embedded-dynamodb.ts';
import { t0 } from '../builders.ts';
import { testWebhookSeenStore } from './webhook-seen.contract.ts';

let dynamodb: EmbeddedDynamodb;
let accounts = 0;

beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb();
});
afterAll(() => dynamodb.close());

/** An account of its own is an empty store. */
function tableOfNewAccount(): Table {
  accounts += 1;
  const client = createDocumentClient(
    { connectMs: 1000, requestMs: 5000, attempts: 2 },
    {
      endpoint: dynamodb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  );
  return { client, name: dynamodb.tableName, account: `account-${accounts}` as AccountId, now: () => t0 };
}

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
