import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFindPolicy,
  createListPolicies,
  createPutPolicy,
} from '../../lib/adapters/dynamodb/policies.ts';
import type { Table } from '../../lib/adapters/dynamodb/table.ts';
import { parsePolicy } from '../../lib/core/parse-policy.ts';
import { defaultPolicy } from '../../lib/core/policy.ts';
import type { StoredPolicy } from '../../lib/ports.ts';
import { createClock, t0 } from '../builders.ts';
import type { PolicyStore } from '../fakes/in-memory-policies.ts';
import { anyPolicy } from '../policies.ts';
import { testPolicies } from './policies.contract.ts';
import { useTables } from './tables.ts';

const tableOfNewAccount = useTables();

function createStore(table: Table): PolicyStore {
  return {
    findPolicy: createFindPolicy(table),
    putPolicy: createPutPolicy(table),
    listPolicies: createListPolicies(table),
  };
}

testPolicies('the DynamoDB store', async () => {
  const clock = createClock();
  const table = tableOfNewAccount(clock.now);
  const damage = async () => {
    await writeItem(table, 'POLICY', { ...(await readItem(table, 'POLICY')), document: '{' });
  };
  return { store: createStore(table), clock, damage };
});

const soon = t0 + 1_000_000_000;
const off = { ...defaultPolicy, enabled: false };
const first: StoredPolicy = { version: 1, storedAtMs: t0, policy: defaultPolicy };

const keyOf = (table: Table, sk: string) => ({ pk: `ACCOUNT#${table.account}`, sk });
const readItem = async (table: Table, sk: string) =>
  (await table.client.send(new GetCommand({ TableName: table.name, Key: keyOf(table, sk) }))).Item;
const writeItem = (table: Table, sk: string, item: Record<string, unknown>) =>
  table.client.send(new PutCommand({ TableName: table.name, Item: { ...keyOf(table, sk), ...item } }));
const deleteItem = (table: Table, sk: string) =>
  table.client.send(new DeleteCommand({ TableName: table.name, Key: keyOf(table, sk) }));

it('keeps policies as docs/storage.md shows them', async () => {
  const table = tableOfNewAccount();
  const { putPolicy } = createStore(table);
  await putPolicy(defaultPolicy, undefined, soon);
  await putPolicy(off, first, soon);

  const settings =
    '"routeToAgentIn":["available"],"whenPresenceUnknown":"ask","presenceTrustedForSeconds":600,"reserveSeconds":20,"staleAfterSeconds":30,"ringSeconds":25,"lastAgent":{"minTalkSeconds":30,"lookbackDays":30,"includeOutbound":false},"insightCard":false,"assignOwners":false,"zone":"UTC","rules":[{"name":"everyone","targets":["assigned","backups","leave"]}]';
  expect(await readItem(table, 'POLICY')).toEqual({
    ...keyOf(table, 'POLICY'),
    schemaVersion: 1,
    version: 2,
    storedAtMs: 1763851200000,
    document: `{"enabled":false,${settings}}`,
  });
  expect(await readItem(table, 'POLICY#000001')).toEqual({
    ...keyOf(table, 'POLICY#000001'),
    schemaVersion: 1,
    version: 1,
    storedAtMs: 1763851200000,
    document: `{"enabled":true,${settings}}`,
  });
});

it('gives back every policy as it was put', async () => {
  const table = tableOfNewAccount();
  const { findPolicy, putPolicy } = createStore(table);
  await fc.assert(
    fc.asyncProperty(anyPolicy, async (document) => {
      const policy = parsePolicy(document);
      if (!policy.ok) throw new Error(JSON.stringify(policy.failure));
      const before = await findPolicy(soon);
      if (!before.ok) throw new Error(before.failure.detail);
      await putPolicy(policy.value, before.value, soon);
      expect(await findPolicy(soon)).toMatchObject({ ok: true, value: { policy: policy.value } });
    }),
    { numRuns: 30 },
  );
});

describe('a put that died after it had copied the version in force', () => {
  it('leaves a copy that is listed once, and is put over without being rewritten', async () => {
    const table = tableOfNewAccount();
    const { listPolicies, putPolicy } = createStore(table);
    await putPolicy(defaultPolicy, undefined, soon);
    const { sk: _, ...inForce } = (await readItem(table, 'POLICY')) ?? {};
    await writeItem(table, 'POLICY#000001', { ...inForce, mark: 'the first copy' });

    expect(await listPolicies(soon)).toEqual({ ok: true, value: { policies: [first], unreadable: 0 } });
    expect(await putPolicy(off, first, soon)).toEqual({ ok: true, value: { kind: 'stored', version: 2 } });
    expect(await readItem(table, 'POLICY#000001')).toMatchObject({ mark: 'the first copy', version: 1 });
  });
});

it('counts on after the history where someone took the policy in force away', async () => {
  const table = tableOfNewAccount();
  const { putPolicy } = createStore(table);
  await putPolicy(defaultPolicy, undefined, soon);
  await putPolicy(off, first, soon);
  await deleteItem(table, 'POLICY');
  expect(await putPolicy(off, undefined, soon)).toEqual({ ok: true, value: { kind: 'stored', version: 2 } });
});

