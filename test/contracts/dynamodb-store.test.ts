import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createFindAgent, createListAgents, createSaveAgent } from '../../lib/adapters/dynamodb/agents.ts';
import {
  createFindCall,
  createFindDecidedCall,
  createListCalls,
} from '../../lib/adapters/dynamodb/call-history.ts';
import {
  createClaimHop,
  createNoteCallNews,
  createSettleHop,
} from '../../lib/adapters/dynamodb/call-hops.ts';
import { createClaimCall, createSettleCall } from '../../lib/adapters/dynamodb/call-records.ts';
import {
  createDeleteContact,
  createFindContact,
  createSaveContacts,
} from '../../lib/adapters/dynamodb/contacts.ts';
import type { Table } from '../../lib/adapters/dynamodb/table.ts';
import {
  callId,
  contact,
  createClock,
  hopRecord,
  inboundCall,
  nothingTold,
  owner,
  routedRecord,
  t0,
  userId,
} from '../builders.ts';
import type { Store } from '../fakes/in-memory-store.ts';
import { testHops } from './hops.contract.ts';
import { claimLapsesAfterMs, testStore } from './store.contract.ts';
import { useTables } from './tables.ts';

const tableOfNewAccount = useTables();

function createStore(table: Table): Store {
  return {
    claimCall: createClaimCall(table, { claimLapsesAfterMs, keptForDays: 90 }),
    settleCall: createSettleCall(table),
    noteCallNews: createNoteCallNews(table, { newsKeptForDays: 1 }),
    findDecidedCall: createFindDecidedCall(table),
    claimHop: createClaimHop(table),
    settleHop: createSettleHop(table),
    findContact: createFindContact(table),
    saveContacts: createSaveContacts(table),
    deleteContact: createDeleteContact(table),
    findAgent: createFindAgent(table),
    saveAgent: createSaveAgent(table),
    listAgents: createListAgents(table),
  };
}

const createFixture = async () => {
  const clock = createClock();
  return { store: createStore(tableOfNewAccount(clock.now)), clock };
};

testStore('the DynamoDB store', createFixture);
testHops('the DynamoDB store', createFixture);

it.each(['settled', 'taken over'] as const)(
  'does not take over a claim that is %s meanwhile',
  async (news) => {
    const clock = createClock();
    const table = tableOfNewAccount(clock.now);
    const { claimCall, settleCall } = createStore(table);
    await claimCall(inboundCall().callId, 'webhook', owner('a'), t0 + 1000);
    clock.advance(claimLapsesAfterMs);

    const send = table.client.send.bind(table.client) as (
      command: unknown,
      options: unknown,
    ) => Promise<unknown>;
    let interruptions = 0;
    const interrupted = async (command: unknown, options: unknown) => {
      const isTakeOver =
        command instanceof UpdateCommand && command.input.UpdateExpression?.includes('takenOver = :true');
      if (isTakeOver) {
        interruptions += 1;
        if (news === 'settled') await settleCall(routedRecord(), owner('a'), clock.now() + 1000);
        else await claimCall(inboundCall().callId, 'webhook', owner('c'), clock.now() + 1000);
      }
      return send(command, options);
    };
    const client = Object.assign(Object.create(table.client), { send: interrupted }) as Table['client'];
    const late = createStore({ ...table, client });
    expect(await late.claimCall(inboundCall().callId, 'webhook', owner('b'), clock.now() + 1000)).toEqual({
      ok: true,
      value: { claim: 'duplicate', door: 'webhook', news: nothingTold },
    });
    expect(interruptions).toBe(1);
  },
);

it('writes no contact over one of newer code, and says so', async () => {
  const table = tableOfNewAccount(() => t0);
  const store = createStore(table);
  const key = { pk: `ACCOUNT#${table.account}#PHONE#+442079460123`, sk: 'CONTACT' };
  const newer = { ...key, schemaVersion: 2, owners: ['jane@example.com'] };
  await table.client.send(new PutCommand({ TableName: table.name, Item: newer }));

  expect(await store.saveContacts([contact()], t0 + 1000)).toEqual({
    ok: false,
    failure: { reason: 'item-unreadable', detail: 'contact: schemaVersion' },
  });
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
  expect(Item).toEqual(newer);
});

it('keeps a call as docs/storage.md shows it', async () => {
  const table = tableOfNewAccount(() => t0);
  const store = createStore(table);
  await store.claimCall(inboundCall().callId, 'webhook', owner('request-1'), t0 + 1000);
  await store.settleCall(routedRecord(), owner('request-1'), t0 + 1000);

  const key = { pk: `ACCOUNT#${table.account}#CALL#812000001`, sk: 'ROUTING' };
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
  expect(Item).toEqual({
    ...key,
    schemaVersion: 1,
    door: 'webhook',
    callId: '812000001',
    owner: 'request-1',
    claimedAtMs: 1763851200000,
    lapsesAtMs: 1763851210000,
    takenOver: false,
    dayPk: `ACCOUNT#${table.account}#DAY#2025-11-22`,
    daySk: '2025-11-22T22:40:00.000Z#812000001',
    expiresAtSeconds: 1771627200,
    settledAtMs: 1763851200000,
    outcome: 'routed',
    because: 'assigned-agent',
    to: { kind: 'agent', aircallUserId: 456 },
    decisionRecord: routedRecord(),
  });
});

