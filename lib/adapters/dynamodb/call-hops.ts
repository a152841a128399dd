/**
 * What becomes of a call while it rings: what events tell of it, and the hops by which it is given on.
 *
 *   settled ──claim hop 1──► hop 1 under way ──settle──► hop 1 made ──claim hop 2──► …
 *
 * A hop is claimed only while the one before it is settled, and the call neither answered nor over as far as events told.
 * A hop whose owner died stays under way for good: nobody can tell whether it transferred.
 */
import * as z from 'zod/mini';
import { fail, succeed } from '../../core/result.ts';
import type { CallNewsItem, ClaimHop, NoteCallNews, SettleHop } from '../../ports.ts';
import { formatRefusal, toCallNews, toStoredCall } from './call-items.ts';
import { callKey } from './keys.ts';
import { get, readItem, schemaVersion, type Table, update } from './table.ts';

const isOurVersion = '(attribute_not_exists(schemaVersion) OR schemaVersion <= :schemaVersion)';

export type CallNewsTimes = {
  /** What was told of a call that nobody claims. */
  readonly newsKeptForDays: number;
};

export function createNoteCallNews(table: Table, { newsKeptForDays }: CallNewsTimes): NoteCallNews {
  return async function noteCallNews(callId, news, deadlineMs) {
    const { expression, values } = describe(news);
    const written = await update(table, deadlineMs, {
      Key: callKey(table.account, callId),
      UpdateExpression: [
        'SET schemaVersion = if_not_exists(schemaVersion, :schemaVersion), callId = :callId,',
        `expiresAtSeconds = if_not_exists(expiresAtSeconds, :expiresAtSeconds)${expression}`,
      ].join(' '),
      ConditionExpression: isOurVersion,
      ExpressionAttributeValues: {
        ':schemaVersion': schemaVersion,
        ':callId': callId,
        ':expiresAtSeconds': Math.floor(table.now() / 1000) + newsKeptForDays * 86_400,
        ...values,
      },
      ReturnValues: 'ALL_NEW',
    });
    if (!written.ok) return written;
    if (written.value === 'condition-failed')
      return fail({ reason: 'item-unreadable', detail: 'call: schemaVersion' });

    const call = toStoredCall(written.value.item);
    return call.ok ? succeed(call.value?.settled) : call;
  };
}

/** The first time that is told stays: it is only asked whether. Who answered last has the caller. */
function describe(news: CallNewsItem): {
  readonly expression: string;
  readonly values: Readonly<Record<string, unknown>>;
} {
  switch (news.kind) {
    case 'answered': {
      const expression = ', answeredAtMs = if_not_exists(answeredAtMs, :atMs)';
      return news.by === undefined
        ? { expression, values: { ':atMs': news.atMs } }
        : { expression: `${expression}, answeredBy = :by`, values: { ':atMs': news.atMs, ':by': news.by } };
    }
    case 'over':
      return { expression: ', overAtMs = if_not_exists(overAtMs, :atMs)', values: { ':atMs': news.atMs } };
    case 'refused':
      return {
        expression: ' ADD refusals :refusals',
        values: { ':refusals': new Set([formatRefusal(news.refusal)]) },
      };
  }
}

const hopItem = z.object({
  hopOwner: z.optional(z.string()),
  hop: z.optional(z.int()),
  hops: z._default(z.record(z.string(), z.unknown()), {}),
});

export function createClaimHop(table: Table): ClaimHop {
  return async function claimHop(callId, hop, owner, deadlineMs) {
    const isNext =
      hop === 1 ? 'attribute_not_exists(#hop)' : '#hop = :previous AND attribute_exists(hops.#previous)';
    const claimed = await update(table, deadlineMs, {
      Key: callKey(table.account, callId),
      UpdateExpression: 'SET #hop = :hop, hopOwner = :owner, hops = if_not_exists(hops, :none)',
      ConditionExpression: [
        isOurVersion,
        'attribute_exists(settledAtMs)',
        'attribute_not_exists(answeredAtMs)',
        'attribute_not_exists(overAtMs)',
        isNext,
      ].join(' AND '),
      ExpressionAttributeNames: { '#hop': 'hop', ...(hop > 1 && { '#previous': String(hop - 1) }) },
      ExpressionAttributeValues: {
        ':schemaVersion': schemaVersion,
        ':hop': hop,
        ':owner': owner,
        ':none': {},
        ...(hop > 1 && { ':previous': hop - 1 }),
      },
    });
    if (!claimed.ok) return claimed;
    if (claimed.value !== 'condition-failed') return succeed('claimed');

    // The SDK repeats a write whose answer was lost, and the repetition meets what the first one wrote.
    const answer = await get(table, callKey(table.account, callId), deadlineMs);
    if (!answer.ok) return answer;
    if (answer.value === undefined) return succeed('refused');

    const item = readItem(hopItem, 'call', answer.value);
    if (!item.ok) return item;
    const isOurs = item.value.hopOwner === owner && item.value.hop === hop && !(hop in item.value.hops);
    return succeed(isOurs ? 'claimed' : 'refused');
  };
}

export function createSettleHop(table: Table): SettleHop {
  return async function settleHop(callId, hop, owner, deadlineMs) {
    const { decision } = hop;
    const isRouted = decision.outcome === 'routed';
    const written = await update(table, deadlineMs, {
      Key: callKey(table.account, callId),
      // A list of calls shows where each went last.
      UpdateExpression: `SET hops.#number = :hop${isRouted ? ', because = :because, #to = :to' : ''}`,
      ConditionExpression: '#hop = :number AND hopOwner = :owner',
      ExpressionAttributeNames: {
        '#number': String(hop.hop),
        '#hop': 'hop',
        ...(isRouted && { '#to': 'to' }),
      },
      ExpressionAttributeValues: {
        ':hop': hop,
        ':number': hop.hop,
        ':owner': owner,
        ...(isRouted && { ':because': decision.because, ':to': decision.to }),
      },
      ReturnValues: 'ALL_OLD',
    });
    if (!written.ok) return written;
    if (written.value === 'condition-failed') return succeed({ kind: 'not-owner' });

    const news = toCallNews(written.value.item);
    return news.ok ? succeed({ kind: 'settled', news: news.value }) : news;
  };
}
