/**
 * What a well-behaved DynamoDB never shows: throttling, silence, half answers, repeated writes, races and damage.
 * How the store behaves when all is well is in test/contracts.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createFindAccount,
  createListAccounts,
  createSaveAccount,
} from '../../../lib/adapters/dynamodb/accounts.ts';
import { createFindAgent, createListAgents, createSaveAgent } from '../../../lib/adapters/dynamodb/agents.ts';
import { createAssignContact, createAssignUnassigned } from '../../../lib/adapters/dynamodb/assignments.ts';
import { createFindBackfill, createSaveBackfill } from '../../../lib/adapters/dynamodb/backfills.ts';
import { createFindDecidedCall, createListCalls } from '../../../lib/adapters/dynamodb/call-history.ts';
import {
  createClaimHop,
  createNoteCallNews,
  createSettleHop,
} from '../../../lib/adapters/dynamodb/call-hops.ts';
import { createClaimCall, createSettleCall } from '../../../lib/adapters/dynamodb/call-records.ts';
import { createSaveWords } from '../../../lib/adapters/dynamodb/contact-words.ts';
import {
  createDeleteContact,
  createFindContact,
  createListContacts,
  createSaveContacts,
} from '../../../lib/adapters/dynamodb/contacts.ts';
import {
  createSaveInstallState,
  createUseInstallState,
} from '../../../lib/adapters/dynamodb/install-states.ts';
import { createFindCaller, createSaveConversation } from '../../../lib/adapters/dynamodb/last-agents.ts';
import {
  createFindPolicy,
  createListPolicies,
  createPutPolicy,
} from '../../../lib/adapters/dynamodb/policies.ts';
import { createPurgeAccount } from '../../../lib/adapters/dynamodb/purge-account.ts';
import {
  createFindContactSync,
  createFindSyncedContact,
  createSaveContactSync,
  createSaveSyncedContact,
} from '../../../lib/adapters/dynamodb/synced-contacts.ts';
import { createDocumentClient, type Table } from '../../../lib/adapters/dynamodb/table.ts';
import { createFindWebhookSeen, createSaveWebhookSeen } from '../../../lib/adapters/dynamodb/webhook-seen.ts';
import { createAcceptToken, createFindTokenOwner } from '../../../lib/adapters/dynamodb/webhook-tokens.ts';
import type {
  AccountId,
  AircallUserId,
  CallId,
  Claim,
  ClaimOwner,
  Contact,
  DecisionRecord,
  EmailAddress,
  PhoneNumber,
} from '../../../lib/core/model.ts';
import { defaultPolicy } from '../../../lib/core/policy.ts';
import { account, accountId } from '../../accounts.ts';
import { contactId, hopRecord, nothingTold } from '../../builders.ts';

/** 22 November 2025, 22:40:00 UTC. */
const november = 1_763_851_200_000;
const deadlineMs = november + 3000;

const phone = '+442079460123' as PhoneNumber;
const jane = 'jane@example.com' as EmailAddress;
const callId = '812000001' as CallId;
const us = 'request-1' as ClaimOwner;
const to = { kind: 'agent', aircallUserId: 456 as AircallUserId } as const;

const record: DecisionRecord = {
  callId,
  caller: { kind: 'identified', phone },
  receivedAtMs: november,
  door: 'webhook',
  callStartedAtMs: november,
  decision: { outcome: 'routed', to, because: 'assigned-agent' },
  passed: [],
  plan: [],
  considered: [],
  attempts: [],
  readings: [],
  timings: {},
};

const contact: Contact = { phone, assignedTo: jane, backups: [], attributes: {} };

const conversation = {
  phone,
  aircallUserId: 457 as AircallUserId,
  direction: 'inbound',
  answeredAtMs: november - 60_000,
  endedAtMs: november,
} as const;

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1', credentials }));
const table: Table = { client, name: 'calls-of-ours', account: 'default' as AccountId, now: () => november };

const times = { claimLapsesAfterMs: 10_000, keptForDays: 90 };

const deletion = { kind: 'deleted', contactId: contactId('700001'), atMs: november } as const;

const begun = { state: 'state-of-an-install', browser: 'secret-of-a-browser' };

