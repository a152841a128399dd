/** An embedded DynamoDB for the tests of one file. An account of its own is an empty store. */
import { afterAll, beforeAll } from 'vitest';
import { createDocumentClient, type Table } from '../../lib/adapters/dynamodb/table.ts';
import type { AccountId } from '../../lib/core/model.ts';
import type { Now } from '../../lib/ports.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../local/embedded-dynamodb.ts';
import { t0 } from '../builders.ts';

/** @returns the way to an empty table, whose clock stands at `t0` unless one is given */
export function useTables(): (now?: Now) => Table {
  let dynamodb: EmbeddedDynamodb;
  let accounts = 0;

  beforeAll(async () => {
    dynamodb = await startEmbeddedDynamodb();
  });
  afterAll(() => dynamodb.close());

  return function tableOfNewAccount(now = () => t0) {
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
  };
}
