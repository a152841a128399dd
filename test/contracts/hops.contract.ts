/**
 * What every store must do with a call that rings: what events tell of it, and the hops by which it is given on. The fake
 * and the DynamoDB adapters both run it.
 */
import { describe, expect, it } from 'vitest';
import type { DecidedCall } from '../../lib/core/hops.ts';
import type { StoreResult } from '../../lib/core/model.ts';
import type { CallNewsItem } from '../../lib/ports.ts';
import { callId, decidedCall, hopRecord, nothingTold, owner, routedRecord, t0, userId } from '../builders.ts';
import type { Store } from '../fakes/in-memory-store.ts';
import type { Fixture } from './store.contract.ts';

const ok = <Value>(value: Value) => ({ ok: true, value });

/** The call that was found, without what else the store may know of it. */
async function foundIn(answer: Promise<StoreResult<DecidedCall | undefined>>) {
  const found = await answer;
  if (!found.ok || found.value === undefined) return found;

  const { record, hops, hopsBegun, news } = found.value;
  return ok({ record, hops, hopsBegun, news });
}
const soon = t0 + 1_000_000_000;
const id = callId('812000001');

const answered = { kind: 'answered', atMs: t0 + 3000 } as const;
const over = { kind: 'over', atMs: t0 + 9000 } as const;
const refusedBy = (by: number, because: 'agent-declined' | 'transfer-failed' = 'agent-declined') =>
  ({ kind: 'refused', refusal: { because, by: userId(by) } }) as const;
const declined = refusedBy(456);
const refusals = [declined.refusal];