const operations = [
  { name: 'finding a contact', run: (t: Table, by: number) => createFindContact(t)(phone, by) },
  { name: 'finding a caller', run: (t: Table, by: number) => createFindCaller(t)(phone, by) },
  {
    name: 'saving a conversation',
    run: (t: Table, by: number) => createSaveConversation(t)(conversation, november, by),
  },
  { name: 'finding a backfill', run: (t: Table, by: number) => createFindBackfill(t)(by) },
  {
    name: 'saving a backfill',
    run: (t: Table, by: number) => createSaveBackfill(t)({ sinceMs: 0, reachedMs: 1 }, by),
  },
  { name: 'ending a backfill', run: (t: Table, by: number) => createSaveBackfill(t)(undefined, by) },
  { name: 'saving contacts', run: (t: Table, by: number) => createSaveContacts(t)([contact], by) },
  { name: 'deleting a contact', run: (t: Table, by: number) => createDeleteContact(t)(phone, by) },
  { name: 'listing contacts', run: (t: Table, by: number) => createListContacts(t)(by) },
  {
    name: 'assigning a contact',
    run: (t: Table, by: number) => createAssignContact(t)(phone, { assignedTo: jane }, by),
  },
  {
    name: 'assigning an unassigned contact',
    run: (t: Table, by: number) => createAssignUnassigned(t)(phone, jane, by),
  },
  {
    name: 'finding a contact at Aircall',
    run: (t: Table, by: number) => createFindSyncedContact(t)(deletion.contactId, by),
  },
  {
    name: 'saving a contact at Aircall',
    run: (t: Table, by: number) =>
      createSaveSyncedContact(t)({ news: deletion, phones: [], version: 1, isPending: true }, by),
  },
  {
    name: 'saving the words of a contact',
    run: (t: Table, by: number) =>
      createSaveWords(t)(phone, { contactId: deletion.contactId, version: 1 }, by),
  },
  { name: 'finding a sync of contacts', run: (t: Table, by: number) => createFindContactSync(t)(by) },
  {
    name: 'saving a sync of contacts',
    run: (t: Table, by: number) => createSaveContactSync(t)({ reachedMs: 1 }, by),
  },
  {
    name: 'ending a sync of contacts',
    run: (t: Table, by: number) => createSaveContactSync(t)(undefined, by),
  },
  {
    name: 'claiming a call',
    run: (t: Table, by: number) => createClaimCall(t, times)(callId, 'webhook', us, by),
  },
  { name: 'settling a call', run: (t: Table, by: number) => createSettleCall(t)(record, us, by) },
  {
    name: 'noting news of a call',
    run: (t: Table, by: number) =>
      createNoteCallNews(t, { newsKeptForDays: 1 })(callId, { kind: 'over', atMs: november }, by),
  },
  { name: 'finding a decided call', run: (t: Table, by: number) => createFindDecidedCall(t)(callId, by) },
  {
    name: 'listing calls',
    run: (t: Table, by: number) => createListCalls(t)({ sinceMs: november, limit: 50 }, by),
  },
  {
    name: 'finding when a webhook was seen',
    run: (t: Table, by: number) => createFindWebhookSeen(t)(by),
  },
  {
    name: 'saving when a webhook was seen',
    run: (t: Table, by: number) => createSaveWebhookSeen(t)({ announcedAtMs: november }, by),
  },
  { name: 'claiming a hop', run: (t: Table, by: number) => createClaimHop(t)(callId, 1, us, by) },
  { name: 'settling a hop', run: (t: Table, by: number) => createSettleHop(t)(callId, hopRecord(), us, by) },
  { name: 'finding an agent', run: (t: Table, by: number) => createFindAgent(t)(jane, by) },
  {
    name: 'saving an agent',
    run: (t: Table, by: number) => createSaveAgent(t)({ email: jane, checkedAtMs: november }, by),
  },
  { name: 'listing agents', run: (t: Table, by: number) => createListAgents(t)(by) },
  { name: 'finding the policy', run: (t: Table, by: number) => createFindPolicy(t)(by) },
  {
    name: 'putting a policy',
    run: (t: Table, by: number) => createPutPolicy(t)(defaultPolicy, undefined, by),
  },
  {
    name: 'replacing a policy',
    run: (t: Table, by: number) =>
      createPutPolicy(t)(defaultPolicy, { version: 1, storedAtMs: november, policy: defaultPolicy }, by),
  },
  { name: 'listing policies', run: (t: Table, by: number) => createListPolicies(t)(by) },
  { name: 'finding an account', run: (t: Table, by: number) => createFindAccount(t)(accountId('90210'), by) },
  { name: 'listing accounts', run: (t: Table, by: number) => createListAccounts(t)(by) },
  { name: 'saving an account', run: (t: Table, by: number) => createSaveAccount(t)(account(), by) },
  { name: 'purging an account', run: (t: Table, by: number) => createPurgeAccount(t)(account(), by) },
  {
    name: 'finding whose a token is',
    run: (t: Table, by: number) => createFindTokenOwner(t)('0123456789abcdef', by),
  },
  {
    name: 'accepting a token',
    run: (t: Table, by: number) =>
      createAcceptToken(t)({ accountId: accountId('90210'), tokenHash: 'hash' }, november, by),
  },
  {
    name: 'saving a begun installation',
    run: (t: Table, by: number) => createSaveInstallState(t)(begun, november, by),
  },
  { name: 'using a begun installation', run: (t: Table, by: number) => createUseInstallState(t)(begun, by) },
];

const conditionFailed = () =>
  new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed' });

let dynamodb: AwsClientStub<DynamoDBDocumentClient>;

beforeEach(() => {
  dynamodb = mockClient(client);
});

afterEach(() => dynamodb.restore());

/** The inputs of every command sent, in order. */
const sent = () => dynamodb.calls().map(({ args }) => args[0].input);

