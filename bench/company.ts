/**
 * A company of any size, as a table holds it: contacts, agents who are all free, and a policy. All invented; the numbers
 * are ones that are kept for fiction.
 */
import { BatchWriteCommand, type BatchWriteCommandInput, GetCommand } from '@aws-sdk/lib-dynamodb';
import { createSaveAgent } from '../lib/adapters/dynamodb/agents.ts';
import { toContactItem } from '../lib/adapters/dynamodb/contacts.ts';
import { agentKey, userKey } from '../lib/adapters/dynamodb/keys.ts';
import { createPutPolicy } from '../lib/adapters/dynamodb/policies.ts';
import { createTrackPresence } from '../lib/adapters/dynamodb/presences.ts';
import type { Table } from '../lib/adapters/dynamodb/table.ts';
import type { AircallUserId, EmailAddress, PhoneNumber, StoreResult } from '../lib/core/model.ts';
import { parsePolicy } from '../lib/core/parse-policy.ts';
import type { SimulatedUser } from '../local/simulated-aircall.ts';

export type CompanySize = {
  readonly contacts: number;
  readonly agents: number;
  /** In the policy, of which only the last one is for these callers; 0: no policy is stored. */
  readonly rules: number;
};

/** Four digits follow each. */
const frenchPrefixes = ['19900', '26191', '35301', '46571', '53649', '63998'];

/** The phone of a contact, counted from 0: up to 60,000 in France, up to 140,000 in North America. */
export function phoneOf(contact: number): PhoneNumber {
  const prefix = frenchPrefixes[Math.floor(contact / 10_000)];
  if (prefix !== undefined) return `+33${prefix}${pad(contact % 10_000, 4)}` as PhoneNumber;

  const abroad = contact - frenchPrefixes.length * 10_000;
  return `+1${200 + Math.floor(abroad / 100)}55501${pad(abroad % 100, 2)}` as PhoneNumber;
}

export function emailOf(agent: number): EmailAddress {
  return `agent-${agent}@example.com` as EmailAddress;
}

export function aircallUserIdOf(agent: number): AircallUserId {
  return (1000 + agent) as AircallUserId;
}

/** Which agent a contact is assigned to. */
export function agentOf(contact: number, agents: number): number {
  return contact % agents;
}

export function usersOf({ agents }: CompanySize): SimulatedUser[] {
  return Array.from({ length: agents }, (_, agent) => ({
    id: aircallUserIdOf(agent),
    name: `Agent ${agent}`,
    email: emailOf(agent),
    availability: 'available',
  }));
}

export async function seedCompany(table: Table, size: CompanySize): Promise<void> {
  await writeAll(table, await agentItems(table, size.agents));
  await writeAll(table, contactItems(table, size));
  if (size.rules > 0) await putPolicy(table, size.rules);
}

/** The first one is written as the refresh would write them; the others are copies under names of their own. */
async function agentItems(table: Table, agents: number): Promise<Items> {
  const email = emailOf(0);
  const nowMs = Date.now();
  const first = { email, aircallUserId: aircallUserIdOf(0), name: 'Agent 0', checkedAtMs: nowMs };
  expectSeeded(await createSaveAgent(table)(first, nowMs + 10_000));
  const free = { kind: 'checked', presence: 'available', atMs: nowMs } as const;
  expectSeeded(await createTrackPresence(table)(email, free, nowMs + 10_000));
  const Key = agentKey(table.account, email);
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));

  return Array.from({ length: agents - 1 }, (_, index) => index + 1).flatMap((agent) => {
    const own = { email: emailOf(agent), aircallUserId: aircallUserIdOf(agent), name: `Agent ${agent}` };
    return [
      { ...Item, ...agentKey(table.account, own.email), ...own, agentsSk: own.email },
      {
        ...userKey(table.account, own.aircallUserId),
        schemaVersion: Item?.['schemaVersion'],
        email: own.email,
      },
    ];
  });
}

function contactItems(table: Table, { contacts, agents }: CompanySize): Items {
  return Array.from({ length: contacts }, (_, contact) =>
    toContactItem(table.account, {
      phone: phoneOf(contact),
      name: `Contact ${contact}`,
      company: `Company ${contact % 97}`,
      assignedTo: emailOf(agentOf(contact, agents)),
      backups: [],
      attributes: { tier: 'silver' },
    }),
  );
}

/** The worst case: every rule is asked, and only the last one is for the caller. */
async function putPolicy(table: Table, rules: number): Promise<void> {
  const policy = parsePolicy({
    rules: Array.from({ length: rules }, (_, rule) =>
      rule === rules - 1
        ? { name: 'everyone', targets: ['assigned', 'backups', 'leave'] }
        : { name: `rule ${rule}`, when: { contact: { tier: `tier ${rule}` } }, targets: ['leave'] },
    ),
  });
  if (!policy.ok) throw new Error(`not a policy: ${JSON.stringify(policy.failure)}`);
  expectSeeded(await createPutPolicy(table)(policy.value, undefined, Date.now() + 10_000));
}

type Items = readonly Record<string, unknown>[];
type Writes = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

const mostWritesInBatch = 25;

async function writeAll(table: Table, items: Items): Promise<void> {
  for (let start = 0; start < items.length; start += mostWritesInBatch) {
    const batch = items.slice(start, start + mostWritesInBatch);
    const writes: Writes = batch.map((Item) => ({ PutRequest: { Item } }));
    const answer = await table.client.send(
      new BatchWriteCommand({ RequestItems: { [table.name]: [...writes] } }),
    );
    if (Object.keys(answer.UnprocessedItems ?? {}).length > 0) throw new Error('the table took only a part');
  }
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}

function expectSeeded(seeded: StoreResult<unknown>): void {
  if (!seeded.ok) throw new Error(`could not seed the table: ${seeded.failure.detail}`);
}