/** @param createFixture an empty store on a clock that stands at `t0` */
export function testHops(name: string, createFixture: () => Promise<Fixture>): void {
  const createStore = async () => (await createFixture()).store;

  async function settle(store: Store): Promise<void> {
    await store.claimCall(id, 'webhook', owner('first'), soon);
    await store.settleCall(routedRecord(), owner('first'), soon);
  }

  /** A store with one call that was routed and rings. */
  async function createRinging(): Promise<Store> {
    const store = await createStore();
    await settle(store);
    return store;
  }

  describe(`${name}: what events tell of a call`, () => {
    it.each([
      ['answered', answered, { ...nothingTold, isAnswered: true }],
      [
        'answered by someone',
        { ...answered, by: userId(456) },
        { ...nothingTold, isAnswered: true, answeredBy: 456 },
      ],
      ['over', over, { ...nothingTold, isOver: true }],
      ['refused', declined, { ...nothingTold, refusals }],
    ] as const)('before anyone claims it, comes with the claim: %s', async (_, item, news) => {
      const store = await createStore();
      expect(await foundIn(store.noteCallNews(id, item, soon))).toEqual(ok(undefined));
      expect(await store.claimCall(id, 'webhook', owner('a'), soon)).toEqual(
        ok({ claim: 'claimed', door: 'webhook', news }),
      );
      expect(await store.claimCall(id, 'webhook', owner('a'), soon)).toEqual(
        ok({ claim: 'claimed', door: 'webhook', news }),
      );
      expect(await store.claimCall(id, 'webhook', owner('b'), soon)).toEqual(
        ok({ claim: 'duplicate', door: 'webhook', news }),
      );
    });

    it('while it is claimed, comes with the settlement, and with a claim that takes over', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(id, 'webhook', owner('a'), soon);
      expect(await foundIn(store.noteCallNews(id, declined, soon))).toEqual(ok(undefined));
      clock.advance(10_000);
      const news = { ...nothingTold, refusals };
      expect(await store.claimCall(id, 'webhook', owner('b'), soon)).toEqual(
        ok({ claim: 'in-doubt', door: 'webhook', news }),
      );
      expect(await foundIn(store.noteCallNews(id, over, soon))).toEqual(ok(undefined));
      expect(await store.settleCall(routedRecord(), owner('b'), soon)).toEqual(
        ok({ kind: 'settled', news: { ...news, isOver: true } }),
      );
      expect(await store.claimCall(id, 'webhook', owner('c'), soon)).toEqual(
        ok({ claim: 'duplicate', door: 'webhook', news: { ...news, isOver: true } }),
      );
    });

    it('from before the claim to the settlement, comes with that, all of it', async () => {
      const store = await createStore();
      await store.noteCallNews(id, declined, soon);
      await store.claimCall(id, 'webhook', owner('a'), soon);
      await store.noteCallNews(id, answered, soon);
      expect(await store.settleCall(routedRecord(), owner('a'), soon)).toEqual(
        ok({ kind: 'settled', news: { isAnswered: true, isOver: false, refusals } }),
      );
    });

    it('once it is decided, gives the call with it', async () => {
      const store = await createRinging();
      expect(await foundIn(store.noteCallNews(id, declined, soon))).toEqual(
        ok(decidedCall({ news: { ...nothingTold, refusals } })),
      );
      expect(await foundIn(store.noteCallNews(id, { ...answered, by: userId(457) }, soon))).toEqual(
        ok(
          decidedCall({
            news: { isAnswered: true, answeredBy: userId(457), isOver: false, refusals } as never,
          }),
        ),
      );
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(
        await foundIn(store.noteCallNews(id, declined, soon)),
      );
    });

    it.each<CallNewsItem>([answered, over, declined])(
      'changes nothing when it is told again: $kind',
      async (item) => {
        const store = await createRinging();
        const first = await foundIn(store.noteCallNews(id, item, soon));
        expect(await foundIn(store.noteCallNews(id, item, soon))).toEqual(first);
        const later = 'atMs' in item ? { ...item, atMs: item.atMs + 1000 } : item;
        expect(await foundIn(store.noteCallNews(id, later, soon))).toEqual(first);
        expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(first);
      },
    );

    it('is a set of refusals: the same agent may decline it, and fail to get it', async () => {
      const store = await createRinging();
      const told = [refusedBy(457), declined, refusedBy(456, 'transfer-failed'), declined, refusedBy(457)];
      for (const item of told) await store.noteCallNews(id, item, soon);

      const call = await store.findDecidedCall(id, soon);
      const found = call.ok ? (call.value?.news.refusals ?? []) : [];
      expect(found.map(({ because, by }) => `${because} ${by}`).sort()).toEqual([
        'agent-declined 456',
        'agent-declined 457',
        'transfer-failed 456',
      ]);
    });

    it('names who answered last, and nobody less for an answer that names nobody', async () => {
      const store = await createRinging();
      await store.noteCallNews(id, { ...answered, by: userId(456) }, soon);
      await store.noteCallNews(id, { ...answered, by: userId(457) }, soon);
      await store.noteCallNews(id, answered, soon);
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(
        ok(decidedCall({ news: { ...nothingTold, isAnswered: true, answeredBy: userId(457) } })),
      );
    });

    it('is all kept when it is told at once', async () => {
      const store = await createRinging();
      const items: CallNewsItem[] = [
        answered,
        over,
        ...Array.from({ length: 18 }, (_, index) => refusedBy(index + 1)),
      ];
      await Promise.all(items.map((item) => store.noteCallNews(id, item, soon)));
      const call = await store.findDecidedCall(id, soon);
      expect(call).toMatchObject(ok({ news: { isAnswered: true, isOver: true } }));
      expect(call.ok && call.value?.news.refusals).toHaveLength(18);
    });

    it('says nothing of another call', async () => {
      const store = await createRinging();
      await store.noteCallNews(callId('812000002'), over, soon);
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(decidedCall()));
    });
  });

  describe(`${name}: a decided call`, () => {
    it('is found as it was decided', async () => {
      const store = await createRinging();
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(decidedCall()));
    });

    it('is undefined while it is unknown, told of or claimed', async () => {
      const store = await createStore();
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(undefined));
      await store.noteCallNews(id, declined, soon);
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(undefined));
      await store.claimCall(id, 'webhook', owner('a'), soon);
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(undefined));
    });

    it('is found with its hops, and with one under way', async () => {
      const store = await createRinging();
      const second = hopRecord({ hop: 2, cause: 'ring-timeout' });
      for (const hop of [hopRecord(), second]) {
        await store.claimHop(id, hop.hop, owner('a'), soon);
        await store.settleHop(id, hop, owner('a'), soon);
      }
      const hops = [hopRecord(), second];
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(decidedCall({ hops, hopsBegun: 2 })));

      await store.claimHop(id, 3, owner('b'), soon);
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(decidedCall({ hops, hopsBegun: 3 })));
    });
  });

  describe(`${name}: a hop`, () => {
    it('is given to the first who asks, and to nobody else', async () => {
      const store = await createRinging();
      expect(await store.claimHop(id, 1, owner('a'), soon)).toEqual(ok('claimed'));
      expect(await store.claimHop(id, 1, owner('b'), soon)).toEqual(ok('refused'));
    });

    it('is given to its owner again: a repeated write meets its own traces', async () => {
      const store = await createRinging();
      await store.claimHop(id, 1, owner('a'), soon);
      expect(await store.claimHop(id, 1, owner('a'), soon)).toEqual(ok('claimed'));
    });

    it('is refused for a call that is unknown, told of, or claimed and not settled', async () => {
      const store = await createStore();
      expect(await store.claimHop(id, 1, owner('a'), soon)).toEqual(ok('refused'));
      await store.noteCallNews(id, declined, soon);
      expect(await store.claimHop(id, 1, owner('a'), soon)).toEqual(ok('refused'));
      await store.claimCall(id, 'webhook', owner('a'), soon);
      expect(await store.claimHop(id, 1, owner('a'), soon)).toEqual(ok('refused'));
    });

    it('that was refused leaves no trace', async () => {
      const store = await createStore();
      await store.claimHop(id, 1, owner('a'), soon);
      expect(await store.claimCall(id, 'webhook', owner('first'), soon)).toEqual(
        ok({ claim: 'claimed', door: 'webhook', news: nothingTold }),
      );
      await store.claimHop(id, 1, owner('a'), soon);
      await store.settleCall(routedRecord(), owner('first'), soon);
      await store.claimHop(id, 2, owner('a'), soon);
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(decidedCall()));
    });

    it.each([answered, over])('is refused once the call is $kind', async (item) => {
      const store = await createRinging();
      await store.noteCallNews(id, item, soon);
      expect(await store.claimHop(id, 1, owner('a'), soon)).toEqual(ok('refused'));
    });

    it('is claimed for a call that was only refused', async () => {
      const store = await createRinging();
      await store.noteCallNews(id, declined, soon);
      expect(await store.claimHop(id, 1, owner('a'), soon)).toEqual(ok('claimed'));
    });

    it('is refused while the one before it is under way, to its own owner too', async () => {
      const store = await createRinging();
      await store.claimHop(id, 1, owner('a'), soon);
      expect(await store.claimHop(id, 2, owner('a'), soon)).toEqual(ok('refused'));
      expect(await store.claimHop(id, 2, owner('b'), soon)).toEqual(ok('refused'));
      await store.settleHop(id, hopRecord(), owner('a'), soon);
      expect(await store.claimHop(id, 2, owner('b'), soon)).toEqual(ok('claimed'));
    });

    it('stays under way for good where its owner died', async () => {
      const { store, clock } = await createFixture();
      await settle(store);
      await store.claimHop(id, 1, owner('a'), soon);
      clock.advance(86_400_000);
      expect(await store.claimHop(id, 1, owner('b'), soon)).toEqual(ok('refused'));
      expect(await store.claimHop(id, 2, owner('b'), soon)).toEqual(ok('refused'));
    });

    it('is refused with a number that is not the next one', async () => {
      const store = await createRinging();
      expect(await store.claimHop(id, 2, owner('a'), soon)).toEqual(ok('refused'));
      await store.claimHop(id, 1, owner('a'), soon);
      await store.settleHop(id, hopRecord(), owner('a'), soon);
      expect(await store.claimHop(id, 1, owner('a'), soon)).toEqual(ok('refused'));
      expect(await store.claimHop(id, 1, owner('b'), soon)).toEqual(ok('refused'));
      expect(await store.claimHop(id, 3, owner('a'), soon)).toEqual(ok('refused'));
      expect(await store.claimHop(id, 2, owner('a'), soon)).toEqual(ok('claimed'));
    });

    it.each([1, 2])('goes to exactly one of twenty who ask at once: %d', async (hop) => {
      const store = await createRinging();
      if (hop === 2) {
        await store.claimHop(id, 1, owner('a'), soon);
        await store.settleHop(id, hopRecord(), owner('a'), soon);
      }
      const owners = Array.from({ length: 20 }, (_, index) => owner(`owner-${index}`));
      const claims = await Promise.all(owners.map((one) => store.claimHop(id, hop, one, soon)));
      const values = claims.map((claim) => (claim.ok ? claim.value : claim.failure.reason)).sort();
      expect(values).toEqual(['claimed', ...Array(19).fill('refused')]);
    });

    it('is settled with what events told meanwhile', async () => {
      const store = await createRinging();
      await store.noteCallNews(id, declined, soon);
      await store.claimHop(id, 1, owner('a'), soon);
      await store.noteCallNews(id, answered, soon);
      expect(await store.settleHop(id, hopRecord(), owner('a'), soon)).toEqual(
        ok({ kind: 'settled', news: { isAnswered: true, isOver: false, refusals } }),
      );
    });

    it('settled a second time is as it was: a repeated write meets its own traces', async () => {
      const store = await createRinging();
      await store.claimHop(id, 1, owner('a'), soon);
      const settled = ok({ kind: 'settled', news: nothingTold });
      expect(await store.settleHop(id, hopRecord(), owner('a'), soon)).toEqual(settled);
      expect(await store.settleHop(id, hopRecord(), owner('a'), soon)).toEqual(settled);
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(
        ok(decidedCall({ hops: [hopRecord()], hopsBegun: 1 })),
      );
    });

    it('is settled by its owner only, and while it is the last', async () => {
      const store = await createRinging();
      const notOwner = ok({ kind: 'not-owner' });
      expect(await store.settleHop(id, hopRecord(), owner('a'), soon)).toEqual(notOwner);
      await store.claimHop(id, 1, owner('a'), soon);
      expect(await store.settleHop(id, hopRecord(), owner('b'), soon)).toEqual(notOwner);
      expect(await store.settleHop(id, hopRecord({ hop: 2 }), owner('a'), soon)).toEqual(notOwner);
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(decidedCall({ hopsBegun: 1 })));

      await store.settleHop(id, hopRecord(), owner('a'), soon);
      await store.claimHop(id, 2, owner('b'), soon);
      expect(await store.settleHop(id, hopRecord(), owner('a'), soon)).toEqual(notOwner);
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(
        ok(decidedCall({ hops: [hopRecord()], hopsBegun: 2 })),
      );
    });

    it('of an unknown call can not be settled', async () => {
      const store = await createStore();
      expect(await store.settleHop(id, hopRecord(), owner('a'), soon)).toEqual(ok({ kind: 'not-owner' }));
      expect(await foundIn(store.findDecidedCall(id, soon))).toEqual(ok(undefined));
    });
  });
}