describe('the store in trouble', () => {
  it.each(operations)('is unavailable, by the error’s name alone: $name', async ({ run }) => {
    dynamodb.rejects(
      new ProvisionedThroughputExceededException({
        $metadata: {},
        message: 'ACCOUNT#default#PHONE#+442079460123',
      }),
    );

    expect(await run(table, deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'ProvisionedThroughputExceededException' },
    });
  });

  it.each(operations)('is asked nothing without time left: $name', async ({ run }) => {
    dynamodb.resolves({});

    expect(await run(table, november)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'no time left' },
    });
    expect(sent()).toEqual([]);
  });

  it('is unavailable whatever is thrown', async () => {
    dynamodb.callsFake(() => Promise.reject('+442079460123'));

    expect(await createFindContact(table)(phone, deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'string' },
    });
  });

  it('is unavailable, by the code of an error that has no name of its own', async () => {
    dynamodb.rejects(Object.assign(new Error('connect 192.0.2.1:443'), { code: 'ECONNREFUSED' }));

    expect(await createFindContact(table)(phone, deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'ECONNREFUSED' },
    });
  });

  it('is unavailable, by the name of an error whose code is a number', async () => {
    dynamodb.rejects(Object.assign(new RangeError('jane@example.com'), { code: 22 }));

    expect(await createFindContact(table)(phone, deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'RangeError' },
    });
  });

  it('is unavailable where it fails half-way through a claim', async () => {
    const broken = new Error('+442079460123');
    const lapsed = { schemaVersion: 1, owner: 'request-0', lapsesAtMs: november - 1, takenOver: false };
    const unavailable = { ok: false, failure: { reason: 'store-unavailable', detail: 'Error' } };
    const claim = () => createClaimCall(table, times)(callId, 'webhook', us, deadlineMs);

    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).rejects(broken);
    expect(await claim()).toEqual(unavailable);

    dynamodb.reset();
    dynamodb.on(UpdateCommand).rejectsOnce(conditionFailed()).rejects(broken);
    dynamodb.on(GetCommand).resolves({ Item: lapsed });
    expect(await claim()).toEqual(unavailable);
    expect(sent()).toHaveLength(3);

    dynamodb.reset();
    dynamodb.on(UpdateCommand).rejects(conditionFailed());
    dynamodb.on(GetCommand).resolvesOnce({ Item: lapsed }).rejects(broken);
    expect(await claim()).toEqual(unavailable);
    expect(sent()).toHaveLength(4);
  });

  it('has its list of agents thrown away where one page of it fails', async () => {
    const item = { schemaVersion: 1, email: jane, checkedAtMs: november };
    dynamodb
      .on(QueryCommand)
      .resolvesOnce({ Items: [item], LastEvaluatedKey: { pk: 'x', sk: 'AGENT' } })
      .rejects(new Error('broken'));

    expect(await createListAgents(table)(deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'Error' },
    });
  });
});

describe('a store that does not answer', () => {
  let server: Server;
  let endpoint: string;
  let requests: number;

  beforeEach(async () => {
    dynamodb.restore();
    requests = 0;
    server = createServer(() => {
      requests += 1;
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const tableAt = (requestMs: number): Table => ({
    ...table,
    client: createDocumentClient(
      { connectMs: 300, requestMs, attempts: 2 },
      { endpoint, region: 'eu-west-1', credentials },
    ),
  });

  it('is given up after its two attempts', { timeout: 5000 }, async () => {
    expect(await createFindContact(tableAt(100))(phone, november + 60_000)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'ETIMEDOUT' },
    });
    expect(requests).toBe(2);
  });

  it.each(operations)('is given up at the deadline: $name', { timeout: 5000 }, async ({ run }) => {
    expect(await run(tableAt(60_000), november + 200)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'AbortError' },
    });
    expect(requests).toBe(1);
  });
});

