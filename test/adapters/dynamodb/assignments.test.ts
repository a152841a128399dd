import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAssignContact } from '../../../lib/adapters/dynamodb/assignments.ts';
import { createDocumentClient, type Table } from '../../../lib/adapters/dynamodb/table.ts';
import type { AccountId } from '../../../lib/core/model.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../../local/embedded-dynamodb.ts';
import { email, phone, t0 } from '../../builders.ts';

let dynamodb: EmbeddedDynamodb;
let table: Table;
beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb();
  const client = createDocumentClient(
    { connectMs: 1000, requestMs: 5000, attempts: 2 },
    {
      endpoint: dynamodb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  );
  table = { client, name: dynamodb.tableName, account: 'default' as AccountId, now: () => t0 };
});
afterAll(() => dynamodb.close());

const key = { pk: 'ACCOUNT#default#PHONE#+442079460123', sk: 'CONTACT' };
const sound = {
  ...key,
  schemaVersion: 1,
  phone: '+442079460123',
  name: 'Zoë Martin',
  backups: [],
  attributes: {},
};

const put = (item: Record<string, unknown>) =>
  table.client.send(new PutCommand({ TableName: table.name, Item: item }));

async function stored() {
  return (await table.client.send(new GetCommand({ TableName: table.name, Key: key }))).Item;
}

const assign = () =>
  createAssignContact(table)(phone('+442079460123'), { assignedTo: email('jane@example.com') }, t0 + 5000);

it('leaves the rest of a contact', async () => {
  await put(sound);
  expect(await assign()).toEqual({ ok: true, value: 'assigned' });
  expect(await stored()).toEqual({ ...sound, assignedTo: 'jane@example.com' });
});

it('mends what it writes itself', async () => {
  await put({ ...key, assignedTo: 'nonsense', name: 'Zoë Martin' });
  expect(await assign()).toEqual({ ok: true, value: 'assigned' });
  expect(await stored()).toEqual({ ...sound, assignedTo: 'jane@example.com' });
});

it.each([
  ['name', { name: 4711 }],
  ['backups', { backups: 'jan@example.com' }],
  ['attributes', { attributes: { tier: 1 } }],
])('reports no success for a contact whose %s is damaged', async (attribute, damage) => {
  await put({ ...sound, ...damage });
  expect(await assign()).toEqual({
    ok: false,
    failure: { reason: 'item-unreadable', detail: `contact: ${attribute}` },
  });
});

it('keeps its hands off a contact that newer code wrote', async () => {
  const newer = { ...sound, schemaVersion: 2, owners: ['jan@example.com'] };
  await put(newer);
  expect(await assign()).toEqual({
    ok: false,
    failure: { reason: 'item-unreadable', detail: 'contact: schemaVersion' },
  });
  expect(await stored()).toEqual(newer);
});
