import { beforeEach, describe, expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import {
  createTrackNews,
  type PresenceNews,
  type TrackNewsPorts,
} from '../../lib/use-cases/track-presence.ts';
import { callId, createClock, email, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const deadlineMs = t0 + 4000;
const jane = { email: email('jane@example.com'), aircallUserId: userId(456), checkedAtMs: t0 };
const call = callId('812000001');
const rules = {
  routeToAgentIn: ['available'],
  presenceTrustedForMs: 600_000,
  reserveForMs: 20_000,
} as const;

const clock = createClock();
let store: ReturnType<typeof createInMemoryStore>;
beforeEach(async () => {
  store = createInMemoryStore(clock.now, 10_000);
  await store.saveAgent(jane, deadlineMs);
  await store.trackPresence(jane.email, { kind: 'checked', presence: 'available', atMs: t0 }, deadlineMs);
});

let warnings: unknown[];
beforeEach(() => {
  warnings = [];
});

const track = (
  fact: PresenceNews['fact'],
  ports: Partial<TrackNewsPorts> = {},
  aircallUserId = jane.aircallUserId,
) =>
  createTrackNews({
    trackPresence: store.trackPresence,
    releaseAgent: store.releaseAgent,
    warn: (what, detail) => warnings.push([what, detail]),
    now: clock.now,
    ...ports,
  })({ aircallUserId, fact }, deadlineMs);

const answered = { kind: 'call-answered', callId: call, atMs: t0 } as const;
const over = { kind: 'call-over', callId: call, atMs: t0 + 9000 } as const;
const declined = { kind: 'call-declined', callId: call, atMs: t0 } as const;
const findJane = async () => {
  const found = await store.findAgent(jane.email, deadlineMs);
  return found.ok ? found.value : undefined;
};

describe('news of an agent', () => {
  it('change their presence, once, however often they are told', async () => {
    expect(await track(answered)).toBe('presence-changed');
    expect(await findJane()).toMatchObject({ presence: { presence: 'in_call', source: 'event' } });
    expect(await track(answered)).toBe('presence-unchanged');
  });

  it('that bear out what we thought change nothing', async () => {
    expect(await track({ kind: 'opened', atMs: t0 })).toBe('presence-unchanged');
  });

  it('that are late change nothing that is younger', async () => {
    expect(await track(over)).toBe('presence-unchanged');
    expect(await track(answered)).toBe('presence-unchanged');
    expect(await track({ kind: 'closed', atMs: t0 - 5000 })).toBe('presence-unchanged');
    expect(await findJane()).toMatchObject({ presence: { presence: 'available' } });
  });

  it('of an agent of whom nothing is known may tell nothing', async () => {
    const max = { email: email('max@example.com'), aircallUserId: userId(457), checkedAtMs: t0 };
    await store.saveAgent(max, deadlineMs);
    expect(await track(over, {}, userId(457))).toBe('presence-unchanged');
  });

  it('may be of nobody we know', async () => {
    expect(await track(answered, {}, userId(789))).toBe('unknown-agent');
  });

  it.each([
    [60_000, 'presence-changed'],
    [60_001, 'presence-from-the-future'],
  ])('from %d ms ahead of our clock: %s', async (aheadMs, because) => {
    expect(await track({ kind: 'closed', atMs: t0 + aheadMs })).toBe(because);
    expect((await findJane())?.presence?.presence).toBe(
      because === 'presence-changed' ? 'do_not_disturb' : 'available',
    );
  });

  it.each([
    [60_000, 'presence-changed'],
    [60_001, 'presence-from-the-future'],
  ])('of a call told %d ms ahead of our clock: %s', async (aheadMs, because) => {
    expect(await track({ ...answered, toldAtMs: t0 + aheadMs })).toBe(because);
  });

  it('of a call from the future do not count for having been told before', async () => {
    expect(await track({ ...answered, atMs: t0 + 60_001, toldAtMs: t0 })).toBe('presence-from-the-future');
  });

  it.each(['store-unavailable', 'item-unreadable'] as const)('may not get through: %s', async (reason) => {
    const trackPresence = async () => fail({ reason, detail: 'TimeoutError' });
    expect(await track(answered, { trackPresence })).toBe(reason);
    const warning = reason === 'store-unavailable' ? 'store-trouble' : 'item-unreadable';
    const detail = { during: 'storing what an agent is doing', detail: 'TimeoutError' };
    expect(warnings).toEqual([[warning, detail]]);
  });
});

describe('an agent whom Aircall’s own distribution rings', () => {
  it('stays available, held for nobody, and free for the next caller', async () => {
    expect(await track({ kind: 'ringing', atMs: t0 + 1000 })).toBe('presence-unchanged');

    const rung = await findJane();
    expect(rung?.presence?.presence).toBe('available');
    expect(rung?.hold).toBeUndefined();
    expect(await store.reserveAgent(jane.email, callId('812000002'), rules, deadlineMs)).toMatchObject(
      succeed({ kind: 'reserved' }),
    );
  });
});

describe('the hold of an agent', () => {
  beforeEach(async () => {
    await store.reserveAgent(jane.email, call, rules, deadlineMs);
  });

  it.each([answered, over, declined])('ends by $kind', async (fact) => {
    expect(await track(fact)).toMatch(/^presence-(un)?changed$/);
    expect((await findJane())?.hold).toBeUndefined();
  });

  it('that was declined leaves them free for another call, and says nothing of what they are doing', async () => {
    const trackPresence = async () => {
      throw new Error('a declined call taken for a presence');
    };
    await track(declined, { trackPresence });
    expect(await store.reserveAgent(jane.email, callId('812000002'), rules, deadlineMs)).toMatchObject(
      succeed({ kind: 'reserved' }),
    );
  });

  it.each([
    { kind: 'ringing', atMs: t0 },
    { kind: 'opened', atMs: t0 },
    { ...answered, callId: callId('812000002') },
    { ...declined, callId: callId('812000002') },
    { ...declined, atMs: t0 + 60_001 },
  ] as const)('stays by $kind of another call, or of none, or of no time to come', async (fact) => {
    await track(fact);
    expect((await findJane())?.hold).toMatchObject({ callId: '812000001' });
  });

  it('stays until they are known to be in the call', async () => {
    const seen: unknown[] = [];
    await track(answered, {
      releaseAgent: async (...given) => {
        seen.push((await findJane())?.presence?.presence);
        return store.releaseAgent(...given);
      },
    });
    expect(seen).toEqual(['in_call']);
  });

  it('stays where the news do not get through', async () => {
    const trackPresence = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    await track(answered, { trackPresence });
    expect((await findJane())?.hold).toBeDefined();
  });

  it('is nobody’s for a login that is unknown', async () => {
    let released = 0;
    const releaseAgent = async () => {
      released += 1;
      return succeed('released' as const);
    };
    await track(answered, { releaseAgent }, userId(789));
    expect(released).toBe(0);
  });

  it('that could not be ended is told', async () => {
    const releaseAgent = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    expect(await track(declined, { releaseAgent })).toBe('store-unavailable');
    expect(warnings).toEqual([
      ['store-trouble', { during: 'letting go of an agent', detail: 'TimeoutError' }],
    ]);
  });
});