describe('what is not there', () => {
  it('is left out of an item: undefined is no value DynamoDB knows', async () => {
    dynamodb.restore();
    let body = '';
    const server = createServer(async (request, response) => {
      for await (const chunk of request) body += chunk;
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sdk = createDocumentClient(
      { connectMs: 300, requestMs: 5000, attempts: 1 },
      { endpoint, region: 'eu-west-1', credentials },
    );

    await sdk.send(new PutCommand({ TableName: 'calls-of-ours', Item: { pk: 'x', name: undefined } }));

    expect(JSON.parse(body)).toEqual({ TableName: 'calls-of-ours', Item: { pk: { S: 'x' } } });
    sdk.destroy();
    server.close();
  });
});

describe('an answer that brings no items is one of an empty table', () => {
  it.each<{ name: string; run: () => Promise<unknown>; value: unknown }>([
    { name: 'a contact', run: () => createFindContact(table)(phone, deadlineMs), value: undefined },
    { name: 'a caller', run: () => createFindCaller(table)(phone, deadlineMs), value: {} },
    {
      name: 'contacts',
      run: () => createListContacts(table)(deadlineMs),
      value: { contacts: [], unreadable: 0 },
    },
    { name: 'agents', run: () => createListAgents(table)(deadlineMs), value: { agents: [], unreadable: 0 } },
    {
      name: 'calls',
      run: () => createListCalls(table)({ sinceMs: november, limit: 50 }, deadlineMs),
      value: { calls: [], unreadable: 0 },
    },
    {
      name: 'policies',
      run: () => createListPolicies(table)(deadlineMs),
      value: { policies: [], unreadable: 0 },
    },
    { name: 'what a purge deletes', run: () => createPurgeAccount(table)(account(), deadlineMs), value: 0 },
  ])('$name', async ({ run, value }) => {
    dynamodb.resolves({});

    expect(await run()).toEqual({ ok: true, value });
  });
});

describe('a store that fails half-way', () => {
  const unavailable = { ok: false, failure: { reason: 'store-unavailable', detail: 'Error' } };
  const broken = new Error('+442079460123');

  it('does not say whether an assigned contact was known at Aircall', async () => {
    dynamodb.on(UpdateCommand).resolves({}).on(QueryCommand).rejects(broken);

    expect(await createAssignContact(table)(phone, { assignedTo: jane }, deadlineMs)).toEqual(unavailable);
  });

  it('does not say whether a deleted contact is left at Aircall', async () => {
    dynamodb.on(DeleteCommand).resolves({}).on(QueryCommand).rejects(broken);

    expect(await createDeleteContact(table)(phone, deadlineMs)).toEqual(unavailable);
  });

  it('has no contact saved of which it does not tell what Aircall says', async () => {
    dynamodb.on(BatchGetCommand).resolves({}).on(QueryCommand).rejects(broken);

    expect(await createSaveContacts(table)([contact], deadlineMs)).toEqual(unavailable);
    expect(dynamodb.commandCalls(BatchWriteCommand)).toHaveLength(0);
  });

  it('leaves a policy in force, of which the history has a copy', async () => {
    const inForce = { version: 1, storedAtMs: november, policy: defaultPolicy };
    dynamodb.on(PutCommand).resolvesOnce({}).rejects(broken);

    expect(await createPutPolicy(table)(defaultPolicy, inForce, deadlineMs)).toEqual(unavailable);
    expect(sent()).toMatchObject([
      { Item: { sk: 'POLICY#000001', version: 1 } },
      { Item: { sk: 'POLICY', version: 2 } },
    ]);
  });

  it('keeps a policy that can’t be read where it could not be copied', async () => {
    const unreadable = { pk: 'ACCOUNT#default#POLICY', sk: 'POLICY', schemaVersion: 1, version: 'one' };
    dynamodb
      .on(QueryCommand)
      .resolves({ Items: [unreadable] })
      .on(PutCommand)
      .rejects(broken);

    expect(await createPutPolicy(table)(defaultPolicy, 'unreadable', deadlineMs)).toEqual(unavailable);
    expect(dynamodb.commandCalls(PutCommand)).toHaveLength(1);
  });
});

describe('a claim', () => {
  const claim = () => createClaimCall(table, times)(callId, 'webhook', us, deadlineMs);
  const is = (claim: Claim) => ({ ok: true, value: { claim, door: 'webhook', news: nothingTold } });

  /** An item as a claim leaves it, held by us for another 10 s. */
  const held = {
    pk: 'ACCOUNT#default#CALL#812000001',
    sk: 'ROUTING',
    schemaVersion: 1,
    owner: 'request-1',
    lapsesAtMs: november + 10_000,
    takenOver: false,
  };
  const lapsed = { ...held, owner: 'request-0', lapsesAtMs: november - 1 };

  it('is one update, on condition that nobody has claimed it and no newer code knows of it', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: held });

    expect(await claim()).toEqual(is('claimed'));
    expect(sent()).toEqual([
      {
        TableName: 'calls-of-ours',
        Key: { pk: 'ACCOUNT#default#CALL#812000001', sk: 'ROUTING' },
        UpdateExpression:
          'SET #schemaVersion = :schemaVersion, #callId = :callId, #door = :door, #owner = :owner, #claimedAtMs = :claimedAtMs' +
          ', #lapsesAtMs = :lapsesAtMs, #takenOver = :takenOver, #dayPk = :dayPk, #daySk = :daySk' +
          ', #expiresAtSeconds = :expiresAtSeconds',
        ConditionExpression:
          'attribute_not_exists(#owner) AND (attribute_not_exists(schemaVersion) OR schemaVersion <= :schemaVersion)',
        ExpressionAttributeNames: {
          '#schemaVersion': 'schemaVersion',
          '#callId': 'callId',
          '#door': 'door',
          '#owner': 'owner',
          '#claimedAtMs': 'claimedAtMs',
          '#lapsesAtMs': 'lapsesAtMs',
          '#takenOver': 'takenOver',
          '#dayPk': 'dayPk',
          '#daySk': 'daySk',
          '#expiresAtSeconds': 'expiresAtSeconds',
        },
        ExpressionAttributeValues: {
          ':schemaVersion': 1,
          ':door': 'webhook',
          ':callId': '812000001',
          ':owner': 'request-1',
          ':claimedAtMs': 1_763_851_200_000,
          ':lapsesAtMs': 1_763_851_210_000,
          ':takenOver': false,
          ':dayPk': 'ACCOUNT#default#DAY#2025-11-22',
          ':daySk': '2025-11-22T22:40:00.000Z#812000001',
          ':expiresAtSeconds': 1_771_627_200,
        },
        ReturnValues: 'ALL_NEW',
      },
    ]);
  });

  it('is ours where the SDK repeated the write and met what the first one wrote', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).resolves({ Item: held });

    expect(await claim()).toEqual(is('claimed'));
  });

  it('is read consistently: an old copy would show a claim that is gone', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).resolves({ Item: held });
    await claim();

    expect(sent()[1]).toEqual({
      TableName: 'calls-of-ours',
      Key: { pk: 'ACCOUNT#default#CALL#812000001', sk: 'ROUTING' },
      ConsistentRead: true,
    });
  });

  it.each([
    { item: { ...held, owner: 'request-0' }, why: 'someone else holds it' },
    { item: { ...held, settledAtMs: november }, why: 'it is settled, though by us' },
    { item: { ...lapsed, settledAtMs: november - 5000 }, why: 'it was settled and would have lapsed' },
  ])('is a duplicate where $why, and nothing is written', async ({ item }) => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).resolves({ Item: item });

    expect(await claim()).toEqual(is('duplicate'));
    expect(dynamodb.commandCalls(UpdateCommand)).toHaveLength(1);
  });

  it('that lapsed is taken over, in doubt, on condition that it is unsettled and still lapsed', async () => {
    dynamodb.on(UpdateCommand).rejectsOnce(conditionFailed()).resolves({ Attributes: held });
    dynamodb.on(GetCommand).resolves({ Item: lapsed });

    expect(await claim()).toEqual(is('in-doubt'));
    expect(sent()[2]).toEqual({
      TableName: 'calls-of-ours',
      Key: { pk: 'ACCOUNT#default#CALL#812000001', sk: 'ROUTING' },
      UpdateExpression: 'SET #owner = :owner, lapsesAtMs = :lapsesAtMs, takenOver = :true',
      ConditionExpression: 'attribute_not_exists(settledAtMs) AND lapsesAtMs <= :nowMs',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: {
        ':owner': 'request-1',
        ':nowMs': 1_763_851_200_000,
        ':lapsesAtMs': 1_763_851_210_000,
        ':true': true,
      },
      ReturnValues: 'ALL_NEW',
    });
  });

  it('lapses in the very millisecond it names', async () => {
    const item = { ...lapsed, lapsesAtMs: november };
    dynamodb.on(UpdateCommand).rejectsOnce(conditionFailed()).resolves({ Attributes: item });
    dynamodb.on(GetCommand).resolves({ Item: item });

    expect(await claim()).toEqual(is('in-doubt'));
  });

  it('of our own that lapsed is taken over in doubt too: we may have acted on it', async () => {
    const item = { ...held, lapsesAtMs: november - 1 };
    dynamodb.on(UpdateCommand).rejectsOnce(conditionFailed()).resolves({ Attributes: item });
    dynamodb.on(GetCommand).resolves({ Item: item });

    expect(await claim()).toEqual(is('in-doubt'));
  });

  it('stays in doubt where the SDK repeated the take-over and met what the first one wrote', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed());
    dynamodb
      .on(GetCommand)
      .resolvesOnce({ Item: lapsed })
      .resolves({ Item: { ...held, takenOver: true } });

    expect(await claim()).toEqual(is('in-doubt'));
  });

  it('stays in doubt where a delivery that had taken it over asks again', async () => {
    const item = { ...held, takenOver: true };
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).resolves({ Item: item });

    expect(await claim()).toEqual(is('in-doubt'));
  });

  it.each([
    { meanwhile: 'its owner settles', item: { ...lapsed, settledAtMs: november } },
    {
      meanwhile: 'someone else takes over',
      item: { ...held, owner: 'request-2', takenOver: true },
    },
    {
      meanwhile: 'someone else takes over and settles',
      item: { ...held, owner: 'request-2', takenOver: true, settledAtMs: november },
    },
  ])('is a duplicate where, between our reading and our take-over, $meanwhile', async ({ item }) => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed());
    dynamodb.on(GetCommand).resolvesOnce({ Item: lapsed }).resolves({ Item: item });

    expect(await claim()).toEqual(is('duplicate'));
  });

  it.each([
    { attribute: 'owner', value: 4711 },
    { attribute: 'lapsesAtMs', value: '1763851210000' },
    { attribute: 'takenOver', value: 'no' },
    { attribute: 'settledAtMs', value: 'yesterday' },
    { attribute: 'schemaVersion', value: 2 },
    { attribute: 'schemaVersion', value: undefined },
  ])('on an item with a wrong $attribute ($value) is left alone', async ({ attribute, value }) => {
    const Item = { ...lapsed, [attribute]: value };
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).resolves({ Item });

    expect(await claim()).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: `call: ${attribute}` },
    });
    expect(dynamodb.commandCalls(UpdateCommand)).toHaveLength(1);
  });

  it('on an item that vanished between the write and the reading is left alone', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).resolves({});

    expect(await claim()).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: 'call: schemaVersion' },
    });
  });

  const told = { answeredAtMs: november, overAtMs: november, refusals: new Set(['agent-declined#456']) };
  const news = { isAnswered: true, isOver: true, refusals: [{ because: 'agent-declined', by: 456 }] };

  it('brings what events told, at once, taken over, held and held again', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { ...held, ...told } });
    expect(await claim()).toEqual({ ok: true, value: { claim: 'claimed', door: 'webhook', news } });

    dynamodb.reset();
    dynamodb
      .on(UpdateCommand)
      .rejectsOnce(conditionFailed())
      .resolves({ Attributes: { ...held, ...told } });
    dynamodb.on(GetCommand).resolves({ Item: lapsed });
    expect(await claim()).toEqual({ ok: true, value: { claim: 'in-doubt', door: 'webhook', news } });

    dynamodb.on(UpdateCommand).rejects(conditionFailed());
    dynamodb.on(GetCommand).resolves({ Item: { ...held, ...told } });
    expect(await claim()).toEqual({ ok: true, value: { claim: 'claimed', door: 'webhook', news } });

    dynamodb.reset();
    dynamodb.on(UpdateCommand).rejects(conditionFailed());
    dynamodb
      .on(GetCommand)
      .resolvesOnce({ Item: lapsed })
      .resolves({ Item: { ...held, ...told, takenOver: true } });
    expect(await claim()).toEqual({ ok: true, value: { claim: 'in-doubt', door: 'webhook', news } });
  });

  it('does not mind refusals of a kind that newer code knows', async () => {
    const refusals = new Set(['agent-declined#456', 'agent-asleep#457', 'transfer-failed#458']);
    dynamodb.on(UpdateCommand).resolves({ Attributes: { ...held, refusals } });
    expect(await claim()).toMatchObject({
      value: {
        news: {
          refusals: [
            { because: 'agent-declined', by: 456 },
            { because: 'transfer-failed', by: 458 },
          ],
        },
      },
    });
  });

  it.each([
    { attribute: 'answeredAtMs', value: 'now' },
    { attribute: 'overAtMs', value: true },
    { attribute: 'refusals', value: 'agent-declined#456' },
  ])('with a wrong $attribute ($value) is left alone', async ({ attribute, value }) => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { ...held, [attribute]: value } });
    expect(await claim()).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: `call: ${attribute}` },
    });
  });
});

