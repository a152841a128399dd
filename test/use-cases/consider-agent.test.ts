import { beforeEach, describe, expect, it } from 'vitest';
import type { AircallFailure, AircallTeamId } from '../../lib/core/model.ts';
import { defaultPolicy, type Policy } from '../../lib/core/policy.ts';
import type { Presence } from '../../lib/core/presence.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import {
  type AgentTarget,
  type ConsiderAgentPorts,
  createConsiderAgent,
} from '../../lib/use-cases/consider-agent.ts';
import { startNotes } from '../../lib/use-cases/notes.ts';
import { createRatePause } from '../../lib/use-cases/rate-pause.ts';
import { createTryTargets } from '../../lib/use-cases/try-targets.ts';
import { callId, createClock, email, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const jane = email('jane@example.com');
const target: AgentTarget = { kind: 'agent', email: jane, because: 'assigned-agent' };
const deadlineMs = t0 + 1_000_000;
const toJane = { kind: 'agent', aircallUserId: 456 };

function createWorld() {
  const clock = createClock();
  const store = createInMemoryStore(clock.now, 10_000);
  const asked: string[] = [];
  const warnings: unknown[] = [];
  const world = {
    clock,
    store,
    ratePause: createRatePause(clock.now, 60_000),
    asked,
    warnings,
    availability: 'available' as Presence | AircallFailure | undefined,
    resolved: succeed({ source: 'aircall', ageMs: 0 }) as Awaited<
      ReturnType<ConsiderAgentPorts['resolveAgent']>
    >,
  };
  const ports: ConsiderAgentPorts = {
    reserveAgent: store.reserveAgent,
    releaseAgent: store.releaseAgent,
    trackPresence: store.trackPresence,
    ratePause: world.ratePause,
    resolveAgent: async (address) => {
      asked.push(`who is ${address}`);
      return world.resolved;
    },
    fetchAvailability: async (aircallUserId) => {
      asked.push(`is ${aircallUserId} free`);
      const { availability: presence } = world;
      if (typeof presence === 'object') return fail(presence);
      return succeed(presence && { aircallUserId, presence, atMs: clock.now() });
    },
    warn: (what, detail) => warnings.push([what, detail]),
    now: clock.now,
  };
  return Object.assign(world, { ports });
}

let world: ReturnType<typeof createWorld>;
let considerAgent: ReturnType<typeof createConsiderAgent>;
beforeEach(() => {
  world = createWorld();
  considerAgent = createConsiderAgent(world.ports, { askingRestsForMs: 10_000 });
});

const consider = (id = '812000001', policy: Partial<Policy> = {}) =>
  considerAgent(target, callId(id), { ...defaultPolicy, ...policy }, deadlineMs);
const save = (name?: string) =>
  world.store.saveAgent(
    { email: jane, aircallUserId: userId(456), ...(name && { name }), checkedAtMs: t0 },
    deadlineMs,
  );
const check = (presence: Presence, atMs = world.clock.now()) =>
  world.store.trackPresence(jane, { kind: 'checked', presence, atMs }, deadlineMs);

describe('an agent who was heard of lately', () => {
  beforeEach(() => save());

  it('and is available is held for the call, without a question to Aircall', async () => {
    await check('available', t0 - 5_000);
    expect(await consider()).toStrictEqual({
      considered: {
        target,
        verdict: 'go',
        presence: 'available',
        presenceAgeMs: 5000,
        presenceSource: 'check',
      },
      to: toJane,
    });
    expect(await consider('812000002')).toMatchObject({ considered: { verdict: 'agent-reserved' } });
    expect(world.asked).toEqual([]);
  });

  it('is held for as long as the policy says', async () => {
    await check('available');
    await consider('812000001', { reserveSeconds: 60 });
    world.clock.advance(59_999);
    expect(await consider('812000002')).not.toHaveProperty('to');
    world.clock.advance(1);
    expect(await consider('812000002')).toHaveProperty('to', toJane);
  });

  it.each([
    { reserveSeconds: 20, ringSeconds: 25, heldMs: 30_000 },
    { reserveSeconds: 20, ringSeconds: 0, heldMs: 20_000 },
    { reserveSeconds: 1, ringSeconds: 40, heldMs: 45_000 },
  ])('is held for as long as they are let ring, at least: $ringSeconds s', async ({ heldMs, ...policy }) => {
    await check('available');
    await consider('812000001', policy);
    world.clock.advance(heldMs - 1);
    expect(await consider('812000002')).not.toHaveProperty('to');
    world.clock.advance(1);
    expect(await consider('812000002')).toHaveProperty('to', toJane);
  });

  it.each([
    ['in_call', 'agent-in-call'],
    ['after_call_work', 'agent-after-call-work'],
    ['do_not_disturb', 'agent-do-not-disturb'],
    ['offline', 'agent-offline'],
  ] as const)('and is %s is passed over', async (presence, verdict) => {
    await check(presence);
    const considered = await consider();
    expect(considered).toMatchObject({ considered: { verdict, presence, presenceAgeMs: 0 } });
    expect(considered).not.toHaveProperty('to');
    expect(world.asked).toEqual([]);
  });

  it('may be rung in whatever presence the policy allows', async () => {
    await check('after_call_work');
    expect(await consider('812000001', { routeToAgentIn: ['after_call_work'] })).toHaveProperty('to', toJane);
    await check('available', t0 + 1);
    expect(await consider('812000001', { routeToAgentIn: ['after_call_work'] })).toMatchObject({
      considered: { verdict: 'agent-available' },
    });
  });
});

describe('an agent of whom nothing was heard', () => {
  beforeEach(() => save());

  it('is asked for at Aircall, which is then known', async () => {
    expect(await consider()).toMatchObject({
      considered: { verdict: 'go', presence: 'available', presenceAgeMs: 0, presenceSource: 'check' },
      to: toJane,
    });
    expect(world.asked).toEqual(['is 456 free']);
    await consider();
    expect(world.asked).toHaveLength(1);
  });

  it('is asked for again once that is older than the policy trusts', async () => {
    await consider();
    world.clock.advance(600_000);
    await consider();
    expect(world.asked).toHaveLength(1);
    world.clock.advance(1);
    await consider();
    expect(world.asked).toHaveLength(2);
  });

  it('and turns out to be busy is passed over', async () => {
    world.availability = 'in_call';
    expect(await consider()).toMatchObject({ considered: { verdict: 'agent-in-call' } });
  });

  it('and is gone from Aircall is passed over', async () => {
    world.availability = undefined;
    expect(await consider()).toEqual({ considered: { target, verdict: 'agent-not-on-aircall' } });
  });

  it('is passed over where the policy says skip, and rung where it says go, unasked', async () => {
    expect(await consider('812000001', { whenPresenceUnknown: 'skip' })).toMatchObject({
      considered: { verdict: 'presence-unknown' },
    });
    expect(await consider('812000001', { whenPresenceUnknown: 'go' })).toHaveProperty('to', toJane);
    expect(world.asked).toEqual([]);
  });

  it.each([
    ['lost-answer', 'aircall-unavailable'],
    ['forbidden', 'aircall-forbidden'],
    ['rate-limited', 'rate-limited'],
  ] as const)('and whom Aircall says nothing about (%s) is passed over', async (reason, verdict) => {
    world.availability = { reason, message: 'said so' };
    expect(await consider()).toEqual({ considered: { target, verdict } });
    expect(world.warnings).toEqual([
      ['aircall-trouble', { during: 'asking for an agent', failure: 'said so' }],
    ]);
  });

  it('is not asked for during the minute after a 429: transfers come first', async () => {
    world.ratePause.begin();
    world.clock.advance(59_999);
    expect(await consider()).toStrictEqual({ considered: { target, verdict: 'presence-unknown' } });
    expect(world.asked).toEqual([]);
    world.clock.advance(1);
    expect(await consider()).toHaveProperty('to', toJane);
  });

  it('leaves others their questions after trouble that is no 429', async () => {
    world.availability = { reason: 'lost-answer', message: 'said so' };
    await consider();
    expect(world.ratePause.isOn()).toBe(false);
  });

  it.each(['lost-answer', 'no-answer', 'unavailable'] as const)(
    'is not asked for during ten seconds after trouble that costs time: %s',
    async (reason) => {
      world.availability = { reason, message: 'said so' };
      await consider();
      world.availability = 'available';
      world.clock.advance(9_999);
      expect(await consider()).toEqual({ considered: { target, verdict: 'presence-unknown' } });
      world.clock.advance(1);
      expect(await consider()).toHaveProperty('to', toJane);
    },
  );

  it.each([
    'unreadable-answer',
    'refused',
    'forbidden',
    'not-found',
    'unauthorized',
    'out-of-time',
    'no-credentials',
  ] as const)('is asked for although the answer about another was of no use: %s', async (reason) => {
    world.availability = { reason, message: 'said so' };
    await consider();
    world.availability = 'available';
    expect(await consider()).toHaveProperty('to', toJane);
    expect(world.asked).toHaveLength(2);
  });
});

describe('an agent who is being asked for', () => {
  const max = email('max@example.com');
  const holdOf = async (address: typeof jane) => {
    const agent = await world.store.findAgent(address, deadlineMs);
    return agent.ok ? agent.value?.hold?.callId : undefined;
  };

  beforeEach(() => save());

  it('is asked for once and rung once, however many calls come for them in one moment', async () => {
    await world.store.saveAgent({ email: max, aircallUserId: userId(457), checkedAtMs: t0 }, deadlineMs);
    await world.store.trackPresence(max, { kind: 'checked', presence: 'in_call', atMs: t0 }, deadlineMs);
    const tryTargets = createTryTargets({ considerAgent, now: world.clock.now }, { transferNeedsMs: 300 });
    const team = { kind: 'team', teamId: 7 as AircallTeamId, because: 'policy-team' } as const;
    const plan = [target, { kind: 'agent', email: max, because: 'backup' } as const, team];

    const decisions = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        tryTargets(
          plan,
          { callId: callId(String(812000001 + index)), policy: defaultPolicy, refusals: [] },
          async ({ because }, to) => ({ outcome: 'routed', to, because }),
          startNotes(t0),
          deadlineMs,
        ),
      ),
    );

    expect(world.asked).toEqual(['is 456 free']);
    const toTeam = { outcome: 'routed', to: { kind: 'team', teamId: 7 }, because: 'policy-team' };
    expect(decisions).toEqual([
      { outcome: 'routed', to: toJane, because: 'assigned-agent' },
      ...Array.from({ length: 49 }, () => toTeam),
    ]);
  });

  it('is held meanwhile, for the call that asks', async () => {
    let heldMeanwhile: string | undefined;
    const fetchAvailability: ConsiderAgentPorts['fetchAvailability'] = async (aircallUserId) => {
      heldMeanwhile = await holdOf(jane);
      return succeed({ aircallUserId, presence: 'available', atMs: t0 });
    };
    considerAgent = createConsiderAgent({ ...world.ports, fetchAvailability }, { askingRestsForMs: 10_000 });
    await consider('812000002');
    expect(heldMeanwhile).toBe('812000002');
  });

  it.each([
    ['may not be rung', 'in_call'],
    ['is gone', undefined],
    ['are not told of', { reason: 'lost-answer', message: 'said so' }],
  ] as const)('is let go at once if they %s', async (_, availability) => {
    world.availability = availability;
    await consider();
    expect(await holdOf(jane)).toBeUndefined();
  });

  it('is let go at once if what Aircall said can not be stored', async () => {
    const trackPresence = async () => fail({ reason: 'store-unavailable', detail: 'x' } as const);
    considerAgent = createConsiderAgent({ ...world.ports, trackPresence }, { askingRestsForMs: 10_000 });
    await consider();
    expect(await holdOf(jane)).toBeUndefined();
  });

  it('and can not be let go is passed over, with a warning: the hold ends by itself', async () => {
    world.availability = 'in_call';
    const releaseAgent = async () => fail({ reason: 'store-unavailable', detail: 'x' } as const);
    considerAgent = createConsiderAgent({ ...world.ports, releaseAgent }, { askingRestsForMs: 10_000 });
    expect(await consider()).toMatchObject({ considered: { verdict: 'agent-in-call' } });
    expect(world.warnings).toEqual([
      ['store-trouble', { callId: '812000001', during: 'letting an agent go', detail: 'x' }],
    ]);
  });

  it('is not held where nobody is asked', async () => {
    world.ratePause.begin();
    await consider();
    expect(await holdOf(jane)).toBeUndefined();
  });
});

