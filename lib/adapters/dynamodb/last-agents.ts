/**
 * Who spoke to a caller last: beside the contact of that phone, whether or not there is one.
 */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { LastConversation } from '../../core/last-agent.ts';
import type { AircallUserId, StoreResult } from '../../core/model.ts';
import { succeed } from '../../core/result.ts';
import type { FindCaller, SaveConversation } from '../../ports.ts';
import { findEmail } from './agents.ts';
import { email, fromContactItems } from './contacts.ts';
import { contactKey, lastAgentKey } from './keys.ts';
import { query, readItem, schemaVersion, type Table, write } from './table.ts';

const lastAgentItem = z.object({
  email,
  aircallUserId: z.int(),
  direction: z.enum(['inbound', 'outbound']),
  answeredAtMs: z.number(),
  endedAtMs: z.number(),
});

/**
 * All items of the phone's partition, which count as one read. That a last conversation can't be read costs the caller
 * their last agent, and not the agent they are assigned to.
 */
export function createFindCaller(table: Table): FindCaller {
  return async function findCaller(phone, deadlineMs) {
    const { pk, sk: contactSort } = contactKey(table.account, phone);
    const { sk: lastAgentSort } = lastAgentKey(table.account, phone);
    const found = await query(table, deadlineMs, {
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :contact AND :lastAgent',
      ExpressionAttributeValues: { ':pk': pk, ':contact': contactSort, ':lastAgent': lastAgentSort },
    });
    if (!found.ok) return found;

    const items = found.value;
    const contact = fromContactItems(phone, items);
    if (!contact.ok) return contact;

    const lastItem = items.find(({ sk }) => sk === lastAgentSort);
    const last = lastItem === undefined ? succeed(undefined) : fromLastAgentItem(lastItem);
    return succeed({
      ...(contact.value !== undefined && { contact: contact.value }),
      ...(last.ok && last.value !== undefined && { lastConversation: last.value }),
      ...(!last.ok && { unreadable: last.failure.detail }),
    });
  };
}

function fromLastAgentItem(item: unknown): StoreResult<LastConversation> {
  const parsed = readItem(lastAgentItem, 'last agent', item);
  if (!parsed.ok) return parsed;

  return succeed({ ...parsed.value, aircallUserId: parsed.value.aircallUserId as AircallUserId });
}

/** Deliveries come twice and in any order. What newer code wrote is not ours to change. */
const isNewest =
  'attribute_not_exists(schemaVersion) OR (schemaVersion <= :schemaVersion AND endedAtMs < :endedAtMs)';

/** An agent's e-mail is looked up here, if need be, so that no caller has to wait for it. */
export function createSaveConversation(table: Table): SaveConversation {
  return async function saveConversation({ phone, email: told, ...talk }, untilMs, deadlineMs) {
    const email = await findEmail(table, told ?? talk.aircallUserId, deadlineMs);
    if (!email.ok) return email;
    if (email.value === undefined) return succeed('unknown-agent');

    const { aircallUserId, direction, answeredAtMs, endedAtMs } = talk;
    const put = new PutCommand({
      TableName: table.name,
      Item: {
        ...lastAgentKey(table.account, phone),
        schemaVersion,
        email: email.value,
        aircallUserId,
        direction,
        answeredAtMs,
        endedAtMs,
        expiresAtSeconds: Math.ceil(untilMs / 1000),
      },
      ConditionExpression: isNewest,
      ExpressionAttributeValues: { ':schemaVersion': schemaVersion, ':endedAtMs': endedAtMs },
    });
    const answer = await write(table, deadlineMs, (options) => table.client.send(put, options));
    if (!answer.ok) return answer;

    return succeed(answer.value === 'written' ? 'saved' : 'kept');
  };
}