describe('settling', () => {
  it('is one update, on condition that the claim is ours', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { overAtMs: november } });

    expect(await createSettleCall(table)(record, us, deadlineMs)).toEqual({
      ok: true,
      value: { kind: 'settled', news: { ...nothingTold, isOver: true } },
    });
    expect(sent()).toEqual([
      {
        TableName: 'calls-of-ours',
        Key: { pk: 'ACCOUNT#default#CALL#812000001', sk: 'ROUTING' },
        UpdateExpression:
          'SET settledAtMs = :nowMs, outcome = :outcome, because = :because, #to = :to, decisionRecord = :record',
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner', '#to': 'to' },
        ExpressionAttributeValues: {
          ':owner': 'request-1',
          ':nowMs': 1_763_851_200_000,
          ':outcome': 'routed',
          ':because': 'assigned-agent',
          ':to': { kind: 'agent', aircallUserId: 456 },
          ':record': record,
        },
        ReturnValues: 'ALL_OLD',
      },
    ]);
  });

  it('finds what events told damaged, and says so', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { refusals: 'agent-declined#456' } });

    expect(await createSettleCall(table)(record, us, deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: 'call: refusals' },
    });
  });

  it('writes nothing where the claim is someone else’s', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed());

    expect(await createSettleCall(table)(record, us, deadlineMs)).toEqual({
      ok: true,
      value: { kind: 'not-owner' },
    });
    expect(sent()).toHaveLength(1);
  });
});

