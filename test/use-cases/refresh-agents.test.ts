import { beforeEach, describe, expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import type { AircallUser } from '../../lib/ports.ts';
import { createRefreshAgents, type RefreshAgentsPorts } from '../../lib/use-cases/refresh-agents.ts';
import { createClock, email, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const deadlineMs = t0 + 60_000;
const jane = { email: email('jane@example.com'), aircallUserId: userId(456), name: 'Jane Doe' };
const jan = { email: email('jan@example.com'), aircallUserId: userId(457), name: 'Jan de Vries' };

function createWorld() {
  const clock = createClock();
  const store = createInMemoryStore(clock.now, 10_000);
  const writes: string[] = [];
  const warnings: unknown[] = [];
  const world = { clock, store, writes, warnings, users: [jane, jan] as AircallUser[], unreadable: 0 };
  const ports: RefreshAgentsPorts = {
    listUsers: async () => succeed({ users: world.users, unreadable: world.unreadable }),
    listAgents: store.listAgents,
    saveAgent: async (agent, boundMs) => {
      writes.push(agent.email);
      return store.saveAgent(agent, boundMs);
    },
    warn: (what, detail) => warnings.push([what, detail]),
    now: clock.now,
  };
  return Object.assign(world, { ports });
}

let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld();
});

const refresh = (ports: Partial<RefreshAgentsPorts> = {}) =>
  createRefreshAgents({ ...world.ports, ...ports })(deadlineMs);

describe('the refresh', () => {
  it('writes every user the first time', async () => {
    expect(await refresh()).toEqual(succeed({ users: 2, written: 2, gone: 0 }));
    expect(await world.store.findAgent(jane.email, deadlineMs)).toEqual(
      succeed({ ...jane, checkedAtMs: t0 }),
    );
  });

  it('writes nothing when nothing changed', async () => {
    await refresh();
    world.writes.length = 0;
    world.clock.advance(300_000);
    expect(await refresh()).toEqual(succeed({ users: 2, written: 0, gone: 0 }));
    expect(world.writes).toEqual([]);
  });

  it.each([
    ['another Aircall user id', { aircallUserId: userId(789) }],
    ['another name', { name: 'Jane Roe' }],
  ])('writes an agent who has %s', async (_, change) => {
    await refresh();
    world.writes.length = 0;
    world.users = [{ ...jane, ...change }, jan];
    expect(await refresh()).toEqual(succeed({ users: 2, written: 1, gone: 0 }));
    expect(world.writes).toEqual(['jane@example.com']);
  });

  it('marks who is gone, once', async () => {
    await refresh();
    world.users = [jane];
    world.clock.advance(300_000);
    expect(await refresh()).toEqual(succeed({ users: 1, written: 0, gone: 1 }));
    expect(await world.store.findAgent(jan.email, deadlineMs)).toEqual(
      succeed({ email: jan.email, checkedAtMs: t0 + 300_000 }),
    );
    expect(await refresh()).toEqual(succeed({ users: 1, written: 0, gone: 0 }));
  });

  it('welcomes back who was gone', async () => {
    await refresh();
    world.users = [jane];
    await refresh();
    world.users = [jane, jan];
    expect(await refresh()).toEqual(succeed({ users: 2, written: 1, gone: 0 }));
  });

  it('calls nobody gone on a list with users it can not read, and says so', async () => {
    await refresh();
    world.users = [jane];
    world.unreadable = 1;
    expect(await refresh()).toEqual(succeed({ users: 1, written: 0, gone: 0 }));
    expect(world.warnings).toEqual([['users-unreadable', { unreadable: 1 }]]);
  });

  it('does not believe that everyone left', async () => {
    await refresh();
    world.users = [];
    expect(await refresh()).toEqual(fail({ reason: 'nobody-listed', message: 'Aircall listed no user' }));
    expect(await world.store.findAgent(jane.email, deadlineMs)).toMatchObject({
      value: { aircallUserId: 456 },
    });
  });

  it('believes that nobody is back yet, where everyone had left one by one', async () => {
    await world.store.saveAgent({ email: jane.email, checkedAtMs: t0 }, deadlineMs);
    world.users = [];
    expect(await refresh()).toEqual(succeed({ users: 0, written: 0, gone: 0 }));
  });

  it('believes that nobody is there yet', async () => {
    world.users = [];
    expect(await refresh()).toEqual(succeed({ users: 0, written: 0, gone: 0 }));
  });

  it('changes nothing when a page of users is missing', async () => {
    await refresh();
    world.writes.length = 0;
    const listUsers = async () => fail({ reason: 'rate-limited', message: 'GET /v2/users: 429' } as const);
    expect(await refresh({ listUsers })).toEqual(
      fail({ reason: 'rate-limited', message: 'GET /v2/users: 429' }),
    );
    expect(world.writes).toEqual([]);
  });

  it('stops when the store can not be read or written', async () => {
    const trouble = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;
    const expected = fail({ reason: 'store-unavailable', message: 'TimeoutError' });
    expect(await refresh({ listAgents: async () => fail(trouble) })).toEqual(expected);
    expect(await refresh({ saveAgent: async () => fail(trouble) })).toEqual(expected);
  });

  it('goes on past an agent whom newer code wrote, and says what it could not read', async () => {
    const saved: string[] = [];
    const outcome = await refresh({
      listAgents: async () => succeed({ agents: [], unreadable: 1 }),
      saveAgent: async (agent) => {
        saved.push(agent.email);
        return fail({ reason: 'item-unreadable', detail: 'agent: schemaVersion' });
      },
    });
    expect(outcome.ok).toBe(true);
    expect(saved).toEqual(['jane@example.com', 'jan@example.com']);
    expect(world.warnings).toEqual([
      ['agents-unreadable', { unreadable: 1 }],
      ['agents-unreadable', { refused: 2 }],
    ]);
  });
});
