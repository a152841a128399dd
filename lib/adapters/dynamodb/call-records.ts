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
 * Events write what they tell of a call into the same item, also before anyone claims it: a claim brings that along, and so
 * does a settlement, in the same round trip.
 *
 * A claim lapses later than any invocation lives, so a lapsed claim's owner can't be about to transfer; but it may
 * have done so. Whoever takes over reads the call at Aircall before it acts.
 */
import * as z from 'zod/mini';
import type { CallId, Claim, ClaimOwner, Door, StoreResult } from '../../core/model.ts';
import { succeed } from '../../core/result.ts';
import type { ClaimCall, ClaimedCall, SettleCall } from '../../ports.ts';
import { toCallNews } from './call-items.ts';
import { callKey, dayPartition, daySort } from './keys.ts';
import { get, readItem, schemaVersion, type Table, update } from './table.ts';

export type CallRecordTimes = { readonly claimLapsesAfterMs: number; readonly keptForDays: number };

const isUnclaimed = 'attribute_not_exists(#owner)';
const isOurVersion = '(attribute_not_exists(schemaVersion) OR schemaVersion <= :schemaVersion)';
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
  return async function claimCall(callId, door, owner, deadlineMs) {
    const nowMs = table.now();

    const created = await create(callId, door, owner, nowMs, deadlineMs);
    if (!created.ok) return created;
    if (created.value !== 'condition-failed') return withNews('claimed', created.value.item);

    const held = await read(callId, deadlineMs);
    if (!held.ok) return held;
    const { claim, item } = held.value;
    if (claim.settledAtMs !== undefined || claim.lapsesAtMs > nowMs)
      return withNews(claimOf(claim, owner), item);

    const takenOver = await takeOver(callId, owner, nowMs, deadlineMs);
    if (!takenOver.ok) return takenOver;
    if (takenOver.value !== 'condition-failed') return withNews('in-doubt', takenOver.value.item);

    const taken = await read(callId, deadlineMs);
    return taken.ok ? withNews(claimOf(taken.value.claim, owner), taken.value.item) : taken;
  };

  async function create(callId: CallId, door: Door, owner: ClaimOwner, nowMs: number, deadlineMs: number) {
    const attributes = {
      schemaVersion,
      callId,
      door,
      owner,
      claimedAtMs: nowMs,
      lapsesAtMs: nowMs + times.claimLapsesAfterMs,
      takenOver: false,
      dayPk: dayPartition(table.account, nowMs),
      daySk: daySort(nowMs, callId),
      expiresAtSeconds: Math.floor(nowMs / 1000) + times.keptForDays * 86_400,
    };
    const names = Object.keys(attributes);
    return update(table, deadlineMs, {
      Key: callKey(table.account, callId),
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: `${isUnclaimed} AND ${isOurVersion}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [`:${name}`, value]),
      ),
      ReturnValues: 'ALL_NEW',
    });
  }

  async function takeOver(callId: CallId, owner: ClaimOwner, nowMs: number, deadlineMs: number) {
    return update(table, deadlineMs, {
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
      ReturnValues: 'ALL_NEW',
    });
  }

  async function read(
    callId: CallId,
    deadlineMs: number,
  ): Promise<StoreResult<{ readonly claim: ClaimItem; readonly item: unknown }>> {
    const answer = await get(table, callKey(table.account, callId), deadlineMs);
    if (!answer.ok) return answer;

    const item = answer.value;
    const claim = readItem(claimItem, 'call', item);
    return claim.ok ? succeed({ claim: claim.value, item }) : claim;
  }
}

function withNews(claim: Claim, item: unknown): StoreResult<ClaimedCall> {
  const news = toCallNews(item);
  return news.ok ? succeed({ claim, door: readDoor(item), news: news.value }) : news;
}

/** Claims of earlier versions have none: there was one door. */
function readDoor(item: unknown): Door {
  const claimed = z.object({ door: z.literal('ring-to') }).safeParse(item);
  return claimed.success ? claimed.data.door : 'webhook';
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
    const written = await update(table, deadlineMs, {
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
      // As it was: the record need not travel back.
      ReturnValues: 'ALL_OLD',
    });
    if (!written.ok) return written;
    if (written.value === 'condition-failed') return succeed({ kind: 'not-owner' });

    const news = toCallNews(written.value.item);
    return news.ok ? succeed({ kind: 'settled', news: news.value }) : news;
  };
}
