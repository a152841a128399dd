/**
 * Agents, by e-mail; and the e-mail of an agent by their Aircall user id.
 */
import { GetCommand, PutCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Agent, AircallUserId, CallId, EmailAddress, StoreResult } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { AgentRef, FindAgent, ListAgents, SaveAgent } from '../../ports.ts';
import { agentKey, agentsIndex, agentsPartition, userKey } from './keys.ts';
import { readItem, schemaVersion, send, type Table, write } from './table.ts';

const agentItem = z.object({
  email: z.string(),
  aircallUserId: z.optional(z.int()),
  name: z.optional(z.string()),
  wrapUpSeconds: z.optional(z.number()),
  checkedAtMs: z.number(),
  presence: z.optional(z.enum(['available', 'in_call', 'after_call_work', 'do_not_disturb', 'offline'])),
  presenceSinceMs: z.optional(z.number()),
  presenceAtMs: z.optional(z.number()),
  presenceSource: z.optional(z.enum(['event', 'check'])),
  reservedForCall: z.optional(z.string()),
  reservedUntilMs: z.optional(z.number()),
});

const userItem = z.object({ email: z.string() });

/** Newer code's items are not ours to change. */
export const isOurVersion = 'attribute_not_exists(schemaVersion) OR schemaVersion <= :schemaVersion';

export function createFindAgent(table: Table): FindAgent {
  return async function findAgent(email, deadlineMs) {
    const get = new GetCommand({ TableName: table.name, Key: agentKey(table.account, email) });
    const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
    if (!answer.ok) return answer;

    return answer.value.Item === undefined ? succeed(undefined) : fromAgentItem(answer.value.Item);
  };
}

/**
 * Writes only what is told here: other parts of an agent's item have other writers. Leaves what newer code wrote alone.
 *
 * The user's item comes first: if the second write never happens, the agent still differs from what Aircall says of
 * them, and the next refresh writes both.
 */
export function createSaveAgent(table: Table): SaveAgent {
  return async function saveAgent(agent, deadlineMs) {
    const { email, aircallUserId } = agent;
    const linked =
      aircallUserId === undefined ? succeed(undefined) : await link(aircallUserId, email, deadlineMs);
    return linked.ok ? describe(agent, deadlineMs) : linked;
  };

  async function link(
    aircallUserId: AircallUserId,
    email: EmailAddress,
    deadlineMs: number,
  ): Promise<StoreResult<void>> {
    const put = new PutCommand({
      TableName: table.name,
      Item: { ...userKey(table.account, aircallUserId), schemaVersion, email },
      ConditionExpression: isOurVersion,
      ExpressionAttributeValues: { ':schemaVersion': schemaVersion },
    });
    return expectWritten(
      'user',
      await write(table, deadlineMs, (options) => table.client.send(put, options)),
    );
  }

  async function describe(
    { email, aircallUserId, name, wrapUpSeconds, checkedAtMs }: Agent,
    deadlineMs: number,
  ): Promise<StoreResult<void>> {
    const told = { aircallUserId, name, wrapUpSeconds };
    const set = Object.entries(told).filter(([, value]) => value !== undefined);
    const remove = Object.entries(told).filter(([, value]) => value === undefined);
    const update = new UpdateCommand({
      TableName: table.name,
      Key: agentKey(table.account, email),
      UpdateExpression: [
        'SET schemaVersion = :schemaVersion, email = :email, checkedAtMs = :checkedAtMs',
        ', agentsPk = :agentsPk, agentsSk = :email',
        ...set.map(([key]) => `, #${key} = :${key}`),
        remove.length > 0 ? ` REMOVE ${remove.map(([key]) => `#${key}`).join(', ')}` : '',
      ].join(''),
      ConditionExpression: isOurVersion,
      ExpressionAttributeNames: Object.fromEntries(Object.keys(told).map((key) => [`#${key}`, key])),
      ExpressionAttributeValues: {
        ':schemaVersion': schemaVersion,
        ':email': email,
        ':checkedAtMs': checkedAtMs,
        ':agentsPk': agentsPartition(table.account),
        ...Object.fromEntries(set.map(([key, value]) => [`:${key}`, value])),
      },
    });
    return expectWritten(
      'agent',
      await write(table, deadlineMs, (options) => table.client.send(update, options)),
    );
  }
}

function expectWritten(
  kind: 'agent' | 'user',
  answer: StoreResult<'written' | 'condition-failed'>,
): StoreResult<void> {
  if (!answer.ok) return answer;

  return answer.value === 'written'
    ? succeed(undefined)
    : fail({ reason: 'item-unreadable', detail: `${kind}: schemaVersion` });
}

export function createListAgents(table: Table): ListAgents {
  return async function listAgents(deadlineMs) {
    const answer = await send(table, deadlineMs, async ({ abortSignal }) => {
      const query = {
        TableName: table.name,
        IndexName: agentsIndex,
        KeyConditionExpression: 'agentsPk = :agentsPk',
        ExpressionAttributeValues: { ':agentsPk': agentsPartition(table.account) },
      };
      const items: unknown[] = [];
      for await (const page of paginateQuery({ client: table.client }, query, { abortSignal })) {
        items.push(...(page.Items ?? []));
      }
      return items;
    });
    if (!answer.ok) return answer;

    const read = answer.value.map(fromAgentItem);
    const agents = read.filter((agent) => agent.ok).map((agent) => agent.value);
    return succeed({ agents, unreadable: read.length - agents.length });
  };
}

/** An agent's e-mail, whichever way they are referred to; `undefined` if no agent has that login. */
export async function findEmail(
  table: Table,
  who: AgentRef,
  deadlineMs: number,
): Promise<StoreResult<EmailAddress | undefined>> {
  if (typeof who === 'string') return succeed(who);

  const get = new GetCommand({ TableName: table.name, Key: userKey(table.account, who) });
  const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
  if (!answer.ok) return answer;
  if (answer.value.Item === undefined) return succeed(undefined);

  const item = readItem(userItem, 'user', answer.value.Item);
  return item.ok ? succeed(item.value.email as EmailAddress) : item;
}

export function fromAgentItem(item: unknown): StoreResult<Agent> {
  const parsed = readItem(agentItem, 'agent', item);
  if (!parsed.ok) return parsed;

  const { email, aircallUserId, name, wrapUpSeconds, checkedAtMs } = parsed.value;
  const presence = toPresence(parsed.value);
  const hold = toHold(parsed.value);
  return succeed({
    email: email as EmailAddress,
    ...(aircallUserId !== undefined && { aircallUserId: aircallUserId as AircallUserId }),
    ...(name !== undefined && { name }),
    ...(wrapUpSeconds !== undefined && { wrapUpSeconds }),
    checkedAtMs,
    ...(presence !== undefined && { presence }),
    ...(hold !== undefined && { hold }),
  });
}

type AgentItem = z.infer<typeof agentItem>;

function toPresence(item: AgentItem): Agent['presence'] {
  const { presence, presenceSinceMs: sinceMs, presenceAtMs: knownAtMs, presenceSource: source } = item;
  const isWhole =
    presence !== undefined && sinceMs !== undefined && knownAtMs !== undefined && source !== undefined;
  return isWhole ? { presence, sinceMs, knownAtMs, source } : undefined;
}

function toHold({ reservedForCall, reservedUntilMs }: AgentItem): Agent['hold'] {
  const isWhole = reservedForCall !== undefined && reservedUntilMs !== undefined;
  return isWhole ? { callId: reservedForCall as CallId, untilMs: reservedUntilMs } : undefined;
}
