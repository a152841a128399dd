/**
 * What stands in for AWS and Aircall on one machine: an embedded DynamoDB, a queue of ring timers and a simulated Aircall, seeded.
 */
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { createSaveAgent } from '../lib/adapters/dynamodb/agents.ts';
import { createSaveContacts } from '../lib/adapters/dynamodb/contacts.ts';
import { agentKey } from '../lib/adapters/dynamodb/keys.ts';
import { createSaveConversation } from '../lib/adapters/dynamodb/last-agents.ts';
import { createFindPolicy, createPutPolicy } from '../lib/adapters/dynamodb/policies.ts';
import { createTrackPresence } from '../lib/adapters/dynamodb/presences.ts';
import { createDocumentClient, type Table } from '../lib/adapters/dynamodb/table.ts';
import { limits, product } from '../lib/config.ts';
import { routedEvents } from '../lib/core/choose-webhook.ts';
import type {
  AccountId,
  AircallUserId,
  Contact,
  EmailAddress,
  PhoneNumber,
  StoreResult,
} from '../lib/core/model.ts';
import { parsePolicy } from '../lib/core/parse-policy.ts';
import type { Presence } from '../lib/core/presence.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from './embedded-dynamodb.ts';
import { type LocalRingTimers, startLocalRingTimers } from './ring-timers.ts';
import { ensureSealingKey } from './sealing-key.ts';
import { secondCompany, seedContacts, seedUsers } from './seed.ts';
import {
  type SimulatedAircall,
  type SimulatedAircallOptions,
  type SimulatedUser,
  startSimulatedAircall,
} from './simulated-aircall.ts';

/** The token of the local webhook: what a delivery to the local stack has to carry. */
export const localWebhookToken = '0123456789abcdef0123456789abcdef';

export const ringToPath = '/aircall/ring-to';
/** What a question of the call flow to the local stack has to carry as its bearer token. */
export const localRingToSecret = 'local-ring-to-secret';

/** The app that companies of the simulated Aircall can install; a person is sent back to wherever it asks. */
export const localClientId = 'local-client-id';
export const localClientSecret = 'local-client-secret';

const localCredentials = { apiId: 'local-api-id', apiToken: 'local-api-token' };

export type LocalStack = {
  readonly dynamodb: EmbeddedDynamodb;
  readonly aircall: SimulatedAircall;
  readonly ringTimers: LocalRingTimers;
  /** All that the router reads from its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Makes the seeded agents what they were at the start, held for nobody, on both sides; `presences` are those of some
   * of them, by Aircall user id, instead.
   */
  readonly resetAgents: (presences?: Presences) => Promise<void>;
  /** Lets agents have spoken to callers an hour ago. */
  readonly setLastAgents: (lastAgents: LastAgents) => Promise<void>;
  /** Puts a policy in force. @param document as an operator writes it */
  readonly setPolicy: (document: unknown) => Promise<void>;
  /** Has Aircall deliver the router's events to this URL. @returns the webhook's id */
  readonly addWebhook: (url: string) => string;
  /** Has Aircall's call flow ask at this URL. */
  readonly setCallFlow: (url: string) => void;
  readonly close: () => Promise<void>;
};

/** What agents are doing, by Aircall user id. */
export type Presences = Readonly<Record<string, Presence | 'unknown'>>;

/** Who spoke to a caller last: Aircall user ids by phone. */
export type LastAgents = Readonly<Record<string, number>>;

export type LocalStackOptions = {
  /** A folder that keeps the table. @default none: it lives as long as the process */
  readonly dataFolder?: string;
  /** A file for the key that seals credentials. @default none: no account can be added */
  readonly sealingKeyFile?: string;
  /** Whether the simulated Aircall takes any call id for a ringing call. @default false */
  readonly acceptUnknownCalls?: boolean;
  /** Whether the table knows Aircall's users, and what they are doing, before any refresh. @default true */
  readonly knowsAgents?: boolean;
  /** Aircall's users. @default the seeded ones */
  readonly users?: readonly SimulatedUser[];
  /** Our contacts. @default the seeded ones */
  readonly contacts?: readonly Contact[];
  /** The simulated Aircall's. @default the real clock, and HTTP */
  readonly telephone?: Pick<SimulatedAircallOptions, 'scheduler' | 'post' | 'ask' | 'requestsPerMinute'>;
};

