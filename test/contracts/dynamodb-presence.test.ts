import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFindAgent, createListAgents, createSaveAgent } from '../../lib/adapters/dynamodb/agents.ts';
import { createTrackPresence } from '../../lib/adapters/dynamodb/presences.ts';
import { createReleaseAgent, createReserveAgent } from '../../lib/adapters/dynamodb/reservations.ts';
import type { Table } from '../../lib/adapters/dynamodb/table.ts';
import { judgeAgent } from '../../lib/core/judge-agent.ts';
import type { Agent } from '../../lib/core/model.ts';
import type { Presence } from '../../lib/core/presence.ts';
import { callId, createClock, email, t0, userId } from '../builders.ts';
import type { PresenceStore } from '../fakes/in-memory-store.ts';
import { testPresenceStore } from './presence.contract.ts';
import { useTables } from './tables.ts';

const tableOfNewAccount = useTables();

function createStore(table: Table): PresenceStore {
  return {
    findAgent: createFindAgent(table),
    saveAgent: createSaveAgent(table),
    listAgents: createListAgents(table),
    trackPresence: createTrackPresence(table),
    reserveAgent: createReserveAgent(table),
    releaseAgent: createReleaseAgent(table),
  };
}

testPresenceStore('the DynamoDB store', async () => {
  const clock = createClock();
  return { store: createStore(tableOfNewAccount(clock.now)), clock };
});

const jane = email('jane@example.com');
const soon = t0 + 1_000_000_000;
const rules = { routeToAgentIn: ['available'], presenceTrustedForMs: 600_000, reserveForMs: 20_000 } as const;

it('keeps an agent as docs/storage.md shows it', async () => {
  const table = tableOfNewAccount(() => t0);
  const store = createStore(table);
  const read = async (pk: string) => {
    const key = { pk: `ACCOUNT#${table.account}#${pk}`, sk: 'AGENT' };
    return (await table.client.send(new GetCommand({ TableName: table.name, Key: key }))).Item;
  };
  await store.saveAgent(
    { email: jane, aircallUserId: userId(456), name: 'Jane Doe', wrapUpSeconds: 30, checkedAtMs: t0 },
    soon,
  );
  await store.trackPresence(userId(456), { kind: 'connected', atMs: t0 - 3_600_000 }, soon);
  await store.trackPresence(jane, { kind: 'checked', presence: 'available', atMs: t0 - 30_000 }, soon);
  await store.trackPresence(
    userId(456),
    { kind: 'call-over', callId: callId('811999999'), atMs: t0 - 10_000, toldAtMs: t0 + 20_000 },
    soon,
  );
  await store.reserveAgent(jane, callId('812000001'), rules, soon);

  expect(await read('AGENT#jane@example.com')).toEqual({
    pk: `ACCOUNT#${table.account}#AGENT#jane@example.com`,
    sk: 'AGENT',
    schemaVersion: 1,
    email: 'jane@example.com',
    aircallUserId: 456,
    name: 'Jane Doe',
    wrapUpSeconds: 30,
    checkedAtMs: 1763851200000,
    agentsPk: `ACCOUNT#${table.account}#AGENTS`,
    agentsSk: 'jane@example.com',
    presence: 'available',
    presenceSinceMs: 1763851190000,
    presenceAtMs: 1763851190000,
    presenceSource: 'event',
    presenceState: {
      heard: { connected: 1763847600000, available: 1763851170000 },
      calls: [{ callId: '811999999', news: 'call-over', atMs: 1763851190000, toldAtMs: 1763851220000 }],
    },
    presenceVersion: 3,
    reservedForCall: '812000001',
    reservedUntilMs: 1763851220000,
  });
  expect(await read('USER#456')).toEqual({
    pk: `ACCOUNT#${table.account}#USER#456`,
    sk: 'AGENT',
    schemaVersion: 1,
    email: 'jane@example.com',
  });
});

it('reserves exactly those whom judgeAgent lets go, and gives its reason for the others', async () => {
  const presences = ['available', 'in_call', 'after_call_work', 'do_not_disturb', 'offline'] as const;
  const aroundNow = fc.integer({ min: t0 - 3, max: t0 + 3 });
  const someAgent = fc.record(
    {
      aircallUserId: fc.constant(userId(456)),
      presence: fc.record({
        presence: fc.constantFrom<Presence>(...presences),
        sinceMs: fc.constant(t0 - 60_000),
        knownAtMs: fc.oneof(
          { weight: 2, arbitrary: fc.integer({ min: t0 - 600_003, max: t0 - 599_997 }) },
          { weight: 3, arbitrary: aroundNow },
        ),
        source: fc.constantFrom('event' as const, 'check' as const),
      }),
      hold: fc.record({ callId: fc.constantFrom(callId('1'), callId('2')), untilMs: aroundNow }),
    },
    { requiredKeys: [] },
  );
  const someRules = fc.record({
    routeToAgentIn: fc.oneof(
      fc.subarray([...presences], { minLength: 1 }).map((some) => some as [Presence, ...Presence[]]),
      fc.constant(['available'] as const),
    ),
    presenceTrustedForMs: fc.constantFrom(600_000, 600_000, 0, 1),
    reserveForMs: fc.constant(20_000),
    isUnknownAllowed: fc.boolean(),
  });
  const table = tableOfNewAccount(() => t0);
  const seen = new Map<string, number>();

  await fc.assert(
    fc.asyncProperty(someAgent, someRules, aroundNow, async (parts, rules, nowMs) => {
      const agent: Agent = { email: jane, checkedAtMs: t0, ...parts };
      await put(table, agent);
      const expected = judgeAgent(agent, rules, nowMs, callId('1'));
      seen.set(expected, (seen.get(expected) ?? 0) + 1);

      const made = await createReserveAgent({ ...table, now: () => nowMs })(jane, callId('1'), rules, soon);

      if (!made.ok) throw new Error(made.failure.detail);
      expect(made.value.kind === 'skipped' ? made.value.because : 'go').toBe(expected);
      const hold = { callId: callId('1'), untilMs: nowMs + 20_000 };
      expect(await createFindAgent(table)(jane, soon)).toEqual({
        ok: true,
        value: expected === 'go' ? { ...agent, hold } : agent,
      });
    }),
    { numRuns: 150 },
  );
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining(['go', 'agent-not-on-aircall', 'agent-reserved', 'presence-unknown']),
  );
}, 60_000);

/** An agent's item as its three writers leave it. */
async function put(table: Table, { presence, hold, ...told }: Agent): Promise<void> {
  const Item = {
    pk: `ACCOUNT#${table.account}#AGENT#${told.email}`,
    sk: 'AGENT',
    schemaVersion: 1,
    ...told,
    ...(presence && {
      presence: presence.presence,
      presenceSinceMs: presence.sinceMs,
      presenceAtMs: presence.knownAtMs,
      presenceSource: presence.source,
    }),
    ...(hold && { reservedForCall: hold.callId, reservedUntilMs: hold.untilMs }),
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}