describe('news of a call', () => {
  it('whose item is damaged finds nothing decided, and says so', async () => {
    dynamodb
      .on(UpdateCommand)
      .resolves({ Attributes: { schemaVersion: 1, callId: '812000001', hop: 'one' } });

    const noteCallNews = createNoteCallNews(table, { newsKeptForDays: 1 });
    expect(await noteCallNews(callId, { kind: 'over', atMs: november }, deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: 'call: hop' },
    });
  });
});

describe('a hop', () => {
  const claim = (hop = 1) => createClaimHop(table)(callId, hop, us, deadlineMs);
  const claimed = { ok: true, value: 'claimed' };
  const refused = { ok: true, value: 'refused' };
  const underWay = { schemaVersion: 1, hop: 1, hopOwner: 'request-1', hops: {} };

  it('is claimed in one request', async () => {
    dynamodb.on(UpdateCommand).resolves({});

    expect(await claim()).toEqual(claimed);
    expect(sent()).toHaveLength(1);
  });

  it('is ours where the SDK repeated the claim and met what the first one wrote, read consistently', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).resolves({ Item: underWay });

    expect(await claim()).toEqual(claimed);
    expect(sent()[1]).toEqual({
      TableName: 'calls-of-ours',
      Key: { pk: 'ACCOUNT#default#CALL#812000001', sk: 'ROUTING' },
      ConsistentRead: true,
    });
  });

  it.each([
    { item: { schemaVersion: 1 }, why: 'none is under way' },
    { item: { ...underWay, hopOwner: 'request-2' }, why: 'it is someone else’s' },
    { item: { ...underWay, hop: 2 }, why: 'another one is under way' },
    { item: { ...underWay, hops: { 1: {} } }, why: 'we have settled it' },
    { item: undefined, why: 'nothing is known of the call' },
  ])('is refused where $why', async ({ item }) => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).resolves({ Item: item });
    expect(await claim()).toEqual(refused);
  });

  it.each([
    { attribute: 'hop', value: 'one' },
    { attribute: 'hopOwner', value: 4711 },
    { attribute: 'hops', value: [] },
    { attribute: 'schemaVersion', value: 2 },
  ])('on an item with a wrong $attribute ($value) is not begun', async ({ attribute, value }) => {
    const Item = { ...underWay, [attribute]: value };
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).resolves({ Item });
    expect(await claim()).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: `call: ${attribute}` },
    });
  });

  it('is not begun where the store fails half-way through its claim', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed()).on(GetCommand).rejects(new Error('broken'));
    expect(await claim()).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'Error' },
    });
  });

  it('that is settled finds what events told damaged, and says so', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { refusals: 'agent-declined#456' } });
    expect(await createSettleHop(table)(callId, hopRecord(), us, deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: 'call: refusals' },
    });
  });
});

describe('saving an agent', () => {
  const saveAgent = createSaveAgent(table);

  it('links the login first, then tells of the agent, hands off what newer code wrote', async () => {
    dynamodb.on(PutCommand).resolves({}).on(UpdateCommand).resolves({});

    await saveAgent(
      {
        email: jane,
        aircallUserId: to.aircallUserId,
        name: 'Jane Doe',
        wrapUpSeconds: 30,
        checkedAtMs: november,
      },
      deadlineMs,
    );

    expect(sent()).toEqual([
      {
        TableName: 'calls-of-ours',
        Item: {
          pk: 'ACCOUNT#default#USER#456',
          sk: 'AGENT',
          schemaVersion: 1,
          email: 'jane@example.com',
        },
        ConditionExpression: 'attribute_not_exists(schemaVersion) OR schemaVersion <= :schemaVersion',
        ExpressionAttributeValues: { ':schemaVersion': 1 },
      },
      {
        TableName: 'calls-of-ours',
        Key: { pk: 'ACCOUNT#default#AGENT#jane@example.com', sk: 'AGENT' },
        UpdateExpression:
          'SET schemaVersion = :schemaVersion, email = :email, checkedAtMs = :checkedAtMs' +
          ', agentsPk = :agentsPk, agentsSk = :email, #aircallUserId = :aircallUserId, #name = :name' +
          ', #wrapUpSeconds = :wrapUpSeconds',
        ConditionExpression: 'attribute_not_exists(schemaVersion) OR schemaVersion <= :schemaVersion',
        ExpressionAttributeNames: {
          '#aircallUserId': 'aircallUserId',
          '#name': 'name',
          '#wrapUpSeconds': 'wrapUpSeconds',
        },
        ExpressionAttributeValues: {
          ':schemaVersion': 1,
          ':email': 'jane@example.com',
          ':checkedAtMs': 1_763_851_200_000,
          ':agentsPk': 'ACCOUNT#default#AGENTS',
          ':aircallUserId': 456,
          ':name': 'Jane Doe',
          ':wrapUpSeconds': 30,
        },
      },
    ]);
  });

  it('takes away what an agent unknown to Aircall has no more', async () => {
    dynamodb.on(UpdateCommand).resolves({});

    await saveAgent({ email: jane, checkedAtMs: november }, deadlineMs);

    expect(sent()[0]).toMatchObject({
      UpdateExpression:
        'SET schemaVersion = :schemaVersion, email = :email, checkedAtMs = :checkedAtMs' +
        ', agentsPk = :agentsPk, agentsSk = :email REMOVE #aircallUserId, #name, #wrapUpSeconds',
    });
  });

  it.each([
    { failure: conditionFailed(), is: { reason: 'item-unreadable', detail: 'user: schemaVersion' } },
    { failure: new Error('broken'), is: { reason: 'store-unavailable', detail: 'Error' } },
  ])(
    'leaves the agent as they were where the login could not be linked: the next refresh sees the difference',
    async ({ failure, is }) => {
      dynamodb.on(PutCommand).rejects(failure);

      const agent = { email: jane, aircallUserId: to.aircallUserId, checkedAtMs: november };
      expect(await saveAgent(agent, deadlineMs)).toEqual({ ok: false, failure: is });
      expect(dynamodb.commandCalls(UpdateCommand)).toHaveLength(0);
    },
  );

  it('is item-unreadable where newer code wrote the item', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed());

    expect(await saveAgent({ email: jane, checkedAtMs: november }, deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: 'agent: schemaVersion' },
    });
  });
});

