/**
 * Presence and reservation where DynamoDB is in trouble, in a race or in a crowd, and the requests they come to.
 * How they behave when all is well is in test/contracts.
 */
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrackPresence } from '../../../lib/adapters/dynamodb/presences.ts';
import { createReleaseAgent, createReserveAgent } from '../../../lib/adapters/dynamodb/reservations.ts';
import type { Table } from '../../../lib/adapters/dynamodb/table.ts';
import type { AccountId } from '../../../lib/core/model.ts';
import { callId, email, t0, userId } from '../../builders.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1', credentials }));
const table: Table = { client, name: 'calls-of-ours', account: 'default' as AccountId, now: () => t0 };

const jane = email('jane@example.com');
const call = callId('812000001');
const deadlineMs = t0 + 3000;
const rules = {
  routeToAgentIn: ['available', 'after_call_work'],
  presenceTrustedForMs: 600_000,
  reserveForMs: 20_000,
} as const;

const agentKey = { pk: 'ACCOUNT#default#AGENT#jane@example.com', sk: 'AGENT' };
const item = {
  ...agentKey,
  schemaVersion: 1,
  email: 'jane@example.com',
  aircallUserId: 456,
  checkedAtMs: t0,
  presence: 'available',
  presenceSinceMs: t0 - 60_000,
  presenceAtMs: t0 - 1000,
  presenceSource: 'check',
  presenceState: { heard: { available: t0 - 1000 }, calls: [] },
  presenceVersion: 7,
};

const conditionFailed = () =>
  new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed' });

let dynamodb: AwsClientStub<DynamoDBDocumentClient>;

beforeEach(() => {
  dynamodb = mockClient(client);
});

afterEach(() => dynamodb.restore());

const sent = () => dynamodb.calls().map(({ args }) => args[0].input);
const updates = () => dynamodb.commandCalls(UpdateCommand).length;

describe('reserving an agent', () => {
  const reserve = (changes: { isUnknownAllowed?: boolean } = {}) =>
    createReserveAgent(table)(jane, call, { ...rules, ...changes }, deadlineMs);

  it('is one round trip: one update, whose condition is the judgement', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: item });

    expect(await reserve()).toStrictEqual({
      ok: true,
      value: {
        kind: 'reserved',
        aircallUserId: 456,
        presence: 'available',
        presenceAgeMs: 1000,
        presenceSource: 'check',
      },
    });
    expect(sent()).toEqual([
      {
        TableName: 'calls-of-ours',
        Key: agentKey,
        UpdateExpression: 'SET reservedForCall = :callId, reservedUntilMs = :untilMs',
        ReturnValues: 'ALL_NEW',
        ConditionExpression:
          'schemaVersion <= :schemaVersion AND attribute_exists(aircallUserId)' +
          ' AND (attribute_not_exists(reservedUntilMs) OR reservedUntilMs <= :nowMs OR reservedForCall = :callId)' +
          ' AND (presenceAtMs >= :trustedSinceMs AND presence IN (:presence0, :presence1))',
        ExpressionAttributeValues: {
          ':schemaVersion': 1,
          ':nowMs': 1763851200000,
          ':callId': '812000001',
          ':untilMs': 1763851220000,
          ':trustedSinceMs': 1763850600000,
          ':presence0': 'available',
          ':presence1': 'after_call_work',
        },
      },
    ]);
  });

  it('may want no presence', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: item });

    await reserve({ isUnknownAllowed: true });

    const clause =
      '(presenceAtMs >= :trustedSinceMs AND presence IN (:presence0, :presence1)' +
      ' OR attribute_not_exists(presence) OR presenceAtMs < :trustedSinceMs)';
    expect(sent()[0]).toMatchObject({ ConditionExpression: expect.stringContaining(` AND ${clause}`) });
  });

  it('that fails asks why, consistently', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed());
    dynamodb.on(GetCommand).resolves({ Item: { ...item, presence: 'in_call' } });

    expect(await reserve()).toMatchObject({
      ok: true,
      value: {
        kind: 'skipped',
        because: 'agent-in-call',
        agent: { aircallUserId: 456 },
        presenceAgeMs: 1000,
      },
    });
    expect(updates()).toBe(1);
    expect(sent()[1]).toEqual({ TableName: 'calls-of-ours', Key: agentKey, ConsistentRead: true });
  });

  it('is tried once more where the agent became free before they were read', async () => {
    dynamodb.on(UpdateCommand).rejectsOnce(conditionFailed()).resolves({ Attributes: item });
    dynamodb.on(GetCommand).resolves({ Item: item });

    expect(await reserve()).toMatchObject({ ok: true, value: { kind: 'reserved' } });
    expect(updates()).toBe(2);
  });

  it('is someone else’s where they are free at every look, and taken at every try', async () => {
    dynamodb.on(UpdateCommand).rejects(conditionFailed());
    dynamodb.on(GetCommand).resolves({ Item: item });

    expect(await reserve()).toMatchObject({
      ok: true,
      value: { kind: 'skipped', because: 'agent-reserved' },
    });
    expect(updates()).toBe(2);
  });

  it.each([
    { damage: { schemaVersion: 2 }, detail: 'agent: schemaVersion' },
    { damage: { checkedAtMs: 'secret' }, detail: 'agent: checkedAtMs' },
  ])('is item-unreadable where the item is: $detail', async ({ damage, detail }) => {
    const failure = { ok: false, failure: { reason: 'item-unreadable', detail } };
    dynamodb
      .on(UpdateCommand)
      .rejectsOnce(conditionFailed())
      .resolves({ Attributes: { ...item, ...damage } });
    dynamodb.on(GetCommand).resolves({ Item: { ...item, ...damage } });

    expect(await reserve()).toEqual(failure);
    expect(await reserve()).toEqual(failure);
  });

  it('is item-unreadable where it comes back without the login to ring', async () => {
    const { aircallUserId: _, ...unknown } = item;
    dynamodb.on(UpdateCommand).resolves({ Attributes: unknown });

    expect(await reserve()).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: 'agent: aircallUserId' },
    });
  });

  it('fails with the store, by the error’s name alone', async () => {
    const unavailable = { ok: false, failure: { reason: 'store-unavailable', detail: 'Error' } };
    dynamodb.on(UpdateCommand).rejectsOnce(new Error('jane@example.com')).rejects(conditionFailed());
    dynamodb.on(GetCommand).rejects(new Error('jane@example.com'));

    expect(await reserve()).toEqual(unavailable);
    expect(await reserve()).toEqual(unavailable);
  });

  it('that fails with the store asks nothing more: nobody is told to be free', async () => {
    dynamodb.on(UpdateCommand).rejects(new Error('broken'));
    dynamodb.on(GetCommand).resolves({ Item: { ...item, presence: 'in_call' } });

    expect(await reserve()).toMatchObject({ ok: false, failure: { reason: 'store-unavailable' } });
    expect(sent()).toHaveLength(1);
  });

  it('is not made of an agent whose login is not in the item, whatever its condition said', async () => {
    const { aircallUserId: _, ...unknown } = item;
    dynamodb.on(UpdateCommand).resolves({ Attributes: unknown });

    expect(await reserve()).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: 'agent: aircallUserId' },
    });
  });

  it('is not begun without time left', async () => {
    expect(await createReserveAgent(table)(jane, call, rules, t0)).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'no time left' },
    });
    expect(sent()).toEqual([]);
  });
});

