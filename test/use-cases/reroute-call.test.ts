import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import { createRerouteCall, type RerouteCallPorts } from '../../lib/use-cases/reroute-call.ts';
import { callId, decidedCall, owner, userId } from '../builders.ts';
import { createRingingWorld, limits } from './ringing-world.ts';

type World = Awaited<ReturnType<typeof createRingingWorld>>;
const id = callId('812000001');
let world: World;
beforeEach(async () => {
  world = await createRingingWorld();
});

const rung = (of = id) => world.truthOf(of).rungByUs;
const hops = (of = id) => world.store.decided(of)?.hops ?? [];
const outcomes = () =>
  hops().map(({ hop, cause, decision }) => [hop, cause, 'to' in decision ? decision.to : decision]);
const to = (agent: number) => ({ kind: 'agent', aircallUserId: agent });
const left = (because: string) => ({ outcome: 'left', because });

describe('a call whose agent declines', () => {
  it('goes on to the next of its plan, and to the one after, each with a hop of its own in the record', async () => {
    await world.ring()();
    await world.decline(id)?.();
    await world.decline(id)?.();
    expect(rung()).toEqual([456, 457, 458]);
    expect(outcomes()).toEqual([
      [1, 'agent-declined', to(457)],
      [2, 'agent-declined', to(458)],
    ]);
    expect(hops()[0]).toMatchObject({
      considered: [{ target: { email: 'jan@example.com', because: 'backup' }, verdict: 'go' }],
      attempts: [{ to: to(457), answer: 'accepted' }],
      readings: ['still-ringing'],
      policyVersion: 1,
    });
  });

  it('stays with Aircall once nobody is left', async () => {
    await world.ring()();
    for (let times = 0; times < 3; times += 1) await world.decline(id)?.();
    expect(rung()).toEqual([456, 457, 458]);
    expect(outcomes().at(-1)).toEqual([3, 'agent-declined', left('no-target-available')]);
    // Not even read for it.
    expect(hops().map(({ readings }) => readings)).toEqual([['still-ringing'], ['still-ringing'], []]);
  });

  it('goes on once, however often and late the event comes', async () => {
    await world.ring()();
    const declined = world.decline(id);
    await Promise.all([declined?.(), declined?.(), declined?.()]);
    await declined?.();
    expect(rung()).toEqual([456, 457]);
    expect(hops()).toHaveLength(1);
  });

  it('goes on when the event comes while the decision is being stored', async () => {
    const announce = world.ring();
    world.hooks.beforeSettling = async () => world.decline(id)?.();
    await announce();
    expect(rung()).toEqual([456, 457]);
    expect(outcomes()).toEqual([[1, 'agent-declined', to(457)]]);
  });

  it('goes on twice when the next one declines while the hop is being stored', async () => {
    await world.ring()();
    const declined = world.decline(id);
    world.hooks.beforeSettling = async () => world.decline(id)?.();
    await declined?.();
    expect(rung()).toEqual([456, 457, 458]);
    expect(hops()).toHaveLength(2);
  });

  it('does not ring whoever declined it before it was announced to us', async () => {
    const announce = world.ring();
    await world.decline(id, 456)?.();
    await announce();
    expect(rung()).toEqual([457]);
    expect(world.store.decided(id)?.record.considered.map(({ verdict }) => verdict)).toEqual([
      'call-refused',
      'go',
    ]);
  });

  it('does not go on because somebody else declined it', async () => {
    await world.ring()();
    await world.decline(id, 458)?.();
    expect(rung()).toEqual([456]);
    await world.decline(id)?.();
    await world.decline(id)?.();
    expect(rung()).toEqual([456, 457]);
    expect(outcomes().at(-1)).toEqual([2, 'agent-declined', left('no-target-available')]);
  });

  it('lets go of whoever declined, and holds the next', async () => {
    await world.ring()();
    await world.decline(id)?.();
    const held = async (email: string) =>
      ((found) => (found.ok ? found.value?.hold?.callId : 'failed'))(
        await world.store.findAgent(email as never, 0),
      );
    expect([await held('jane@example.com'), await held('jan@example.com')]).toEqual([undefined, id]);
  });

  it('passes over who is in a call by now, and goes to the one behind', async () => {
    const other = callId('812000002');
    await world.ring()();
    await world.tell(
      { kind: 'answered', atMs: world.clock.now(), callId: other },
      {
        aircallUserId: userId(457),
        fact: { kind: 'call-answered', callId: other, atMs: world.clock.now() },
      },
    );
    await world.decline(id)?.();
    expect(rung()).toEqual([456, 458]);
  });

  it.each([
    ['answered', 'call-answered'],
    ['over', 'call-over'],
  ] as const)('is left alone where it was %s meanwhile and nothing told of it', async (phase, because) => {
    await world.ring()();
    const declined = world.decline(id);
    world.truthOf(id).phase = phase;
    await declined?.();
    expect(rung()).toEqual([456]);
    expect(outcomes()).toEqual([[1, 'agent-declined', left(because)]]);
  });

  it.each(['answer', 'hangUp'] as const)('is not even read where an event told: %s', async (act) => {
    await world.ring()();
    const declined = world.decline(id, 456);
    await world[act](id, 458)?.();
    await declined?.();
    expect(rung()).toEqual([456]);
    expect(hops()).toEqual([]);
  });

  it('stays where it is while the policy can’t be read', async () => {
    await world.ring()();
    Object.assign(world.parts, {
      currentPolicy: async () => fail({ reason: 'item-unreadable', detail: 'policy: document' }),
    });
    await world.decline(id)?.();
    expect(rung()).toEqual([456]);
    expect(outcomes()).toEqual([[1, 'agent-declined', left('item-unreadable')]]);
    expect(hops()[0]).not.toHaveProperty('policyVersion');
  });

  it('keeps the hop that was made where the one behind it could not be claimed', async () => {
    await world.ring()();
    const declined = world.decline(id);
    world.hooks.beforeSettling = async () => {
      await world.decline(id)?.();
      world.hooks.nextClaimFails = true;
    };
    await declined?.();
    expect(rung()).toEqual([456, 457]);
    expect(outcomes()).toEqual([[1, 'agent-declined', to(457)]]);
    expect(world.warnings).toEqual([
      ['store-trouble', { callId: '812000001', during: 'claiming a hop', detail: 'TimeoutError' }],
    ]);
  });

  it('stays where it is while the router is switched off', async () => {
    world = await createRingingWorld();
    await world.ring()();
    Object.assign(world.policy, { enabled: false });
    await world.decline(id)?.();
    expect(rung()).toEqual([456]);
    expect(outcomes()).toEqual([[1, 'agent-declined', left('router-disabled')]]);
  });
});