describe('saving contacts', () => {
  const contacts = Array.from({ length: 60 }, (_, index) => ({
    ...contact,
    phone: `+1202555${String(index + 100).padStart(4, '0')}` as PhoneNumber,
  }));
  const batchSizes = () =>
    dynamodb
      .commandCalls(BatchWriteCommand)
      .map(({ args }) => args[0].input.RequestItems?.['calls-of-ours']?.length);
  beforeEach(() => {
    dynamodb.on(QueryCommand).resolves({});
  });

  it('writes 25 at a time, the most DynamoDB takes', async () => {
    dynamodb.on(BatchGetCommand).resolves({}).on(BatchWriteCommand).resolves({});

    expect(await createSaveContacts(table)(contacts, deadlineMs)).toEqual({
      ok: true,
      value: { written: 60, unchanged: 0 },
    });
    expect(batchSizes()).toEqual([25, 25, 10]);
  });

  it('reads again what a throttled table did not read, rather than take it for absent', async () => {
    const stored = {
      pk: 'ACCOUNT#default#PHONE#+442079460123',
      sk: 'CONTACT',
      schemaVersion: 1,
      phone: '+442079460123',
      assignedTo: 'jane@example.com',
      backups: [],
      attributes: {},
    };
    const unread = { Keys: [{ pk: stored.pk, sk: 'CONTACT' }] };
    dynamodb
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { 'calls-of-ours': [] }, UnprocessedKeys: { 'calls-of-ours': unread } })
      .resolves({ Responses: { 'calls-of-ours': [stored] } });
    dynamodb.on(BatchWriteCommand).resolves({});

    expect(await createSaveContacts(table)([contact], deadlineMs)).toEqual({
      ok: true,
      value: { written: 0, unchanged: 1 },
    });
  });

  it('writes again, and alone, what a throttled table handed back', async () => {
    const handedBack = [
      { PutRequest: { Item: { pk: 'ACCOUNT#default#PHONE#+12025550101', sk: 'CONTACT' } } },
    ];
    dynamodb.on(BatchGetCommand).resolves({});
    dynamodb
      .on(BatchWriteCommand)
      .resolvesOnce({ UnprocessedItems: { 'calls-of-ours': handedBack } })
      .resolves({ UnprocessedItems: {} });

    expect(await createSaveContacts(table)(contacts.slice(0, 3), deadlineMs)).toEqual({
      ok: true,
      value: { written: 3, unchanged: 0 },
    });
    expect(batchSizes()).toEqual([3, 1]);
    expect(sent().at(-1)).toEqual({ RequestItems: { 'calls-of-ours': handedBack } });
  });

  it('ends at the deadline where the table hands everything back for ever', { timeout: 3000 }, async () => {
    const handedBack = [{ PutRequest: { Item: { pk: 'x', sk: 'CONTACT' } } }];
    dynamodb.on(BatchGetCommand).resolves({});
    dynamodb.on(BatchWriteCommand).resolves({ UnprocessedItems: { 'calls-of-ours': handedBack } });

    expect(await createSaveContacts(table)([contact], november + 30)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'ABORT_ERR' },
    });
  });

  it('stops at the first batch that fails', async () => {
    dynamodb.on(BatchGetCommand).resolves({});
    dynamodb.on(BatchWriteCommand).resolvesOnce({}).rejects(new Error('broken'));

    expect(await createSaveContacts(table)(contacts, deadlineMs)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'Error' },
    });
    expect(batchSizes()).toEqual([25, 25]);
  });
});

