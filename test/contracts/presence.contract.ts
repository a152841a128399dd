/**
 * What every store must do that knows who may ring: mirror presence, hold an agent for one call, let them go.
 */
import { describe, expect, it } from 'vitest';
import type { Presence, PresenceFact } from '../../lib/core/presence.ts';
import type { ReserveRules } from '../../lib/ports.ts';
import { callId, type createClock, email, t0, userId } from '../builders.ts';
import type { PresenceStore } from '../fakes/in-memory-store.ts';

export type PresenceFixture = {
  readonly store: PresenceStore;
  readonly clock: ReturnType<typeof createClock>;
};

const ok = <Value>(value: Value) => ({ ok: true, value });
const soon = t0 + 1_000_000_000;

const jane = {
  email: email('jane@example.com'),
  aircallUserId: userId(456),
  name: 'Jane Doe',
  checkedAtMs: t0,
};
const ghost = { email: email('ghost@example.com'), checkedAtMs: t0 };
const call = callId('812000001');
const otherCall = callId('812000002');
const rules: ReserveRules = {
  routeToAgentIn: ['available'],
  presenceTrustedForMs: 600_000,
  reserveForMs: 20_000,
};

const checked = (presence: Presence, atMs = t0): PresenceFact => ({ kind: 'checked', presence, atMs });
const answered = { kind: 'call-answered', callId: call, atMs: t0 + 5000 } as const;
const over = { kind: 'call-over', callId: call, atMs: t0 + 9000 } as const;

