/** Purging an account, in a table that others share. */
import { BatchWriteCommand, DeleteCommand, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createSaveAccount } from '../../lib/adapters/dynamodb/accounts.ts';
import { createPurgeAccount } from '../../lib/adapters/dynamodb/purge-account.ts';
import type { Store } from '../../lib/adapters/dynamodb/table.ts';
import { createAcceptToken, hashToken } from '../../lib/adapters/dynamodb/webhook-tokens.ts';
import { writeBatch } from '../../lib/adapters/dynamodb/write-batch.ts';
import type { Account } from '../../lib/core/account.ts';
import { account, accountId } from '../accounts.ts';
import { t0 } from '../builders.ts';
import { useTables } from './tables.ts';

const tableOfNewAccount = useTables();

const soon = t0 + 1_000_000_000;
const ok = <Value>(value: Value) => ({ ok: true, value });

/** What every company may have, with the same phones, people, logins, calls and contacts. */
const everyKey = (id: string) => [
  [`ACCOUNT#${id}#PHONE#+442079460123`, 'CONTACT'],
  [`ACCOUNT#${id}#PHONE#+442079460123`, 'CONTACT#AIRCALL#700001'],
  [`ACCOUNT#${id}#PHONE#+442079460123`, 'LAST_AGENT'],
  [`ACCOUNT#${id}#AGENT#jane@example.com`, 'AGENT'],
  [`ACCOUNT#${id}#USER#456`, 'AGENT'],
  [`ACCOUNT#${id}#CALL#812000001`, 'ROUTING'],
  [`ACCOUNT#${id}#CONTACT#700001`, 'AIRCALL'],
  [`ACCOUNT#${id}`, 'POLICY'],
  [`ACCOUNT#${id}`, 'POLICY#000001'],
  [`ACCOUNT#${id}`, 'BACKFILL#LAST_AGENT'],
  [`ACCOUNT#${id}`, 'WEBHOOK_SEEN'],
  [`ACCOUNT#${id}`, 'SYNC#CONTACTS'],
];

/** @returns the account, saved, with a token and with an item under each key. 14 items in all */
async function fill(table: Store, id: string): Promise<Account> {
  const tokenHash = hashToken(`token of ${id}`);
  const filled = account({ accountId: accountId(id), tokenHashes: [tokenHash] });
  await createSaveAccount(table)(filled, soon);
  await createAcceptToken(table)({ accountId: filled.accountId, tokenHash }, undefined, soon);
  for (const [pk, sk] of everyKey(id)) await putItem(table, { pk, sk, schemaVersion: 1, of: id });
  return filled;
}

const putItem = ({ client, name }: Store, Item: Record<string, unknown>) =>
  client.send(new PutCommand({ TableName: name, Item }));

/** Calls of one account, each an item. */
async function putCalls(table: Store, id: string, count: number, note = ''): Promise<void> {
  const calls = Array.from({ length: count }, (_, index) => `ACCOUNT#${id}#CALL#${813_000_000 + index}`);
  for (let start = 0; start < count; start += 25) {
    const writes = calls
      .slice(start, start + 25)
      .map((pk) => ({ PutRequest: { Item: { pk, sk: 'ROUTING', note } } }));
    await writeBatch(table, writes, AbortSignal.timeout(20_000));
  }
}

/** Every item there is whose keys, or hash, are of one of these accounts. */
async function itemsOf(table: Store, ...filled: readonly Account[]): Promise<readonly unknown[]> {
  const found: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client: table.client }, { TableName: table.name }))
    found.push(...Items);

  const isTheirs = ({ pk, sk }: Record<string, unknown>) =>
    filled.some(
      ({ accountId: id, tokenHashes }) =>
        pk === `ACCOUNT#${id}` ||
        String(pk).startsWith(`ACCOUNT#${id}#`) ||
        sk === `ACCOUNT#${id}` ||
        tokenHashes.some((hash) => pk === `WEBHOOK#${hash}`),
    );
  return found.filter(isTheirs);
}