describe('a hop', () => {
  const failure = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;
  const storeDown = async () => fail(failure);
  const goOn = async (inMs = 4000, changes: Partial<RerouteCallPorts> = {}, call = world.store.decided(id)) =>
    createRerouteCall({ ...world.parts, ...changes }, limits)(
      call ?? decidedCall(),
      owner('declined'),
      world.clock.now() + inMs,
      'agent-declined',
    );
  beforeEach(async () => {
    await world.ring()();
  });

  it.each([
    [1499, [456]],
    [1500, [456, 457]],
  ])(
    'is not begun with less time than it needs: with %d ms left these were rung: %o',
    async (inMs, agents) => {
      await goOn(inMs);
      expect(rung()).toEqual(agents);
    },
  );

  it('keeps time back for storing what came of it', async () => {
    const { parts } = world;
    const startedAtMs = world.clock.now();
    const boundsMs: Record<string, number> = {};
    await goOn(4000, {
      claimHop: (...given) => {
        boundsMs['claimHop'] = given[3] - startedAtMs;
        return parts.claimHop(...given);
      },
      currentPolicy: (boundMs) => {
        boundsMs['currentPolicy'] = boundMs - startedAtMs;
        return parts.currentPolicy();
      },
      settleHop: (...given) => {
        boundsMs['settleHop'] = given[3] - startedAtMs;
        return parts.settleHop(...given);
      },
    });
    expect(boundsMs).toEqual({ claimHop: 3400, currentPolicy: 3400, settleHop: 4000 });
  });

  it('records how long its claim took', async () => {
    await goOn(4000, {
      claimHop: async (...given) => {
        world.clock.advance(7);
        return world.parts.claimHop(...given);
      },
    });
    expect(hops()[0]?.timings).toMatchObject({ claimedMs: 7 });
  });

  it('that can’t be claimed is told, and rings nobody', async () => {
    expect(await goOn(4000, { claimHop: storeDown })).toEqual(fail('store-unavailable'));
    expect(rung()).toEqual([456]);
    expect(world.warnings).toEqual([
      ['store-trouble', { callId: id, during: 'claiming a hop', detail: 'TimeoutError' }],
    ]);
  });

  it('without a policy leaves the call where it rings, and follows nothing up', async () => {
    const followed: unknown[] = [];
    const followUp = async (...given: unknown[]) => void followed.push(given);
    expect(await goOn(4000, { currentPolicy: storeDown, followUp })).toMatchObject(
      succeed({ hop: 1, decision: left('store-unavailable') }),
    );
    expect(hops()[0]).not.toHaveProperty('policyVersion');
    expect([rung(), followed]).toEqual([[456], []]);
  });

  it('that can’t be stored was made all the same', async () => {
    expect(await goOn(4000, { settleHop: storeDown })).toMatchObject(
      succeed({ hop: 1, decision: { outcome: 'routed', to: to(457) } }),
    );
  });

  it('is not made of a call that rings nobody of ours, whatever the cause', async () => {
    const over = { isAnswered: false, isOver: true, refusals: [] };
    expect(await goOn(4000, {}, decidedCall({ news: over }))).toEqual(succeed(undefined));
    expect(rung()).toEqual([456]);
  });

  it('is made for who declines also where the policy lets agents ring for good', async () => {
    Object.assign(world.policy, { ringSeconds: 0 });
    await goOn();
    expect(rung()).toEqual([456, 457]);
  });
});

