import { beforeEach, describe, expect, it } from 'vitest';
import type { AircallFailure, AircallUser, Availability } from '../../lib/core/model.ts';
import type { Presence, PresenceFact } from '../../lib/core/presence.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import {
  createRefreshAgents,
  type RefreshAgentsPorts,
  type RefreshSummary,
} from '../../lib/use-cases/refresh-agents.ts';
import type { RefreshTrouble } from '../../lib/use-cases/refresh-trouble.ts';
import { callId, createClock, email, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const deadlineMs = t0 + 60_000;
const jane = { email: email('jane@example.com'), aircallUserId: userId(456), name: 'Jane Doe' };
const jan = { email: email('jan@example.com'), aircallUserId: userId(457), name: 'Jan de Vries' };

const nothingChecked = { presences: 0, corrected: 0 };
const nothingDone = { users: 0, written: 0, gone: 0, ...nothingChecked };
const usersLimited = { reason: 'rate-limited', message: 'GET /v2/users: 429' } as const;
const availabilitiesLimited = {
  reason: 'rate-limited',
  message: 'GET /v1/users/availabilities: 429',
} as const;
const storeTrouble = { reason: 'store-unavailable', message: 'TimeoutError' } as const;

const failed = (troubles: readonly RefreshTrouble[], done: RefreshSummary) =>
  fail({ troubles, done, message: expect.any(String) });

function createWorld() {
  const clock = createClock();
  const store = createInMemoryStore(clock.now, 10_000);
  const writes: string[] = [];
  const warnings: unknown[] = [];
  const world = {
    clock,
    store,
    writes,
    warnings,
    users: [jane, jan] as AircallUser[],
    unreadable: 0,
    usersFailure: undefined as AircallFailure | undefined,
    availabilities: [] as Availability[],
    unreadableAvailabilities: 0,
    availabilitiesFailure: undefined as AircallFailure | undefined,
  };
  const ports: RefreshAgentsPorts = {
    listUsers: async () => ({
      users: world.users,
      unreadable: world.unreadable,
      ...(world.usersFailure && { failure: world.usersFailure }),
    }),
    listAgents: store.listAgents,
    saveAgent: async (agent, boundMs) => {
      writes.push(agent.email);
      return store.saveAgent(agent, boundMs);
    },
    listAvailabilities: async () => ({
      availabilities: world.availabilities,
      unreadable: world.unreadableAvailabilities,
      ...(world.availabilitiesFailure && { failure: world.availabilitiesFailure }),
    }),
    trackPresence: store.trackPresence,
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
    expect(await refresh()).toEqual(succeed({ users: 2, written: 2, gone: 0, ...nothingChecked }));
    expect(await world.store.findAgent(jane.email, deadlineMs)).toEqual(
      succeed({ ...jane, checkedAtMs: t0 }),
    );
  });

  it('writes nothing when nothing changed', async () => {
    await refresh();
    world.writes.length = 0;
    world.clock.advance(300_000);
    expect(await refresh()).toEqual(succeed({ users: 2, written: 0, gone: 0, ...nothingChecked }));
    expect(world.writes).toEqual([]);
  });

  it.each([
    ['another Aircall user id', { aircallUserId: userId(789) }],
    ['another name', { name: 'Jane Roe' }],
    ['wrap-up', { wrapUpSeconds: 30 }],
  ])('writes an agent who has %s', async (_, change) => {
    await refresh();
    world.writes.length = 0;
    world.users = [{ ...jane, ...change }, jan];
    expect(await refresh()).toEqual(succeed({ users: 2, written: 1, gone: 0, ...nothingChecked }));
    expect(world.writes).toEqual(['jane@example.com']);
  });

  it('marks who is gone, once', async () => {
    await refresh();
    world.users = [jane];
    world.clock.advance(300_000);
    expect(await refresh()).toEqual(succeed({ users: 1, written: 0, gone: 1, ...nothingChecked }));
    expect(await world.store.findAgent(jan.email, deadlineMs)).toEqual(
      succeed({ email: jan.email, checkedAtMs: t0 + 300_000 }),
    );
    expect(await refresh()).toEqual(succeed({ users: 1, written: 0, gone: 0, ...nothingChecked }));
  });

  it('welcomes back who was gone', async () => {
    await refresh();
    world.users = [jane];
    await refresh();
    world.users = [jane, jan];
    expect(await refresh()).toEqual(succeed({ users: 2, written: 1, gone: 0, ...nothingChecked }));
  });

  it('calls nobody gone on a list with users it can not read, and says so', async () => {
    await refresh();
    world.users = [jane];
    world.unreadable = 1;
    expect(await refresh()).toEqual(succeed({ users: 1, written: 0, gone: 0, ...nothingChecked }));
    expect(world.warnings).toEqual([['users-unreadable', { unreadable: 1 }]]);
  });

  it('does not believe that everyone left', async () => {
    await refresh();
    world.users = [];
    expect(await refresh()).toEqual(
      failed([{ reason: 'nobody-listed', message: 'Aircall listed no user' }], nothingDone),
    );
    expect(await world.store.findAgent(jane.email, deadlineMs)).toMatchObject({
      value: { aircallUserId: 456 },
    });
  });

  it('believes that nobody is back yet, where everyone had left one by one', async () => {
    await world.store.saveAgent({ email: jane.email, checkedAtMs: t0 }, deadlineMs);
    world.users = [];
    expect(await refresh()).toEqual(succeed({ users: 0, written: 0, gone: 0, ...nothingChecked }));
  });

  it('believes that nobody is there yet', async () => {
    world.users = [];
    expect(await refresh()).toEqual(succeed({ users: 0, written: 0, gone: 0, ...nothingChecked }));
  });

  it('writes whom the pages before a failed one name, and calls nobody gone', async () => {
    await refresh();
    world.writes.length = 0;
    const nia = { email: email('nia@example.com'), aircallUserId: userId(458) };
    world.users = [nia, { ...jane, name: 'Jane Roe' }];
    world.usersFailure = usersLimited;
    expect(await refresh()).toEqual(
      failed([usersLimited], { users: 2, written: 2, gone: 0, ...nothingChecked }),
    );
    expect(world.writes).toEqual(['nia@example.com', 'jane@example.com']);
  });

  it('stops when the store can not be read, and tells of Aircall too', async () => {
    const listAgents = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    const listAvailabilities = async () => {
      throw new Error('asked in vain');
    };
    expect(await refresh({ listAgents, listAvailabilities })).toEqual(
      failed([storeTrouble], { ...nothingDone, users: 2 }),
    );
    world.users = [];
    // Who knows whether somebody should be there.
    expect(await refresh({ listAgents, listAvailabilities })).toEqual(failed([storeTrouble], nothingDone));
    world.usersFailure = usersLimited;
    expect(await refresh({ listAgents, listAvailabilities })).toEqual(
      failed([usersLimited, storeTrouble], nothingDone),
    );
  });

  it('stops when the store can not be written, and tells what was', async () => {
    const saveAgent: RefreshAgentsPorts['saveAgent'] = async (agent) =>
      agent.email === jan.email
        ? fail({ reason: 'store-unavailable', detail: 'TimeoutError' })
        : succeed(undefined);
    const listAvailabilities = async () => {
      throw new Error('asked in vain');
    };
    expect(await refresh({ saveAgent, listAvailabilities })).toEqual(
      failed([storeTrouble], { users: 2, written: 1, gone: 0, ...nothingChecked }),
    );
  });

  it('marks nobody gone where the store failed before', async () => {
    await refresh();
    world.users = [{ ...jane, name: 'Jane Roe' }];
    const saved: string[] = [];
    const saveAgent: RefreshAgentsPorts['saveAgent'] = async (agent) => {
      saved.push(agent.email);
      return fail({ reason: 'store-unavailable', detail: 'TimeoutError' });
    };
    expect(await refresh({ saveAgent })).toEqual(
      failed([storeTrouble], { users: 1, written: 0, gone: 0, ...nothingChecked }),
    );
    expect(saved).toEqual(['jane@example.com']);
  });

  it('counts whom newer code wrote among the changed and the gone', async () => {
    await refresh();
    world.users = [{ ...jane, name: 'Jane Roe' }];
    await refresh({
      saveAgent: async () => fail({ reason: 'item-unreadable', detail: 'agent: schemaVersion' }),
    });
    expect(world.warnings).toEqual([['agents-unreadable', { refused: 2 }]]);
  });

  it('gives each list a share of the time, so that what came of it can be written', async () => {
    const deadlines: number[] = [];
    const listUsers: RefreshAgentsPorts['listUsers'] = async (boundMs) => {
      deadlines.push(boundMs - t0);
      world.clock.advance(20_000);
      return { users: [], unreadable: 0 };
    };
    const listAvailabilities: RefreshAgentsPorts['listAvailabilities'] = async (boundMs) => {
      deadlines.push(boundMs - t0);
      return { availabilities: [], unreadable: 0 };
    };
    await refresh({ listUsers, listAvailabilities });
    expect(deadlines).toEqual([30_000, 56_000]);
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
    expect(outcome).toEqual(succeed({ users: 2, written: 0, gone: 0, ...nothingChecked }));
    expect(saved).toEqual(['jane@example.com', 'jan@example.com']);
    expect(world.warnings).toEqual([
      ['agents-unreadable', { unreadable: 1 }],
      ['agents-unreadable', { refused: 2 }],
    ]);
  });
});