/** A way to the table that breaks at the nth request of a kind. */
function breakingAt(table: Store, kind: typeof DeleteCommand | typeof BatchWriteCommand, nth: number): Store {
  const send = table.client.send.bind(table.client) as (...given: unknown[]) => Promise<unknown>;
  let count = 0;
  const sendOrBreak = async (command: unknown, options: unknown) => {
    if (command instanceof kind) count += 1;
    if (command instanceof kind && count === nth) throw new Error('the table is away');
    return send(command, options);
  };
  const client = Object.assign(Object.create(table.client) as typeof table.client, { send: sendOrBreak });
  return { ...table, client };
}

describe('purging an account', () => {
  it('deletes and counts all it has, and nothing of one that knows the same people, phones and calls', async () => {
    const table = tableOfNewAccount();
    const purged = await fill(table, `${table.account}-tidewater`);
    const other = await fill(table, `${table.account}-lantern`);
    const before = await itemsOf(table, other);
    expect(before).toHaveLength(14);

    expect(await createPurgeAccount(table)(purged, soon)).toEqual(ok(14));

    expect(await itemsOf(table, purged)).toEqual([]);
    expect(await itemsOf(table, other)).toEqual(before);
  });

  it.each([
    { id: 'a', others: ['ab', 'a-b', 'a0', 'b', 'aa'] },
    { id: 'ab', others: ['a', 'a-b', 'abc', 'b'] },
    { id: 'a-b', others: ['a', 'ab', 'a-b-c', 'a-bc', 'b'] },
  ])('called $id leaves alone those called $others', async ({ id, others }) => {
    const table = tableOfNewAccount();
    const purged = await fill(table, `${table.account}-${id}`);
    const kept = await Promise.all(others.map((other) => fill(table, `${table.account}-${other}`)));
    const before = await itemsOf(table, ...kept);

    expect(await createPurgeAccount(table)(purged, soon)).toEqual(ok(14));

    expect(await itemsOf(table, purged)).toEqual([]);
    expect(await itemsOf(table, ...kept)).toEqual(before);
  });

  it('of more items than one request deletes, and than one page of a scan holds, deletes them all', async () => {
    const table = tableOfNewAccount();
    const purged = await fill(table, table.account);
    await putCalls(table, table.account, 60, 'n'.repeat(40_000));

    expect(await createPurgeAccount(table)(purged, soon)).toEqual(ok(74));
    expect(await itemsOf(table, purged)).toEqual([]);
  });

  it.each([
    { where: 'its data', kind: BatchWriteCommand, nth: 2, left: 45 },
    { where: 'its tokens', kind: DeleteCommand, nth: 1, left: 2 },
    { where: 'itself', kind: DeleteCommand, nth: 2, left: 1 },
  ])(
    'that broke off at $where is completed by the next: the account is there until the end',
    async (broken) => {
      const table = tableOfNewAccount();
      const purged = await fill(table, table.account);
      await putCalls(table, table.account, 56);

      const breaking = breakingAt(table, broken.kind, broken.nth);
      expect(await createPurgeAccount(breaking)(purged, soon)).toEqual({
        ok: false,
        failure: { reason: 'store-unavailable', detail: 'Error' },
      });
      const left = await itemsOf(table, purged);
      expect(left).toHaveLength(broken.left);
      expect(left).toContainEqual(
        expect.objectContaining({ pk: 'ACCOUNTS', sk: `ACCOUNT#${table.account}` }),
      );

      expect(await createPurgeAccount(table)(purged, soon)).toEqual(ok(broken.left));
      expect(await itemsOf(table, purged)).toEqual([]);
    },
  );

  it('that has nothing but itself deletes that', async () => {
    const table = tableOfNewAccount();
    const bare = account({ accountId: table.account, tokenHashes: [] });
    await createSaveAccount(table)(bare, soon);

    expect(await createPurgeAccount(table)(bare, soon)).toEqual(ok(1));
    expect(await itemsOf(table, bare)).toEqual([]);
  });
});
