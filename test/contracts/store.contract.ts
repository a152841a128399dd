/**
 * What every store must do. The fake and the DynamoDB adapters both run it: that is what makes the fake trustworthy.
 */
import { describe, expect, it } from 'vitest';
import {
  callId,
  contact,
  type createClock,
  email,
  inboundCall,
  nothingTold,
  owner,
  phone,
  routedRecord,
  t0,
  userId,
} from '../builders.ts';
import type { Store } from '../fakes/in-memory-store.ts';

export type Fixture = { readonly store: Store; readonly clock: ReturnType<typeof createClock> };

/** A claim lapses after 10 s in the stores under test. */
export const claimLapsesAfterMs = 10_000;

const ok = <Value>(value: Value) => ({ ok: true, value });
const soon = t0 + 1_000_000_000;

const claimed = ok({ claim: 'claimed', door: 'webhook', news: nothingTold });
const inDoubt = ok({ claim: 'in-doubt', door: 'webhook', news: nothingTold });
const duplicate = ok({ claim: 'duplicate', door: 'webhook', news: nothingTold });

/** @param createFixture an empty store on a clock that stands at `t0` */
export function testStore(name: string, createFixture: () => Promise<Fixture>): void {
  describe(`${name}: the claim of a call`, () => {
    const call = inboundCall();

    it('is given to the first who asks', async () => {
      const { store } = await createFixture();
      expect(await store.claimCall(call.callId, 'webhook', owner('a'), soon)).toEqual(claimed);
    });

    it('is given to its owner again: a repeated write meets its own traces', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(call.callId, 'webhook', owner('a'), soon);
      clock.advance(9_999);
      expect(await store.claimCall(call.callId, 'webhook', owner('a'), soon)).toEqual(claimed);
    });

    it('is held against anyone else until it lapses', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(call.callId, 'webhook', owner('a'), soon);
      clock.advance(9_999);
      expect(await store.claimCall(call.callId, 'webhook', owner('b'), soon)).toEqual(duplicate);
    });

    it('is taken over in doubt once it has lapsed unsettled', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(call.callId, 'webhook', owner('a'), soon);
      clock.advance(10_000);
      expect(await store.claimCall(call.callId, 'webhook', owner('b'), soon)).toEqual(inDoubt);
    });

    it('taken over keeps the door of whoever claimed it first', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(call.callId, 'ring-to', owner('a'), soon);
      clock.advance(10_000);
      expect(await store.claimCall(call.callId, 'webhook', owner('b'), clock.now() + 1000)).toEqual(
        ok({ claim: 'in-doubt', door: 'ring-to', news: nothingTold }),
      );
    });

    it('taken over is held for as long as a fresh one, and stays in doubt for its new owner', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(call.callId, 'webhook', owner('a'), soon);
      clock.advance(10_000);
      await store.claimCall(call.callId, 'webhook', owner('b'), soon);
      clock.advance(9_999);
      expect(await store.claimCall(call.callId, 'webhook', owner('c'), soon)).toEqual(duplicate);
      expect(await store.claimCall(call.callId, 'webhook', owner('b'), soon)).toEqual(inDoubt);
      clock.advance(1);
      expect(await store.claimCall(call.callId, 'webhook', owner('c'), soon)).toEqual(inDoubt);
    });

    it('is doubtful to its own first owner, too, once it has lapsed', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(call.callId, 'webhook', owner('a'), soon);
      clock.advance(10_000);
      expect(await store.claimCall(call.callId, 'webhook', owner('a'), soon)).toEqual(inDoubt);
    });

    it('settled is over for good, for its owner and anyone else, however late', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(call.callId, 'webhook', owner('a'), soon);
      expect(await store.settleCall(routedRecord(), owner('a'), soon)).toEqual(
        ok({ kind: 'settled', news: nothingTold }),
      );
      expect(await store.claimCall(call.callId, 'webhook', owner('a'), soon)).toEqual(duplicate);
      clock.advance(10_000);
      expect(await store.claimCall(call.callId, 'webhook', owner('b'), soon)).toEqual(duplicate);
      clock.advance(89 * 86_400_000);
      expect(await store.claimCall(call.callId, 'webhook', owner('b'), soon + 89 * 86_400_000)).toEqual(
        duplicate,
      );
    });

    it('is settled by its owner only', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(call.callId, 'webhook', owner('a'), soon);
      expect(await store.settleCall(routedRecord(), owner('b'), soon)).toEqual(ok({ kind: 'not-owner' }));
      clock.advance(10_000);
      await store.claimCall(call.callId, 'webhook', owner('b'), soon);
      expect(await store.settleCall(routedRecord(), owner('a'), soon)).toEqual(ok({ kind: 'not-owner' }));
      clock.advance(10_000);
      expect(await store.claimCall(call.callId, 'webhook', owner('c'), soon)).toEqual(inDoubt);
    });

    it('of a call nobody claimed can not be settled', async () => {
      const { store } = await createFixture();
      expect(await store.settleCall(routedRecord(), owner('a'), soon)).toEqual(ok({ kind: 'not-owner' }));
      expect(await store.claimCall(call.callId, 'webhook', owner('b'), soon)).toEqual(claimed);
    });

    it('of one call says nothing of another', async () => {
      const { store } = await createFixture();
      await store.claimCall(call.callId, 'webhook', owner('a'), soon);
      const other = inboundCall({ callId: callId('812000002') });
      expect(await store.claimCall(other.callId, 'webhook', owner('b'), soon)).toEqual(claimed);
    });

    it('goes to exactly one of twenty who ask at once', async () => {
      const { store } = await createFixture();
      const owners = Array.from({ length: 20 }, (_, index) => owner(`owner-${index}`));
      const claims = await Promise.all(
        owners.map((one) => store.claimCall(call.callId, 'webhook', one, soon)),
      );
      const values = claims.map((claim) => (claim.ok ? claim.value.claim : claim.failure.reason)).sort();
      expect(values).toEqual(['claimed', ...Array(19).fill('duplicate')]);
    });

    it('lapsed goes to exactly one of twenty who ask at once', async () => {
      const { store, clock } = await createFixture();
      await store.claimCall(call.callId, 'webhook', owner('a'), soon);
      clock.advance(10_000);
      const owners = Array.from({ length: 20 }, (_, index) => owner(`owner-${index}`));
      const claims = await Promise.all(
        owners.map((one) => store.claimCall(call.callId, 'webhook', one, soon)),
      );
      const values = claims.map((claim) => (claim.ok ? claim.value.claim : claim.failure.reason)).sort();
      expect(values).toEqual([...Array(19).fill('duplicate'), 'in-doubt']);
    });
  });

  describe(`${name}: contacts`, () => {
    const zoe = contact();
    const paul = contact({
      phone: phone('+33199000007'),
      attributes: { tier: 'gold' },
      backups: [email('jan@example.com')],
    });

    it('are found by their phone, as they were saved', async () => {
      const { store } = await createFixture();
      expect(await store.saveContacts([zoe, paul], soon)).toEqual(ok({ written: 2, unchanged: 0 }));
      expect(await store.findContact(phone('+33199000007'), soon)).toEqual(ok(paul));
    });

    it('of a phone nobody has are undefined', async () => {
      const { store } = await createFixture();
      expect(await store.findContact(phone('+12025550199'), soon)).toEqual(ok(undefined));
    });

    it('may be as bare as a phone', async () => {
      const { store } = await createFixture();
      const bare = { phone: phone('+12025550101'), backups: [], attributes: {} };
      await store.saveContacts([bare], soon);
      expect(await store.findContact(phone('+12025550101'), soon)).toEqual(ok(bare));
    });

    it('saved a second time are not written', async () => {
      const { store } = await createFixture();
      await store.saveContacts([zoe, paul], soon);
      const moved = { ...zoe, company: 'Southwind Tea' };
      expect(await store.saveContacts([moved, paul], soon)).toEqual(ok({ written: 1, unchanged: 1 }));
      expect(await store.findContact(zoe.phone, soon)).toEqual(ok(moved));
    });

    it('lose what the new version leaves out', async () => {
      const { store } = await createFixture();
      await store.saveContacts([zoe], soon);
      const { assignedTo: _, ...unassigned } = zoe;
      await store.saveContacts([unassigned], soon);
      expect(await store.findContact(zoe.phone, soon)).toEqual(ok(unassigned));
    });

    it('are saved a hundred at a time', async () => {
      const { store } = await createFixture();
      const hundred = Array.from({ length: 100 }, (_, index) =>
        contact({ phone: phone(`+120255501${String(index).padStart(2, '0')}`) }),
      );
      expect(await store.saveContacts(hundred, soon)).toEqual(ok({ written: 100, unchanged: 0 }));
      expect(await store.saveContacts(hundred, soon)).toEqual(ok({ written: 0, unchanged: 100 }));
    });

    it('are gone once deleted', async () => {
      const { store } = await createFixture();
      await store.saveContacts([zoe], soon);
      expect(await store.deleteContact(zoe.phone, soon)).toEqual(ok('deleted'));
      expect(await store.findContact(zoe.phone, soon)).toEqual(ok(undefined));
      expect(await store.deleteContact(zoe.phone, soon)).toEqual(ok('absent'));
    });
  });

  describe(`${name}: agents`, () => {
    const jane = {
      email: email('jane@example.com'),
      aircallUserId: userId(456),
      name: 'Jane Doe',
      checkedAtMs: t0,
    };
    const ghost = { email: email('ghost@example.com'), checkedAtMs: t0 };

    it('are found by their e-mail, as they were saved', async () => {
      const { store } = await createFixture();
      await store.saveAgent(jane, soon);
      await store.saveAgent(ghost, soon);
      expect(await store.findAgent(email('jane@example.com'), soon)).toEqual(ok(jane));
      expect(await store.findAgent(email('ghost@example.com'), soon)).toEqual(ok(ghost));
    });

    it('whom nobody saved are undefined', async () => {
      const { store } = await createFixture();
      expect(await store.findAgent(email('jane@example.com'), soon)).toEqual(ok(undefined));
    });

    it('lose their Aircall user id when they are gone, and get another when they are back', async () => {
      const { store } = await createFixture();
      await store.saveAgent(jane, soon);
      const gone = { email: jane.email, checkedAtMs: t0 + 1 };
      await store.saveAgent(gone, soon);
      expect(await store.findAgent(jane.email, soon)).toEqual(ok(gone));
      const back = { ...jane, aircallUserId: userId(789), checkedAtMs: t0 + 2 };
      await store.saveAgent(back, soon);
      expect(await store.findAgent(jane.email, soon)).toEqual(ok(back));
    });

    it('are all listed, gone ones too', async () => {
      const { store } = await createFixture();
      await store.saveAgent(jane, soon);
      await store.saveAgent(ghost, soon);
      const listed = await store.listAgents(soon);
      expect(listed.ok && [...listed.value.agents].sort((a, b) => (a.email < b.email ? -1 : 1))).toEqual([
        ghost,
        jane,
      ]);
      expect(listed.ok && listed.value.unreadable).toBe(0);
    });
  });
}
