/**
 * Calls as an operator looks at them: those of the last days, and one call's decision with all that it rested on.
 */
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { CallId } from '../../core/model.ts';
import { succeed } from '../../core/result.ts';
import type { CallSummary, FindCall, FindDecidedCall, ListCalls } from '../../ports.ts';
import { branded, toStoredCall, transferTarget } from './call-items.ts';
import { byDayIndex, callKey, dayPartition } from './keys.ts';
import { get, send, type Table } from './table.ts';

const summaryItem = z.object({
  callId: branded<CallId>(),
  claimedAtMs: z.number(),
  settledAtMs: z.exactOptional(z.number()),
  outcome: z.exactOptional(z.string()),
  because: z.optional(z.nullable(z.string())),
  to: z.catch(z.optional(transferTarget), undefined),
});

/** Newest first: one day's partition after the other, backwards. */
export function createListCalls(table: Table): ListCalls {
  return async function listCalls({ sinceMs, limit, outcome, because }, deadlineMs) {
    const filter = toFilter({ outcome, because });
    const answer = await send(table, deadlineMs, async ({ abortSignal }) => {
      const items: unknown[] = [];
      for (const dayMs of daysBackTo(sinceMs, table.now())) {
        const query = {
          TableName: table.name,
          IndexName: byDayIndex,
          KeyConditionExpression: 'dayPk = :day AND daySk >= :since',
          ExpressionAttributeValues: {
            ':day': dayPartition(table.account, dayMs),
            ':since': new Date(sinceMs).toISOString(),
            ...filter?.values,
          },
          ...(filter && { FilterExpression: filter.expression }),
          ScanIndexForward: false,
          // DynamoDB counts what it looked at, not what passed the filter.
          ...(filter === undefined && { Limit: limit - items.length }),
        };
        for await (const page of paginateQuery({ client: table.client }, query, { abortSignal })) {
          items.push(...(page.Items ?? []));
          if (items.length >= limit) return items.slice(0, limit);
        }
      }
      return items;
    });
    if (!answer.ok) return answer;

    const read = answer.value.map(toSummary);
    const calls = read.filter((call) => call !== undefined);
    return succeed({ calls, unreadable: read.length - calls.length });
  };
}

function toFilter(wanted: Readonly<Record<string, string | undefined>>) {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;

  return {
    expression: given.map(([attribute]) => `${attribute} = :${attribute}`).join(' AND '),
    values: Object.fromEntries(given.map(([attribute, value]) => [`:${attribute}`, value])),
  };
}

const dayMs = 86_400_000;

/** A time in each day (UTC) from now back to `sinceMs`. */
function daysBackTo(sinceMs: number, nowMs: number): readonly number[] {
  const today = Math.floor(nowMs / dayMs);
  const days = today - Math.floor(sinceMs / dayMs) + 1;
  return Array.from({ length: Math.max(0, days) }, (_, back) => (today - back) * dayMs);
}

function toSummary(item: unknown): CallSummary | undefined {
  const parsed = summaryItem.safeParse(item);
  if (!parsed.success) return undefined;

  const { because, to, ...summary } = parsed.data;
  return {
    ...summary,
    ...(because !== undefined && because !== null && { because }),
    ...(to !== undefined && { to }),
  };
}

export function createFindCall(table: Table): FindCall {
  return async function findCall(callId, deadlineMs) {
    const answer = await get(table, callKey(table.account, callId), deadlineMs);
    if (!answer.ok) return answer;

    return answer.value === undefined ? succeed(undefined) : toStoredCall(answer.value);
  };
}

/** For whoever gives calls on. */
export function createFindDecidedCall(table: Table): FindDecidedCall {
  const findCall = createFindCall(table);

  return async function findDecidedCall(callId, deadlineMs) {
    const call = await findCall(callId, deadlineMs);
    return call.ok ? succeed(call.value?.settled) : call;
  };
}