describe('releasing an agent', () => {
  it('is one update, on condition that they are held for this call', async () => {
    dynamodb.on(UpdateCommand).resolves({});

    expect(await createReleaseAgent(table)(jane, call, deadlineMs)).toEqual({ ok: true, value: 'released' });
    expect(sent()).toEqual([
      {
        TableName: 'calls-of-ours',
        Key: agentKey,
        UpdateExpression: 'REMOVE reservedForCall, reservedUntilMs',
        ConditionExpression: 'schemaVersion <= :schemaVersion AND reservedForCall = :callId',
        ExpressionAttributeValues: { ':schemaVersion': 1, ':callId': '812000001' },
      },
    ]);
  });

  it('of a login that nobody has is no update', async () => {
    dynamodb.on(GetCommand).resolves({});

    expect(await createReleaseAgent(table)(userId(456), call, deadlineMs)).toEqual({
      ok: true,
      value: 'not-held',
    });
    expect(updates()).toBe(0);
  });

  it('fails with the store', async () => {
    dynamodb.rejects(new Error('broken'));
    const unavailable = { ok: false, failure: { reason: 'store-unavailable', detail: 'Error' } };

    expect(await createReleaseAgent(table)(jane, call, deadlineMs)).toEqual(unavailable);
    expect(await createReleaseAgent(table)(userId(456), call, deadlineMs)).toEqual(unavailable);
  });
});

