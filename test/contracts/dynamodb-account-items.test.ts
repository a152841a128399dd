/** What lies in the table of accounts, tokens and begun installations: how it looks, and what damage does to it. */
import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  createFindAccount,
  createListAccounts,
  createSaveAccount,
} from '../../lib/adapters/dynamodb/accounts.ts';
import { createSaveInstallState, createUseInstallState } from '../../lib/adapters/dynamodb/install-states.ts';
import type { Store } from '../../lib/adapters/dynamodb/table.ts';
import {
  createAcceptToken,
  createFindTokenOwner,
  hashToken,
} from '../../lib/adapters/dynamodb/webhook-tokens.ts';
import { change } from '../../lib/core/account.ts';
import { account, accountId } from '../accounts.ts';
import { t0 } from '../builders.ts';
import { withWritesRepeated } from './repeated-writes.ts';
import { useTables } from './tables.ts';

const tableOfNewAccount = useTables();

const soon = t0 + 1_000_000_000;
const token = 'token-of-a-webhook';
const state = { state: 'state-of-an-install', browser: 'secret-of-a-browser' };
const tokenKey = {
  pk: 'WEBHOOK#858a5ebac81c84ecec853d47cc9a44136ebcd4db5671125405df515225877a75',
  sk: 'TOKEN',
};
const stateKey = {
  pk: 'INSTALL#a3103dfc54fd6ad79202b5a0607df699f7c5d3ef4086315a2d2fb8fc6c1d1932',
  sk: 'STATE',
};
const browserHash = '3dea752e4c460c66cb381ebb06426cf6de8fd8edb3e265b8d9c4e8fc7f447f8d';

const readItem = async ({ client, name }: Store, Key: Record<string, string>) =>
  (await client.send(new GetCommand({ TableName: name, Key }))).Item;
const writeItem = ({ client, name }: Store, Item: Record<string, unknown>) =>
  client.send(new PutCommand({ TableName: name, Item }));
const unreadable = (detail: string) => ({ ok: false, failure: { reason: 'item-unreadable', detail } });
const ok = <Value>(value: Value) => ({ ok: true, value });

describe('an account’s item', () => {
  it('lies with all the others, and has what docs/storage.md shows', async () => {
    const table = tableOfNewAccount();
    await createSaveAccount(table)(
      account({ disabledAtMs: t0 + 500, uninstalledAtMs: t0 + 1000, purgingAtMs: t0 + 2000 }),
      soon,
    );

    const key = { pk: 'ACCOUNTS', sk: 'ACCOUNT#90210' };
    expect(await readItem(table, key)).toEqual({
      ...key,
      schemaVersion: 1,
      accountId: '90210',
      name: 'Tidewater Books',
      companyId: '90210',
      status: 'active',
      letInBy: 'oauth',
      sealedCredentials: 'c2VhbGVk',
      webhookId: '7b1c4a52-9d07-4f0e-8b57-1f2f7c3f9d11',
      tokenHashes: ['hash-of-the-token'],
      installedAtMs: 1763851200000,
      changedAtMs: 1763851200000,
      disabledAtMs: 1763851200500,
      uninstalledAtMs: 1763851201000,
      purgingAtMs: 1763851202000,
      version: 1,
    });
  });

  it.each([
    { attribute: 'schemaVersion', value: 2 },
    { attribute: 'schemaVersion', value: undefined },
    { attribute: 'accountId', value: 90210 },
    { attribute: 'name', value: undefined },
    { attribute: 'companyId', value: 90210 },
    { attribute: 'status', value: 'asleep' },
    { attribute: 'letInBy', value: 'password' },
    { attribute: 'letInBy', value: undefined },
    { attribute: 'sealedCredentials', value: null },
    { attribute: 'webhookId', value: 7 },
    { attribute: 'tokenHashes', value: 'hash-of-the-token' },
    { attribute: 'tokenHashes', value: undefined },
    { attribute: 'installedAtMs', value: '2025-11-22' },
    { attribute: 'changedAtMs', value: undefined },
    { attribute: 'disabledAtMs', value: 'never' },
    { attribute: 'uninstalledAtMs', value: 'never' },
    { attribute: 'purgingAtMs', value: null },
    { attribute: 'version', value: 0.5 },
  ])('with $attribute $value is unreadable, counted in the list, and not overwritten', async (damage) => {
    const { attribute, value } = damage;
    const table = tableOfNewAccount();
    const id = accountId(`${table.account}-damaged`);
    const before = await createListAccounts(table)(soon);
    const Item = { pk: 'ACCOUNTS', sk: `ACCOUNT#${id}`, schemaVersion: 1, ...account({ accountId: id }) };
    await writeItem(table, { ...Item, [attribute]: value });

    const refused = unreadable(`account: ${attribute}`);
    expect(await createFindAccount(table)(id, soon)).toEqual(refused);
    expect(await createSaveAccount(table)(account({ accountId: id }), soon)).toEqual(refused);
    if (!before.ok) throw new Error(before.failure.detail);
    expect(await createListAccounts(table)(soon)).toEqual(
      ok({ accounts: before.value.accounts, unreadable: before.value.unreadable + 1 }),
    );
  });

  it('whose write was sent again by the SDK counts as saved', async () => {
    const table = tableOfNewAccount();
    const first = account({ accountId: accountId(table.account) });
    const saveAccount = createSaveAccount(withWritesRepeated(table));

    expect(await saveAccount(first, soon)).toEqual(ok('saved'));
    expect(await saveAccount(change(first, { status: 'disabled' }, t0 + 1000), soon)).toEqual(ok('saved'));
  });
});

