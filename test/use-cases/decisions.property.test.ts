/** What holds of every decision, whatever the contacts, the policy, the agents and the time. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFindAgent, createSaveAgent } from '../../lib/adapters/dynamodb/agents.ts';
import {
  createClaimHop,
  createNoteCallNews,
  createSettleHop,
} from '../../lib/adapters/dynamodb/call-hops.ts';
import { createClaimCall, createSettleCall } from '../../lib/adapters/dynamodb/call-records.ts';
import { createFindContact, createSaveContacts } from '../../lib/adapters/dynamodb/contacts.ts';
import { createFindCaller, createSaveConversation } from '../../lib/adapters/dynamodb/last-agents.ts';
import { createTrackPresence } from '../../lib/adapters/dynamodb/presences.ts';
import { createReleaseAgent, createReserveAgent } from '../../lib/adapters/dynamodb/reservations.ts';
import { createDocumentClient, type Table } from '../../lib/adapters/dynamodb/table.ts';
import { limits } from '../../lib/config.ts';
import type { Conversation } from '../../lib/core/last-agent.ts';
import type {
  AccountId,
  AircallNumberId,
  Caller,
  DecisionRecord,
  Hop,
  InboundCall,
} from '../../lib/core/model.ts';
import type { Presence } from '../../lib/core/presence.ts';
import { doubtTexts, leaveTexts, sourceTexts } from '../../lib/core/reason-texts.ts';
import type { Now } from '../../lib/ports.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../local/embedded-dynamodb.ts';
import { callId, contact, email, inboundCall, phone, t0, userId } from '../builders.ts';
import { anyPolicy, anyRule } from '../policies.ts';
import {
  type AgentFacts,
  createRouterWorld,
  isSame,
  type RouterStore,
  type RouterWorld,
  type WorldFacts,
} from './router-world.ts';

const emails = ['jan@example.com', 'jane@example.com', 'zoe@example.com'] as const;
const phones = ['+442079460123', '+493023125001', '+12025550101'] as const;

const anyPresence = fc.constantFrom<Presence>(
  'available',
  'available',
  'in_call',
  'after_call_work',
  'do_not_disturb',
  'offline',
);

/** What was told of them is as old as the policy trusts, a little younger, or a little older. */
function anyAgent(index: number, trustedMs: number): fc.Arbitrary<AgentFacts> {
  return fc.record(
    {
      email: fc.constant(email(emails[index] ?? '')),
      aircallUserId: fc.constant(userId(455 + index)),
      isStored: fc.constantFrom(true, true, true, false),
      told: fc.record({
        presence: anyPresence,
        ageMs: fc.constantFrom(0, 1000, trustedMs - 1, trustedMs, trustedMs + 1, trustedMs * 2),
      }),
      actually: fc.oneof(
        { weight: 6, arbitrary: anyPresence },
        {
          weight: 2,
          arbitrary: fc.constantFrom('gone', 'lost-answer', 'unreadable-answer', 'rate-limited'),
        },
      ),
      transfer: fc.constantFrom(
        'accepted',
        'accepted',
        'accepted',
        'lost-and-done',
        'lost-answer',
        'no-answer',
        'refused',
        'rate-limited',
      ),
    },
    { requiredKeys: ['email', 'aircallUserId', 'isStored', 'actually', 'transfer'] },
  );
}

const anyEmail = fc.constantFrom(...emails).map(email);
const anyContact = (number: string) =>
  fc
    .record({ assignedTo: fc.option(anyEmail), backups: fc.array(anyEmail, { maxLength: 2 }) })
    .map(({ assignedTo, backups }) => {
      const { assignedTo: _, ...unassigned } = contact({ phone: phone(number), backups });
      return { ...unassigned, ...(assignedTo !== null && { assignedTo }) };
    });

const anyTalk: fc.Arbitrary<Conversation> = fc.record({
  phone: fc.constantFrom(...phones).map(phone),
  email: anyEmail,
  aircallUserId: fc.constant(userId(455)),
  direction: fc.constantFrom('inbound', 'outbound'),
  answeredAtMs: fc.constant(Date.parse('2025-12-31T09:00:00Z')),
  endedAtMs: fc.constant(Date.parse('2025-12-31T10:00:00Z')),
});

type Document = { readonly rules: readonly { readonly name: string }[] } & Readonly<Record<string, unknown>>;

/** Most random rules are for few calls: a last one for every call makes more of them ring someone. */
const anyDocument: fc.Arbitrary<Document> = fc
  .tuple(anyPolicy, fc.constantFrom(true, true, false))
  .map(([document, isForAll]) => ({
    ...document,
    rules: isForAll ? [...document.rules, forAll] : document.rules,
  }));
