/**
 * The accounts. Each write is of the version after the one that was read: of two who change an account at once, one is told.
 */
import { isDeepStrictEqual } from 'node:util';
import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { FindAccount, ListAccounts, SaveAccount } from '../../account-ports.ts';
import type { Account } from '../../core/account.ts';
import type { AccountId, StoreResult } from '../../core/model.ts';
import { succeed } from '../../core/result.ts';
import { accountKey, accountsPartition } from './keys.ts';
import { get, readItem, type Store, schemaVersion, send, write } from './table.ts';

const text = z.exactOptional(z.string());

const accountItem = z.object({
  accountId: z.pipe(
    z.string(),
    z.transform((id) => id as AccountId),
  ),
  name: z.string(),
  companyId: text,
  status: z.enum(['active', 'disabled', 'uninstalled']),
  letInBy: z.enum(['api-key', 'oauth']),
  sealedCredentials: text,
  webhookId: text,
  tokenHashes: z.array(z.string()),
  installedAtMs: z.number(),
  changedAtMs: z.number(),
  disabledAtMs: z.exactOptional(z.number()),
  uninstalledAtMs: z.exactOptional(z.number()),
  purgingAtMs: z.exactOptional(z.number()),
  version: z.int(),
});

/** Consistent: one that was disabled a moment ago is. */
export function createFindAccount(store: Store): FindAccount {
  return async function findAccount(accountId, deadlineMs) {
    const found = await get(store, accountKey(accountId), deadlineMs);
    if (!found.ok) return found;

    return found.value === undefined ? succeed(undefined) : readAccount(found.value);
  };
}

export function createListAccounts(store: Store): ListAccounts {
  return async function listAccounts(deadlineMs) {
    const items = await send(store, deadlineMs, async ({ abortSignal }) => {
      const query = {
        TableName: store.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': accountsPartition },
        ConsistentRead: true,
      };
      const found: unknown[] = [];
      for await (const page of paginateQuery({ client: store.client }, query, { abortSignal })) {
        found.push(...(page.Items ?? []));
      }
      return found;
    });
    if (!items.ok) return items;

    const accounts = items.value.map(readAccount).flatMap((read) => (read.ok ? [read.value] : []));
    return succeed({ accounts, unreadable: items.value.length - accounts.length });
  };
}

export function createSaveAccount(store: Store): SaveAccount {
  const findAccount = createFindAccount(store);

  return async function saveAccount(account, deadlineMs) {
    const put = new PutCommand({
      TableName: store.name,
      Item: { ...accountKey(account.accountId), schemaVersion, ...account },
      ...(account.version === 1
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :replaced',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':replaced': account.version - 1 },
          }),
    });
    const answer = await write(store, deadlineMs, (options) => store.client.send(put, options));
    if (!answer.ok) return answer;
    if (answer.value === 'written') return succeed('saved');

    // The SDK repeats a write whose answer was lost, and the repetition meets what the first one wrote.
    const found = await findAccount(account.accountId, deadlineMs);
    if (!found.ok) return found;
    return succeed(isDeepStrictEqual(found.value, account) ? 'saved' : 'changed-meanwhile');
  };
}

function readAccount(item: unknown): StoreResult<Account> {
  return readItem(accountItem, 'account', item);
}