describe('a token’s item', () => {
  it('lies under its hash, and names whose it is', async () => {
    const table = tableOfNewAccount();
    await createAcceptToken(table)(
      { accountId: accountId('90210'), tokenHash: hashToken(token) },
      undefined,
      soon,
    );

    expect(await readItem(table, tokenKey)).toEqual({ ...tokenKey, schemaVersion: 1, accountId: '90210' });
  });

  it('that is accepted until a time says so, and is deleted in the second after it', async () => {
    const table = tableOfNewAccount();
    const owner = { accountId: accountId('90210'), tokenHash: hashToken(token) };
    await createAcceptToken(table)(owner, t0 + 86_400_001, soon);

    expect(await readItem(table, tokenKey)).toEqual({
      ...tokenKey,
      schemaVersion: 1,
      accountId: '90210',
      acceptedUntilMs: 1763937600001,
      expiresAtSeconds: 1763937601,
    });
  });

  it.each([
    { attribute: 'schemaVersion', value: 2 },
    { attribute: 'accountId', value: undefined },
    { attribute: 'acceptedUntilMs', value: 'tomorrow' },
  ])('with $attribute $value is unreadable: it is nobody’s to guess', async ({ attribute, value }) => {
    const table = tableOfNewAccount();
    await writeItem(table, { ...tokenKey, schemaVersion: 1, accountId: '90210', [attribute]: value });

    expect(await createFindTokenOwner(table)(token, soon)).toEqual(unreadable(`webhook token: ${attribute}`));
  });
});

describe('a begun installation’s item', () => {
  it('lies under its hash, and is kept for a day beyond its time', async () => {
    const table = tableOfNewAccount();
    await createSaveInstallState(table)(state, t0 + 600_000, soon);

    expect(await readItem(table, stateKey)).toEqual({
      ...stateKey,
      schemaVersion: 1,
      browserHash,
      expiresAtMs: 1763851800000,
      expiresAtSeconds: 1763938200,
    });
  });

  it('that was used says when and by which run, and stays', async () => {
    const table = tableOfNewAccount();
    await createSaveInstallState(table)(state, t0 + 600_000, soon);
    await createUseInstallState(table)(state, soon);

    expect(await readItem(table, stateKey)).toEqual({
      ...stateKey,
      schemaVersion: 1,
      browserHash,
      expiresAtMs: 1763851800000,
      expiresAtSeconds: 1763938200,
      usedAtMs: 1763851200000,
      usedBy: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('whose use was sent again by the SDK counts as begun, and is used after that', async () => {
    const table = tableOfNewAccount();
    await createSaveInstallState(table)(state, t0 + 600_000, soon);

    expect(await createUseInstallState(withWritesRepeated(table))(state, soon)).toEqual(ok('begun'));
    expect(await createUseInstallState(table)(state, soon)).toEqual(ok('used'));
  });

  it.each([
    { attribute: 'schemaVersion', value: 2 },
    { attribute: 'browserHash', value: undefined },
    { attribute: 'expiresAtMs', value: 'soon' },
    { attribute: 'usedAtMs', value: true },
  ])('with $attribute $value is unreadable, and ends nothing', async ({ attribute, value }) => {
    const table = tableOfNewAccount();
    const Item = { ...stateKey, schemaVersion: 1, browserHash, expiresAtMs: t0 + 600_000 };
    await writeItem(table, { ...Item, [attribute]: value });

    expect(await createUseInstallState(table)(state, soon)).toEqual(unreadable(`installation: ${attribute}`));
  });
});

it('holds no token, no state and no browser’s secret: who can read the table can’t use it', async () => {
  const table = tableOfNewAccount();
  const tokenHash = hashToken(token);
  await createSaveAccount(table)(
    account({ accountId: accountId(`${table.account}-last`), tokenHashes: [tokenHash] }),
    soon,
  );
  await createAcceptToken(table)({ accountId: accountId('90210'), tokenHash }, undefined, soon);
  await createSaveInstallState(table)(state, t0 + 600_000, soon);
  await createUseInstallState(table)(state, soon);

  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
  const stored = JSON.stringify(Items);
  expect(stored).toContain(tokenHash);
  for (const secret of [token, state.state, state.browser]) expect(stored).not.toContain(secret);
});