describe('the check of presences', () => {
  const check = (aircallUserId: number, presence: Presence, atMs = world.clock.now()): Availability => ({
    aircallUserId: userId(aircallUserId),
    presence,
    atMs,
  });
  const answered: PresenceFact = { kind: 'call-answered', callId: callId('812000001'), atMs: t0 + 1000 };
  const presenceOf = async (who: typeof jane) => {
    const found = await world.store.findAgent(who.email, deadlineMs);
    return found.ok ? found.value?.presence : undefined;
  };

  it('makes known what was unknown, which is no correction', async () => {
    world.availabilities = [check(456, 'available'), check(457, 'in_call')];
    expect(await refresh()).toEqual(succeed({ users: 2, written: 2, gone: 0, presences: 2, corrected: 0 }));
    expect(await presenceOf(jan)).toEqual({
      presence: 'in_call',
      sinceMs: t0,
      knownAtMs: t0,
      source: 'check',
    });
    expect(world.warnings).toEqual([]);
  });

  it('makes what is known young again', async () => {
    world.availabilities = [check(456, 'available')];
    await refresh();
    world.clock.advance(300_000);
    world.availabilities = [check(456, 'available')];
    expect(await refresh()).toMatchObject(succeed({ presences: 1, corrected: 0 }));
    expect(await presenceOf(jane)).toMatchObject({ presence: 'available', knownAtMs: t0 + 300_000 });
  });

  it('ends the call whose end never came, and counts it', async () => {
    world.availabilities = [check(456, 'available'), check(457, 'available')];
    await refresh();
    await world.store.trackPresence(jane.email, answered, deadlineMs);
    expect(await presenceOf(jane)).toMatchObject({ presence: 'in_call' });

    world.clock.advance(300_000);
    world.availabilities = [check(456, 'available'), check(457, 'available')];
    expect(await refresh()).toEqual(succeed({ users: 2, written: 0, gone: 0, presences: 2, corrected: 1 }));
    expect(await presenceOf(jane)).toMatchObject({ presence: 'available', source: 'check' });
    expect(world.warnings).toEqual([['presence-corrected', { count: 1 }]]);
  });

  it('knows less than what was told after it was asked', async () => {
    world.availabilities = [check(456, 'available')];
    await refresh();
    await world.store.trackPresence(jane.email, answered, deadlineMs);
    world.clock.advance(300_000);
    world.availabilities = [check(456, 'available', t0 + 999)];
    expect(await refresh()).toMatchObject(succeed({ presences: 1, corrected: 0 }));
    expect(await presenceOf(jane)).toMatchObject({ presence: 'in_call' });
  });

  it('leaves out whom the list of users left out, and says what it could not read', async () => {
    world.availabilities = [check(458, 'available'), check(457, 'offline')];
    world.unreadableAvailabilities = 2;
    expect(await refresh()).toMatchObject(succeed({ presences: 1, corrected: 0 }));
    expect(world.warnings).toEqual([['availabilities-unreadable', { unreadable: 2 }]]);
  });

  it('that fails leaves the users refreshed, and fails the run', async () => {
    world.availabilitiesFailure = availabilitiesLimited;
    expect(await refresh()).toEqual(
      failed([availabilitiesLimited], { ...nothingDone, users: 2, written: 2 }),
    );
    expect(world.writes).toEqual(['jane@example.com', 'jan@example.com']);
  });

  it('takes in the pages before a failed one', async () => {
    world.availabilities = [check(456, 'in_call')];
    world.availabilitiesFailure = availabilitiesLimited;
    expect(await refresh()).toEqual(
      failed([availabilitiesLimited], { users: 2, written: 2, gone: 0, presences: 1, corrected: 0 }),
    );
    expect(await presenceOf(jane)).toMatchObject({ presence: 'in_call', source: 'check' });
  });

  it.each<[string, AircallFailure | undefined, RefreshTrouble]>([
    ['can not be listed', usersLimited, usersLimited],
    ['are said to be none', undefined, { reason: 'nobody-listed', message: 'Aircall listed no user' }],
  ])('is made of the agents we know where the users %s', async (_, usersFailure, trouble) => {
    world.availabilities = [check(456, 'available'), check(457, 'available')];
    await refresh();
    await world.store.trackPresence(jane.email, answered, deadlineMs);
    world.clock.advance(300_000);
    world.users = [];
    world.usersFailure = usersFailure;
    world.availabilities = [check(456, 'available'), check(457, 'offline')];
    expect(await refresh()).toEqual(failed([trouble], { ...nothingDone, presences: 2, corrected: 2 }));
    expect(await presenceOf(jane)).toMatchObject({ presence: 'available' });
    expect(await presenceOf(jan)).toMatchObject({ presence: 'offline' });
    expect(world.warnings).toEqual([['presence-corrected', { count: 2 }]]);
  });

  it('that fails where the users do too: both are told', async () => {
    await refresh();
    world.users = [];
    world.usersFailure = usersLimited;
    world.availabilitiesFailure = availabilitiesLimited;
    const outcome = await refresh();
    expect(outcome).toEqual(failed([usersLimited, availabilitiesLimited], nothingDone));
    expect(outcome.ok || outcome.failure.message).toBe(
      'rate-limited: GET /v2/users: 429; rate-limited: GET /v1/users/availabilities: 429 (all the same: agents written 0, gone 0; presences checked 0, corrected 0)',
    );
  });

  it('stops where the store fails, having counted what was corrected', async () => {
    world.availabilities = [check(456, 'available'), check(457, 'available')];
    await refresh();
    await world.store.trackPresence(jane.email, answered, deadlineMs);
    world.clock.advance(300_000);
    world.availabilities = [check(456, 'offline'), check(457, 'offline')];
    const outcome = await refresh({
      trackPresence: async (who, fact, boundMs) =>
        who === jan.email
          ? fail({ reason: 'store-unavailable', detail: 'TimeoutError' })
          : world.store.trackPresence(who, fact, boundMs),
    });
    expect(outcome).toEqual(
      failed([storeTrouble], { users: 2, written: 0, gone: 0, presences: 1, corrected: 1 }),
    );
    expect(world.warnings).toEqual([['presence-corrected', { count: 1 }]]);
  });

  it('goes on past an agent whom newer code wrote', async () => {
    world.availabilities = [check(456, 'available'), check(457, 'available')];
    const outcome = await refresh({
      trackPresence: async (who, fact, boundMs) =>
        who === jane.email
          ? fail({ reason: 'item-unreadable', detail: 'agent: schemaVersion' })
          : world.store.trackPresence(who, fact, boundMs),
    });
    expect(outcome).toMatchObject(succeed({ presences: 1 }));
  });

  it('counts nobody who is not stored any more', async () => {
    world.availabilities = [check(456, 'available')];
    const outcome = await refresh({ trackPresence: async () => succeed({ kind: 'unknown-agent' }) });
    expect(outcome).toEqual(succeed({ users: 2, written: 2, gone: 0, ...nothingChecked }));
  });

  it('writes ten at once, never more, and none after a failure', async () => {
    world.users = Array.from({ length: 100 }, (_, index) => ({
      email: email(`agent-${index}@example.com`),
      aircallUserId: userId(1000 + index),
    }));
    world.availabilities = world.users.map(({ aircallUserId }) => check(aircallUserId, 'available'));
    let now = 0;
    let most = 0;
    let asked = 0;
    const track: RefreshAgentsPorts['trackPresence'] = async (...given) => {
      asked += 1;
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now -= 1;
      return world.store.trackPresence(...given);
    };
    expect(await refresh({ trackPresence: track })).toMatchObject(succeed({ presences: 100 }));
    expect([asked, most]).toEqual([100, 10]);

    asked = 0;
    const trackPresence: typeof track = async (...given) => {
      await track(...given);
      return fail({ reason: 'store-unavailable', detail: 'TimeoutError' });
    };
    expect((await refresh({ trackPresence })).ok).toBe(false);
    expect(asked).toBe(10);
  });
});