const forAll = {
  name: 'for all',
  targets: ['assigned', 'backups', 'last-agent', { agent: 'zoe@example.com' }, { team: 7 }],
};

const anyFacts: fc.Arbitrary<WorldFacts & { readonly policy: Document }> = anyDocument.chain((policy) => {
  const trustedMs = Number(policy['presenceTrustedForSeconds'] ?? 600) * 1000;
  return fc.record({
    policy: fc.constant(policy),
    contacts: fc.tuple(...phones.slice(0, 2).map(anyContact)),
    talks: fc.array(anyTalk, { maxLength: 2 }),
    agents: fc.tuple(...emails.map((_, index) => anyAgent(index, trustedMs))),
    startsAtMs: fc.oneof(
      fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-01-31') }),
      fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2029-01-01') }),
    ),
    requestMs: fc.nat(600),
  });
});

type Ring = {
  readonly kind: 'call';
  readonly id: string;
  readonly caller: Caller;
  readonly aircallNumberId: AircallNumberId;
  readonly ageMs: number;
};
type Step =
  | Ring
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'told'; readonly who: number; readonly presence: Presence }
  | { readonly kind: 'declined'; readonly id: string };

const anyId = fc.constantFrom('812000001', '812000002', '812000003');
const anyRing: fc.Arbitrary<Ring> = fc.record({
  kind: fc.constant('call'),
  id: anyId,
  caller: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(...phones).map((number) => ({
        kind: 'identified' as const,
        phone: phone(number),
      })),
    },
    { weight: 1, arbitrary: fc.constantFrom({ kind: 'withheld' as const }, { kind: 'unreadable' as const }) },
  ),
  aircallNumberId: fc.constantFrom(1234, 9).map((id) => id as AircallNumberId),
  ageMs: fc.constantFrom(0, 2000, 2000, 4001, 60_000),
});
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: anyRing },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(30_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('told'), who: fc.nat(2), presence: anyPresence }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('declined'), id: anyId }) },
);
const anyStory = fc.array(anyStep, { minLength: 1, maxLength: 8 });

function agentsOf(transfers: RouterWorld['transfers']): readonly number[] {
  return transfers.flatMap(({ to }) => (to.kind === 'agent' ? [to.aircallUserId] : []));
}

type Told = { readonly record?: DecisionRecord; readonly hop?: Hop | undefined };

async function live(world: RouterWorld, story: readonly Step[]): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const step of story) told.push(await take(world, step));
  return told;
}

async function take(world: RouterWorld, step: Step): Promise<Told> {
  switch (step.kind) {
    case 'call':
      return { record: await world.routeCall(toCall(world, step)) };
    case 'wait':
      world.advance(step.ms);
      return {};
    case 'told':
      await world.tell(email(emails[step.who] ?? ''), step.presence);
      return {};
    case 'declined':
      return { hop: await world.decline(callId(step.id)) };
  }
}

function toCall(world: RouterWorld, { id, caller, aircallNumberId, ageMs }: Ring): InboundCall {
  return inboundCall({ callId: callId(id), caller, aircallNumberId, startedAtMs: world.now() - ageMs });
}