describe('tracking presence', () => {
  const closed = { kind: 'closed', atMs: t0 } as const;
  const track = (who: typeof jane | ReturnType<typeof userId> = jane) =>
    createTrackPresence(table)(who, closed, deadlineMs);

  it('writes what was told and what it comes to, on condition that nobody else did meanwhile', async () => {
    dynamodb.on(GetCommand).resolves({ Item: item }).on(UpdateCommand).resolves({});

    expect(await track()).toMatchObject({ ok: true, value: { kind: 'changed' } });
    expect(sent()).toEqual([
      { TableName: 'calls-of-ours', Key: agentKey, ConsistentRead: true },
      {
        TableName: 'calls-of-ours',
        Key: agentKey,
        UpdateExpression:
          'SET presenceState = :state, presenceVersion = :nextVersion' +
          ', presence = :presence, presenceSinceMs = :sinceMs, presenceAtMs = :atMs, presenceSource = :source',
        ConditionExpression:
          'attribute_exists(email) AND schemaVersion <= :schemaVersion AND presenceVersion = :version',
        ExpressionAttributeValues: {
          ':schemaVersion': 1,
          ':state': { heard: { available: t0 - 1000, closed: t0 }, calls: [] },
          ':version': 7,
          ':nextVersion': 8,
          ':presence': 'do_not_disturb',
          ':sinceMs': t0,
          ':atMs': t0,
          ':source': 'event',
        },
      },
    ]);
  });

  it('of someone for the first time is on condition that it is the first', async () => {
    const { presenceState: _, presenceVersion: __, ...unheard } = item;
    dynamodb.on(GetCommand).resolves({ Item: unheard }).on(UpdateCommand).resolves({});

    await track();

    expect(sent()[1]).toMatchObject({
      ConditionExpression:
        'attribute_exists(email) AND schemaVersion <= :schemaVersion AND attribute_not_exists(presenceVersion)',
      ExpressionAttributeValues: { ':nextVersion': 1 },
    });
  });

  it('of what is known costs no write', async () => {
    const known = { ...item, presenceState: { heard: { closed: t0 }, calls: [] } };
    dynamodb.on(GetCommand).resolves({ Item: known });

    expect(await track()).toMatchObject({ ok: true, value: { kind: 'unchanged' } });
    expect(updates()).toBe(0);
  });

  it('starts again where another writer was faster, from what that one wrote', async () => {
    const newer = {
      ...item,
      presenceState: { heard: { available: t0 - 1000, opened: t0 + 5000 }, calls: [] },
      presenceVersion: 8,
    };
    dynamodb.on(GetCommand).resolvesOnce({ Item: item }).resolves({ Item: newer });
    dynamodb.on(UpdateCommand).rejectsOnce(conditionFailed()).resolves({});

    expect(await track()).toMatchObject({ ok: true, value: { after: { presence: 'available' } } });
    expect(sent().at(-1)).toMatchObject({
      ExpressionAttributeValues: {
        ':version': 8,
        ':state': { heard: { available: t0 - 1000, closed: t0, opened: t0 + 5000 } },
      },
    });
  });

  it('gives up in a crowd after ten tries', async () => {
    dynamodb.on(GetCommand).resolves({ Item: item }).on(UpdateCommand).rejects(conditionFailed());

    expect(await track()).toEqual({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'too many writers' },
    });
    expect(updates()).toBe(10);
  });

  it('finds the agent by the login', async () => {
    const link = { pk: 'ACCOUNT#default#USER#456', sk: 'AGENT', schemaVersion: 1, email: jane };
    dynamodb.on(GetCommand).resolvesOnce({ Item: link }).resolves({ Item: item });
    dynamodb.on(UpdateCommand).resolves({});

    expect(await track(userId(456))).toMatchObject({ ok: true, value: { kind: 'changed' } });
    expect(sent()[0]).toEqual({
      TableName: 'calls-of-ours',
      Key: { pk: 'ACCOUNT#default#USER#456', sk: 'AGENT' },
    });
  });

  it.each([
    { link: { schemaVersion: 2, email: jane }, detail: 'user: schemaVersion' },
    { link: { schemaVersion: 1 }, detail: 'user: email' },
  ])('is item-unreadable where the link is: $detail', async ({ link, detail }) => {
    dynamodb.on(GetCommand).resolves({ Item: link });

    expect(await track(userId(456))).toEqual({ ok: false, failure: { reason: 'item-unreadable', detail } });
  });

  it.each([
    { damage: { presenceState: 'secret' }, detail: 'agent: presenceState' },
    { damage: { presenceState: { heard: { closed: 'secret' }, calls: [] } }, detail: 'agent: presenceState' },
    { damage: { presenceVersion: 'secret' }, detail: 'agent: presenceVersion' },
    { damage: { schemaVersion: 2 }, detail: 'agent: schemaVersion' },
  ])(
    'is item-unreadable, and writes nothing, where the agent is damaged: $detail',
    async ({ damage, detail }) => {
      dynamodb.on(GetCommand).resolves({ Item: { ...item, ...damage } });

      expect(await track()).toEqual({ ok: false, failure: { reason: 'item-unreadable', detail } });
      expect(updates()).toBe(0);
    },
  );

  it('fails with the store, wherever that fails', async () => {
    const unavailable = { ok: false, failure: { reason: 'store-unavailable', detail: 'Error' } };
    dynamodb.on(GetCommand).rejects(new Error('broken'));
    expect(await track()).toEqual(unavailable);
    expect(await track(userId(456))).toEqual(unavailable);

    dynamodb.on(GetCommand).resolves({ Item: item }).on(UpdateCommand).rejects(new Error('broken'));
    expect(await track()).toEqual(unavailable);
  });
});
