import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import tableDefinition from '../../../deploy/table.json' with { type: 'json' };
import { createProbeTable } from '../../../lib/adapters/dynamodb/probe-table.ts';
import { createDocumentClient } from '../../../lib/adapters/dynamodb/table.ts';
import type { AccountId } from '../../../lib/core/model.ts';
import { t0 } from '../../builders.ts';

const dynamodb = mockClient(DynamoDBDocumentClient);
beforeEach(() => dynamodb.reset());

const client = createDocumentClient(
  { connectMs: 1000, requestMs: 1000, attempts: 1 },
  { region: 'eu-west-1' },
);
const probe = () =>
  createProbeTable({ client, name: 'calls', account: 'default' as AccountId, now: () => t0 })(t0 + 5000);

const indexes = tableDefinition.GlobalSecondaryIndexes.map(({ IndexName }) => ({ IndexName }));

it('a table with its indexes is ready', async () => {
  dynamodb.on(DescribeTableCommand).resolves({ Table: { GlobalSecondaryIndexes: indexes } });
  expect(await probe()).toEqual({ ok: true, value: 'ready' });
});

it.each([...indexes, undefined])(
  'a table without the index %j, or without any, is incomplete',
  async (missing) => {
    const left = indexes.filter((index) => index !== missing);
    dynamodb
      .on(DescribeTableCommand)
      .resolves({ Table: missing === undefined ? {} : { GlobalSecondaryIndexes: left } });
    expect(await probe()).toEqual({ ok: true, value: 'incomplete' });
  },
);

it('a table that does not exist is absent', async () => {
  dynamodb
    .on(DescribeTableCommand)
    .rejects(new ResourceNotFoundException({ $metadata: {}, message: 'not found' }));
  expect(await probe()).toEqual({ ok: true, value: 'absent' });
});

it('a table that may not be described is a failure', async () => {
  dynamodb.on(DescribeTableCommand).rejects(Object.assign(new Error(), { name: 'AccessDeniedException' }));
  expect(await probe()).toEqual({
    ok: false,
    failure: { reason: 'store-unavailable', detail: 'AccessDeniedException' },
  });
});