describe('whatever the contacts, the policy, the agents and the time', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('nobody is rung who may not be, or who is not held for the call', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyFacts, anyStory, async (facts, story) => {
        const world = await createRouterWorld(facts);
        for (const { hop } of await live(world, story)) if (hop !== undefined) seen.add('hop');
        for (const { to, mayRing, isHeld } of world.transfers) {
          expect({ mayRing, isHeld }).toEqual({ mayRing: true, isHeld: true });
          seen.add(to.kind);
        }
        if (world.transfers.length > 0) {
          expect(world.policy.enabled).toBe(true);
          if (world.questions.length > 0) seen.add('asked');
        }
      }),
      { numRuns: 400 },
    );
    expect([...seen].sort()).toEqual(['agent', 'asked', 'hop', 'number', 'team']);
  });

  it('every call comes to one of the outcomes we have, and that is what happened', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyFacts, fc.array(anyRing, { minLength: 1, maxLength: 6 }), async (facts, rings) => {
        const world = await createRouterWorld(facts);
        for (const [index, ring] of rings.entries()) {
          const isRepeated = rings.slice(0, index).some(({ id }) => id === ring.id);
          const before = world.transfers.length;
          const { decision } = await world.routeCall(toCall(world, ring));
          const sent = world.transfers.slice(before);
          seen.add(decision.outcome);

          expect(decision.outcome === 'duplicate').toBe(isRepeated);
          expect(sent.filter(({ isDone }) => isDone).length).toBeLessThan(2);
          switch (decision.outcome) {
            case 'routed':
              expect(Object.keys(sourceTexts)).toContain(decision.because);
              expect(sent.at(-1)).toMatchObject({ to: decision.to, isDone: true });
              expect(await world.heldFor(ring.id)).toEqual(agentsOf(sent.slice(-1)));
              break;
            case 'left':
              expect(Object.keys(leaveTexts)).toContain(decision.because);
              expect(sent.filter(({ isDone }) => isDone)).toEqual([]);
              expect(await world.heldFor(ring.id)).toEqual([]);
              break;
            case 'in-doubt':
              expect(Object.keys(doubtTexts)).toContain(decision.because);
              expect(sent.length).toBeGreaterThan(0);
              expect(await world.heldFor(ring.id)).toEqual(agentsOf(sent.slice(-1)));
              break;
            case 'duplicate':
              expect(sent).toEqual([]);
              break;
            default:
              expect.fail(`an outcome that no call has: ${decision.outcome}`);
          }
        }
      }),
      { numRuns: 400 },
    );
    expect([...seen].sort()).toEqual(['duplicate', 'in-doubt', 'left', 'routed']);
  });

  it('the same facts come to the same decisions, whatever the order they were stored in and the machine’s own clock', async () => {
    await fc.assert(
      fc.asyncProperty(anyFacts, anyStory, async (facts, story) => {
        vi.useRealTimers();
        const world = await createRouterWorld(facts);
        const told = await live(world, story);

        vi.setSystemTime('2026-12-25T10:00:00Z');
        const another = await createRouterWorld({
          ...structuredClone(facts),
          contacts: facts.contacts.toReversed(),
          agents: facts.agents.toReversed(),
        });
        expect(await live(another, structuredClone(story))).toEqual(told);
        expect(another.transfers).toEqual(world.transfers);
        expect(another.questions).toEqual(world.questions);
      }),
      { numRuns: 200 },
    );
  });

  it('30 s after the switch nobody is rung any more, not even for a call that is declined', async () => {
    let hops = 0;
    await fc.assert(
      fc.asyncProperty(anyFacts, anyRing, async (facts, ring) => {
        const world = await createRouterWorld(facts);
        await world.routeCall(toCall(world, ring));
        const before = [...world.transfers];
        world.switchOff();
        world.advance(30_000);

        const hop = await world.decline(callId(ring.id));
        if (hop !== undefined) hops += 1;
        const switchedOff = { outcome: 'left', because: 'router-disabled' };
        expect(hop?.decision ?? switchedOff).toEqual(switchedOff);
        const late = await world.routeCall(toCall(world, { ...ring, id: '812000009' }));
        expect(late.decision).toEqual(switchedOff);
        expect(world.transfers).toEqual(before);
      }),
      { numRuns: 200 },
    );
    expect(hops).toBeGreaterThan(0);
  });

  it('a rule below the one that decided changes nothing', async () => {
    let rang = 0;
    await fc.assert(
      fc.asyncProperty(anyFacts, anyRing, anyRule, fc.nat(5), async (facts, ring, rule, below) => {
        const world = await createRouterWorld(facts);
        const record = await world.routeCall(toCall(world, ring));
        fc.pre(record.rule !== undefined);
        if (world.transfers.length > 0) rang += 1;

        const { rules } = facts.policy;
        const place = rules.findIndex(({ name }) => name === record.rule) + 1 + below;
        const longer = { ...facts.policy, rules: rules.toSpliced(place, 0, { name: 'another', ...rule }) };
        const another = await createRouterWorld({ ...facts, policy: longer });
        expect(await another.routeCall(toCall(another, ring))).toEqual(record);
        expect(another.transfers).toEqual(world.transfers);
      }),
      { numRuns: 200 },
    );
    expect(rang).toBeGreaterThan(0);
  });
});

const situations = {
  'known to be free': { isStored: true, told: { presence: 'available', ageMs: 0 }, actually: 'available' },
  'free, which nobody told us': { isStored: true, actually: 'available' },
  'free, and not stored': { isStored: false, actually: 'available' },
  'known to be busy': { isStored: true, told: { presence: 'in_call', ageMs: 0 }, actually: 'in_call' },
  'busy, which nobody told us': { isStored: true, actually: 'in_call' },
} as const satisfies Record<string, Pick<AgentFacts, 'isStored' | 'told' | 'actually'>>;
type Situation = keyof typeof situations;

