import { beforeEach, describe, expect, it } from 'vitest';
import type { AircallNumberId, CallId, Contact, StoreFailure } from '../../lib/core/model.ts';
import { parsePolicy } from '../../lib/core/parse-policy.ts';
import { defaultPolicy } from '../../lib/core/policy.ts';
import type { Presence } from '../../lib/core/presence.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import {
  createSimulateCall,
  type SimulatedCall,
  type Simulation,
} from '../../lib/use-cases/simulate-call.ts';
import { contact, createClock, email, phone, t0, userId } from '../builders.ts';
import { createInMemoryPolicies, type PolicyStore } from '../fakes/in-memory-policies.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const jane = email('jane@example.com');
const max = email('max@example.com');
const deadlineMs = t0 + 1_000_000;
const assigned = { kind: 'agent', email: jane, because: 'assigned-agent' } as const;
const backup = { kind: 'agent', email: max, because: 'backup' } as const;
const team = { kind: 'team', teamId: 7, because: 'policy-team' };
const call: SimulatedCall = { caller: { kind: 'identified', phone: phone('+442079460123') }, atMs: t0 };

let clock: ReturnType<typeof createClock>;
let store: ReturnType<typeof createInMemoryStore>;
let policies: PolicyStore;

beforeEach(() => {
  clock = createClock();
  store = createInMemoryStore(clock.now, 10_000);
  policies = createInMemoryPolicies(clock.now);
});

const limits = { agentUnknownForMs: 60_000 };
const ports = () => ({ ...store, ...policies, now: clock.now });
const simulate = (changes: Partial<SimulatedCall> = {}) =>
  createSimulateCall(ports(), limits)({ ...call, ...changes }, deadlineMs);
const simulated = async (changes: Partial<SimulatedCall> = {}): Promise<Simulation> => {
  const simulation = await simulate(changes);
  if (!simulation.ok) throw new Error(simulation.failure.detail);
  return simulation.value;
};

const saveContact = (changes: Partial<Contact> = {}) =>
  store.saveContacts([contact({ backups: [max], ...changes })], deadlineMs);
const saveAgent = (who: typeof jane, id: number) =>
  store.saveAgent({ email: who, aircallUserId: userId(id), checkedAtMs: t0 }, deadlineMs);
const hear = (who: typeof jane, presence: Presence, agoMs: number) =>
  store.trackPresence(who, { kind: 'checked', presence, atMs: t0 - agoMs }, deadlineMs);

async function putPolicy(document: Record<string, unknown>) {
  const policy = parsePolicy(document);
  if (!policy.ok) throw new Error(JSON.stringify(policy.failure));
  await policies.putPolicy(policy.value, undefined, deadlineMs);
}
const withTeam = [{ name: 'everyone', targets: ['assigned', 'backups', { team: 7 }] }];

it('tells the whole decision of a call that would reach its agent', async () => {
  await saveContact();
  await saveAgent(jane, 456);
  await hear(jane, 'available', 60_000);

  expect(await simulated()).toEqual({
    call,
    contact: contact({ backups: [max] }),
    policyVersion: 0,
    rule: 'everyone',
    passed: [],
    considered: [
      {
        target: assigned,
        verdict: 'go',
        presence: 'available',
        presenceAgeMs: 60_000,
        presenceSource: 'check',
      },
    ],
    decision: { outcome: 'routed', to: assigned, aircallUserId: 456 },
  });
});

it('goes down the plan, past agents who could not be rung, and stops at the first who could', async () => {
  await putPolicy({ rules: [...withTeam] });
  await saveContact();
  await saveAgent(jane, 456);
  await hear(jane, 'in_call', 5000);
  await saveAgent(max, 457);
  await hear(max, 'available', 1000);
  await store.reserveAgent(
    max,
    '812000009' as CallId,
    { routeToAgentIn: ['available'], presenceTrustedForMs: 600_000, reserveForMs: 20_000 },
    deadlineMs,
  );

  expect(await simulated()).toMatchObject({
    policyVersion: 1,
    considered: [
      { target: assigned, verdict: 'agent-in-call' },
      { target: backup, verdict: 'agent-reserved' },
      { target: team, verdict: 'go' },
    ],
    decision: { outcome: 'routed', to: team },
  });
  expect((await simulated()).decision).not.toHaveProperty('aircallUserId');
});

it('holds nobody and claims nothing', async () => {
  await saveContact();
  await saveAgent(jane, 456);
  await hear(jane, 'available', 1000);
  const before = await store.findAgent(jane, deadlineMs);
  await simulate();
  await simulate();
  expect(await store.findAgent(jane, deadlineMs)).toEqual(before);
  expect(store.records()).toEqual([]);
});

describe('an agent of whom nothing was heard lately', () => {
  beforeEach(async () => {
    await saveContact({ backups: [] });
    await saveAgent(jane, 456);
    await hear(jane, 'in_call', 600_001);
  });

  const outcomeOf = async (whenPresenceUnknown: string) => {
    await putPolicy({ whenPresenceUnknown, rules: withTeam });
    const { considered, decision } = await simulated();
    return [considered[0]?.verdict, decision.outcome === 'routed' && decision.to.kind];
  };

  it('would be asked about at Aircall, and the plan goes on for the other answer', async () => {
    expect(await outcomeOf('ask')).toEqual(['would-ask-presence', 'team']);
  });

  it('is rung all the same, or passed over, where the policy says so', async () => {
    expect(await outcomeOf('go')).toEqual(['go', 'agent']);
  });

  it('is passed over where the policy says so', async () => {
    expect(await outcomeOf('skip')).toEqual(['presence-unknown', 'team']);
  });
});

