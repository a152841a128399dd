/**
 * A Lambda may die before or after any of its requests while it gives a call on. Whatever the point, and however often and
 * by whom it is asked for again, one hop is one transfer at most; and nobody but whoever finds it settled goes further.
 */
import { describe, expect, it } from 'vitest';
import type { DecidedCall } from '../../lib/core/hops.ts';
import { defaultPolicy, type Policy } from '../../lib/core/policy.ts';
import { succeed } from '../../lib/core/result.ts';
import { createFollowUp } from '../../lib/use-cases/follow-up.ts';
import { createRerouteCall } from '../../lib/use-cases/reroute-call.ts';
import { createTrackCall } from '../../lib/use-cases/track-call.ts';
import { createJudgeByReading, createTransferOnce } from '../../lib/use-cases/transfer-once.ts';
import { createTryTargets } from '../../lib/use-cases/try-targets.ts';
import { callId, createClock, email, owner, routedRecord, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const portNames = [
  'noteCallNews',
  'claimHop',
  'currentPolicy',
  'considerAgent',
  'transferCall',
  'readCall',
  'settleHop',
  'releaseAgent',
  'findContact',
  'startRingTimer',
  'showCard',
] as const;
type PortName = (typeof portNames)[number];
type Death = { readonly port: PortName; readonly when: 'before' | 'after' };
class Died extends Error {}

/** Under which an invocation asks every port. */
const policy: Policy = { ...defaultPolicy, ringSeconds: 12, insightCard: {} };
const limits = { settleKeptMs: 600, transferNeedsMs: 300, hopNeedsMs: 1500 };
const id = callId('812000001');
const agents = [email('jane@example.com'), email('jan@example.com'), email('max@example.com')] as const;
const idOf = new Map(agents.map((agent, index) => [agent, userId(456 + index)]));
const [jane, ...others] = agents;

/** A call that rings Jane, with two backups behind her. */
async function createWorld() {
  const clock = createClock();
  const store = createInMemoryStore(clock.now, 10_000);
  const transfers: number[] = [];
  const plan = [
    { kind: 'agent', email: jane, because: 'assigned-agent' },
    ...others.map((one) => ({ kind: 'agent', email: one, because: 'backup' }) as const),
  ] as const;
  await store.claimCall(id, 'webhook', owner('first'), t0 + 4_000);
  const record = routedRecord({ plan, considered: [{ target: plan[0], verdict: 'go' }] });
  await store.settleCall(record, owner('first'), t0 + 4_000);

  const ports = {
    noteCallNews: store.noteCallNews,
    claimHop: store.claimHop,
    settleHop: store.settleHop,
    findContact: store.findContact,
    currentPolicy: async () => succeed({ version: 0, policy }),
    considerAgent: async (target: (typeof plan)[number]) => ({
      considered: { target, verdict: 'go' as const },
      to: { kind: 'agent' as const, aircallUserId: idOf.get(target.email) ?? userId(1) },
    }),
    transferCall: async (_id: unknown, to: { readonly aircallUserId?: number }) => {
      transfers.push(to.aircallUserId ?? 0);
      return succeed(undefined);
    },
    readCall: async () =>
      succeed({ status: 'ringing' as const, startedAtMs: t0, isTouched: true, hasAnswerTime: false }),
    releaseAgent: async () => succeed('released' as const),
    startRingTimer: async () => succeed(undefined),
    showCard: async () => undefined,
  };
  return { clock, store, transfers, ports };
}
type World = Awaited<ReturnType<typeof createWorld>>;

/** The ports of an invocation that dies at one point, and makes no further request. */
function mortal(ports: World['ports'], death: Death | undefined): World['ports'] {
  let isDead = false;
  const wrapped = portNames.map((port) => [
    port,
    async (...given: unknown[]) => {
      if (isDead || (death?.port === port && death.when === 'before')) {
        isDead = true;
        throw new Died();
      }
      const answer = await (ports[port] as (...given: unknown[]) => Promise<unknown>)(...given);
      if (death?.port === port) {
        isDead = true;
        throw new Died();
      }
      return answer;
    },
  ]);
  return Object.fromEntries(wrapped);
}

/** An event tells that an agent declined; the invocation may die of it. */
async function decline(world: World, by: number, invocation: string, death?: Death): Promise<void> {
  const ports = { ...mortal(world.ports, death), warn: () => undefined, now: world.clock.now };
  const { considerAgent } = ports as never as Parameters<typeof createTryTargets>[0];
  const { transferCall } = ports as never as Parameters<typeof createTransferOnce>[0];
  const rerouteCall = createRerouteCall(
    {
      ...ports,
      judgeByReading: createJudgeByReading(ports),
      tryTargets: createTryTargets({ ...ports, considerAgent }, limits),
      transferOnce: createTransferOnce({ ...ports, transferCall }, limits),
      followUp: createFollowUp(ports),
    },
    limits,
  );
  const trackCall = createTrackCall({ ...ports, rerouteCall, trackNews: async () => 'presence-unchanged' });
  const refusal = { because: 'agent-declined', by: userId(by) } as const;
  const news = { callId: id, kind: 'refused', refusal } as const;
  try {
    await trackCall(news, owner(invocation), world.clock.now() + 4_000);
  } catch (error) {
    if (!(error instanceof Died)) throw error;
  }
}

const deaths: Death[] = portNames.flatMap((port) => [
  { port, when: 'before' },
  { port, when: 'after' },
]);
const hopsOf = (call: DecidedCall | undefined) => [call?.hopsBegun, call?.hops.length];

it('without a death, each who declines is followed by the next', async () => {
  const world = await createWorld();
  await decline(world, 456, 'request-1');
  await decline(world, 457, 'request-2');
  expect(world.transfers).toEqual([457, 458]);
  expect(hopsOf(world.store.decided(id))).toEqual([2, 2]);
});

describe('an invocation that dies', () => {
  it.each(deaths)(
    '$when $port leaves one transfer at most, however often it is told again',
    async (death) => {
      for (const pauseMs of [0, 9_999, 10_000, 60_000]) {
        const world = await createWorld();
        await decline(world, 456, 'request-1', death);
        world.clock.advance(pauseMs);
        await Promise.all([decline(world, 456, 'request-2'), decline(world, 456, 'request-3')]);
        await decline(world, 456, 'request-1');
        expect([[], [457]]).toContainEqual(world.transfers);
        expect(hopsOf(world.store.decided(id))[0]).toBeLessThanOrEqual(1);
      }
    },
  );

  it.each(deaths)('$when $port lets nobody go further than the hop it left', async (death) => {
    const world = await createWorld();
    await decline(world, 456, 'request-1', death);
    await decline(world, 457, 'request-2');
    await decline(world, 456, 'request-3');
    const [begun = 0, settled = 0] = hopsOf(world.store.decided(id));
    // Under way for good, or settled and gone on from.
    if (begun !== settled) expect([[], [457]]).toContainEqual(world.transfers);
    expect(new Set(world.transfers).size).toBe(world.transfers.length);
  });

  it.each([
    { port: 'noteCallNews', when: 'before' },
    { port: 'noteCallNews', when: 'after' },
    { port: 'claimHop', when: 'before' },
  ] as const)('$when $port costs nothing: told again, the call goes on', async (death) => {
    const world = await createWorld();
    await decline(world, 456, 'request-1', death);
    await decline(world, 456, 'request-2');
    expect(world.transfers).toEqual([457]);
  });
});
