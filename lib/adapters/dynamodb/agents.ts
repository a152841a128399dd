/**
 * Agents, by e-mail.
 */
import { GetCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Agent, AircallUserId, EmailAddress, StoreResult } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { FindAgent, ListAgents, SaveAgent } from '../../ports.ts';
import { agentKey, agentsIndex, agentsPartition } from './keys.ts';
import { readItem, schemaVersion, send, type Table, write } from './table.ts';

const agentItem = z.object({
  email: z.string(),
  aircallUserId: z.optional(z.int()),
  name: z.optional(z.string()),
  checkedAtMs: z.number(),
});

export function createFindAgent(table: Table): FindAgent {
  return async function findAgent(email, deadlineMs) {
    const get = new GetCommand({ TableName: table.name, Key: agentKey(table.account, email) });
    const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
    if (!answer.ok) return answer;

    return answer.value.Item === undefined ? succeed(undefined) : fromAgentItem(answer.value.Item);
  };
}

/** Writes only what is told here: other parts of an agent's item have other writers. Leaves what newer code wrote alone. */
export function createSaveAgent(table: Table): SaveAgent {
  return async function saveAgent({ email, aircallUserId, name, checkedAtMs }, deadlineMs) {
    const told = { aircallUserId, name };
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
      ConditionExpression: 'attribute_not_exists(schemaVersion) OR schemaVersion <= :schemaVersion',
      ExpressionAttributeNames: { '#aircallUserId': 'aircallUserId', '#name': 'name' },
      ExpressionAttributeValues: {
        ':schemaVersion': schemaVersion,
        ':email': email,
        ':checkedAtMs': checkedAtMs,
        ':agentsPk': agentsPartition(table.account),
        ...Object.fromEntries(set.map(([key, value]) => [`:${key}`, value])),
      },
    });
    const answer = await write(table, deadlineMs, (options) => table.client.send(update, options));
    if (!answer.ok) return answer;

    return answer.value === 'written'
      ? succeed(undefined)
      : fail({ reason: 'item-unreadable', detail: 'agent: schemaVersion' });
  };
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

function fromAgentItem(item: unknown): StoreResult<Agent> {
  const parsed = readItem(agentItem, 'agent', item);
  if (!parsed.ok) return parsed;

  const { email, aircallUserId, name, checkedAtMs } = parsed.value;
  return succeed({
    email: email as EmailAddress,
    ...(aircallUserId !== undefined && { aircallUserId: aircallUserId as AircallUserId }),
    ...(name !== undefined && { name }),
    checkedAtMs,
  });
}