/** @param createFixture an empty store on a clock that stands at `t0` */
export function testPresenceStore(name: string, createFixture: () => Promise<PresenceFixture>): void {
  async function createFixtureWithJane(presence: Presence = 'available') {
    const fixture = await createFixture();
    await fixture.store.saveAgent(jane, soon);
    await fixture.store.trackPresence(jane.email, checked(presence), soon);
    return fixture;
  }

  describe(`${name}: the presence of an agent`, () => {
    const available = { presence: 'available', sinceMs: t0, knownAtMs: t0, source: 'check' };

    it('is unknown until something is told', async () => {
      const { store } = await createFixture();
      await store.saveAgent(jane, soon);
      expect(await store.findAgent(jane.email, soon)).toEqual(ok(jane));
    });

    it('is what was told, by e-mail', async () => {
      const { store } = await createFixture();
      await store.saveAgent(jane, soon);
      expect(await store.trackPresence(jane.email, checked('available'), soon)).toEqual(
        ok({ kind: 'changed', before: undefined, after: available }),
      );
      expect(await store.findAgent(jane.email, soon)).toEqual(ok({ ...jane, presence: available }));
      expect(await store.listAgents(soon)).toEqual(
        ok({ agents: [{ ...jane, presence: available }], unreadable: 0 }),
      );
    });

    it('is what was told, by their login at Aircall', async () => {
      const { store } = await createFixture();
      await store.saveAgent(jane, soon);
      expect(await store.trackPresence(userId(456), checked('available'), soon)).toEqual(
        ok({ kind: 'changed', before: undefined, after: available }),
      );
      expect(await store.findAgent(jane.email, soon)).toEqual(ok({ ...jane, presence: available }));
    });

    it('changes with what is told next, and tells what it was before', async () => {
      const { store } = await createFixtureWithJane();
      expect(await store.trackPresence(userId(456), answered, soon)).toEqual(
        ok({
          kind: 'changed',
          before: available,
          after: { presence: 'in_call', sinceMs: t0 + 5000, knownAtMs: t0 + 5000, source: 'event' },
        }),
      );
    });

    it('does not change by what was told already, or is older', async () => {
      const { store } = await createFixtureWithJane();
      await store.trackPresence(userId(456), answered, soon);
      const inCall = { presence: 'in_call', sinceMs: t0 + 5000, knownAtMs: t0 + 5000, source: 'event' };
      const unchanged = ok({ kind: 'unchanged', before: inCall, after: inCall });
      expect(await store.trackPresence(userId(456), answered, soon)).toEqual(unchanged);
      expect(await store.trackPresence(userId(456), checked('available', t0 - 1), soon)).toEqual(unchanged);
    });

    it('is the same when the end of a call overtakes its answer', async () => {
      const { store } = await createFixtureWithJane();
      await store.trackPresence(userId(456), over, soon);
      await store.trackPresence(userId(456), answered, soon);
      expect(await store.findAgent(jane.email, soon)).toMatchObject(
        ok({ presence: { presence: 'available', sinceMs: t0 + 9000 } }),
      );
    });

    it('can be unknown again', async () => {
      const { store } = await createFixture();
      await store.saveAgent(jane, soon);
      await store.trackPresence(jane.email, answered, soon);
      expect(await store.findAgent(jane.email, soon)).toMatchObject(
        ok({ presence: { presence: 'in_call' } }),
      );
      await store.trackPresence(jane.email, over, soon);
      expect(await store.findAgent(jane.email, soon)).toEqual(ok(jane));
    });

    it('is wrap-up from the end of a call for who has it', async () => {
      const { store } = await createFixtureWithJane();
      await store.saveAgent({ ...jane, wrapUpSeconds: 30 }, soon);
      await store.trackPresence(userId(456), answered, soon);
      expect(await store.trackPresence(userId(456), over, soon)).toMatchObject(
        ok({ kind: 'changed', before: { presence: 'in_call' }, after: { presence: 'after_call_work' } }),
      );
      expect(await store.findAgent(jane.email, soon)).toEqual(
        ok({
          ...jane,
          wrapUpSeconds: 30,
          presence: {
            presence: 'after_call_work',
            sinceMs: t0 + 9000,
            knownAtMs: t0 + 9000,
            source: 'event',
          },
        }),
      );
      expect(await store.reserveAgent(jane.email, otherCall, rules, soon)).toMatchObject(
        ok({ kind: 'skipped', because: 'agent-after-call-work' }),
      );
    });

    it.each([
      [0, undefined, 'available'],
      [undefined, 30, 'after_call_work'],
      [30, undefined, 'available'],
    ])('knows of wrap-up, %s s, then %s s, with the next fact', async (before, now, presence) => {
      const { store } = await createFixtureWithJane();
      await store.saveAgent({ ...jane, ...(before !== undefined && { wrapUpSeconds: before }) }, soon);
      await store.trackPresence(userId(456), answered, soon);
      await store.trackPresence(userId(456), over, soon);
      const told = before === 30 ? 'after_call_work' : 'available';
      await store.saveAgent({ ...jane, ...(now !== undefined && { wrapUpSeconds: now }) }, soon);
      expect(await store.findAgent(jane.email, soon)).toMatchObject(ok({ presence: { presence: told } }));
      await store.trackPresence(userId(456), { kind: 'ringing', atMs: t0 + 10_000 }, soon);
      expect(await store.findAgent(jane.email, soon)).toMatchObject(ok({ presence: { presence } }));
    });

    it('keeps of every kind of news when it happened, and when it was told', async () => {
      const { store } = await createFixtureWithJane();
      const facts: PresenceFact[] = [
        { kind: 'call-dialled', callId: call, atMs: t0 + 1000 },
        { ...answered, atMs: t0 + 10_000 },
        { ...over, toldAtMs: t0 + 40_000 },
      ];
      for (const fact of facts) await store.trackPresence(userId(456), fact, soon);
      expect(await store.findAgent(jane.email, soon)).toMatchObject(
        ok({ presence: { presence: 'available' } }),
      );
      await store.trackPresence(userId(456), { ...answered, atMs: t0 + 9000, toldAtMs: t0 + 41_000 }, soon);
      await store.trackPresence(
        userId(456),
        { kind: 'call-handed-over', callId: call, atMs: t0 + 42_000 },
        soon,
      );
      expect(await store.findAgent(jane.email, soon)).toMatchObject(
        ok({ presence: { presence: 'available', sinceMs: t0 + 42_000 } }),
      );
    });

    it('is nobody’s where no agent has the login, or the e-mail', async () => {
      const { store } = await createFixtureWithJane();
      const unknown = ok({ kind: 'unknown-agent' });
      expect(await store.trackPresence(userId(789), answered, soon)).toEqual(unknown);
      expect(await store.trackPresence(email('sam@example.com'), answered, soon)).toEqual(unknown);
      expect(await store.findAgent(email('sam@example.com'), soon)).toEqual(ok(undefined));
    });

    it('follows a login to another e-mail, and leaves the former one alone', async () => {
      const { store } = await createFixtureWithJane();
      const married = { ...jane, email: email('jane.smith@example.com') };
      await store.saveAgent(married, soon);
      await store.saveAgent({ email: jane.email, checkedAtMs: t0 }, soon);
      await store.trackPresence(userId(456), answered, soon);
      expect(await store.findAgent(married.email, soon)).toMatchObject(
        ok({ presence: { presence: 'in_call' } }),
      );
      expect(await store.findAgent(jane.email, soon)).toMatchObject(
        ok({ presence: { presence: 'available' } }),
      );
    });

    it('is not told by a login that the agent had once', async () => {
      const { store } = await createFixtureWithJane();
      await store.saveAgent({ ...jane, aircallUserId: userId(789) }, soon);
      expect(await store.trackPresence(userId(456), answered, soon)).toEqual(ok({ kind: 'unknown-agent' }));
      expect(await store.trackPresence(userId(789), answered, soon)).toMatchObject(ok({ kind: 'changed' }));
    });

    it('outlives that the agent is saved anew, and so does their hold', async () => {
      const { store } = await createFixtureWithJane();
      await store.reserveAgent(jane.email, call, rules, soon);
      await store.saveAgent({ ...jane, name: 'Jane Smith' }, soon);
      expect(await store.findAgent(jane.email, soon)).toEqual(
        ok({
          ...jane,
          name: 'Jane Smith',
          presence: available,
          hold: { callId: '812000001', untilMs: t0 + 20_000 },
        }),
      );
    });

    it('loses nothing that is told at once', async () => {
      const { store } = await createFixtureWithJane();
      const facts: PresenceFact[] = [
        { kind: 'disconnected', atMs: t0 + 1000 },
        { kind: 'connected', atMs: t0 + 2000 },
        { kind: 'closed', atMs: t0 + 3000 },
        { kind: 'opened', atMs: t0 + 4000 },
        answered,
        over,
      ];
      const told = await Promise.all(facts.map((fact) => store.trackPresence(userId(456), fact, soon)));
      // The answer of a call that is over already changes nothing.
      const kinds = told.map((one) => (one.ok ? one.value.kind : one.failure.detail));
      expect(new Set(kinds).difference(new Set(['changed', 'unchanged']))).toEqual(new Set());
      expect(await store.findAgent(jane.email, soon)).toMatchObject(
        ok({
          presence: { presence: 'available', sinceMs: t0 + 9000, knownAtMs: t0 + 9000, source: 'event' },
        }),
      );
    });
  });

  describe(`${name}: the reservation of an agent`, () => {
    it('holds who may be rung, and tells on what that rests', async () => {
      const { store, clock } = await createFixtureWithJane();
      clock.advance(4000);
      expect(await store.reserveAgent(jane.email, call, rules, soon)).toEqual(
        ok({
          kind: 'reserved',
          aircallUserId: 456,
          agentName: 'Jane Doe',
          presence: 'available',
          presenceAgeMs: 4000,
          presenceSource: 'check',
        }),
      );
      expect(await store.findAgent(jane.email, soon)).toMatchObject(
        ok({ hold: { callId: '812000001', untilMs: t0 + 24_000 } }),
      );
    });

    it('of one agent for fifty calls at once is made for one', async () => {
      const { store } = await createFixtureWithJane();
      const calls = Array.from({ length: 50 }, (_, index) => callId(String(812000001 + index)));
      const made = await Promise.all(calls.map((id) => store.reserveAgent(jane.email, id, rules, soon)));
      const verdicts = made.map((one) =>
        one.ok ? (one.value.kind === 'skipped' ? one.value.because : 'reserved') : one.failure.detail,
      );
      expect(verdicts.sort()).toEqual([...Array(49).fill('agent-reserved'), 'reserved']);
    });

    it('made again for the same call is made anew: the answer to the first may have been lost', async () => {
      const { store, clock } = await createFixtureWithJane();
      await store.reserveAgent(jane.email, call, rules, soon);
      clock.advance(5000);
      expect(await store.reserveAgent(jane.email, call, rules, soon)).toMatchObject(ok({ kind: 'reserved' }));
      clock.advance(19_999);
      expect(await store.reserveAgent(jane.email, otherCall, rules, soon)).toMatchObject(
        ok({ kind: 'skipped', because: 'agent-reserved' }),
      );
    });

    it('is over when its time is', async () => {
      const { store, clock } = await createFixtureWithJane();
      await store.reserveAgent(jane.email, call, rules, soon);
      clock.advance(19_999);
      expect(await store.reserveAgent(jane.email, otherCall, rules, soon)).toMatchObject(
        ok({
          kind: 'skipped',
          because: 'agent-reserved',
          agent: { aircallUserId: 456 },
          presence: 'available',
        }),
      );
      clock.advance(1);
      expect(await store.reserveAgent(jane.email, otherCall, rules, soon)).toMatchObject(
        ok({ kind: 'reserved' }),
      );
    });

    it('is over when it is released, by e-mail or by login', async () => {
      const { store } = await createFixtureWithJane();
      await store.reserveAgent(jane.email, call, rules, soon);
      expect(await store.releaseAgent(jane.email, call, soon)).toEqual(ok('released'));
      expect(await store.reserveAgent(jane.email, otherCall, rules, soon)).toMatchObject(
        ok({ kind: 'reserved' }),
      );
      expect(await store.releaseAgent(userId(456), otherCall, soon)).toEqual(ok('released'));
      expect(await store.findAgent(jane.email, soon)).toEqual(ok({ ...jane, presence: expect.anything() }));
    });

    it('is released for its own call only, and once', async () => {
      const { store } = await createFixtureWithJane();
      await store.reserveAgent(jane.email, call, rules, soon);
      expect(await store.releaseAgent(jane.email, otherCall, soon)).toEqual(ok('not-held'));
      expect(await store.releaseAgent(userId(456), otherCall, soon)).toEqual(ok('not-held'));
      expect(await store.releaseAgent(userId(789), call, soon)).toEqual(ok('not-held'));
      expect(await store.releaseAgent(email('sam@example.com'), call, soon)).toEqual(ok('not-held'));
      expect(await store.reserveAgent(jane.email, otherCall, rules, soon)).toMatchObject(
        ok({ because: 'agent-reserved' }),
      );
      expect(await store.releaseAgent(jane.email, call, soon)).toEqual(ok('released'));
      expect(await store.releaseAgent(jane.email, call, soon)).toEqual(ok('not-held'));
    });

    it.each<[Presence, string]>([
      ['in_call', 'agent-in-call'],
      ['after_call_work', 'agent-after-call-work'],
      ['do_not_disturb', 'agent-do-not-disturb'],
      ['offline', 'agent-offline'],
    ])('is not made for who is %s, unless the rules want it', async (presence, because) => {
      const { store } = await createFixtureWithJane(presence);
      expect(await store.reserveAgent(jane.email, call, rules, soon)).toEqual(
        ok({
          kind: 'skipped',
          because,
          agent: { ...jane, presence: { presence, sinceMs: t0, knownAtMs: t0, source: 'check' } },
          presence,
          presenceAgeMs: 0,
          presenceSource: 'check',
        }),
      );
      const wider = { ...rules, routeToAgentIn: ['available', presence] as const };
      expect(await store.reserveAgent(jane.email, call, wider, soon)).toMatchObject(
        ok({ kind: 'reserved', presence }),
      );
    });

    it('rests on news that are young enough, or none if the rules are brave', async () => {
      const { store, clock } = await createFixtureWithJane();
      clock.advance(600_000);
      expect(await store.reserveAgent(jane.email, call, rules, soon)).toMatchObject(ok({ kind: 'reserved' }));
      clock.advance(1);
      expect(await store.reserveAgent(jane.email, call, rules, soon)).toMatchObject(
        ok({ kind: 'skipped', because: 'presence-unknown', presence: 'available', presenceAgeMs: 600_001 }),
      );
      const brave = { ...rules, isUnknownAllowed: true };
      expect(await store.reserveAgent(jane.email, call, brave, soon)).toMatchObject(ok({ kind: 'reserved' }));
    });

    it('of whom nothing was told needs brave rules', async () => {
      const { store } = await createFixture();
      await store.saveAgent(jane, soon);
      expect(await store.reserveAgent(jane.email, call, rules, soon)).toEqual(
        ok({ kind: 'skipped', because: 'presence-unknown', agent: jane }),
      );
      const brave = { ...rules, isUnknownAllowed: true };
      expect(await store.reserveAgent(jane.email, call, brave, soon)).toEqual(
        ok({ kind: 'reserved', aircallUserId: 456, agentName: 'Jane Doe' }),
      );
    });

    it('is not made for who is not on Aircall, or not stored at all', async () => {
      const { store } = await createFixture();
      await store.saveAgent(ghost, soon);
      await store.trackPresence(ghost.email, checked('available'), soon);
      expect(await store.reserveAgent(ghost.email, call, rules, soon)).toMatchObject(
        ok({ kind: 'skipped', because: 'agent-not-on-aircall', agent: ghost }),
      );
      expect(await store.reserveAgent(email('sam@example.com'), call, rules, soon)).toEqual(
        ok({ kind: 'skipped', because: 'agent-not-on-aircall' }),
      );
      expect(await store.findAgent(email('sam@example.com'), soon)).toEqual(ok(undefined));
    });
  });
}
