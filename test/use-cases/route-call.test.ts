import { beforeEach, describe, expect, it } from 'vitest';
import type { DecidedCall } from '../../lib/core/hops.ts';
import type {
  AircallFailure,
  AircallNumberId,
  AircallResult,
  AircallTeamId,
  CallReading,
  Decision,
  SkipReason,
  TransferTarget,
} from '../../lib/core/model.ts';
import { defaultPolicy, type Policy, type Rule } from '../../lib/core/policy.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { RingTimer } from '../../lib/ports.ts';
import { createConsiderAgent } from '../../lib/use-cases/consider-agent.ts';
import { createRatePause } from '../../lib/use-cases/rate-pause.ts';
import {
  callId,
  contact,
  createClock,
  email,
  hopRecord,
  inboundCall,
  nothingTold,
  owner,
  phone,
  t0,
  userId,
} from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';
import { createRouting, type RoutingPorts } from './routing.ts';

const deadlineMs = t0 + 4_000;
const userIds: Record<string, number> = { 'jane@example.com': 456, 'jan@example.com': 457 };
const known = { presence: 'available', presenceAgeMs: 1_000, presenceSource: 'event' } as const;
const go: RoutingPorts['considerAgent'] = async (target) => ({
  considered: { target, verdict: 'go', ...known },
  to: { kind: 'agent', aircallUserId: userId(userIds[target.email] ?? 0) },
});
const skipped =
  (verdict: SkipReason): RoutingPorts['considerAgent'] =>
  async (target) => ({ considered: { target, verdict } });
const policyOf = (changes: Partial<Policy>) => async () =>
  succeed({ version: 7, policy: { ...defaultPolicy, ...changes } });
const untouched: CallReading = { status: 'ringing', startedAtMs: t0, isTouched: false, hasAnswerTime: false };
const lost: AircallResult<void> = fail({
  reason: 'lost-answer',
  message: 'POST /v1/calls/:id/transfers: ECONNRESET',
});

/** The world of one call: everything works, unless a test says otherwise. */
function createWorld() {
  const clock = createClock();
  const store = createInMemoryStore(clock.now, 10_000);
  const transfers: string[] = [];
  const readings: string[] = [];
  const warnings: unknown[] = [];
  const released: string[] = [];
  const rerouted: DecidedCall[] = [];
  const timers: RingTimer[] = [];
  const cards: string[] = [];
  const answers: (() => AircallResult<void>)[] = [];
  const world = {
    clock,
    store,
    /** Transfers Aircall was asked for. */
    transfers,
    readings,
    warnings,
    /** Agents who were held, and let go of. */
    released,
    /** Calls as they were when they were looked at whether they must go on at once. */
    rerouted,
    timers,
    /** Who was shown who is calling. */
    cards,
    /** What Aircall says to each transfer in turn; accepted once these are used up. */
    answers,
    reading: (): AircallResult<CallReading> => succeed(untouched),
    ports: {
      claimCall: store.claimCall,
      settleCall: store.settleCall,
      findCaller: store.findCaller,
      currentPolicy: async () => succeed({ version: 0, policy: defaultPolicy }),
      considerAgent: go,
      releaseAgent: async (who) => {
        released.push(String(who));
        return succeed('released');
      },
      startRingTimer: async (timer) => {
        timers.push(timer);
        return succeed(undefined);
      },
      showCard: async (_callId, { contact, target }) => {
        cards.push(`${contact?.name} → ${target.kind === 'agent' ? target.email : target.kind}`);
      },
      rerouteCall: async (call) => {
        rerouted.push(call);
        return succeed(undefined);
      },
      transferCall: async (callId, to) => {
        transfers.push(`${callId} → ${describeTo(to)}`);
        return answers.shift()?.() ?? succeed(undefined);
      },
      readCall: async (callId) => {
        readings.push(callId);
        return world.reading();
      },
      warn: (what, detail) => warnings.push([what, detail]),
      now: clock.now,
    } as RoutingPorts,
  };
  return world;
}

function describeTo(to: TransferTarget): string {
  switch (to.kind) {
    case 'agent':
      return String(to.aircallUserId);
    case 'team':
      return `team ${to.teamId} ${to.strategy ?? ''}`.trim();
    case 'number':
      return to.phone;
  }
}

let world: ReturnType<typeof createWorld>;
beforeEach(async () => {
  world = createWorld();
  await world.store.saveContacts([contact()], deadlineMs);
});