it('an agent whom Aircall did not know a minute ago would be looked up again', async () => {
  await putPolicy({ rules: withTeam });
  await saveContact({ backups: [] });
  await store.saveAgent({ email: jane, checkedAtMs: t0 - 59_999 }, deadlineMs);
  expect((await simulated()).considered[0]).toEqual({ target: assigned, verdict: 'agent-not-on-aircall' });

  clock.advance(1);
  expect(await simulated()).toMatchObject({
    considered: [
      { target: assigned, verdict: 'would-look-up-agent-again', checkedAgeMs: 60_000 },
      { target: team, verdict: 'go' },
    ],
    decision: { outcome: 'routed', to: team },
  });
});

it('an agent who is not stored would be looked up; one whom Aircall just did not know is passed over', async () => {
  await saveContact();
  await store.saveAgent({ email: max, checkedAtMs: t0 }, deadlineMs);
  expect(await simulated()).toMatchObject({
    considered: [
      { target: assigned, verdict: 'would-look-up-agent' },
      { target: backup, verdict: 'agent-not-on-aircall' },
    ],
    decision: { outcome: 'left', because: 'no-target-available' },
  });
});

it('reads the rules as of the time of the call, and the agents as they are now', async () => {
  await putPolicy({
    rules: [
      { name: 'christmas', when: { dates: '2026-12-25', number: 1234 }, targets: [{ team: 7 }] },
      { name: 'everyone', targets: ['assigned'] },
    ],
  });
  await saveContact();
  await saveAgent(jane, 456);
  await hear(jane, 'available', 0);
  const atMs = Date.parse('2026-12-25T10:00:00Z');

  expect(await simulated({ atMs, aircallNumberId: 1234 as AircallNumberId })).toMatchObject({
    rule: 'christmas',
    passed: [],
    decision: { outcome: 'routed', to: team },
  });
  expect(await simulated({ atMs })).toMatchObject({
    rule: 'everyone',
    passed: [{ rule: 'christmas', because: 'number' }],
    considered: [{ verdict: 'go', presenceAgeMs: 0 }],
  });
});

describe('a call that nobody is planned for', () => {
  it('is left: withheld', async () => {
    expect(await simulated({ caller: { kind: 'withheld' } })).toStrictEqual({
      call: { caller: { kind: 'withheld' }, atMs: t0 },
      policyVersion: 0,
      rule: 'everyone',
      passed: [],
      considered: [],
      decision: { outcome: 'left', because: 'caller-withheld' },
    });
  });

  it('is left without a search: nobody is looked up by no number', async () => {
    const findCaller = async () => {
      throw new Error('looked up');
    };
    const simulateCall = createSimulateCall({ ...ports(), findCaller }, limits);
    expect(await simulateCall({ ...call, caller: { kind: 'withheld' } }, deadlineMs)).toMatchObject({
      value: { decision: { because: 'caller-withheld' } },
    });
  });

  it('is left: the router is off', async () => {
    await putPolicy({ enabled: false });
    expect(await simulated()).toMatchObject({
      policyVersion: 1,
      decision: { outcome: 'left', because: 'router-disabled' },
    });
    expect(await simulated()).not.toHaveProperty('rule');
  });
});

describe('where the table is in trouble', () => {
  const failure: StoreFailure = { reason: 'item-unreadable', detail: 'x' };

  it.each(['findCaller', 'findPolicy'] as const)('%s: the simulation fails', async (port) => {
    const simulateCall = createSimulateCall({ ...ports(), [port]: async () => fail(failure) }, limits);
    expect(await simulateCall(call, deadlineMs)).toEqual(fail(failure));
  });

  it.each(['item-unreadable', 'store-unavailable'] as const)(
    'for an agent: they are passed over, and that is why the call would be left: %s',
    async (reason) => {
      await saveContact();
      const findAgent = async (who: string) =>
        who === max ? fail({ reason, detail: 'x' }) : succeed(undefined);
      const simulateCall = createSimulateCall({ ...ports(), findAgent }, limits);
      expect(await simulateCall(call, deadlineMs)).toMatchObject({
        value: {
          considered: [{ verdict: 'would-look-up-agent' }, { target: backup, verdict: reason }],
          decision: { outcome: 'left', because: reason },
        },
      });
    },
  );
});

it('decides by the built-in policy where none is stored', async () => {
  expect(await simulated()).toMatchObject({ policyVersion: 0, rule: defaultPolicy.rules[0]?.name });
});

describe('the agent who spoke to the caller last', () => {
  beforeEach(async () => {
    await putPolicy({ rules: [{ name: 'everyone', targets: ['last-agent'] }] });
    await saveAgent(max, 457);
    await hear(max, 'available', 1000);
    const talk = { direction: 'inbound', answeredAtMs: t0 - 60_000, endedAtMs: t0 } as const;
    const conversation = { ...talk, phone: phone('+442079460123'), aircallUserId: userId(457), email: max };
    await store.saveConversation(conversation, t0, deadlineMs);
  });
  const target = { kind: 'agent', email: max, because: 'last-agent' };

  it('is a target like any other', async () => {
    expect(await simulated()).toMatchObject({
      considered: [{ target, verdict: 'go', presence: 'available' }],
      decision: { outcome: 'routed', to: target, aircallUserId: 457 },
    });
  });

  it('is forgotten by the time that is asked about', async () => {
    expect(await simulated({ atMs: t0 + 2_592_000_000 })).toMatchObject({
      decision: { outcome: 'left', because: 'unknown-caller' },
    });
  });
});
