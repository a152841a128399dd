/**
 * What stands in for AWS and Aircall on one machine: an embedded DynamoDB and a simulated Aircall, seeded.
 */
import { createSaveContacts } from '../lib/adapters/dynamodb/contacts.ts';
import { createDocumentClient } from '../lib/adapters/dynamodb/table.ts';
import { limits } from '../lib/config.ts';
import type { AccountId } from '../lib/core/model.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from './embedded-dynamodb.ts';
import { seedContacts, seedUsers } from './seed.ts';
import { type SimulatedAircall, startSimulatedAircall } from './simulated-aircall.ts';

/** The token of the local webhook: what a delivery to the local stack has to carry. */
export const localWebhookToken = '0123456789abcdef0123456789abcdef';

const localCredentials = { apiId: 'local-api-id', apiToken: 'local-api-token' };

export type LocalStack = {
  readonly dynamodb: EmbeddedDynamodb;
  readonly aircall: SimulatedAircall;
  /** All that the router reads from its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

export type LocalStackOptions = {
  /** A folder that keeps the table. @default none: it lives as long as the process */
  readonly dataFolder?: string;
  /** Whether the simulated Aircall takes any call id for a ringing call. @default false */
  readonly acceptUnknownCalls?: boolean;
};

export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { dataFolder, acceptUnknownCalls = false } = options;
  const dynamodb = await startEmbeddedDynamodb(dataFolder === undefined ? {} : { path: dataFolder });
  const aircall = await startSimulatedAircall({ ...localCredentials, users: seedUsers, acceptUnknownCalls });
  if (dynamodb.isNew) await seed(dynamodb);

  return {
    dynamodb,
    aircall,
    environment: {
      ...dynamodb.environment,
      AIRCALL_API_URL: aircall.url,
      AIRCALL_API_ID: localCredentials.apiId,
      AIRCALL_API_TOKEN: localCredentials.apiToken,
      AIRCALL_WEBHOOK_TOKENS: localWebhookToken,
      STAGE: 'local',
      POWERTOOLS_SERVICE_NAME: 'call-router-local',
      POWERTOOLS_METRICS_NAMESPACE: 'CallRouter',
    },
    close: async () => {
      await Promise.all([dynamodb.close(), aircall.close()]);
    },
  };
}

/** Once: whoever deletes or changes a contact of these later has the last word. */
async function seed(dynamodb: EmbeddedDynamodb): Promise<void> {
  const client = createDocumentClient(limits.background.table, {
    endpoint: dynamodb.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const table = { client, name: dynamodb.tableName, account: 'default' as AccountId, now: Date.now };
  const deadlineMs = Date.now() + 10_000;

  const saved = await createSaveContacts(table)(seedContacts, deadlineMs);
  client.destroy();
  if (!saved.ok) throw new Error(`could not seed the local table: ${saved.failure.detail}`);
}
