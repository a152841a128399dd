/** The table of an embedded DynamoDB, as the router's adapters use it. */
import { createDocumentClient, type Store, type Table } from '../../lib/adapters/dynamodb/table.ts';
import type { AccountId } from '../../lib/core/model.ts';
import type { EmbeddedDynamodb } from '../../local/embedded-dynamodb.ts';

export function openStore({ url, tableName }: EmbeddedDynamodb): Store {
  const client = createDocumentClient(
    { connectMs: 1000, requestMs: 5000, attempts: 2 },
    { endpoint: url, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
  );
  return { client, name: tableName, now: Date.now };
}

export function tableOf(store: Store, account: string): Table {
  return { ...store, account: account as AccountId };
}
