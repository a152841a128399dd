import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFindAgent, createListAgents, createSaveAgent } from '../../lib/adapters/dynamodb/agents.ts';
import { createClaimCall, createSettleCall } from '../../lib/adapters/dynamodb/call-records.ts';
import {
  createDeleteContact,
  createFindContact,
  createSaveContacts,
} from '../../lib/adapters/dynamodb/contacts.ts';
import { createDocumentClient, type Table } from '../../lib/adapters/dynamodb/table.ts';
import type { AccountId } from '../../lib/core/model.ts';
import type { Now } from '../../lib/ports.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../local/embedded-dynamodb.ts';
import { createClock, inboundCall, owner, routedRecord, t0 } from '../builders.ts';
import type { Store } from '../fakes/in-memory-store.ts';
import { claimLapsesAfterMs, testStore } from './store.contract.ts';

let dynamodb: EmbeddedDynamodb;
let accounts = 0;

beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb();
});
afterAll(() => dynamodb.close());

/** An account of its own is an empty store. */
function tableOfNewAccount(now: Now): Table {
  accounts += 1;
  const client = createDocumentClient(
    { connectMs: 1000, requestMs: 5000, attempts: 2 },
    {
      endpoint: dynamodb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  );
  return { client, name: dynamodb.tableName, account: `account-${accounts}` as AccountId, now };
}

function createStore(table: Table): Store {
  return {
    claimCall: createClaimCall(table, { claimLapsesAfterMs, keptForDays: 90 }),
    settleCall: createSettleCall(table),
    findContact: createFindContact(table),
    saveContacts: createSaveContacts(table),
    deleteContact: createDeleteContact(table),
    findAgent: createFindAgent(table),
    saveAgent: createSaveAgent(table),
    listAgents: createListAgents(table),
  };
}

testStore('the DynamoDB store', async () => {
  const clock = createClock();
  return { store: createStore(tableOfNewAccount(clock.now)), clock };
});

it('keeps a call as docs/storage.md shows it', async () => {
  const table = tableOfNewAccount(() => t0);
  const store = createStore(table);
  await store.claimCall(inboundCall(), owner('request-1'), t0 + 1000);
  await store.settleCall(routedRecord(), owner('request-1'), t0 + 1000);

  const key = { pk: `ACCOUNT#${table.account}#CALL#812000001`, sk: 'ROUTING' };
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
  expect(Item).toEqual({
    ...key,
    schemaVersion: 1,
    callId: '812000001',
    owner: 'request-1',
    claimedAtMs: 1763851200000,
    lapsesAtMs: 1763851210000,
    takenOver: false,
    dayPk: `ACCOUNT#${table.account}#DAY#2025-11-22`,
    daySk: '2025-11-22T22:40:00.000Z#812000001',
    expiresAtSeconds: 1771627200,
    settledAtMs: 1763851200000,
    outcome: 'routed',
    because: 'assigned-agent',
    to: { kind: 'agent', aircallUserId: 456 },
    decisionRecord: routedRecord(),
  });
});
