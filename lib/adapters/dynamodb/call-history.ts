/**
 * Calls as an operator looks at them: those of the last days, and one call's decision with all that it rested on.
 */
import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type {
  AircallTeamId,
  AircallUserId,
  CallId,
  DecisionRecord,
  EmailAddress,
  PhoneNumber,
} from '../../core/model.ts';
import {
  conditionTexts,
  doubtTexts,
  failureTexts,
  ignoreTexts,
  leaveTexts,
  presenceSourceTexts,
  presenceTexts,
  skipTexts,
  sourceTexts,
} from '../../core/reason-texts.ts';
import { fail, succeed } from '../../core/result.ts';
import type { CallSummary, FindCall, ListCalls } from '../../ports.ts';
import { byDayIndex, callKey, dayPartition } from './keys.ts';
import { readItem, send, type Table } from './table.ts';

const branded = <Text extends string>() => z.custom<Text>((value) => typeof value === 'string');
const keysOf = <Key extends string>(record: Record<Key, string>) => z.enum(Object.keys(record) as Key[]);

const brandedId = <Id extends number>() => z.custom<Id>((value) => Number.isSafeInteger(value));

const team = {
  kind: z.literal('team'),
  teamId: brandedId<AircallTeamId>(),
  strategy: z.exactOptional(z.enum(['simultaneous', 'random', 'longest_idle'])),
};
const number = { kind: z.literal('number'), phone: branded<PhoneNumber>() };

const transferTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), aircallUserId: brandedId<AircallUserId>() }),
  z.object(team),
  z.object(number),
]);

const target = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('agent'),
    email: branded<EmailAddress>(),
    because: z.enum(['assigned-agent', 'backup', 'last-agent', 'policy-agent']),
  }),
  z.object({ ...team, because: z.literal('policy-team') }),
  z.object({ ...number, because: z.literal('policy-number') }),
]);

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

const decisionRecord: z.ZodMiniType<DecisionRecord> = z.object({
  callId: branded<CallId>(),
  caller: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('identified'), phone: branded<PhoneNumber>() }),
    z.object({ kind: z.enum(['withheld', 'unreadable']) }),
  ]),
  receivedAtMs: z.number(),
  callStartedAtMs: z.number(),
  decision: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('routed'), to: transferTarget, because: keysOf(sourceTexts) }),
    z.object({ outcome: z.literal('left'), because: keysOf(leaveTexts) }),
    z.object({ outcome: z.literal('in-doubt'), because: keysOf(doubtTexts) }),
    z.object({ outcome: z.literal('duplicate') }),
    z.object({ outcome: z.literal('ignored'), because: keysOf(ignoreTexts) }),
  ]),
  policyVersion: z.exactOptional(z.number()),
  rule: z.exactOptional(z.string()),
  // Records from before there were rules have none.
  passed: z._default(z.array(z.object({ rule: z.string(), because: keysOf(conditionTexts) })), []),
  considered: z.array(
    z.object({
      target,
      verdict: z.union([z.literal('go'), keysOf(skipTexts)]),
      presence: z.exactOptional(keysOf(presenceTexts)),
      presenceAgeMs: z.exactOptional(z.number()),
      presenceSource: z.exactOptional(keysOf(presenceSourceTexts)),
    }),
  ),
  attempts: z.array(
    z.object({
      to: transferTarget,
      answer: z.union([z.literal('accepted'), keysOf(failureTexts)]),
      status: z.exactOptional(z.number()),
      tookMs: z.number(),
    }),
  ),
  readings: z.array(z.union([z.literal('untouched'), keysOf(doubtTexts)])),
  timings: z.object({
    claimedMs: z.exactOptional(z.number()),
    resolvedMs: z.exactOptional(z.number()),
    transferredMs: z.exactOptional(z.number()),
  }),
});

const callItem = z.object({
  callId: branded<CallId>(),
  claimedAtMs: z.number(),
  lapsesAtMs: z.number(),
  takenOver: z.boolean(),
  settledAtMs: z.optional(z.number()),
  decisionRecord: z.optional(decisionRecord),
});

export function createFindCall(table: Table): FindCall {
  return async function findCall(callId, deadlineMs) {
    const get = new GetCommand({
      TableName: table.name,
      Key: callKey(table.account, callId),
      ConsistentRead: true,
    });
    const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
    if (!answer.ok) return answer;
    if (answer.value.Item === undefined) return succeed(undefined);

    const item = readItem(callItem, 'call', answer.value.Item);
    if (!item.ok) return item;
    const { settledAtMs: atMs, decisionRecord: record, ...call } = item.value;
    if (atMs === undefined) return succeed(call);
    if (record === undefined) return fail({ reason: 'item-unreadable', detail: 'call: decisionRecord' });
    return succeed({ ...call, settled: { atMs, record } });
  };
}
