/** The deployed handler, whole: who uninstalled the router a month ago, and who did not. */
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createListAccounts, createSaveAccount } from '../../lib/adapters/dynamodb/accounts.ts';
import { createDocumentClient } from '../../lib/adapters/dynamodb/table.ts';
import { createAcceptToken, hashToken } from '../../lib/adapters/dynamodb/webhook-tokens.ts';
import { limits, readTableName } from '../../lib/config.ts';
import type { Account } from '../../lib/core/account.ts';
import { createContext } from '../../local/lambda.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { account, accountId } from '../accounts.ts';

const dayMs = 86_400_000;
const soon = () => Date.now() + 10_000;

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack();
  Object.assign(process.env, stack.environment, { POWERTOOLS_METRICS_DISABLED: 'true' });
});
afterAll(() => stack.close());
afterEach(() => vi.unstubAllEnvs());

const store = () => ({
  client: createDocumentClient(limits.background.table),
  name: readTableName(),
  now: Date.now,
});
/** The handler in a container of its own. */
async function forget() {
  vi.resetModules();
  const { handler } = await import('../../functions/forget-accounts.ts');
  return handler({}, createContext(60_000));
}

/** With a token, a contact, an agent and a call: five items in all. */
async function put(id: string, changes: Partial<Account>): Promise<void> {
  const { client, name } = store();
  const tokenHash = hashToken(`token of ${id}`);
  const saved = account({ accountId: accountId(id), tokenHashes: [tokenHash], ...changes });
  expect(await createSaveAccount(store())(saved, soon())).toEqual({ ok: true, value: 'saved' });
  await createAcceptToken(store())({ accountId: saved.accountId, tokenHash }, undefined, soon());
  for (const [pk, sk] of [
    [`ACCOUNT#${id}#PHONE#+442079460123`, 'CONTACT'],
    [`ACCOUNT#${id}#AGENT#jane@example.com`, 'AGENT'],
    [`ACCOUNT#${id}#CALL#812000001`, 'ROUTING'],
  ]) {
    await client.send(new PutCommand({ TableName: name, Item: { pk, sk, schemaVersion: 1 } }));
  }
}

async function items(): Promise<readonly Record<string, unknown>[]> {
  const { client, name } = store();
  return (await client.send(new ScanCommand({ TableName: name }))).Items ?? [];
}
const byKey = (all: readonly Record<string, unknown>[]) =>
  all.toSorted((a, b) => `${a['pk']} ${a['sk']}`.localeCompare(`${b['pk']} ${b['sk']}`));

it('forgets a company that uninstalled the router a month ago, whole, and nobody else', async () => {
  const nowMs = Date.now();
  await put('lantern', { status: 'uninstalled', uninstalledAtMs: nowMs - 29 * dayMs });
  await put('harbour', { status: 'disabled', changedAtMs: nowMs - 400 * dayMs });
  const others = await items();
  await put('tidewater', { status: 'uninstalled', uninstalledAtMs: nowMs - 31 * dayMs });

  expect(await forget()).toEqual({ accounts: 1, deleted: 5 });
  expect(byKey(await items())).toEqual(byKey(others));
  expect(await createListAccounts(store())(soon())).toMatchObject({
    value: { accounts: [{ accountId: 'harbour' }, { accountId: 'lantern' }] },
  });
  expect(await forget()).toEqual({ accounts: 0, deleted: 0 });
});

it('throws where the table is away, so that the alarm rings', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:1');
  await expect(forget()).rejects.toThrow(/^the list of accounts: ECONNREFUSED$/);
});