describe('a hop that led nowhere leaves the call where it rings', () => {
  it('and a decline sends it on, where the timer could not read it', async () => {
    await world.ring()();
    world.clock.advance(25_000);
    world.hooks.nextReadingFails = true;
    await world.wake(0);
    expect(outcomes()).toEqual([[1, 'ring-timeout', left('aircall-unavailable')]]);
    await world.decline(id)?.();
    expect(rung()).toEqual([456, 457]);
    expect(outcomes()[1]).toEqual([2, 'agent-declined', to(457)]);
  });

  it('and the others are asked again once, not at every repetition', async () => {
    const busy = async (agent: number, kind: 'call-answered' | 'call-over') =>
      world.tell(
        { kind: 'over', atMs: world.clock.now(), callId: callId('812000009') },
        {
          aircallUserId: userId(agent),
          fact: { kind, callId: callId(`81300000${agent}`), atMs: world.clock.now() },
        },
      );
    await world.ring()();
    await busy(457, 'call-answered');
    await busy(458, 'call-answered');
    world.clock.advance(25_000);
    await world.wake(0);
    const declined = world.decline(id);
    await declined?.();
    expect(outcomes()).toEqual([
      [1, 'ring-timeout', left('no-target-available')],
      [2, 'agent-declined', left('no-target-available')],
    ]);
    world.clock.advance(2000);
    await busy(457, 'call-over');
    await declined?.();
    expect(hops()).toHaveLength(2);
    expect(rung()).toEqual([456]);
  });
});

describe('a call that is let ring', () => {
  it('is timed by the policy’s ringSeconds, from the transfer on', async () => {
    await world.ring()();
    expect(world.timers).toEqual([{ callId: id, hop: 0, dueAtMs: world.clock.now() + 25_000 }]);
  });

  it('goes on when the time is over, and is timed again', async () => {
    await world.ring()();
    world.clock.advance(25_000);
    expect(await world.wake(0)).toBe('done');
    expect(rung()).toEqual([456, 457]);
    expect(outcomes()).toEqual([[1, 'ring-timeout', to(457)]]);
    expect(world.timers[1]).toEqual({ callId: id, hop: 1, dueAtMs: world.clock.now() + 25_000 });
  });

  it('lets go of who was let ring, however long the policy holds them', async () => {
    Object.assign(world.policy, { reserveSeconds: 120 });
    await world.ring()();
    world.clock.advance(25_000);
    await world.wake(0);
    const holdOf = async (email: string) => {
      const found = await world.store.findAgent(email as never, 0);
      return found.ok ? found.value?.hold?.callId : 'failed';
    };
    expect([await holdOf('jane@example.com'), await holdOf('jan@example.com')]).toEqual([undefined, id]);
  });

  it('goes on once, however often the timer comes, and whatever else comes with it', async () => {
    await world.ring()();
    world.clock.advance(25_000);
    const declined = world.decline(id);
    await Promise.all([world.wake(0), world.wake(0), declined?.(), world.wake(0)]);
    await world.wake(0);
    expect(rung()).toEqual([456, 457]);
  });

  it.each([0, 60])('is %s s: with 0 never timed', async (ringSeconds) => {
    world = await createRingingWorld({ ringSeconds });
    await world.ring()();
    expect(world.timers.map(({ dueAtMs }) => dueAtMs - world.clock.now())).toEqual(
      ringSeconds === 0 ? [] : [60_000],
    );
  });

  it('is not timed where nobody is left to go on to', async () => {
    await world.ring()();
    await world.decline(id)?.();
    await world.decline(id)?.();
    expect(world.timers.map(({ hop }) => hop)).toEqual([0, 1]);
  });

  it('is left where it was answered, although nothing told of it', async () => {
    await world.ring()();
    world.clock.advance(25_000);
    world.answer(id);
    await world.wake(0);
    expect(rung()).toEqual([456]);
    expect(outcomes()).toEqual([[1, 'ring-timeout', left('call-answered')]]);
  });

  it('comes again where the table was away, and goes on then', async () => {
    await world.ring()();
    world.clock.advance(25_000);
    world.hooks.nextClaimFails = true;
    expect(await world.wake(0)).toBe('try-again');
    world.clock.advance(60_300);
    expect(await world.wake(0)).toBe('done');
    expect(rung()).toEqual([456, 457]);
  });

  it('stays where it is once the policy lets agents ring for good', async () => {
    await world.ring()();
    world.clock.advance(25_000);
    Object.assign(world.policy, { ringSeconds: 0 });
    await world.wake(0);
    expect(rung()).toEqual([456]);
    expect(outcomes()).toEqual([[1, 'ring-timeout', left('policy-says-leave')]]);
  });

  it('is not acted on long after its time', async () => {
    await world.ring()();
    world.clock.advance(25_000 + 100_001);
    expect(await world.wake(0)).toBe('done');
    expect(rung()).toEqual([456]);
    expect(hops()).toEqual([]);
  });
});

