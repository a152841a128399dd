/** A table in trouble half-way through what is done to an account; and what is asked of it while all is well. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-dynamodb';
import {
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
import { createUseInstallState } from '../../../lib/adapters/dynamodb/install-states.ts';
import { createPurgeAccount } from '../../../lib/adapters/dynamodb/purge-account.ts';
import type { Store } from '../../../lib/adapters/dynamodb/table.ts';
import { createFindTokenOwner } from '../../../lib/adapters/dynamodb/webhook-tokens.ts';
import { account, accountId } from '../../accounts.ts';
import { t0 } from '../../builders.ts';

const deadlineMs = t0 + 3000;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1', credentials }));
const store: Store = { client, name: 'calls-of-ours', now: () => t0 };

const conditionFailed = () =>
  new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed' });
const throttled = () => new ProvisionedThroughputExceededException({ $metadata: {}, message: '90210' });
const unavailable = {
  ok: false,
  failure: { reason: 'store-unavailable', detail: 'ProvisionedThroughputExceededException' },
};
const ok = <Value>(value: Value) => ({ ok: true, value });

let dynamodb: AwsClientStub<DynamoDBDocumentClient>;
beforeEach(() => {
  dynamodb = mockClient(client);
});
afterEach(() => dynamodb.restore());

/** The inputs of every command sent, in order. */
const sent = () => dynamodb.calls().map(({ args }) => args[0].input);

describe('reading', () => {
  it('an account, a token and the list of accounts is consistent: none of them is an old copy', async () => {
    dynamodb.resolves({});

    await createFindAccount(store)(accountId('90210'), deadlineMs);
    await createFindTokenOwner(store)('token', deadlineMs);
    await createListAccounts(store)(deadlineMs);

    expect(sent()).toEqual([
      {
        TableName: 'calls-of-ours',
        Key: { pk: 'ACCOUNTS', sk: 'ACCOUNT#90210' },
        ConsistentRead: true,
      },
      {
        TableName: 'calls-of-ours',
        Key: { pk: 'WEBHOOK#3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0', sk: 'TOKEN' },
        ConsistentRead: true,
      },
      {
        TableName: 'calls-of-ours',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'ACCOUNTS' },
        ConsistentRead: true,
      },
    ]);
  });

  it('the list of accounts goes on to its last page, or is thrown away', async () => {
    const first = { Items: [{ schemaVersion: 1, ...account() }], LastEvaluatedKey: { pk: 'x', sk: 'y' } };
    const second = { Items: [{ schemaVersion: 1, ...account({ accountId: accountId('90211') }) }] };

    dynamodb.on(QueryCommand).resolvesOnce(first).resolvesOnce(second);
    expect(await createListAccounts(store)(deadlineMs)).toEqual(
      ok({ accounts: [account(), account({ accountId: accountId('90211') })], unreadable: 0 }),
    );

    dynamodb.reset();
    dynamodb.on(QueryCommand).resolvesOnce(first).rejects(throttled());
    expect(await createListAccounts(store)(deadlineMs)).toEqual(unavailable);
  });
});

describe('saving an account', () => {
  it('is one write, on condition that nobody has written that version, and nothing is read again', async () => {
    dynamodb.resolves({});

    await createSaveAccount(store)(account(), deadlineMs);
    await createSaveAccount(store)(account({ version: 8 }), deadlineMs);

    expect(sent()).toMatchObject([
      { ConditionExpression: 'attribute_not_exists(pk)' },
      {
        ConditionExpression: '#version = :replaced',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':replaced': 7 },
      },
    ]);
  });

  it('fails where the write fails, whatever is there', async () => {
    const Item = { schemaVersion: 1, ...account() };
    dynamodb.on(PutCommand).rejects(throttled()).on(GetCommand).resolves({ Item });

    expect(await createSaveAccount(store)(account(), deadlineMs)).toEqual(unavailable);
  });

  it('fails where it can’t be told whose write was there first', async () => {
    dynamodb.on(PutCommand).rejects(conditionFailed()).on(GetCommand).rejects(throttled());

    expect(await createSaveAccount(store)(account(), deadlineMs)).toEqual(unavailable);
  });

  it('is told of a change, where the account is gone since', async () => {
    dynamodb.on(PutCommand).rejects(conditionFailed()).on(GetCommand).resolves({});

    expect(await createSaveAccount(store)(account({ version: 2 }), deadlineMs)).toEqual(
      ok('changed-meanwhile'),
    );
  });
});

