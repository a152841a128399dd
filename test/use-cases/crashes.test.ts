/**
 * A Lambda may die before or after any of its requests. Whatever the point, and however the delivery comes again, a
 * call is transferred at most once.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AircallTeamId } from '../../lib/core/model.ts';
import { defaultPolicy, type Policy } from '../../lib/core/policy.ts';
import { succeed } from '../../lib/core/result.ts';
import { contact, createClock, inboundCall, owner, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';
import { createRouting, type RoutingPorts } from './routing.ts';

const portNames = [
  'claimCall',
  'findCaller',
  'currentPolicy',
  'considerAgent',
  'transferCall',
  'readCall',
  'settleCall',
  'releaseAgent',
  'startRingTimer',
  'showCard',
  'rerouteCall',
] as const;
type PortName = (typeof portNames)[number];
type Death = { readonly port: PortName; readonly when: 'before' | 'after' };

/** Under which an invocation asks every port. */
const policy: Policy = {
  ...defaultPolicy,
  ringSeconds: 12,
  insightCard: {},
  rules: [{ name: 'everyone', targets: ['assigned', { team: 7 as AircallTeamId }] }],
};

class Died extends Error {}

function createWorld() {
  const clock = createClock();
  const store = createInMemoryStore(clock.now, 10_000);
  let transfers = 0;
  const ports: RoutingPorts = {
    claimCall: store.claimCall,
    settleCall: store.settleCall,
    findCaller: async () => succeed({ contact: contact() }),
    currentPolicy: async () => succeed({ version: 0, policy }),
    considerAgent: async (target) => ({
      considered: { target, verdict: 'go' },
      to: { kind: 'agent', aircallUserId: userId(456) },
    }),
    releaseAgent: async () => succeed('released'),
    startRingTimer: async () => succeed(undefined),
    showCard: async () => undefined,
    rerouteCall: async () => succeed(undefined),
    transferCall: async () => {
      transfers += 1;
      return succeed(undefined);
    },
    readCall: async () =>
      succeed({ status: 'ringing', startedAtMs: t0, isTouched: transfers > 0, hasAnswerTime: false }),
    warn: () => undefined,
    now: clock.now,
  };
  return { clock, store, ports, transfers: () => transfers };
}

/** The ports of an invocation that dies at one point, and makes no further request. */
function mortal(ports: RoutingPorts, death: Death | undefined): RoutingPorts {
  let isDead = false;
  const wrapped = portNames.map((port) => {
    const call = ports[port] as (...given: unknown[]) => Promise<unknown>;
    return [
      port,
      async (...given: unknown[]) => {
        if (isDead || (death?.port === port && death.when === 'before')) {
          isDead = true;
          throw new Died();
        }
        const answer = await call(...given);
        if (death?.port === port) {
          isDead = true;
          throw new Died();
        }
        return answer;
      },
    ];
  });
  return { ...ports, ...Object.fromEntries(wrapped) };
}

async function deliver(world: ReturnType<typeof createWorld>, by: string, death?: Death): Promise<string> {
  const routeCall = createRouting(mortal(world.ports, death));
  try {
    const { decision } = await routeCall(inboundCall(), owner(by), world.clock.now() + 4_000);
    return decision.outcome;
  } catch (error) {
    if (error instanceof Died) return 'died';
    throw error;
  }
}

const deaths: Death[] = portNames.flatMap((port) => [
  { port, when: 'before' },
  { port, when: 'after' },
]);

describe('an invocation that dies', () => {
  it.each(deaths)(
    '$when $port leaves at most one transfer, whenever the call is announced again',
    async (death) => {
      for (const pauseMs of [0, 9_999, 10_000, 29_000, 31_000]) {
        const world = createWorld();
        await deliver(world, 'first', death);
        world.clock.advance(pauseMs);
        await deliver(world, 'second');
        world.clock.advance(10_000);
        await deliver(world, 'third');
        expect(world.transfers()).toBeLessThanOrEqual(1);
      }
    },
  );

  it.each(deaths)(
    '$when $port costs no young caller their agent, once its claim has lapsed',
    async (death) => {
      const world = createWorld();
      await deliver(world, 'first', death);
      world.clock.advance(10_000);
      await deliver(world, 'second');
      expect(world.transfers()).toBe(1);
    },
  );
});

it('no schedule of deliveries, pauses and deaths brings a second transfer', async () => {
  const step = fc.record({
    pauseMs: fc.constantFrom(0, 1, 5_000, 9_999, 10_000, 12_000),
    twins: fc.integer({ min: 1, max: 3 }),
    death: fc.option(fc.constantFrom(...deaths), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const world = createWorld();
      let deliveries = 0;
      for (const { pauseMs, twins, death } of steps) {
        world.clock.advance(pauseMs);
        const atOnce = Array.from({ length: twins }, (_, twin) => {
          deliveries += 1;
          return deliver(world, `request-${deliveries}`, twin === 0 ? death : undefined);
        });
        await Promise.all(atOnce);
      }
      expect(world.transfers()).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});