export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { dataFolder, sealingKeyFile, acceptUnknownCalls = false, knowsAgents = true } = options;
  if (sealingKeyFile !== undefined) ensureSealingKey(sealingKeyFile);
  const { users = seedUsers, contacts = seedContacts } = options;
  const dynamodb = await startEmbeddedDynamodb(dataFolder === undefined ? {} : { path: dataFolder });
  const ringTimers = await startLocalRingTimers();
  const aircall = await startSimulatedAircall({
    ...localCredentials,
    ...options.telephone,
    users: [...users],
    otherCompanies: [secondCompany],
    oauth: { clientId: localClientId, clientSecret: localClientSecret },
    acceptUnknownCalls,
  });
  const table = openTable(dynamodb);
  if (dynamodb.isNew) await seedContactsInto(table, contacts);

  async function resetAgents(presences: Presences = {}): Promise<void> {
    for (const { id, name, email, availability = 'available' } of users) {
      const presence = presences[id] ?? availability;
      if (presence !== 'unknown') aircall.setAvailability(id, presence);
      await seedAgentInto(table, { id, name, email, availability: presence });
    }
  }
  if (knowsAgents) await resetAgents();

  return {
    dynamodb,
    aircall,
    ringTimers,
    environment: {
      ...dynamodb.environment,
      ...ringTimers.environment,
      AIRCALL_API_URL: aircall.url,
      AIRCALL_API_ID: localCredentials.apiId,
      AIRCALL_API_TOKEN: localCredentials.apiToken,
      AIRCALL_DASHBOARD_URL: aircall.url,
      AIRCALL_CLIENT_ID: localClientId,
      AIRCALL_CLIENT_SECRET: localClientSecret,
      AIRCALL_WEBHOOK_TOKENS: localWebhookToken,
      RING_TO_SECRET: localRingToSecret,
      ...(sealingKeyFile !== undefined && { SEALING_KEY_FILE: sealingKeyFile }),
      STAGE: 'local',
      POWERTOOLS_SERVICE_NAME: 'call-router-local',
      POWERTOOLS_METRICS_NAMESPACE: 'CallRouter',
    },
    resetAgents,
    setLastAgents: (lastAgents) => setLastAgentsIn(table, lastAgents),
    setPolicy: (document) => setPolicyIn(table, document),
    addWebhook: (url) =>
      aircall.addWebhook({
        url,
        customName: product.name,
        token: localWebhookToken,
        events: [...routedEvents],
      }),
    setCallFlow: (url) => aircall.setCallFlow({ url, secret: localRingToSecret }),
    close: async () => {
      table.client.destroy();
      await Promise.all([dynamodb.close(), aircall.close(), ringTimers.close()]);
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
async function seedContactsInto(table: Table, contacts: readonly Contact[]): Promise<void> {
  expectSeeded(await createSaveContacts(table)(contacts, soon()));
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

async function setLastAgentsIn(table: Table, lastAgents: LastAgents): Promise<void> {
  const endedAtMs = Date.now() - 3_600_000;
  for (const [phone, id] of Object.entries(lastAgents)) {
    const talk = { direction: 'inbound', answeredAtMs: endedAtMs - 120_000, endedAtMs } as const;
    const who = { phone: phone as PhoneNumber, aircallUserId: id as AircallUserId };
    expectSeeded(await createSaveConversation(table)({ ...who, ...talk }, Date.now() + 86_400_000, soon()));
  }
}

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
