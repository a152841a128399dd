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
    const kept =
      replaced === undefined || replaced === 'unreadable'
        ? await keepWhatIsThere(replaced, deadlineMs)
        : await keepVersion(replaced, deadlineMs);
    if (!kept.ok) return kept;
    if (kept.value === 'changed-meanwhile') return succeed({ kind: 'changed-meanwhile' });

    const { latest, isStillInForce } = kept.value;
    const stored = { version: latest + 1, storedAtMs: table.now(), policy };
    const put = new PutCommand({
      TableName: table.name,
      Item: toPolicyItem(policyKey(table.account), stored),
      ...isStillInForce,
    });
    const answer = await write(table, deadlineMs, (options) => table.client.send(put, options));
    if (!answer.ok) return answer;

    return answer.value === 'written'
      ? succeed({ kind: 'stored', version: stored.version })
      : recogniseOurs(stored, deadlineMs);
  };

  async function keepVersion(replaced: StoredPolicy, deadlineMs: number): Promise<StoreResult<Kept>> {
    const { version } = replaced;
    const copied = await copy(toPolicyItem(policyKey(table.account, version), replaced), deadlineMs);
    return copied.ok ? succeed({ latest: version, isStillInForce: isVersion(version) }) : copied;
  }

  /**
   * Where nothing is in force, someone may have taken it away by hand, and the version of what can't be read may be wrong:
   * the count goes on after everything there.
   */
  async function keepWhatIsThere(
    replaced: 'unreadable' | undefined,
    deadlineMs: number,
  ): Promise<StoreResult<Kept | 'changed-meanwhile'>> {
    const items = await queryPolicies(table, deadlineMs);
    if (!items.ok) return items;
    const latest = Math.max(0, ...items.value.map(numberOf));
    if (replaced === undefined) return succeed({ latest, isStillInForce: isAbsent });

    const inForce = items.value.find((item) => sortOf(item) === policySort);
    if (inForce === undefined || fromPolicyItem(inForce).ok) return succeed('changed-meanwhile');
    const copied = await copy({ ...inForce, ...policyKey(table.account, latest + 1) }, deadlineMs);
    return copied.ok ? succeed({ latest: latest + 1, isStillInForce: isStill(inForce) }) : copied;
  }

  /** What is there already is a copy of the same. */
  async function copy(item: Item, deadlineMs: number): Promise<StoreResult<unknown>> {
    const put = new PutCommand({ TableName: table.name, Item: item, ...isAbsent });
    return write(table, deadlineMs, (options) => table.client.send(put, options));
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

type Item = Readonly<Record<string, unknown>>;

/** The highest number in use, and the condition that what was kept still is in force. */
type Kept = { readonly latest: number; readonly isStillInForce: Condition };

type Condition = {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
};

const isAbsent = { ConditionExpression: 'attribute_not_exists(pk)' };

const isVersion = (version: number) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': version },
});

/** Attribute by attribute: of what can't be read, nothing else is known. The embedded DynamoDB compares no maps and lists. */
function isStill(item: Item): Condition {
  const attributes = Object.entries(item).filter(([, value]) => typeof value !== 'object');
  return {
    ConditionExpression: attributes.map((_, index) => `#name${index} = :value${index}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map(([name], index) => [`#name${index}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      attributes.map(([, value], index) => [`:value${index}`, value]),
    ),
  };
}

/** By its version or its place, whichever is higher: either may be damaged. */
function numberOf(item: Item): number {
  const version = counted.safeParse(item).data?.version ?? 0;
  return Math.max(version, Number(/#(\d+)$/.exec(sortOf(item))?.[1] ?? 0));
}

function sortOf(item: Item): string {
  return String(item['sk']);
}

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

async function queryPolicies(table: Table, deadlineMs: number): Promise<StoreResult<readonly Item[]>> {
  return send(table, deadlineMs, async ({ abortSignal }) => {
    const query = {
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': policyKey(table.account).pk, ':sk': policySort },
      ConsistentRead: true,
    };
    const items: Item[] = [];
    for await (const page of paginateQuery({ client: table.client }, query, { abortSignal })) {
      items.push(...(page.Items ?? []));
    }
    return items;
  });
}

/** The document is kept as text: the names of a contact's attributes are any text, which a map of the SDK's would not bear. */
function toPolicyItem(key: Key, { version, storedAtMs, policy }: StoredPolicy): Item {
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
