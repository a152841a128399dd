import { beforeEach, describe, expect, it } from 'vitest';
import type { AircallFailure, AircallUser } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { createResolveAgent, type ResolveAgentPorts } from '../../lib/use-cases/resolve-agent.ts';
import { createClock, email, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const jane = email('jane@example.com');
const deadlineMs = t0 + 4_000;
const limits = { knownForMs: 300_000, unknownForMs: 60_000 };

function createWorld() {
  const clock = createClock();
  const store = createInMemoryStore(clock.now, 10_000);
  const asked: string[] = [];
  const read: string[] = [];
  const warnings: unknown[] = [];
  const users = new Map<string, AircallUser>([
    ['jane@example.com', { email: jane, aircallUserId: userId(456), name: 'Jane Doe' }],
  ]);
  const ports: ResolveAgentPorts = {
    findAgent: async (address, boundMs) => {
      read.push(address);
      return store.findAgent(address, boundMs);
    },
    saveAgent: store.saveAgent,
    fetchUser: async (address) => {
      asked.push(address);
      return succeed(users.get(address));
    },
    warn: (what, detail) => warnings.push([what, detail]),
    now: clock.now,
  };
  return { clock, store, asked, read, warnings, users, ports };
}

let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld();
});

const container = (ports: Partial<ResolveAgentPorts> = {}) =>
  createResolveAgent({ ...world.ports, ...ports }, limits);

describe('an agent who is nowhere yet', () => {
  it('is asked for at Aircall once, and stored', async () => {
    const resolveAgent = container();
    expect(await resolveAgent(jane, deadlineMs)).toEqual(
      succeed({ aircallUserId: 456, source: 'aircall', ageMs: 0, saving: expect.any(Promise) }),
    );
    expect(await world.store.findAgent(jane, deadlineMs)).toEqual(
      succeed({ email: jane, aircallUserId: 456, name: 'Jane Doe', checkedAtMs: t0 }),
    );
    world.clock.advance(5_000);
    expect(await resolveAgent(jane, deadlineMs)).toStrictEqual(
      succeed({ aircallUserId: 456, source: 'memory', ageMs: 5000 }),
    );
    expect(world.asked).toEqual(['jane@example.com']);
  });

  it('is stored with their wrap-up', async () => {
    world.users.set(jane, { email: jane, aircallUserId: userId(456), wrapUpSeconds: 30 });
    const resolved = await container()(jane, deadlineMs);
    await (resolved.ok ? resolved.value.saving : undefined);
    expect(await world.store.findAgent(jane, deadlineMs)).toEqual(
      succeed({ email: jane, aircallUserId: 456, wrapUpSeconds: 30, checkedAtMs: t0 }),
    );
  });

  it('wanted by many at once costs one request', async () => {
    const resolveAgent = container();
    const answers = await Promise.all(Array.from({ length: 20 }, () => resolveAgent(jane, deadlineMs)));
    expect(answers).toEqual(
      Array(20).fill(
        succeed({ aircallUserId: 456, source: 'aircall', ageMs: 0, saving: expect.any(Promise) }),
      ),
    );
    expect(world.asked).toEqual(['jane@example.com']);
    expect(world.read).toEqual(['jane@example.com']);
  });

  it('is resolved while it is still being stored', async () => {
    let finish = () => {};
    const saveAgent = () =>
      new Promise<ReturnType<typeof succeed<void>>>((resolve) => {
        finish = () => resolve(succeed(undefined));
      });
    const answer = await container({ saveAgent })(jane, deadlineMs);
    expect(answer).toMatchObject({ ok: true, value: { aircallUserId: 456 } });

    let isSaved = false;
    const saving = answer.ok ? answer.value.saving?.then(() => (isSaved = true)) : undefined;
    await Promise.resolve();
    expect(isSaved).toBe(false);
    finish();
    await saving;
    expect(isSaved).toBe(true);
  });

  it('that can not be stored is resolved all the same, with a warning', async () => {
    const resolveAgent = container({
      saveAgent: async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' }),
    });
    expect(await resolveAgent(jane, deadlineMs)).toEqual(
      succeed({ aircallUserId: 456, source: 'aircall', ageMs: 0, saving: expect.any(Promise) }),
    );
    expect(world.warnings).toEqual([
      ['store-trouble', { during: 'saving an agent', detail: 'TimeoutError' }],
    ]);
    await resolveAgent(jane, deadlineMs);
    expect(world.asked).toHaveLength(2);
  });
});