const route = (call = inboundCall(), by = 'request-1', ports: Partial<RoutingPorts> = {}) =>
  createRouting({ ...world.ports, ...ports })(call, owner(by), world.clock.now() + 4_000);
const decide = async (...given: Parameters<typeof route>): Promise<Decision> =>
  (await route(...given)).decision;

const routed = { outcome: 'routed', to: { kind: 'agent', aircallUserId: 456 }, because: 'assigned-agent' };
const left = (because: string) => ({ outcome: 'left', because });
const inDoubt = (because: string) => ({ outcome: 'in-doubt', because });

describe('a call of a caller we know', () => {
  it('is transferred to their agent, once', async () => {
    expect(await decide()).toEqual(routed);
    expect(world.transfers).toEqual(['812000001 → 456']);
    expect(world.readings).toEqual([]);
  });

  it('is recorded with all that the decision rested on', async () => {
    const transferCall: RoutingPorts['transferCall'] = async () => {
      world.clock.advance(80);
      return succeed(undefined);
    };
    const record = await route(inboundCall(), 'request-1', { transferCall });
    expect(world.store.records()).toEqual([record]);
    expect(record).toEqual({
      callId: '812000001',
      caller: { kind: 'identified', phone: '+442079460123' },
      door: 'webhook',
      callStartedAtMs: 1763851200000,
      receivedAtMs: 1763851200000,
      decision: routed,
      policyVersion: 0,
      rule: 'everyone',
      passed: [],
      plan: [{ kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' }],
      considered: [
        {
          target: { kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' },
          verdict: 'go',
          presence: 'available',
          presenceAgeMs: 1000,
          presenceSource: 'event',
        },
      ],
      attempts: [{ to: { kind: 'agent', aircallUserId: 456 }, answer: 'accepted', tookMs: 80 }],
      readings: [],
      timings: { claimedMs: 0, resolvedMs: 0, transferredMs: 80 },
    });
  });

  it('is looked up while it is claimed, not after', async () => {
    const started: string[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const routing = route(inboundCall(), 'request-1', {
      claimCall: async () => {
        started.push('claim');
        await gate;
        return succeed({ claim: 'claimed' as const, door: 'webhook' as const, news: nothingTold });
      },
      findCaller: async () => {
        started.push('caller');
        await gate;
        return succeed({ contact: contact() });
      },
    });
    expect(started).toEqual(['claim', 'caller']);
    release();
    expect((await routing).decision).toEqual(routed);
  });
});

describe('a call is left to Aircall, and nothing is transferred,', () => {
  it.each([
    ['unknown-caller', inboundCall({ caller: { kind: 'identified', phone: '+12025550199' as never } })],
    ['caller-withheld', inboundCall({ caller: { kind: 'withheld' } })],
    ['caller-unreadable', inboundCall({ caller: { kind: 'unreadable' } })],
    ['stale', inboundCall({ startedAtMs: t0 - 30_001 })],
    ['call-answered', inboundCall({ status: 'answered' })],
    ['call-over', inboundCall({ status: 'over' })],
  ])('for %s', async (because, call) => {
    expect(await decide(call)).toEqual(left(because));
    expect(world.transfers).toEqual([]);
    expect(world.store.records().map(({ decision }) => decision)).toEqual([left(because)]);
  });

  it.each(['withheld', 'unreadable'] as const)('without asking the store for a %s caller', async (kind) => {
    const findCaller = () => {
      throw new Error('asked');
    };
    const call = inboundCall({ caller: { kind } });
    expect(await decide(call, 'request-1', { findCaller })).toMatchObject({ outcome: 'left' });
  });

  it('when nobody is assigned', async () => {
    const { assignedTo: _, ...unassigned } = contact();
    await world.store.saveContacts([unassigned], deadlineMs);
    expect(await decide()).toEqual(left('no-assigned-agent'));
    expect(world.transfers).toEqual([]);
  });

  it.each(['agent-not-on-aircall', 'agent-in-call', 'agent-reserved', 'presence-unknown'] as const)(
    'when the agent can not be rung, which the record says: %s',
    async (verdict) => {
      const record = await route(inboundCall(), 'request-1', { considerAgent: skipped(verdict) });
      expect(record.decision).toEqual(left('no-target-available'));
      expect(record.considered).toEqual([
        { target: { kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' }, verdict },
      ]);
      expect(world.transfers).toEqual([]);
    },
  );

  it.each([
    'store-unavailable',
    'item-unreadable',
    'aircall-unavailable',
    'rate-limited',
    'aircall-unauthorized',
    'aircall-forbidden',
    'aircall-refused',
    'out-of-time',
    'no-credentials',
  ] as const)('when it can not be found out whether the agent can be rung: %s', async (reason) => {
    const record = await route(inboundCall(), 'request-1', { considerAgent: skipped(reason) });
    expect(record.decision).toEqual(left(reason));
    expect(record.considered.map(({ verdict }) => verdict)).toEqual([reason]);
    expect(world.transfers).toEqual([]);
  });

  it.each(['store-unavailable', 'item-unreadable'] as const)(
    'when the policy can not be read: %s',
    async (reason) => {
      const currentPolicy = async () => fail({ reason, detail: 'x' });
      const record = await route(inboundCall(), 'request-1', { currentPolicy });
      expect(record.decision).toEqual(left(reason));
      expect(record.policyVersion).toBeUndefined();
      expect(world.transfers).toEqual([]);
    },
  );

  it('when the operator switched the router off', async () => {
    const currentPolicy = policyOf({ enabled: false });
    const record = await route(inboundCall(), 'request-1', { currentPolicy });
    expect(record.decision).toEqual(left('router-disabled'));
    expect(record).toMatchObject({ passed: [], plan: [] });
    expect(record.policyVersion).toBe(7);
    expect(world.transfers).toEqual([]);
  });

  it('when it is older than the policy allows', async () => {
    const currentPolicy = policyOf({ staleAfterSeconds: 5 });
    const call = inboundCall({ startedAtMs: t0 - 5_001 });
    expect(await decide(call, 'request-1', { currentPolicy })).toEqual(left('stale'));
  });

  it.each(['store-unavailable', 'item-unreadable'] as const)('when the claim fails: %s', async (reason) => {
    const claimCall = async () => fail({ reason, detail: 'x' });
    expect(await decide(inboundCall(), 'request-1', { claimCall })).toEqual(left(reason));
    expect(world.transfers).toEqual([]);
    const warning = reason === 'store-unavailable' ? 'store-trouble' : 'item-unreadable';
    const detail = { callId: '812000001', during: 'claiming the call', detail: 'x' };
    expect(world.warnings).toEqual([[warning, detail]]);
  });

  it.each(['store-unavailable', 'item-unreadable'] as const)(
    'when the contact can not be read: %s',
    async (reason) => {
      const findCaller = async () => fail({ reason, detail: 'x' });
      expect(await decide(inboundCall(), 'request-1', { findCaller })).toEqual(left(reason));
      const warning = reason === 'store-unavailable' ? 'store-trouble' : 'item-unreadable';
      const detail = { callId: '812000001', during: 'finding the caller', detail: 'x' };
      expect(world.warnings).toEqual([[warning, detail]]);
      expect(world.transfers).toEqual([]);
      expect(world.store.records().map(({ decision }) => decision)).toEqual([left(reason)]);
    },
  );

  it('when too little time is left for the answer to a transfer', async () => {
    const late = (spentMs: number): Partial<RoutingPorts> => ({
      currentPolicy: async () => {
        world.clock.advance(spentMs);
        return succeed({ version: 0, policy: defaultPolicy });
      },
    });
    expect(await decide(inboundCall(), 'request-1', late(3_101))).toEqual(left('out-of-time'));
    expect(world.transfers).toEqual([]);
  });

  it('but is transferred when just enough time is left', async () => {
    const considerAgent: RoutingPorts['considerAgent'] = async (...given) => {
      world.clock.advance(3_100);
      return go(...given);
    };
    expect(await decide(inboundCall(), 'request-1', { considerAgent })).toEqual(routed);
  });
});

describe('what Aircall answers to the transfer', () => {
  const refusals: [AircallFailure['reason'], string, number | undefined][] = [
    ['call-ended', 'call-over', 400],
    ['refused', 'transfer-refused', 405],
    ['unauthorized', 'aircall-unauthorized', 401],
    ['forbidden', 'aircall-forbidden', 403],
    ['not-found', 'call-not-found', 404],
    ['rate-limited', 'rate-limited', 429],
    ['unavailable', 'aircall-unavailable', undefined],
  ];
  it.each(refusals)('%s: left as %s, and not tried again', async (reason, because, status) => {
    world.answers.push(() => fail({ reason, message: 'said so', ...(status !== undefined && { status }) }));
    const record = await route();
    expect(record.decision).toEqual(left(because));
    expect(record.attempts).toEqual([
      {
        to: { kind: 'agent', aircallUserId: 456 },
        answer: reason,
        ...(status !== undefined && { status }),
        tookMs: 0,
      },
    ]);
    expect(world.transfers).toHaveLength(1);
    expect(world.readings).toEqual([]);
    expect(world.warnings).toEqual([
      ['aircall-trouble', { callId: '812000001', during: 'transferring', failure: 'said so' }],
    ]);
  });

  it('nothing, and the call is untouched: transferred a second time', async () => {
    world.answers.push(() => lost);
    const record = await route();
    expect(record.decision).toEqual(routed);
    expect(record.readings).toEqual(['untouched']);
    expect(record.attempts.map(({ answer }) => answer)).toEqual(['lost-answer', 'accepted']);
    expect(world.transfers).toHaveLength(2);
  });

  it.each([
    ['call-touched', { ...untouched, isTouched: true }],
    ['call-answered', { ...untouched, status: 'answered', isTouched: true }],
    ['call-over', { ...untouched, status: 'over' }],
    ['stale', { ...untouched, startedAtMs: t0 - 30_001 }],
  ] as const)('nothing, and the call is %s: in doubt, and no second transfer', async (because, reading) => {
    world.answers.push(() => lost);
    world.reading = () => succeed(reading);
    const record = await route();
    expect(record.decision).toEqual(inDoubt(because));
    expect(record.readings).toEqual([because]);
    expect(world.transfers).toHaveLength(1);
    expect(world.store.records()).toEqual([record]);
  });

  it('nothing, and the call can not be read: in doubt, and no second transfer', async () => {
    world.answers.push(() => lost);
    world.reading = () => fail({ reason: 'lost-answer', message: '' });
    expect(await decide()).toEqual(inDoubt('aircall-unavailable'));
    expect(world.transfers).toHaveLength(1);
  });

  it('nothing, and no time is left for a second transfer: in doubt', async () => {
    world.answers.push(() => {
      world.clock.advance(2_500);
      return lost;
    });
    world.reading = () => {
      world.clock.advance(601);
      return succeed(untouched);
    };
    expect(await decide()).toEqual(inDoubt('out-of-time'));
    expect(world.transfers).toHaveLength(1);
  });

  it('nothing in time, and the call is untouched: in doubt, for the transfer may be on its way, and no second one', async () => {
    world.answers.push(() => fail({ reason: 'no-answer', message: 'said nothing' }));
    const record = await route();
    expect(record.decision).toEqual(inDoubt('answer-lost'));
    expect(record.readings).toEqual(['untouched']);
    expect(world.transfers).toHaveLength(1);
  });

  it('nothing in time, and the call is touched: in doubt, and no second transfer', async () => {
    world.answers.push(() => fail({ reason: 'no-answer', message: 'said nothing' }));
    world.reading = () => succeed({ ...untouched, isTouched: true });
    expect(await decide()).toEqual(inDoubt('call-touched'));
    expect(world.transfers).toHaveLength(1);
  });

  it.each(['lost-answer', 'call-ended', 'rate-limited'] as const)(
    'nothing, then %s: in doubt, for the first may have been carried out, and no third transfer',
    async (reason) => {
      world.answers.push(
        () => lost,
        () => fail({ reason, message: '' }),
      );
      expect(await decide()).toEqual(inDoubt('answer-lost'));
      expect(world.transfers).toHaveLength(2);
    },
  );
});

describe('a call announced again', () => {
  it('at once is a duplicate', async () => {
    await route();
    expect(await decide(inboundCall(), 'request-2')).toEqual({ outcome: 'duplicate' });
    expect(world.transfers).toHaveLength(1);
  });

  it('twenty times at once is transferred once', async () => {
    const decisions = await Promise.all(
      Array.from({ length: 20 }, (_, n) => decide(inboundCall(), `request-${n}`)),
    );
    expect(decisions.map(({ outcome }) => outcome).sort()).toEqual([
      ...Array(19).fill('duplicate'),
      'routed',
    ]);
    expect(world.transfers).toHaveLength(1);
  });

  it('to the same invocation twice is transferred once', async () => {
    await route(inboundCall(), 'request-1');
    expect(await decide(inboundCall(), 'request-1')).toEqual({ outcome: 'duplicate' });
    expect(world.transfers).toHaveLength(1);
  });

  it('while the first delivery is still at work is a duplicate', async () => {
    await world.store.claimCall(inboundCall().callId, 'webhook', owner('request-1'), deadlineMs);
    world.clock.advance(9_999);
    expect(await decide(inboundCall(), 'request-2')).toEqual({ outcome: 'duplicate' });
  });

  it('after the first invocation died before its transfer is read, and routed', async () => {
    await world.store.claimCall(inboundCall().callId, 'webhook', owner('request-1'), deadlineMs);
    world.clock.advance(10_000);
    expect(await decide(inboundCall(), 'request-2')).toEqual(routed);
    expect(world.readings).toEqual(['812000001']);
    expect(world.transfers).toHaveLength(1);
  });

  it('after the first invocation died behind its transfer is left in doubt', async () => {
    await world.store.claimCall(inboundCall().callId, 'webhook', owner('request-1'), deadlineMs);
    world.clock.advance(10_000);
    world.reading = () => succeed({ ...untouched, isTouched: true });
    expect(await decide(inboundCall(), 'request-2')).toEqual(inDoubt('call-touched'));
    expect(world.transfers).toEqual([]);
    expect(world.store.records().map(({ decision }) => decision)).toEqual([inDoubt('call-touched')]);
  });

  it('after the first invocation died, with a policy that can not be read, is in doubt', async () => {
    await world.store.claimCall(inboundCall().callId, 'webhook', owner('request-1'), deadlineMs);
    world.clock.advance(10_000);
    const currentPolicy = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    expect(await decide(inboundCall(), 'request-2', { currentPolicy })).toEqual(inDoubt('store-unavailable'));
    expect(world.transfers).toEqual([]);
  });

  it('too late after the first invocation died is left in doubt', async () => {
    await world.store.claimCall(inboundCall().callId, 'webhook', owner('request-1'), deadlineMs);
    world.clock.advance(30_001);
    expect(await decide(inboundCall(), 'request-2')).toEqual(inDoubt('stale'));
    expect(world.transfers).toEqual([]);
  });

  it('after its decision could not be stored is read, and never transferred twice', async () => {
    const settleCall = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    expect(await decide(inboundCall(), 'request-1', { settleCall })).toEqual(routed);
    expect(world.warnings).toEqual([['settle-failed', { callId: '812000001', detail: 'TimeoutError' }]]);

    world.clock.advance(10_000);
    world.reading = () => succeed({ ...untouched, isTouched: true });
    expect(await decide(inboundCall(), 'request-2')).toEqual(inDoubt('call-touched'));
    expect(world.transfers).toHaveLength(1);
  });
});

it('a decision whose claim someone else took over in the meantime is reported', async () => {
  const settleCall = async () => succeed({ kind: 'not-owner' as const });
  expect(await decide(inboundCall(), 'request-1', { settleCall })).toEqual(routed);
  expect(world.warnings).toEqual([['settle-failed', { callId: '812000001', detail: 'not-owner' }]]);
});

it('every request is bounded: before the time kept for settling, and settling by the deadline', async () => {
  const bounds: Record<string, number> = {};
  world.answers.push(() => lost);
  await route(inboundCall(), 'request-1', {
    claimCall: async (_call, _door, _owner, boundMs) => {
      bounds['claim'] = boundMs - t0;
      return succeed({ claim: 'claimed' as const, door: 'webhook' as const, news: nothingTold });
    },
    findCaller: async (_phone, boundMs) => {
      bounds['caller'] = boundMs - t0;
      return succeed({ contact: contact() });
    },
    considerAgent: async (target, id, policy, boundMs) => {
      bounds['agent'] = boundMs - t0;
      return go(target, id, policy, boundMs);
    },
    currentPolicy: async (boundMs) => {
      bounds['policy'] = boundMs - t0;
      return succeed({ version: 0, policy: defaultPolicy });
    },
    transferCall: async (_callId, _to, boundMs) => {
      bounds['transfer'] = boundMs - t0;
      return lost;
    },
    readCall: async (_callId, boundMs) => {
      bounds['reading'] = boundMs - t0;
      return succeed(untouched);
    },
    settleCall: async (_record, _owner, boundMs) => {
      bounds['settle'] = boundMs - t0;
      return succeed({ kind: 'settled', news: nothingTold });
    },
  });
  expect(bounds).toEqual({
    claim: 3400,
    caller: 3400,
    policy: 3400,
    agent: 3400,
    transfer: 3400,
    reading: 3400,
    settle: 4000,
  });
});

describe('a plan of several targets', () => {
  const currentPolicy = policyOf({
    rules: [
      {
        name: 'everyone',
        targets: ['assigned', 'backups', { team: 7 as AircallTeamId, strategy: 'longest_idle' }],
      },
    ],
  });
  const answering =
    (busy: readonly string[]): RoutingPorts['considerAgent'] =>
    async (target, ...rest) =>
      busy.includes(target.email) ? skipped('agent-in-call')(target, ...rest) : go(target, ...rest);
  beforeEach(() => world.store.saveContacts([contact({ backups: [email('jan@example.com')] })], deadlineMs));

  it('goes to the backup when the assigned agent is busy, and the record says why', async () => {
    const record = await route(inboundCall(), 'request-1', {
      currentPolicy,
      considerAgent: answering(['jane@example.com']),
    });
    expect(record.decision).toEqual({
      outcome: 'routed',
      to: { kind: 'agent', aircallUserId: 457 },
      because: 'backup',
    });
    expect(record.considered).toEqual([
      {
        target: { kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' },
        verdict: 'agent-in-call',
      },
      { target: { kind: 'agent', email: 'jan@example.com', because: 'backup' }, verdict: 'go', ...known },
    ]);
    expect(world.transfers).toEqual(['812000001 → 457']);
    expect(world.released).toEqual([]);
  });

  it('goes to the team when every agent is busy', async () => {
    const busy = ['jane@example.com', 'jan@example.com'];
    const decision = await decide(inboundCall(), 'request-1', {
      currentPolicy,
      considerAgent: answering(busy),
    });
    expect(decision).toEqual({
      outcome: 'routed',
      to: { kind: 'team', teamId: 7, strategy: 'longest_idle' },
      because: 'policy-team',
    });
    expect(world.transfers).toEqual(['812000001 → team 7 longest_idle']);
  });

  it('goes on behind an agent whom Aircall refuses, who is let go of', async () => {
    world.answers.push(() => fail({ reason: 'refused', message: 'said so', status: 405 }));
    const record = await route(inboundCall(), 'request-1', { currentPolicy });
    expect(record.decision).toMatchObject({
      outcome: 'routed',
      to: { aircallUserId: 457 },
      because: 'backup',
    });
    expect(world.transfers).toEqual(['812000001 → 456', '812000001 → 457']);
    expect(world.released).toEqual(['jane@example.com']);
  });

  it('ends with a refusal that is not about the target', async () => {
    world.answers.push(() => fail({ reason: 'call-ended', message: 'said so', status: 400 }));
    expect(await decide(inboundCall(), 'request-1', { currentPolicy })).toEqual(left('call-over'));
    expect(world.transfers).toHaveLength(1);
    expect(world.released).toEqual(['jane@example.com']);
  });

  it('ends in doubt, and holds on to the agent who may be ringing', async () => {
    world.answers.push(() => lost);
    world.reading = () => succeed({ ...untouched, isTouched: true });
    expect(await decide(inboundCall(), 'request-1', { currentPolicy })).toEqual(inDoubt('call-touched'));
    expect(world.transfers).toHaveLength(1);
    expect(world.released).toEqual([]);
  });

  it('ends when its time is over', async () => {
    const considerAgent: RoutingPorts['considerAgent'] = async (...given) => {
      world.clock.advance(1_600);
      return skipped('agent-in-call')(...given);
    };
    expect(await decide(inboundCall(), 'request-1', { currentPolicy, considerAgent })).toEqual(
      left('out-of-time'),
    );
    expect(world.transfers).toEqual([]);
  });

  it('may be a number', async () => {
    const rules = [{ name: 'night', targets: [{ number: phone('+33199000042') }] }];
    expect(await decide(inboundCall(), 'request-1', { currentPolicy: policyOf({ rules }) })).toEqual({
      outcome: 'routed',
      to: { kind: 'number', phone: '+33199000042' },
      because: 'policy-number',
    });
    expect(world.transfers).toEqual(['812000001 → +33199000042']);
  });

  it('is that of the first rule that matches; those above are recorded with what they lacked', async () => {
    const rules: Rule[] = [
      { name: 'vip', when: { contact: { tier: ['gold'] } }, targets: [{ team: 9 as AircallTeamId }] },
      { name: 'french office', when: { number: [1234 as AircallNumberId] }, targets: ['assigned'] },
      { name: 'everyone', targets: ['leave'] },
    ];
    const call = inboundCall({ aircallNumberId: 1234 as AircallNumberId });
    const record = await route(call, 'request-1', { currentPolicy: policyOf({ rules }) });
    expect(record).toMatchObject({
      rule: 'french office',
      policyVersion: 7,
      passed: [{ rule: 'vip', because: 'contact' }],
      decision: routed,
    });
  });
});

describe('a rule that names the last agent', () => {
  const rules: readonly Rule[] = [{ name: 'everyone', targets: ['last-agent', 'assigned'] }];
  const currentPolicy = policyOf({ rules });
  const stranger = phone('+12025550133');
  const call = inboundCall({ caller: { kind: 'identified', phone: stranger } });
  const talk = (endedAtMs: number) => ({
    phone: stranger,
    aircallUserId: userId(457),
    email: email('jan@example.com'),
    direction: 'inbound' as const,
    answeredAtMs: endedAtMs - 60_000,
    endedAtMs,
  });
  const routedToJan = { ...routed, to: { kind: 'agent', aircallUserId: 457 }, because: 'last-agent' };

  it('brings a caller to them, who need be no contact', async () => {
    await world.store.saveConversation(talk(t0 - 1000), t0, deadlineMs);
    expect(await decide(call, 'request-1', { currentPolicy })).toEqual(routedToJan);
    expect(world.transfers).toEqual(['812000001 → 457']);
  });

  it('names nobody for a caller whom nobody spoke to, or too long ago', async () => {
    expect(await decide(call, 'request-1', { currentPolicy })).toEqual(left('unknown-caller'));
    await world.store.saveConversation(talk(t0 - 2_592_000_000), t0, deadlineMs);
    const later = inboundCall({ ...call, callId: '812000002' as never });
    expect(await decide(later, 'request-2', { currentPolicy })).toEqual(left('unknown-caller'));
  });

  it('passes over one who has left the company, with that reason, and tries the next', async () => {
    await world.store.saveAgent({ email: email('jan@example.com'), checkedAtMs: t0 }, deadlineMs);
    await world.store.saveConversation({ ...talk(t0), phone: contact().phone }, t0, deadlineMs);
    const considerAgent = createConsiderAgent(
      {
        ...world.store,
        resolveAgent: async () => succeed({ source: 'store' as const, ageMs: 0 }),
        fetchAvailability: async () => succeed(undefined),
        ratePause: createRatePause(world.clock.now, 60_000),
        warn: world.ports.warn,
        now: world.clock.now,
      },
      { askingRestsForMs: 10_000 },
    );
    await world.store.saveAgent(
      { email: email('jane@example.com'), aircallUserId: userId(456), checkedAtMs: t0 },
      deadlineMs,
    );
    const free = { kind: 'checked', presence: 'available', atMs: t0 } as const;
    await world.store.trackPresence(email('jane@example.com'), free, deadlineMs);

    const record = await route(inboundCall(), 'request-1', { currentPolicy, considerAgent });
    expect(record.decision).toEqual(routed);
    expect(record.considered).toMatchObject([
      { target: { email: 'jan@example.com', because: 'last-agent' }, verdict: 'agent-not-on-aircall' },
      { target: { email: 'jane@example.com', because: 'assigned-agent' }, verdict: 'go' },
    ]);
  });

  it('goes on without one who can not be read, and says so', async () => {
    const unreadable = 'last agent: email';
    const findCaller = async () => succeed({ contact: contact(), unreadable });
    expect(await decide(inboundCall(), 'request-1', { currentPolicy, findCaller })).toEqual(routed);
    const detail = { callId: '812000001', during: 'finding the last agent', detail: unreadable };
    expect(world.warnings).toEqual([['item-unreadable', detail]]);
  });
});

describe('what events told of a call', () => {
  const declined = { kind: 'refused', refusal: { because: 'agent-declined', by: userId(456) } } as const;
  const id = inboundCall().callId;

  it.each([
    ['answered', 'call-answered'],
    ['over', 'call-over'],
  ] as const)('before it was announced leaves it: %s', async (kind, because) => {
    await world.store.noteCallNews(id, { kind, atMs: t0 }, deadlineMs);
    expect(await decide()).toEqual(left(because));
    expect(world.transfers).toEqual([]);
  });

  it('before it was announced passes over who will not take it, and lets go of them', async () => {
    await world.store.saveContacts([contact({ backups: [email('jan@example.com')] })], deadlineMs);
    await world.store.noteCallNews(id, declined, deadlineMs);
    const rules: Rule[] = [{ name: 'everyone', targets: ['assigned', 'backups'] }];
    const record = await route(inboundCall(), 'request-1', { currentPolicy: policyOf({ rules }) });
    expect(record.considered.map(({ verdict }) => verdict)).toEqual(['call-refused', 'go']);
    expect(world.transfers).toEqual(['812000001 → 457']);
    expect(world.released).toEqual(['jane@example.com']);
  });

  it('while it was decided may send it on at once: they could not find it before it was stored', async () => {
    const transferCall: RoutingPorts['transferCall'] = async () => {
      await world.store.noteCallNews(id, declined, deadlineMs);
      return succeed(undefined);
    };
    const record = await route(inboundCall(), 'request-1', { transferCall });
    const news = { isAnswered: false, isOver: false, refusals: [declined.refusal] };
    expect(world.rerouted).toEqual([{ record, hops: [], hopsBegun: 0, news }]);
  });

  it('sends it on within the deadline, for the same owner, and its own decision stays the answer', async () => {
    const given: unknown[] = [];
    const rerouteCall: RoutingPorts['rerouteCall'] = async (_call, by, boundMs, cause) => {
      given.push([by, boundMs - t0, cause]);
      return succeed(hopRecord());
    };
    expect(await decide(inboundCall(), 'request-1', { rerouteCall })).toEqual(routed);
    expect(given).toEqual([['request-1', 4000, undefined]]);
  });

  it('sends nothing on that could not be stored, or is another delivery’s', async () => {
    const settleCall = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    await route(inboundCall(), 'request-1', { settleCall });
    await route(inboundCall(), 'request-2');
    expect(world.rerouted).toEqual([]);
  });
});

describe('a call that is announced late', () => {
  const late = inboundCall({ startedAtMs: t0 - 4_001 });

  it('is read first, and given to someone while nobody has answered it, touched or not', async () => {
    world.reading = () => succeed({ ...untouched, isTouched: true });
    const record = await route(late);
    expect(record.decision).toEqual(routed);
    expect(record.readings).toEqual(['still-ringing']);
    expect(world.readings).toEqual(['812000001']);
  });

  it('is not read up to four seconds', async () => {
    expect(await decide(inboundCall({ startedAtMs: t0 - 4_000 }))).toEqual(routed);
    expect(world.readings).toEqual([]);
  });

  it.each([
    ['call-answered', succeed({ ...untouched, status: 'answered' } as const)],
    ['call-over', succeed({ ...untouched, status: 'over' } as const)],
    ['aircall-unavailable', fail({ reason: 'no-answer', message: 'said nothing' } as const)],
  ])('is left as %s', async (because, reading) => {
    world.reading = () => reading;
    const record = await route(late);
    expect(record.decision).toEqual(left(because));
    expect(record.readings).toEqual([because]);
    expect(world.transfers).toEqual([]);
  });

  it('after a lapsed claim is read once', async () => {
    await world.store.claimCall(late.callId, 'webhook', owner('request-1'), deadlineMs);
    world.clock.advance(10_000);
    expect(await decide(late, 'request-2')).toEqual(routed);
    expect(world.readings).toEqual(['812000001']);
  });
});

describe('what follows a transfer', () => {
  it('is a card for who is rung, made of what was looked up with the claim', async () => {
    await route(inboundCall(), 'request-1', { currentPolicy: policyOf({ insightCard: {} }) });
    expect(world.cards).toEqual(['Zoë Martin → jane@example.com']);
  });

  it('is a ring timer, as long as someone is left of the plan', async () => {
    await route();
    expect(world.timers).toEqual([]);

    await world.store.saveContacts([contact({ backups: [email('jan@example.com')] })], deadlineMs);
    const policy = {
      ringSeconds: 12,
      rules: [{ name: 'everyone', targets: ['assigned', 'backups'] }],
    } as const;
    const call = inboundCall({ callId: callId('812000002') });
    await route(call, 'request-2', { currentPolicy: policyOf(policy) });
    expect(world.timers).toEqual([{ callId: '812000002', hop: 0, dueAtMs: 1763851212000 }]);
  });

  it('is nothing where nobody was transferred to', async () => {
    const call = inboundCall({ caller: { kind: 'withheld' } });
    await route(call, 'request-1', { currentPolicy: policyOf({ insightCard: {} }) });
    expect([world.cards, world.timers, world.released]).toEqual([[], [], []]);
  });
});
