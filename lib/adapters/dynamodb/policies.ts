/**
 * Policies: the one in force, and those it replaced.
 *
 * A put first copies the version in force into the history, where it is never written again, and then replaces it on the
 * condition that it still is in force. Dying in between leaves a copy of what is in force: the list tells each version once.
 */
import { isDeepStrictEqual } from 'node:util';
import { GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { StoreResult } from '../../core/model.ts';
import { parsePolicy } from '../../core/parse-policy.ts';
import { fail, succeed } from '../../core/result.ts';
import type { FindPolicy, ListPolicies, PolicyPut, PutPolicy, StoredPolicy } from '../../ports.ts';
import { type Key, policyKey, policySort } from './keys.ts';
import { readItem, schemaVersion, send, type Table, write } from './table.ts';

const policyItem = z.object({
  version: z.int().check(z.positive()),
  storedAtMs: z.number(),
  document: z.string(),
});

/** All that counting on needs of an item, whoever wrote it. */
const counted = z.object({ version: z.int() });

export function createFindPolicy(table: Table): FindPolicy {
  return (deadlineMs) => findPolicy(table, deadlineMs);
}

/** Consistent: a switch that was thrown a moment ago counts. */
async function findPolicy(table: Table, deadlineMs: number): Promise<StoreResult<StoredPolicy | undefined>> {
  const get = new GetCommand({
    TableName: table.name,
    Key: policyKey(table.account),
    ConsistentRead: true,
  });
  const answer = await send(table, deadlineMs, (options) => table.client.send(get, options));
  if (!answer.ok) return answer;

  return answer.value.Item === undefined ? succeed(undefined) : fromPolicyItem(answer.value.Item);
}

export function createPutPolicy(table: Table): PutPolicy {
  return async function putPolicy(policy, replaced, deadlineMs) {
    const latest =
      replaced === undefined ? await findLatestVersion(deadlineMs) : await keep(replaced, deadlineMs);
    if (!latest.ok) return latest;

    const stored = { version: latest.value + 1, storedAtMs: table.now(), policy };
    const put = new PutCommand({
      TableName: table.name,
      Item: toPolicyItem(policyKey(table.account), stored),
      ...(replaced === undefined ? isAbsent : isVersion(replaced.version)),
    });
    const answer = await write(table, deadlineMs, (options) => table.client.send(put, options));
    if (!answer.ok) return answer;

    return answer.value === 'written'
      ? succeed({ kind: 'stored', version: stored.version })
      : recogniseOurs(stored, deadlineMs);
  };

  /** What is there already is a copy of the same. */
  async function keep(replaced: StoredPolicy, deadlineMs: number): Promise<StoreResult<number>> {
    const copy = new PutCommand({
      TableName: table.name,
      Item: toPolicyItem(policyKey(table.account, replaced.version), replaced),
      ...isAbsent,
    });
    const answer = await write(table, deadlineMs, (options) => table.client.send(copy, options));
    return answer.ok ? succeed(replaced.version) : answer;
  }

  /** Where nothing is in force, someone may have taken it away by hand: the count goes on after the history. */
  async function findLatestVersion(deadlineMs: number): Promise<StoreResult<number>> {
    const items = await queryPolicies(table, deadlineMs);
    if (!items.ok) return items;

    const versions = items.value.map((item) => counted.safeParse(item).data?.version ?? 0);
    return succeed(Math.max(0, ...versions));
  }

  /** The SDK repeats a write whose answer was lost, and the repetition meets what the first one wrote. */
  async function recogniseOurs(stored: StoredPolicy, deadlineMs: number): Promise<StoreResult<PolicyPut>> {
    const found = await findPolicy(table, deadlineMs);
    if (!found.ok) return found;

    return succeed(
      isDeepStrictEqual(found.value, stored)
        ? { kind: 'stored', version: stored.version }
        : { kind: 'changed-meanwhile' },
    );
  }
}

const isAbsent = { ConditionExpression: 'attribute_not_exists(pk)' };

const isVersion = (version: number) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': version },
});

export function createListPolicies(table: Table): ListPolicies {
  return async function listPolicies(deadlineMs) {
    const items = await queryPolicies(table, deadlineMs);
    if (!items.ok) return items;

    const read = items.value.map(fromPolicyItem);
    const byVersion = new Map(read.flatMap((item) => (item.ok ? [[item.value.version, item.value]] : [])));
    return succeed({
      policies: [...byVersion.values()].toSorted((a, b) => b.version - a.version),
      unreadable: read.filter((item) => !item.ok).length,
    });
  };
}

async function queryPolicies(table: Table, deadlineMs: number): Promise<StoreResult<readonly unknown[]>> {
  return send(table, deadlineMs, async ({ abortSignal }) => {
    const query = {
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': policyKey(table.account).pk, ':sk': policySort },
      ConsistentRead: true,
    };
    const items: unknown[] = [];
    for await (const page of paginateQuery({ client: table.client }, query, { abortSignal })) {
      items.push(...(page.Items ?? []));
    }
    return items;
  });
}

/** The document is kept as text: the names of a contact's attributes are any text, which a map of the SDK's would not bear. */
function toPolicyItem(key: Key, { version, storedAtMs, policy }: StoredPolicy): Record<string, unknown> {
  return { ...key, schemaVersion, version, storedAtMs, document: JSON.stringify(policy) };
}

function fromPolicyItem(item: unknown): StoreResult<StoredPolicy> {
  const parsed = readItem(policyItem, 'policy', item);
  if (!parsed.ok) return parsed;

  const { version, storedAtMs, document } = parsed.value;
  const policy = parsePolicy(readJson(document));
  return policy.ok
    ? succeed({ version, storedAtMs, policy: policy.value })
    : fail({ reason: 'item-unreadable', detail: 'policy: document' });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