it('a call goes on at most six times', async () => {
  world = await createRingingWorld();
  const announce = world.ring();
  const emails = Array.from({ length: 9 }, (_, n) => `agent${n}@example.com`);
  for (const [n, email] of emails.entries()) {
    const agent = { email: email as never, aircallUserId: userId(900 + n), checkedAtMs: 0 };
    await world.store.saveAgent(agent, 0);
    const fact = { kind: 'checked', presence: 'available', atMs: world.clock.now() - 5000 } as const;
    await world.store.trackPresence(email as never, fact, 0);
  }
  Object.assign(world.policy, {
    rules: [{ name: 'all', targets: emails.map((agent) => ({ agent })) }],
  });
  await announce();
  for (let times = 0; times < 9; times += 1) await world.decline(id)?.();
  expect(rung()).toEqual([900, 901, 902, 903, 904, 905, 906]);
  expect(hops()).toHaveLength(6);
});

it.each(['lost-answer', 'no-answer'] as const)(
  'a hop whose answer is a %s is in doubt: no second transfer',
  async (reason) => {
    await world.ring()();
    world.hooks.nextAnswer = { ok: false, failure: { reason, message: 'POST /v1/calls/:id/transfers' } };
    await world.decline(id)?.();
    expect(rung()).toEqual([456, 457]);
    expect(outcomes()).toEqual([[1, 'agent-declined', { outcome: 'in-doubt', because: 'call-touched' }]]);
    // It did happen: who declines was rung.
    await world.decline(id)?.();
    expect(rung()).toEqual([456, 457, 458]);
  },
);

/** What may happen, in any order, any number of times; the numbers choose the call, the agent, the event. */
const anyStep = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constant('ring' as const), n: fc.nat(3) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constantFrom('decline' as const, 'answer' as const, 'hangUp' as const),
      n: fc.nat(3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('others answer' as const), n: fc.nat(3) }) },
  { weight: 12, arbitrary: fc.record({ act: fc.constant('deliver' as const), n: fc.nat(40) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('deliver two' as const), n: fc.nat(40) }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('wake' as const), n: fc.nat(6) }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('wait' as const), n: fc.nat(30) }) },
);

it('whatever the order and repetition of events: nothing is taken away, nobody is rung who declined, nobody for two', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 60 }), async (steps) => {
      world = await createRingingWorld();
      const events: (() => Promise<unknown>)[] = [];
      const anyCall = (n: number) => world.calls()[n % Math.max(1, world.calls().length)];

      for (const { act, n } of steps) {
        const call = anyCall(n);
        if (act === 'ring' && world.calls().length < 3) events.push(world.ring());
        if (act === 'wait') world.clock.advance(n * 1000);
        if (act === 'wake') await world.wake(n % Math.max(1, world.timers.length));
        if (act === 'deliver') await events[n % Math.max(1, events.length)]?.();
        if (act === 'deliver two')
          await Promise.all([events[n % events.length]?.(), events[(n * 7) % events.length]?.()]);
        if (call === undefined) continue;
        if (act === 'decline' || act === 'answer' || act === 'hangUp') {
          const told = world[act](call);
          if (told !== undefined) events.push(told);
        }
        // In the first seconds an announcement is taken for true: that is the price of being fast.
        if (act === 'others answer' && world.clock.now() - world.truthOf(call).startedAtMs > 4000) {
          const told = world.answer(call, 999);
          if (told !== undefined) events.push(told);
        }
      }
      expect(world.wrongs).toEqual([]);
      for (const call of world.calls()) {
        const agents = world.truthOf(call).rungByUs;
        expect(new Set(agents).size).toBe(agents.length);
      }
    }),
    { numRuns: 400 },
  );
});