describe('the name of an agent, where it is stored,', () => {
  beforeEach(() => save('Jane Doe'));

  it('is told of one who is held', async () => {
    await check('available');
    expect(await consider()).toMatchObject({ considered: { verdict: 'go', agentName: 'Jane Doe' } });
  });

  it('is told of one who is passed over', async () => {
    await check('in_call');
    expect(await consider()).toMatchObject({
      considered: { verdict: 'agent-in-call', agentName: 'Jane Doe' },
    });
  });

  it('is told of one whom Aircall was asked for in vain', async () => {
    world.availability = { reason: 'lost-answer', message: 'said so' };
    expect(await consider()).toEqual({
      considered: { target, verdict: 'aircall-unavailable', agentName: 'Jane Doe' },
    });
  });
});

describe('an agent who is not stored', () => {
  it('is looked up at Aircall, then held', async () => {
    const resolveAgent: ConsiderAgentPorts['resolveAgent'] = async () => {
      await save();
      return succeed({ aircallUserId: userId(456), source: 'aircall', ageMs: 0 });
    };
    considerAgent = createConsiderAgent({ ...world.ports, resolveAgent }, { askingRestsForMs: 10_000 });
    expect(await consider()).toHaveProperty('to', toJane);
    expect(world.asked).toEqual(['is 456 free']);
  });

  it('and whom Aircall does not know is passed over', async () => {
    let tries = 0;
    const reserveAgent: ConsiderAgentPorts['reserveAgent'] = (...given) => {
      tries += 1;
      return world.store.reserveAgent(...given);
    };
    considerAgent = createConsiderAgent({ ...world.ports, reserveAgent }, { askingRestsForMs: 10_000 });
    expect(await consider()).toMatchObject({ considered: { verdict: 'agent-not-on-aircall' } });
    expect(world.asked).toEqual(['who is jane@example.com']);
    expect(tries).toBe(1);
  });

  it('and whom nobody can tell of is passed over with the reason', async () => {
    world.resolved = fail({ reason: 'aircall-forbidden' });
    expect(await consider()).toStrictEqual({ considered: { target, verdict: 'aircall-forbidden' } });
  });
});

describe('a store in trouble', () => {
  it.each(['store-unavailable', 'item-unreadable'] as const)('passes the agent over: %s', async (reason) => {
    const broken = async () => fail({ reason, detail: 'x' });
    considerAgent = createConsiderAgent(
      { ...world.ports, reserveAgent: broken },
      { askingRestsForMs: 10_000 },
    );
    expect(await consider()).toEqual({ considered: { target, verdict: reason } });
    expect(world.asked).toEqual([]);
    const warning = reason === 'store-unavailable' ? 'store-trouble' : 'item-unreadable';
    const detail = { callId: '812000001', during: 'holding an agent', detail: 'x' };
    expect(world.warnings).toEqual([[warning, detail]]);
  });

  it('that can not take in what Aircall said passes the agent over', async () => {
    await save();
    const trackPresence = async () => fail({ reason: 'store-unavailable', detail: 'x' } as const);
    considerAgent = createConsiderAgent({ ...world.ports, trackPresence }, { askingRestsForMs: 10_000 });
    expect(await consider()).toEqual({ considered: { target, verdict: 'store-unavailable' } });
    expect(world.warnings).toEqual([
      ['store-trouble', { during: 'storing what an agent is doing', detail: 'x' }],
    ]);
  });
});
