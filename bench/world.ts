/**
 * All that is not the router: DynamoDB and Aircall, each behind a delay, the queue, and a company in them.
 */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { agentKey } from '../lib/adapters/dynamodb/keys.ts';
import { createDocumentClient, type Table } from '../lib/adapters/dynamodb/table.ts';
import { limits } from '../lib/config.ts';
import type { AccountId, EmailAddress } from '../lib/core/model.ts';
import { startEmbeddedDynamodb } from '../local/embedded-dynamodb.ts';
import { startLocalRingTimers } from '../local/ring-timers.ts';
import { startSimulatedAircall } from '../local/simulated-aircall.ts';
import { localWebhookToken } from '../local/stack.ts';
import { type CompanySize, seedCompany, usersOf } from './company.ts';
import { startDelayLine } from './delay-line.ts';
import {
  type DelayProxy,
  type DelayProxyOptions,
  type ObservedRequest,
  startDelayProxy,
} from './delay-proxy.ts';

export type WorldOptions = CompanySize & {
  readonly dynamodbMs: number;
  readonly aircallMs: number;
  /** Aircall's limit, for the whole company. @default none */
  readonly requestsPerMinute?: number;
  /** Whether requests are written down, which costs time. @default true */
  readonly isWatched?: boolean;
  /** Whether each request to DynamoDB is asked what it consumes. @default false */
  readonly asksForCapacity?: boolean;
};

export type World = {
  /** All that the router reads from its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** What was asked of DynamoDB and of Aircall since this was last called. */
  readonly takeObserved: () => Observed;
  /** Lets an agent's phone be free, as the end of the call would. */
  readonly freeAgent: (email: EmailAddress) => Promise<void>;
  /** The ids of the calls whose transfer Aircall accepted, as often as it did. */
  readonly transferred: () => readonly string[];
  readonly close: () => Promise<void>;
};

export type Observed = {
  readonly dynamodb: readonly ObservedRequest[];
  readonly aircall: readonly ObservedRequest[];
};

const credentials = { apiId: 'bench-api-id', apiToken: 'bench-api-token' };

export async function startWorld(options: WorldOptions): Promise<World> {
  const { dynamodbMs, aircallMs, asksForCapacity = false } = options;
  const database = await startEmbeddedDynamodb();
  const ringTimers = await startLocalRingTimers();
  const aircall = await startSimulatedAircall({
    ...credentials,
    users: usersOf(options),
    acceptUnknownCalls: true,
    requestsPerMinute: options.requestsPerMinute ?? Number.POSITIVE_INFINITY,
  });
  const table = openTable(database.url, database.tableName);
  await seedCompany(table, options);

  const away = (options.isWatched ?? true) ? startDelayProxy : startBlindLine;
  const farDatabase = await away({ targetUrl: database.url, delayMs: dynamodbMs, asksForCapacity });
  const farAircall = await away({ targetUrl: aircall.url, delayMs: aircallMs });

  return {
    environment: {
      ...database.environment,
      ...ringTimers.environment,
      AWS_ENDPOINT_URL_DYNAMODB: farDatabase.url,
      AIRCALL_API_URL: farAircall.url,
      AIRCALL_API_ID: credentials.apiId,
      AIRCALL_API_TOKEN: credentials.apiToken,
      AIRCALL_WEBHOOK_TOKENS: localWebhookToken,
      STAGE: 'local',
    },
    takeObserved: () => ({
      dynamodb: farDatabase.observed.splice(0),
      aircall: farAircall.observed.splice(0),
    }),
    freeAgent: async (email) => {
      const UpdateExpression = 'REMOVE reservedForCall, reservedUntilMs';
      const Key = agentKey(table.account, email);
      await table.client.send(new UpdateCommand({ TableName: table.name, Key, UpdateExpression }));
    },
    transferred: () => aircall.transfers.map(({ callId }) => callId),
    close: async () => {
      table.client.destroy();
      await Promise.all([farDatabase.close(), farAircall.close()]);
      await Promise.all([database.close(), aircall.close(), ringTimers.close()]);
    },
  };
}

async function startBlindLine({ targetUrl, delayMs }: DelayProxyOptions): Promise<DelayProxy> {
  return { ...(await startDelayLine(targetUrl, delayMs)), observed: [] };
}

/** Past the delay. */
function openTable(endpoint: string, name: string): Table {
  const client = createDocumentClient(limits.background.table, {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return { client, name, account: 'default' as AccountId, now: Date.now };
}