function crowd(assigned: Situation, ...backups: readonly Situation[]): WorldFacts {
  const [jane, ...others] = ['jane', 'max', 'zoe'].map((name) => email(`${name}@example.com`));
  const agents = [assigned, ...backups].map((situation, index) => ({
    email: [jane, ...others][index] ?? email('nobody@example.com'),
    aircallUserId: userId(456 + index),
    transfer: 'accepted' as const,
    ...situations[situation],
  }));
  return {
    policy: { rules: [{ name: 'all', targets: ['assigned', 'backups', { team: 7 }] }] },
    contacts: [contact({ backups: others.slice(0, backups.length) })],
    agents,
    startsAtMs: t0,
    requestMs: 0,
  };
}

/** Who is rung for how many of 50 calls that come in one moment: an agent by their login, everyone else as the team. */
async function ringFifty(world: RouterWorld): Promise<ReadonlyMap<number | 'team', number>> {
  const records = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      world.routeCall(inboundCall({ callId: callId(String(812000001 + index)) })),
    ),
  );
  expect(records.map(({ decision }) => decision.outcome)).toEqual(Array(50).fill('routed'));
  for (const { callId, decision } of records) {
    const [transfer, another] = world.transfers.filter((one) => one.callId === callId);
    expect(another).toBeUndefined();
    expect(transfer && decision.outcome === 'routed' && isSame(transfer.to, decision.to)).toBe(true);
  }
  const rung = new Map<number | 'team', number>();
  for (const { to } of world.transfers) {
    const who = to.kind === 'agent' ? to.aircallUserId : 'team';
    rung.set(who, (rung.get(who) ?? 0) + 1);
  }
  return rung;
}

describe('of 50 calls in one moment', () => {
  const anySituation = fc.constantFrom(...(Object.keys(situations) as Situation[]));
  const anyFree = anySituation.filter((situation) => situation.includes('free'));

  it('one rings the agent, one each who of the backups is free, and the others go down their plans', async () => {
    await fc.assert(
      fc.asyncProperty(anyFree, fc.array(anySituation, { maxLength: 2 }), async (assigned, backups) => {
        const world = await createRouterWorld(crowd(assigned, ...backups));
        const free = backups.flatMap((situation, index) => (situation.includes('free') ? [457 + index] : []));
        const expected = new Map<number | 'team', number>([
          [456, 1],
          ...free.map((id) => [id, 1] as const),
          ['team', 49 - free.length],
        ]);
        expect(await ringFifty(world)).toEqual(expected);
        expect(world.questions).toEqual([...new Set(world.questions)]);
      }),
      { numRuns: 40 },
    );
  });

  describe('over DynamoDB', () => {
    let dynamodb: EmbeddedDynamodb;
    beforeAll(async () => {
      dynamodb = await startEmbeddedDynamodb();
    });
    afterAll(() => dynamodb.close());

    it('one rings the agent, who was asked for once, and 49 go down their plans', async () => {
      const openStore = (now: Now) => openDynamodbStore(dynamodb, now);
      const facts = crowd('free, which nobody told us', 'busy, which nobody told us');
      const world = await createRouterWorld(facts, openStore, 60_000);
      expect(await ringFifty(world)).toEqual(
        new Map<number | 'team', number>([
          [456, 1],
          ['team', 49],
        ]),
      );
      expect(world.questions.toSorted()).toEqual(['jane@example.com', 'max@example.com']);
    }, 60_000);
  });
});

function openDynamodbStore(dynamodb: EmbeddedDynamodb, now: Now): RouterStore {
  const client = createDocumentClient(
    { connectMs: 5000, requestMs: 20_000, attempts: 2 },
    {
      endpoint: dynamodb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  );
  const table: Table = { client, name: dynamodb.tableName, account: 'fifty' as AccountId, now };
  return {
    claimCall: createClaimCall(table, {
      claimLapsesAfterMs: limits.claimLapsesAfterMs,
      keptForDays: limits.recordKeptForDays,
    }),
    settleCall: createSettleCall(table),
    claimHop: createClaimHop(table),
    settleHop: createSettleHop(table),
    noteCallNews: createNoteCallNews(table, limits),
    findContact: createFindContact(table),
    saveContacts: createSaveContacts(table),
    findCaller: createFindCaller(table),
    saveConversation: createSaveConversation(table),
    findAgent: createFindAgent(table),
    saveAgent: createSaveAgent(table),
    trackPresence: createTrackPresence(table),
    reserveAgent: createReserveAgent(table),
    releaseAgent: createReleaseAgent(table),
  };
}