describe('using a begun installation', () => {
  const begun = { state: 'state-of-an-install', browser: 'secret-of-a-browser' };
  const Item = {
    schemaVersion: 1,
    browserHash: '3dea752e4c460c66cb381ebb06426cf6de8fd8edb3e265b8d9c4e8fc7f447f8d',
    expiresAtMs: t0 + 1,
  };

  it('fails where the use can’t be written: nothing is begun in doubt', async () => {
    dynamodb.on(GetCommand).resolves({ Item }).on(UpdateCommand).rejects(throttled());

    expect(await createUseInstallState(store)(begun, deadlineMs)).toEqual(unavailable);
  });

  it('loses to who used it between our reading and our writing', async () => {
    dynamodb.on(GetCommand).resolves({ Item }).on(UpdateCommand).rejects(conditionFailed());

    expect(await createUseInstallState(store)(begun, deadlineMs)).toEqual(ok('used'));
  });
});

describe('purging an account', () => {
  const keys = Array.from({ length: 26 }, (_, index) => ({
    pk: `ACCOUNT#90210#CALL#${index}`,
    sk: 'ROUTING',
  }));

  it('looks at keys alone, 25 of which it deletes at a time; the account goes last', async () => {
    dynamodb.resolves({});
    dynamodb.on(ScanCommand).resolves({ Items: keys });

    await createPurgeAccount(store)(account(), deadlineMs);

    expect(sent()[0]).toEqual({
      TableName: 'calls-of-ours',
      FilterExpression: 'pk = :own OR begins_with(pk, :others)',
      ExpressionAttributeValues: { ':own': 'ACCOUNT#90210', ':others': 'ACCOUNT#90210#' },
      ProjectionExpression: 'pk, sk',
      ConsistentRead: true,
    });
    const batches = dynamodb.commandCalls(BatchWriteCommand).map(({ args }) => args[0].input.RequestItems);
    expect(batches.map((batch) => batch?.['calls-of-ours']?.length)).toEqual([25, 1]);
    expect(batches[1]).toEqual({
      'calls-of-ours': [{ DeleteRequest: { Key: { pk: 'ACCOUNT#90210#CALL#25', sk: 'ROUTING' } } }],
    });
    expect(dynamodb.commandCalls(DeleteCommand).map(({ args }) => args[0].input.Key)).toEqual([
      { pk: 'WEBHOOK#hash-of-the-token', sk: 'TOKEN' },
      { pk: 'ACCOUNTS', sk: 'ACCOUNT#90210' },
    ]);
  });

  it('sends again, and alone, what a throttled table handed back', async () => {
    const left = { 'calls-of-ours': [{ DeleteRequest: { Key: keys[3] } }] };
    dynamodb.resolves({});
    dynamodb.on(ScanCommand).resolves({ Items: keys.slice(0, 5) });
    dynamodb.on(BatchWriteCommand).resolvesOnce({ UnprocessedItems: left }).resolves({});

    await createPurgeAccount(store)(account(), deadlineMs);

    const batches = dynamodb.commandCalls(BatchWriteCommand).map(({ args }) => args[0].input.RequestItems);
    expect(batches).toHaveLength(2);
    expect(batches[1]).toEqual(left);
  });

  it('ends at the deadline where the table hands everything back for ever', { timeout: 3000 }, async () => {
    dynamodb.on(ScanCommand).resolves({ Items: keys.slice(0, 1) });
    dynamodb.on(BatchWriteCommand).callsFake(({ RequestItems }) => ({ UnprocessedItems: RequestItems }));

    expect(await createPurgeAccount(store)(account(), t0 + 150)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'ABORT_ERR' },
    });
    expect(dynamodb.commandCalls(DeleteCommand)).toEqual([]);
  });
});
