/**
 * What stands in for AWS and Aircall on one machine: an embedded DynamoDB and a simulated Aircall, seeded.
 */
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { createSaveAgent } from '../lib/adapters/dynamodb/agents.ts';
import { createSaveContacts } from '../lib/adapters/dynamodb/contacts.ts';
import { agentKey } from '../lib/adapters/dynamodb/keys.ts';
import { createFindPolicy, createPutPolicy } from '../lib/adapters/dynamodb/policies.ts';
import { createTrackPresence } from '../lib/adapters/dynamodb/presences.ts';
import { createDocumentClient, type Table } from '../lib/adapters/dynamodb/table.ts';
import { limits } from '../lib/config.ts';
import type { AccountId, AircallUserId, EmailAddress, StoreResult } from '../lib/core/model.ts';
import { parsePolicy } from '../lib/core/parse-policy.ts';
import type { Presence } from '../lib/core/presence.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from './embedded-dynamodb.ts';
import { seedContacts, seedUsers } from './seed.ts';
import { type SimulatedAircall, type SimulatedUser, startSimulatedAircall } from './simulated-aircall.ts';

/** The token of the local webhook: what a delivery to the local stack has to carry. */
export const localWebhookToken = '0123456789abcdef0123456789abcdef';

const localCredentials = { apiId: 'local-api-id', apiToken: 'local-api-token' };

export type LocalStack = {
  readonly dynamodb: EmbeddedDynamodb;
  readonly aircall: SimulatedAircall;
  /** All that the router reads from its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Makes the seeded agents what they were at the start, held for nobody, on both sides; `presences` are those of some
   * of them, by Aircall user id, instead.
   */
  readonly resetAgents: (presences?: Presences) => Promise<void>;
  /** Puts a policy in force. @param document as an operator writes it */
  readonly setPolicy: (document: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What agents are doing, by Aircall user id. */
export type Presences = Readonly<Record<string, Presence | 'unknown'>>;

export type LocalStackOptions = {
  /** A folder that keeps the table. @default none: it lives as long as the process */
  readonly dataFolder?: string;
  /** Whether the simulated Aircall takes any call id for a ringing call. @default false */
  readonly acceptUnknownCalls?: boolean;
  /** Whether the table knows Aircall's users, and what they are doing, before any refresh. @default true */
  readonly knowsAgents?: boolean;
};

export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { dataFolder, acceptUnknownCalls = false, knowsAgents = true } = options;
  const dynamodb = await startEmbeddedDynamodb(dataFolder === undefined ? {} : { path: dataFolder });
  const aircall = await startSimulatedAircall({ ...localCredentials, users: seedUsers, acceptUnknownCalls });
  const table = openTable(dynamodb);
  if (dynamodb.isNew) await seedContactsInto(table);

  async function resetAgents(presences: Presences = {}): Promise<void> {
    for (const { id, name, email, availability = 'available' } of seedUsers) {
      const presence = presences[id] ?? availability;
      if (presence !== 'unknown') aircall.setAvailability(id, presence);
      await seedAgentInto(table, { id, name, email, availability: presence });
    }
  }
  if (knowsAgents) await resetAgents();

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
    resetAgents,
    setPolicy: (document) => setPolicyIn(table, document),
    close: async () => {
      table.client.destroy();
      await Promise.all([dynamodb.close(), aircall.close()]);
    },
  };
}

function openTable({ url, tableName }: EmbeddedDynamodb): Table {
  const client = createDocumentClient(limits.background.table, {
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return { client, name: tableName, account: 'default' as AccountId, now: Date.now };
}

/** Once: whoever deletes or changes a contact of these later has the last word. */
async function seedContactsInto(table: Table): Promise<void> {
  expectSeeded(await createSaveContacts(table)(seedContacts, soon()));
}

/** As the first refresh would, on an item that has heard of nothing yet. */
async function seedAgentInto(
  table: Table,
  { id, name, email: wireEmail, availability }: SeedUser & { readonly availability: Presence | 'unknown' },
) {
  const email = wireEmail.toLowerCase() as EmailAddress;
  const atMs = Date.now();
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: agentKey(table.account, email) }));
  const agent = { email, aircallUserId: id as AircallUserId, name, checkedAtMs: atMs };
  expectSeeded(await createSaveAgent(table)(agent, soon()));
  if (availability === 'unknown') return;
  // A while ago: a delivery that was made just before is of its whole second, and is to be the younger of the two.
  const checked = { kind: 'checked', presence: availability, atMs: atMs - 2000 } as const;
  expectSeeded(await createTrackPresence(table)(email, checked, soon()));
}

type SeedUser = Pick<SimulatedUser, 'id' | 'name' | 'email'>;

async function setPolicyIn(table: Table, document: unknown): Promise<void> {
  const policy = parsePolicy(document);
  if (!policy.ok) throw new Error(`not a policy: ${JSON.stringify(policy.failure)}`);

  const found = await createFindPolicy(table)(soon());
  expectSeeded(found);
  const replaced = found.ok ? found.value : undefined;
  expectSeeded(await createPutPolicy(table)(policy.value, replaced, soon()));
}

const soon = () => Date.now() + 10_000;

function expectSeeded(seeded: StoreResult<unknown>): void {
  if (!seeded.ok) throw new Error(`could not seed the local table: ${seeded.failure.detail}`);
}
