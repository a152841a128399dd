/**
 * The table: its client with bounded times, and one way for a request to fail.
 */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { AccountId, StoreResult } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { Now } from '../../ports.ts';
import { type ClientTimes, nameOfError, timesOfClient } from '../aws-client.ts';
import type { Key } from './keys.ts';
import { readAnswersWhole } from './read-answer.ts';

/** The table as a whole: all accounts. */
export type Store = {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
  readonly now: Now;
};

/** What one account has of it. */
export type Table = Store & { readonly account: AccountId };

export type TableTimes = ClientTimes & {
  /** A page is 1 MB of items, and its JSON somewhat more. @default 4 MiB */
  readonly mostAnswerBytes?: number;
};

export function createDocumentClient(
  times: TableTimes,
  config: DynamoDBClientConfig = {},
): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ ...timesOfClient(times), ...config });
  readAnswersWhole(client, times.mostAnswerBytes ?? 4 * 1024 * 1024);
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

type Request<Output> = (options: { readonly abortSignal: AbortSignal }) => Promise<Output>;

/** One request, ended at the deadline. Any error is `store-unavailable`, with the error's name or code. */
export async function send<Output>(
  table: Store,
  deadlineMs: number,
  request: Request<Output>,
): Promise<StoreResult<Output>> {
  const leftMs = deadlineMs - table.now();
  if (leftMs <= 0) return fail({ reason: 'store-unavailable', detail: 'no time left' });

  try {
    return succeed(await request({ abortSignal: AbortSignal.timeout(leftMs) }));
  } catch (error) {
    return fail({ reason: 'store-unavailable', detail: nameOf(error) });
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error && error.message === 'Region is missing'
    ? 'region-missing'
    : nameOfError(error);
}

/** One item, read consistently; `undefined` where there is none. */
export async function get(table: Store, key: Key, deadlineMs: number): Promise<StoreResult<unknown>> {
  const command = new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true });
  const answer = await send(table, deadlineMs, (options) => table.client.send(command, options));
  return answer.ok ? succeed(answer.value.Item) : answer;
}

/** The items of one page. One that is no list is no answer of DynamoDB. */
export async function query(
  table: Store,
  deadlineMs: number,
  input: Omit<QueryCommandInput, 'TableName'>,
): Promise<StoreResult<readonly Record<string, unknown>[]>> {
  const command = new QueryCommand({ TableName: table.name, ...input });
  return send(table, deadlineMs, async (options) => {
    const { Items = [] } = await table.client.send(command, options);
    if (!Array.isArray(Items)) throw new TypeError('Items is no list');
    return Items;
  });
}

/** A conditional write: that its condition did not hold is an answer, not a failure. */
export async function write(
  table: Store,
  deadlineMs: number,
  request: Request<unknown>,
): Promise<StoreResult<'written' | 'condition-failed'>> {
  return send(table, deadlineMs, async (options) => {
    try {
      await request(options);
      return 'written';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'condition-failed';
      throw error;
    }
  });
}

/** A conditional update, with the attributes that its `ReturnValues` asks for. */
export async function update(
  table: Store,
  deadlineMs: number,
  input: Omit<UpdateCommandInput, 'TableName'>,
): Promise<StoreResult<{ readonly item: unknown } | 'condition-failed'>> {
  const command = new UpdateCommand({ TableName: table.name, ...input });
  let item: unknown;
  const answer = await write(table, deadlineMs, async (options) => {
    item = (await table.client.send(command, options)).Attributes;
  });
  if (!answer.ok) return answer;
  return succeed(answer.value === 'written' ? { item } : answer.value);
}

/** The version of the items this code writes. A higher one was written by newer code, whose meaning we can't know. */
export const schemaVersion = 1;

const versioned = z.object({ schemaVersion: z.int().check(z.lte(schemaVersion)) });

/** Whether newer code wrote this item. */
export function isNewer(item: unknown): boolean {
  const version = z.object({ schemaVersion: z.number() }).safeParse(item);
  return version.success && version.data.schemaVersion > schemaVersion;
}

/** An item by its schema, or which attribute is wrong. */
export function readItem<Item>(schema: z.ZodMiniType<Item>, kind: string, item: unknown): StoreResult<Item> {
  const version = versioned.safeParse(item);
  if (!version.success) return fail({ reason: 'item-unreadable', detail: `${kind}: schemaVersion` });

  const parsed = schema.safeParse(item);
  if (parsed.success) return succeed(parsed.data);

  const attribute = String(parsed.error.issues[0]?.path[0]);
  return fail({ reason: 'item-unreadable', detail: `${kind}: ${attribute}` });
}