describe('what events told of a call that nobody has claimed', () => {
  const declined = { kind: 'refused', refusal: { because: 'agent-declined', by: userId(456) } } as const;
  const dayMs = 86_400_000;

  async function told() {
    const clock = createClock();
    const table = tableOfNewAccount(clock.now);
    const store = createStore(table);
    await store.noteCallNews(callId('812000001'), declined, t0 + 1000);
    const key = { pk: `ACCOUNT#${table.account}#CALL#812000001`, sk: 'ROUTING' };
    const read = async () =>
      (await table.client.send(new GetCommand({ TableName: table.name, Key: key }))).Item;
    return { clock, table, store, key, read };
  }

  it('is kept for a day as docs/storage.md shows it, from when it was told first', async () => {
    const { clock, store, key, read } = await told();
    clock.advance(60_000);
    for (const laterMs of [0, 7_000]) {
      const answered = { kind: 'answered', atMs: t0 + 20_000 + laterMs, by: userId(457) } as const;
      const over = { kind: 'over', atMs: t0 + 55_000 + laterMs } as const;
      for (const item of [answered, over]) {
        await store.noteCallNews(callId('812000001'), item, clock.now() + 1000);
      }
    }
    expect(await read()).toEqual({
      ...key,
      schemaVersion: 1,
      callId: '812000001',
      expiresAtSeconds: 1763937600,
      refusals: new Set(['agent-declined#456']),
      answeredAtMs: 1763851220000,
      answeredBy: 457,
      overAtMs: 1763851255000,
    });
  });

  it('is kept for 90 days once the call is claimed, and news tells of a later end no more', async () => {
    const { clock, store, read } = await told();
    await store.claimCall(callId('812000001'), 'webhook', owner('request-1'), t0 + 1000);
    expect(await read()).toMatchObject({ expiresAtSeconds: 1771627200 });
    clock.advance(dayMs);
    await store.noteCallNews(callId('812000001'), declined, clock.now() + 1000);
    expect(await read()).toMatchObject({ expiresAtSeconds: 1771627200 });
  });

  it('is no call to an operator, neither by its id nor in a list', async () => {
    const { table } = await told();
    expect(await createFindCall(table)(callId('812000001'), t0 + 1000)).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await createListCalls(table)({ sinceMs: t0 - dayMs, limit: 50 }, t0 + 1000)).toEqual({
      ok: true,
      value: { calls: [], unreadable: 0 },
    });
  });
});

describe('a call of newer code', () => {
  const id = callId('812000001');
  const byMs = t0 + 1000;

  it.each<[string, (store: Store) => Promise<unknown>]>([
    ['claimed', (store) => store.claimCall(id, 'webhook', owner('request-2'), byMs)],
    ['noted', (store) => store.noteCallNews(id, { kind: 'over', atMs: t0 }, byMs)],
    ['found', (store) => store.findDecidedCall(id, byMs)],
    ['given on', (store) => store.claimHop(id, 1, owner('request-2'), byMs)],
  ])('can not be %s, which says so and changes nothing', async (_, act) => {
    const table = tableOfNewAccount(() => t0);
    const store = createStore(table);
    await store.claimCall(id, 'webhook', owner('request-1'), byMs);
    await store.settleCall(routedRecord(), owner('request-1'), byMs);
    const key = { pk: `ACCOUNT#${table.account}#CALL#812000001`, sk: 'ROUTING' };
    const { Item: item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
    const newer = { ...item, schemaVersion: 2 };
    await table.client.send(new PutCommand({ TableName: table.name, Item: newer }));

    expect(await act(store)).toEqual({
      ok: false,
      failure: { reason: 'item-unreadable', detail: 'call: schemaVersion' },
    });
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
    expect(Item).toEqual(newer);
  });
});

it('shows a list of calls where each went last, and the hops as docs/storage.md shows them', async () => {
  const table = tableOfNewAccount(() => t0);
  const store = createStore(table);
  const id = callId('812000001');
  const byMs = t0 + 1000;
  await store.claimCall(id, 'webhook', owner('request-1'), byMs);
  await store.settleCall(routedRecord(), owner('request-1'), byMs);
  await store.claimHop(id, 1, owner('request-2'), byMs);
  await store.settleHop(id, hopRecord(), owner('request-2'), byMs);
  const left = hopRecord({ hop: 2, decision: { outcome: 'left', because: 'no-target-available' } });
  await store.claimHop(id, 2, owner('request-3'), byMs);
  await store.settleHop(id, left, owner('request-3'), byMs);

  const key = { pk: `ACCOUNT#${table.account}#CALL#812000001`, sk: 'ROUTING' };
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
  expect(Item).toMatchObject({
    outcome: 'routed',
    because: 'backup',
    to: { kind: 'agent', aircallUserId: 457 },
    decisionRecord: routedRecord(),
    hop: 2,
    hopOwner: 'request-3',
    hops: { 1: hopRecord(), 2: left },
  });
  expect(await createListCalls(table)({ sinceMs: t0, limit: 50 }, byMs)).toMatchObject({
    value: { calls: [{ callId: '812000001', because: 'backup', to: { aircallUserId: 457 } }] },
  });
});