describe('an agent who is in the store', () => {
  beforeEach(() =>
    world.store.saveAgent(
      { email: jane, aircallUserId: userId(456), checkedAtMs: t0 - 86_400_000 },
      deadlineMs,
    ),
  );

  it('costs no request to Aircall, however old the item is', async () => {
    expect(await container()(jane, deadlineMs)).toEqual(
      succeed({ aircallUserId: 456, source: 'store', ageMs: 86400000 }),
    );
    expect(world.asked).toEqual([]);
  });

  it('is kept in memory for five minutes, then read again', async () => {
    const resolveAgent = container();
    await resolveAgent(jane, deadlineMs);
    world.clock.advance(299_999);
    await resolveAgent(jane, deadlineMs);
    expect(world.read).toHaveLength(1);

    await world.store.saveAgent({ email: jane, aircallUserId: userId(789), checkedAtMs: t0 }, deadlineMs);
    world.clock.advance(1);
    expect(await resolveAgent(jane, deadlineMs)).toEqual(
      succeed({ aircallUserId: 789, source: 'store', ageMs: 300000 }),
    );
    expect(world.read).toHaveLength(2);
  });
});

describe('an agent whom Aircall does not know', () => {
  const ghost = email('ghost@example.com');
  const unknown = (source: string, ageMs: number) =>
    succeed({ source, ageMs, ...(source === 'aircall' && { saving: expect.any(Promise) }) });

  it('costs one request a minute, not one a call', async () => {
    const resolveAgent = container();
    expect(await resolveAgent(ghost, deadlineMs)).toEqual(unknown('aircall', 0));
    world.clock.advance(59_999);
    expect(await resolveAgent(ghost, deadlineMs)).toStrictEqual(unknown('memory', 59999));
    expect(world.asked).toHaveLength(1);
    world.clock.advance(1);
    expect(await resolveAgent(ghost, deadlineMs)).toEqual(unknown('aircall', 0));
    expect(world.asked).toHaveLength(2);
  });

  it('costs one request a minute over all containers', async () => {
    await container()(ghost, deadlineMs);
    world.clock.advance(30_000);
    const another = container();
    expect(await another(ghost, deadlineMs)).toEqual(unknown('store', 30000));
    world.clock.advance(29_999);
    expect(await another(ghost, deadlineMs)).toEqual(unknown('memory', 59999));
    expect(world.asked).toHaveLength(1);
    world.clock.advance(1);
    await another(ghost, deadlineMs);
    expect(world.asked).toHaveLength(2);
  });

  it('is found as soon as the minute is over', async () => {
    const resolveAgent = container();
    await resolveAgent(ghost, deadlineMs);
    world.users.set(ghost, { email: ghost, aircallUserId: userId(999) });
    world.clock.advance(60_000);
    expect(await resolveAgent(ghost, deadlineMs)).toEqual(
      succeed({ aircallUserId: 999, source: 'aircall', ageMs: 0, saving: expect.any(Promise) }),
    );
  });
});

describe('trouble on the way', () => {
  it.each(['store-unavailable', 'item-unreadable'] as const)(
    'with the store is told, and not kept: %s',
    async (reason) => {
      const resolveAgent = container({ findAgent: async () => fail({ reason, detail: 'x' }) });
      const answer = await resolveAgent(jane, deadlineMs);
      expect(answer).toMatchObject({ ok: false, failure: { reason } });
      const warning = reason === 'store-unavailable' ? 'store-trouble' : 'item-unreadable';
      expect(world.warnings).toEqual([[warning, { during: 'finding an agent', detail: 'x' }]]);
      expect(world.asked).toEqual([]);
    },
  );

  it('with Aircall is told, and the next call asks again', async () => {
    let failure: AircallFailure | undefined = {
      reason: 'rate-limited',
      message: 'GET /v2/users/:email: 429',
    };
    const resolveAgent = container({
      fetchUser: async (address) =>
        failure === undefined ? succeed(world.users.get(address)) : fail(failure),
    });
    expect(await resolveAgent(jane, deadlineMs)).toEqual(fail({ reason: 'rate-limited' }));
    expect(world.warnings).toEqual([
      ['aircall-trouble', { during: 'looking an agent up', failure: 'GET /v2/users/:email: 429' }],
    ]);
    failure = undefined;
    expect(await resolveAgent(jane, deadlineMs)).toEqual(
      succeed({ aircallUserId: 456, source: 'aircall', ageMs: 0, saving: expect.any(Promise) }),
    );
  });
});