describe('a damaged contact', () => {
  const item = {
    pk: 'ACCOUNT#default#PHONE#+442079460123',
    sk: 'CONTACT',
    schemaVersion: 1,
    phone: '+442079460123',
    name: 'Zoë Martin',
    company: 'Northwind Tea',
    assignedTo: 'jane@example.com',
    backups: ['sam@example.com'],
    attributes: { tier: 'gold' },
  };
  const findContact = (changes: Record<string, unknown>) => {
    dynamodb.on(QueryCommand).resolves({ Items: [{ ...item, ...changes }] });
    return createFindContact(table)(phone, deadlineMs);
  };

  it('would be found undamaged', async () => {
    expect(await findContact({})).toMatchObject({ ok: true, value: { name: 'Zoë Martin' } });
  });

  it.each([
    { attribute: 'phone', value: undefined },
    { attribute: 'phone', value: 442079460123 },
    { attribute: 'name', value: ['secret'] },
    { attribute: 'company', value: null },
    { attribute: 'assignedTo', value: 'secret' },
    { attribute: 'assignedTo', value: '' },
    { attribute: 'assignedTo', value: null },
    { attribute: 'backups', value: undefined },
    { attribute: 'backups', value: 'secret@example.com' },
    { attribute: 'backups', value: ['secret'] },
    { attribute: 'attributes', value: undefined },
    { attribute: 'attributes', value: ['secret'] },
    { attribute: 'attributes', value: { secret: 4711 } },
    { attribute: 'schemaVersion', value: undefined },
    { attribute: 'schemaVersion', value: '1' },
    { attribute: 'schemaVersion', value: 1.5 },
    { attribute: 'schemaVersion', value: 2 },
  ])('is item-unreadable, by the attribute’s name alone: $attribute is $value', async (damage) => {
    expect(await findContact({ [damage.attribute]: damage.value })).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: `contact: ${damage.attribute}` },
    });
  });

  it('is counted in a list, and costs no other, though it be its phone that is damaged', async () => {
    const damaged = { ...item, pk: 'ACCOUNT#default#PHONE#+12025550123', phone: 12025550123 };
    dynamodb.on(ScanCommand).resolves({ Items: [damaged, item] });

    expect(await createListContacts(table)(deadlineMs)).toMatchObject({
      ok: true,
      value: { contacts: [{ phone: '+442079460123', name: 'Zoë Martin' }], unreadable: 1 },
    });
  });

  it('is mended by whoever saves it', async () => {
    dynamodb.on(BatchGetCommand).resolves({
      Responses: { 'calls-of-ours': [{ ...item, backups: 'sam@example.com' }] },
    });
    dynamodb.on(QueryCommand).resolves({}).on(BatchWriteCommand).resolves({});

    expect(await createSaveContacts(table)([contact], deadlineMs)).toEqual({
      ok: true,
      value: { written: 1, unchanged: 0 },
    });
    expect(dynamodb.commandCalls(BatchWriteCommand)[0]?.args[0].input).toEqual({
      RequestItems: {
        'calls-of-ours': [
          {
            PutRequest: {
              Item: {
                pk: 'ACCOUNT#default#PHONE#+442079460123',
                sk: 'CONTACT',
                schemaVersion: 1,
                phone: '+442079460123',
                assignedTo: 'jane@example.com',
                backups: [],
                attributes: {},
              },
            },
          },
        ],
      },
    });
  });
});

describe('a damaged contact at Aircall', () => {
  const item = {
    schemaVersion: 1,
    news: { kind: 'deleted', contactId: '700001', atMs: november },
    phones: ['+442079460123'],
    version: 3,
    isPending: false,
  };
  const find = (changes: Record<string, unknown>) => {
    dynamodb.on(GetCommand).resolves({ Item: { ...item, ...changes } });
    return createFindSyncedContact(table)(deletion.contactId, deadlineMs);
  };

  it('would be found undamaged', async () => {
    expect(await find({})).toMatchObject({ ok: true, value: { news: { kind: 'deleted' }, version: 3 } });
  });

  it.each([
    { attribute: 'news', value: { kind: 'merged', contactId: '700001', atMs: november } },
    { attribute: 'phones', value: '+442079460123' },
    { attribute: 'version', value: undefined },
    { attribute: 'isPending', value: 'no' },
    { attribute: 'schemaVersion', value: 2 },
  ])('is item-unreadable, by the attribute’s name alone: $attribute is $value', async (damage) => {
    expect(await find({ [damage.attribute]: damage.value })).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: `contact at Aircall: ${damage.attribute}` },
    });
  });
});

describe('a damaged agent', () => {
  const item = {
    schemaVersion: 1,
    email: 'jane@example.com',
    aircallUserId: 456,
    name: 'Jane Doe',
    checkedAtMs: november,
  };

  const damages = [
    { attribute: 'email', value: undefined },
    { attribute: 'email', value: ['secret'] },
    { attribute: 'aircallUserId', value: '456' },
    { attribute: 'aircallUserId', value: 4.5 },
    { attribute: 'name', value: null },
    { attribute: 'checkedAtMs', value: undefined },
    { attribute: 'checkedAtMs', value: 'secret' },
    { attribute: 'presence', value: 'on_a_break' },
    { attribute: 'presenceSinceMs', value: '0' },
    { attribute: 'presenceAtMs', value: null },
    { attribute: 'presenceSource', value: 'secret' },
    { attribute: 'reservedForCall', value: 812000001 },
    { attribute: 'reservedUntilMs', value: 'secret' },
    { attribute: 'schemaVersion', value: undefined },
    { attribute: 'schemaVersion', value: 2 },
  ];

  it.each(damages)(
    'is item-unreadable, by the attribute’s name alone: $attribute is $value',
    async (damage) => {
      dynamodb.on(GetCommand).resolves({ Item: { ...item, [damage.attribute]: damage.value } });

      expect(await createFindAgent(table)(jane, deadlineMs)).toEqual({
        ok: false,
        failure: { reason: 'item-unreadable', detail: `agent: ${damage.attribute}` },
      });
    },
  );

  it.each(damages)('is counted in a list, and costs no other: $attribute is $value', async (damage) => {
    const damaged = { ...item, [damage.attribute]: damage.value };
    dynamodb
      .on(QueryCommand)
      .resolvesOnce({ Items: [damaged], LastEvaluatedKey: { pk: 'x', sk: 'AGENT' } })
      .resolves({ Items: [item] });

    expect(await createListAgents(table)(deadlineMs)).toEqual({
      ok: true,
      value: {
        agents: [
          { email: 'jane@example.com', aircallUserId: 456, name: 'Jane Doe', checkedAtMs: 1_763_851_200_000 },
        ],
        unreadable: 1,
      },
    });
  });
});
