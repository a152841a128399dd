/**
 * Calls: the claim that lets one delivery decide, and the record of what it decided.
 *
 *   (absent) ──claim──► claimed ──settle──► settled      for good: every later delivery is a duplicate
 *                          │
 *                          │ unsettled at `lapsesAtMs`: its owner died
 *                          ▼
 *                       lapsed ──take over──► claimed, in doubt ──settle──► settled
 *                                                 │
 *                                                 └──► lapsed ──► …
 *
 * A claim lapses later than any invocation lives, so a lapsed claim's owner can't be about to transfer; but it may
 * have done so. Whoever takes over reads the call at Aircall before it acts.
 */
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { CallId, Claim, ClaimOwner, InboundCall, StoreResult } from '../../core/model.ts';
import { succeed } from '../../core/result.ts';
import type { ClaimCall, SettleCall } from '../../ports.ts';
import { callKey, dayPartition, daySort } from './keys.ts';
import { readItem, schemaVersion, send, type Table, write } from './table.ts';

export type CallRecordTimes = { readonly claimLapsesAfterMs: number; readonly keptForDays: number };

const isAbsent = 'attribute_not_exists(pk)';
const isUnsettled = 'attribute_not_exists(settledAtMs)';
/** Compares the time itself: an item past its TTL may lie there for days. */
const hasLapsed = 'lapsesAtMs <= :nowMs';
const isOurs = '#owner = :owner';

const claimItem = z.object({
  owner: z.string(),
  lapsesAtMs: z.number(),
  takenOver: z.boolean(),
  settledAtMs: z.optional(z.number()),
});
type ClaimItem = z.infer<typeof claimItem>;

export function createClaimCall(table: Table, times: CallRecordTimes): ClaimCall {
  return async function claimCall(call, owner, deadlineMs) {
    const nowMs = table.now();

    const created = await create(call, owner, nowMs, deadlineMs);
    if (!created.ok) return created;
    if (created.value === 'written') return succeed('claimed');

    const held = await read(call.callId, deadlineMs);
    if (!held.ok) return held;
    const isHeld = held.value.settledAtMs !== undefined || held.value.lapsesAtMs > nowMs;
    if (isHeld) return succeed(claimOf(held.value, owner));

    const takenOver = await takeOver(call.callId, owner, nowMs, deadlineMs);
    if (!takenOver.ok) return takenOver;
    if (takenOver.value === 'written') return succeed('in-doubt');

    const taken = await read(call.callId, deadlineMs);
    return taken.ok ? succeed(claimOf(taken.value, owner)) : taken;
  };

  async function create(call: InboundCall, owner: ClaimOwner, nowMs: number, deadlineMs: number) {
    const put = new PutCommand({
      TableName: table.name,
      Item: {
        ...callKey(table.account, call.callId),
        schemaVersion,
        callId: call.callId,
        owner,
        claimedAtMs: nowMs,
        lapsesAtMs: nowMs + times.claimLapsesAfterMs,
        takenOver: false,
        dayPk: dayPartition(table.account, nowMs),
        daySk: daySort(nowMs, call.callId),
        expiresAtSeconds: Math.floor(nowMs / 1000) + times.keptForDays * 86_400,
      },
      ConditionExpression: isAbsent,
    });
    return write(table, deadlineMs, (options) => table.client.send(put, options));
  }

  async function takeOver(callId: CallId, owner: ClaimOwner, nowMs: number, deadlineMs: number) {
    const update = new UpdateCommand({
      TableName: table.name,
      Key: callKey(table.account, callId),
      UpdateExpression: 'SET #owner = :owner, lapsesAtMs = :lapsesAtMs, takenOver = :true',
      ConditionExpression: `${isUnsettled} AND ${hasLapsed}`,
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: {
        ':owner': owner,
        ':nowMs': nowMs,
        ':lapsesAtMs': nowMs + times.claimLapsesAfterMs,
        ':true': true,
      },
    });
    return write(table, deadlineMs, (options) => table.client.send(update, options));
  }

  async function read(callId: CallId, deadlineMs: number): Promise<StoreResult<ClaimItem>> {
    const get = new GetCommand({
      TableName: table.name,
      Key: callKey(table.account, callId),
      ConsistentRead: true,
    });
    const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
    return answer.ok ? readItem(claimItem, 'call', answer.value.Item) : answer;
  }
}

/**
 * Whose a held claim is. Ours again: the SDK repeats a write whose answer was lost, and the repetition meets what the
 * first one wrote.
 */
function claimOf(item: ClaimItem, owner: ClaimOwner): Claim {
  if (item.owner !== owner || item.settledAtMs !== undefined) return 'duplicate';
  return item.takenOver ? 'in-doubt' : 'claimed';
}

export function createSettleCall(table: Table): SettleCall {
  return async function settleCall(record, owner, deadlineMs) {
    const { decision } = record;
    const update = new UpdateCommand({
      TableName: table.name,
      Key: callKey(table.account, record.callId),
      UpdateExpression:
        'SET settledAtMs = :nowMs, outcome = :outcome, because = :because, #to = :to, decisionRecord = :record',
      ConditionExpression: isOurs,
      ExpressionAttributeNames: { '#owner': 'owner', '#to': 'to' },
      ExpressionAttributeValues: {
        ':owner': owner,
        ':nowMs': table.now(),
        ':outcome': decision.outcome,
        ':because': 'because' in decision ? decision.because : null,
        ':to': 'to' in decision ? decision.to : null,
        ':record': record,
      },
    });
    const answer = await write(table, deadlineMs, (options) => table.client.send(update, options));
    if (!answer.ok) return answer;
    return succeed(answer.value === 'written' ? 'settled' : 'not-owner');
  };
}
