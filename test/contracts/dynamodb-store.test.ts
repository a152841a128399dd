import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
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
import { contact, createClock, inboundCall, owner, routedRecord, t0 } from '../builders.ts';
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

it.each(['settled', 'taken over'] as const)(
  'does not take over a claim that is %s meanwhile',
  async (news) => {
    const clock = createClock();
    const table = tableOfNewAccount(clock.now);
    const { claimCall, settleCall } = createStore(table);
    await claimCall(inboundCall(), owner('a'), t0 + 1000);
    clock.advance(claimLapsesAfterMs);

    const send = table.client.send.bind(table.client) as (
      command: unknown,
      options: unknown,
    ) => Promise<unknown>;
    const interrupted = async (command: unknown, options: unknown) => {
      if (command instanceof UpdateCommand) {
        if (news === 'settled') await settleCall(routedRecord(), owner('a'), clock.now() + 1000);
        else await claimCall(inboundCall(), owner('c'), clock.now() + 1000);
      }
      return send(command, options);
    };
    const client = Object.assign(Object.create(table.client), { send: interrupted }) as Table['client'];
    const late = createStore({ ...table, client });
    expect(await late.claimCall(inboundCall(), owner('b'), clock.now() + 1000)).toEqual({
      ok: true,
      value: 'duplicate',
    });
  },
);

it('writes no contact over one of newer code, and says so', async () => {
  const table = tableOfNewAccount(() => t0);
  const store = createStore(table);
  const key = { pk: `ACCOUNT#${table.account}#PHONE#+442079460123`, sk: 'CONTACT' };
  const newer = { ...key, schemaVersion: 2, owners: ['jane@example.com'] };
  await table.client.send(new PutCommand({ TableName: table.name, Item: newer }));

  expect(await store.saveContacts([contact()], t0 + 1000)).toEqual({
    ok: false,
    failure: { reason: 'item-unreadable', detail: 'contact: schemaVersion' },
  });
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
  expect(Item).toEqual(newer);
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
