/**
 * Reservations: an agent is held while they are rung, so that two callers in one second don't reach one agent.
 *
 *   (free) ──reserve──► held for a call ──release──► (free)
 *                          │
 *                          └── at `reservedUntilMs` ──► (free), whatever the item says
 *
 * Whether the agent may be rung and that they are held is one conditional update. Its condition says what `judgeAgent`
 * says, clause by clause; only where it fails is the agent read and judged, to tell why.
 */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { judgeAgent } from '../../core/judge-agent.ts';
import type { Agent, CallId, EmailAddress, StoreResult } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { ReleaseAgent, Reservation, ReserveAgent, ReserveRules } from '../../ports.ts';
import { findEmail, fromAgentItem } from './agents.ts';
import { agentKey } from './keys.ts';
import { get, schemaVersion, type Table, write } from './table.ts';

const isOurVersion = 'schemaVersion <= :schemaVersion';
const isOnAircall = 'attribute_exists(aircallUserId)';
/** Compares the time itself: nobody takes a lapsed hold off the item. */
const isFree = 'attribute_not_exists(reservedUntilMs) OR reservedUntilMs <= :nowMs';
const isOurs = 'reservedForCall = :callId';
const isUnknown = 'attribute_not_exists(presence) OR presenceAtMs < :trustedSinceMs';
const isFresh = 'presenceAtMs >= :trustedSinceMs';

/** Once more for an agent who changed between the update and the reading. */
const mostTries = 2;

export function createReserveAgent(table: Table): ReserveAgent {
  return async function reserveAgent(email, callId, rules, deadlineMs) {
    for (let tries = 1; ; tries += 1) {
      const nowMs = table.now();
      const held = await hold(email, callId, rules, nowMs, deadlineMs);
      if (!held.ok) return held;
      if (held.value !== undefined) return toReserved(held.value, nowMs);

      const agent = await read(email, deadlineMs);
      if (!agent.ok) return agent;
      if (agent.value === undefined) return succeed({ kind: 'skipped', because: 'agent-not-on-aircall' });

      const verdict = judgeAgent(agent.value, rules, nowMs, callId);
      if (verdict !== 'go' || tries === mostTries) {
        const because = verdict === 'go' ? 'agent-reserved' : verdict;
        return succeed({
          kind: 'skipped',
          because,
          agent: agent.value,
          ...describePresence(agent.value, nowMs),
        });
      }
    }
  };

  /** The item as it is now that the agent is held; `undefined` where they may not be. */
  async function hold(
    email: EmailAddress,
    callId: CallId,
    rules: ReserveRules,
    nowMs: number,
    deadlineMs: number,
  ): Promise<StoreResult<Record<string, unknown> | undefined>> {
    const update = new UpdateCommand({
      TableName: table.name,
      Key: agentKey(table.account, email),
      UpdateExpression: 'SET reservedForCall = :callId, reservedUntilMs = :untilMs',
      ReturnValues: 'ALL_NEW',
      ...conditionOf(rules, nowMs, callId),
    });
    let item: Record<string, unknown> | undefined;
    const answer = await write(table, deadlineMs, async (options) => {
      item = (await table.client.send(update, options)).Attributes;
    });
    return answer.ok ? succeed(item) : answer;
  }

  async function read(email: EmailAddress, deadlineMs: number): Promise<StoreResult<Agent | undefined>> {
    const answer = await get(table, agentKey(table.account, email), deadlineMs);
    if (!answer.ok) return answer;

    return answer.value === undefined ? succeed(undefined) : fromAgentItem(answer.value);
  }
}

/** `judgeAgent` as a condition. */
function conditionOf(rules: ReserveRules, nowMs: number, callId: CallId) {
  const allowed = rules.routeToAgentIn.map((presence, index) => [`:presence${index}`, presence] as const);
  const isAllowed = `presence IN (${allowed.map(([name]) => name).join(', ')})`;
  const mayBeRung = [`${isFresh} AND ${isAllowed}`, ...(rules.isUnknownAllowed === true ? [isUnknown] : [])];

  return {
    ConditionExpression: [
      isOurVersion,
      isOnAircall,
      `(${isFree} OR ${isOurs})`,
      `(${mayBeRung.join(' OR ')})`,
    ].join(' AND '),
    ExpressionAttributeValues: {
      ':schemaVersion': schemaVersion,
      ':nowMs': nowMs,
      ':callId': callId,
      ':untilMs': nowMs + rules.reserveForMs,
      ':trustedSinceMs': nowMs - rules.presenceTrustedForMs,
      ...Object.fromEntries(allowed),
    },
  };
}

function toReserved(item: Record<string, unknown>, nowMs: number): StoreResult<Reservation> {
  const agent = fromAgentItem(item);
  if (!agent.ok) return agent;

  const { aircallUserId, name } = agent.value;
  if (aircallUserId === undefined) return fail({ reason: 'item-unreadable', detail: 'agent: aircallUserId' });
  return succeed({
    kind: 'reserved',
    aircallUserId,
    ...(name !== undefined && { agentName: name }),
    ...describePresence(agent.value, nowMs),
  });
}

function describePresence({ presence }: Agent, nowMs: number) {
  if (presence === undefined) return {};

  const { knownAtMs, source } = presence;
  return { presence: presence.presence, presenceAgeMs: nowMs - knownAtMs, presenceSource: source };
}

export function createReleaseAgent(table: Table): ReleaseAgent {
  return async function releaseAgent(who, callId, deadlineMs) {
    const email = await findEmail(table, who, deadlineMs);
    if (!email.ok) return email;
    if (email.value === undefined) return succeed('not-held');

    const update = new UpdateCommand({
      TableName: table.name,
      Key: agentKey(table.account, email.value),
      UpdateExpression: 'REMOVE reservedForCall, reservedUntilMs',
      ConditionExpression: `${isOurVersion} AND ${isOurs}`,
      ExpressionAttributeValues: { ':schemaVersion': schemaVersion, ':callId': callId },
    });
    const answer = await write(table, deadlineMs, (options) => table.client.send(update, options));
    if (!answer.ok) return answer;

    return succeed(answer.value === 'written' ? 'released' : 'not-held');
  };
}