describe('a stored policy', () => {
  it.each([
    ['of newer code', { schemaVersion: 2 }, 'policy: schemaVersion'],
    ['with a setting we do not know', { document: '{"rule":[]}' }, 'policy: document'],
    ['that is no JSON', { document: '{' }, 'policy: document'],
    ['whose document is no text', { document: { enabled: false } }, 'policy: document'],
    ['without a version', { version: 0 }, 'policy: version'],
    ['without a time', { storedAtMs: 'damaged' }, 'policy: storedAtMs'],
  ])('%s is unreadable, counted, and replaced only by whoever knows that', async (_, damage, detail) => {
    const table = tableOfNewAccount();
    const { findPolicy, listPolicies, putPolicy } = createStore(table);
    const item = { schemaVersion: 1, version: 2, storedAtMs: t0, document: '{}', ...damage };
    await writeItem(table, 'POLICY', item);
    await writeItem(table, 'POLICY#000001', { schemaVersion: 1, version: 1, storedAtMs: t0, document: '{}' });

    expect(await findPolicy(soon)).toEqual({ ok: false, failure: { reason: 'item-unreadable', detail } });
    expect(await listPolicies(soon)).toEqual({ ok: true, value: { policies: [first], unreadable: 1 } });
    expect(await putPolicy(off, undefined, soon)).toMatchObject({ ok: false, failure: { detail } });
    expect(await readItem(table, 'POLICY')).toMatchObject(item);

    expect(await putPolicy(off, 'unreadable', soon)).toMatchObject({ ok: true, value: { kind: 'stored' } });
    const kept = item.version === 0 ? 'POLICY#000002' : 'POLICY#000003';
    expect(await readItem(table, kept)).toEqual({ ...keyOf(table, kept), ...item });
    expect(await findPolicy(soon)).toMatchObject({ ok: true, value: { policy: off } });
  });

  it('that is nothing but its key is replaced', async () => {
    const table = tableOfNewAccount();
    const { putPolicy } = createStore(table);
    await writeItem(table, 'POLICY', {});
    expect(await putPolicy(off, 'unreadable', soon)).toEqual({
      ok: true,
      value: { kind: 'stored', version: 2 },
    });
    expect(await readItem(table, 'POLICY#000001')).toEqual(keyOf(table, 'POLICY#000001'));
  });

  it('is not replaced where another unreadable one took its place while it was being copied', async () => {
    const table = tableOfNewAccount();
    await writeItem(table, 'POLICY', { schemaVersion: 2, version: 1, storedAtMs: t0, document: '{}' });
    const send = table.client.send.bind(table.client) as (
      command: unknown,
      options: unknown,
    ) => Promise<unknown>;
    const slow = Object.assign(Object.create(table.client) as typeof table.client, {
      send: async (command: unknown, options: unknown) => {
        const isThePut = command instanceof PutCommand && command.input.Item?.['sk'] === 'POLICY';
        if (isThePut) await writeItem(table, 'POLICY', { schemaVersion: 2, version: 9, document: '{}' });
        return send(command, options);
      },
    });
    const put = await createPutPolicy({ ...table, client: slow })(off, 'unreadable', soon);
    expect(put).toMatchObject({ ok: false, failure: { reason: 'item-unreadable' } });
    expect(await readItem(table, 'POLICY')).toMatchObject({ version: 9 });
  });

  it('copied into the history has a number that no later one takes', async () => {
    const table = tableOfNewAccount();
    const { listPolicies, putPolicy } = createStore(table);
    await writeItem(table, 'POLICY', { schemaVersion: 2, version: 1 });
    await putPolicy(off, 'unreadable', soon);
    await deleteItem(table, 'POLICY');

    expect(await putPolicy(off, undefined, soon)).toEqual({
      ok: true,
      value: { kind: 'stored', version: 3 },
    });
    expect(await listPolicies(soon)).toMatchObject({ ok: true, value: { unreadable: 1 } });
  });
});

it('knows its own put whose answer was lost', async () => {
  const table = tableOfNewAccount();
  const { putPolicy } = createStore(table);
  await putPolicy(defaultPolicy, undefined, soon);
  const send = table.client.send.bind(table.client) as (
    command: unknown,
    options: unknown,
  ) => Promise<unknown>;
  const twice = Object.assign(Object.create(table.client) as typeof table.client, {
    send: async (command: unknown, options: unknown) => {
      const isThePut = command instanceof PutCommand && command.input.Item?.['sk'] === 'POLICY';
      if (isThePut) await send(command, options);
      return send(command, options);
    },
  });

  expect(await createPutPolicy({ ...table, client: twice })(off, first, soon)).toEqual({
    ok: true,
    value: { kind: 'stored', version: 2 },
  });
});

it('in trouble says so', async () => {
  const { findPolicy, listPolicies, putPolicy } = createStore(tableOfNewAccount());
  const failure = { reason: 'store-unavailable', detail: 'no time left' };
  expect(await findPolicy(t0)).toEqual({ ok: false, failure });
  expect(await listPolicies(t0)).toEqual({ ok: false, failure });
  expect(await putPolicy(off, undefined, t0)).toEqual({ ok: false, failure });
  expect(await putPolicy(off, first, t0)).toEqual({ ok: false, failure });
  expect(await putPolicy(off, 'unreadable', t0)).toEqual({ ok: false, failure });
});
