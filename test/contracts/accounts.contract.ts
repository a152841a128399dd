/**
 * What every store of accounts must do: of those who change one at once, tell all but one; know a token for as long as it
 * counts; let an installation be ended once, by the browser that began it.
 */
import { describe, expect, it } from 'vitest';
import type { TokenOwner } from '../../lib/account-ports.ts';
import type { AccountId, StoreResult } from '../../lib/core/model.ts';
import { account } from '../accounts.ts';
import { type createClock, t0 } from '../builders.ts';
import type { AccountStore } from '../fakes/in-memory-accounts.ts';

export type AccountsFixture = {
  readonly store: AccountStore;
  readonly clock: ReturnType<typeof createClock>;
  /** What ids, tokens and states of this fixture begin with: the store may have others of other tests. */
  readonly own: string;
};

const soon = t0 + 1_000_000_000;
const ok = <Value>(value: Value) => ({ ok: true, value });

/** @param createFixture on a clock that stands at `t0` */
export function testAccounts(name: string, createFixture: () => Promise<AccountsFixture>): void {
  /** One account of it, and how it changes. */
  const createAccount = async () => {
    const { store, own, clock } = await createFixture();
    const accountId = `${own}-tidewater` as AccountId;
    return { store, clock, own, accountId, first: account({ accountId }) };
  };

  describe(`${name}: an account`, () => {
    it('is unknown before it was saved', async () => {
      const { store, accountId } = await createAccount();
      expect(await store.findAccount(accountId, soon)).toEqual(ok(undefined));
    });

    it('is found as it was saved, with all there can be of it and with the least', async () => {
      const { store, own, first } = await createAccount();
      const whole = {
        ...first,
        disabledAtMs: t0 + 500,
        uninstalledAtMs: t0 + 1000,
        purgingAtMs: t0 + 2000,
        tokenHashes: ['one', 'two'],
      };
      const least = {
        accountId: `${own}-least` as AccountId,
        name: 'Lantern & Co — Zoë’s',
        status: 'disabled',
        letInBy: 'api-key',
        tokenHashes: [],
        installedAtMs: t0,
        changedAtMs: t0,
        version: 1,
      } as const;

      expect(await store.saveAccount(whole, soon)).toEqual(ok('saved'));
      expect(await store.saveAccount(least, soon)).toEqual(ok('saved'));
      expect(await store.findAccount(whole.accountId, soon)).toEqual(ok(whole));
      expect(await store.findAccount(least.accountId, soon)).toEqual(ok(least));
    });

    it('is replaced by its next version: what that lacks is gone', async () => {
      const { store, first } = await createAccount();
      await store.saveAccount(first, soon);
      const { sealedCredentials: _, ...rest } = first;
      const wiped = { ...rest, status: 'uninstalled', uninstalledAtMs: t0, version: 2 } as const;

      expect(await store.saveAccount(wiped, soon)).toEqual(ok('saved'));
      expect(await store.findAccount(first.accountId, soon)).toEqual(ok(wiped));
    });

    it.each([
      { where: 'there is one already', version: 1 },
      { where: 'it was written since', version: 2 },
      { where: 'a version between is missing', version: 5 },
    ])('is not replaced where $where: version $version, over version 3', async ({ version }) => {
      const { store, first } = await createAccount();
      for (const saved of [1, 2, 3]) await store.saveAccount({ ...first, version: saved }, soon);

      const late = { ...first, name: 'Late & Co', version };
      expect(await store.saveAccount(late, soon)).toEqual(ok('changed-meanwhile'));
      expect(await store.findAccount(first.accountId, soon)).toEqual(ok({ ...first, version: 3 }));
    });

    it('that is gone is not brought back by who knew it', async () => {
      const { store, first } = await createAccount();

      expect(await store.saveAccount({ ...first, version: 2 }, soon)).toEqual(ok('changed-meanwhile'));
      expect(await store.findAccount(first.accountId, soon)).toEqual(ok(undefined));
    });

    it('saved again as it is, is saved: whoever repeats a write wrote it', async () => {
      const { store, first } = await createAccount();
      for (const next of [first, { ...first, name: 'Tidewater', version: 2 }]) {
        expect(await store.saveAccount(next, soon)).toEqual(ok('saved'));
        expect(await store.saveAccount(structuredClone(next), soon)).toEqual(ok('saved'));
      }
    });

    it.each([0, 1])(
      'changed by several at once is one’s, and the others are told: over version %i',
      async (version) => {
        const { store, first } = await createAccount();
        if (version === 1) await store.saveAccount(first, soon);

        const names = ['Amber', 'Birch', 'Cedar'];
        const saves = await Promise.all(
          names.map((name) => store.saveAccount({ ...first, name, version: version + 1 }, soon)),
        );
        const winners = names.filter((_, index) => saves[index]?.ok && saves[index].value === 'saved');

        expect(saves.filter((save) => save.ok && save.value === 'changed-meanwhile')).toHaveLength(2);
        expect(winners).toHaveLength(1);
        expect(await store.findAccount(first.accountId, soon)).toMatchObject(ok({ name: winners[0] }));
      },
    );

    it('is listed among the others, by id', async () => {
      const { store, own } = await createFixture();
      for (const end of ['b', 'ab', 'a', '90210', 'a-b'])
        await store.saveAccount(account({ accountId: `${own}-${end}` as AccountId }), soon);

      const listed = await store.listAccounts(soon);
      if (!listed.ok) throw new Error(listed.failure.detail);
      const ids = listed.value.accounts.map(({ accountId }) => accountId);
      expect(ids.filter((id) => id.startsWith(`${own}-`))).toEqual(
        ['90210', 'a', 'a-b', 'ab', 'b'].map((end) => `${own}-${end}`),
      );
      expect(listed.value.accounts).toContainEqual(account({ accountId: `${own}-a` as AccountId }));
      expect(listed.value.unreadable).toBe(0);
    });

    it('that is purged is gone with its tokens, which are counted, and no other is', async () => {
      const { store, own, first } = await createAccount();
      const tokens = [`${own}-current`, `${own}-earlier`];
      const purged = { ...first, tokenHashes: tokens.map(store.hashToken) };
      const other = account({ accountId: `${first.accountId}-2` as AccountId });
      await store.saveAccount(purged, soon);
      await store.saveAccount(other, soon);
      for (const tokenHash of purged.tokenHashes)
        await store.acceptToken({ accountId: first.accountId, tokenHash }, undefined, soon);
      const others = { accountId: other.accountId, tokenHash: store.hashToken(`${own}-other`) };
      await store.acceptToken(others, undefined, soon);

      expect(await store.purgeAccount(purged, soon)).toEqual(ok(3));
      expect(await store.findAccount(first.accountId, soon)).toEqual(ok(undefined));
      for (const token of tokens) expect(await store.findTokenOwner(token, soon)).toEqual(ok(undefined));
      expect(await store.findAccount(other.accountId, soon)).toEqual(ok(other));
      expect(await store.findTokenOwner(`${own}-other`, soon)).toEqual(ok(others));
    });

    it('that is purged again was nothing any more', async () => {
      const { store, first } = await createAccount();
      await store.saveAccount(first, soon);

      expect(await store.purgeAccount({ ...first, tokenHashes: [] }, soon)).toEqual(ok(1));
      expect(await store.purgeAccount(first, soon)).toEqual(ok(0));
    });
  });

  describe(`${name}: a webhook’s token`, () => {
    const createToken = async () => {
      const { store, own, clock, accountId } = await createAccount();
      const token = `${own}-0123456789abcdef`;
      const owner: TokenOwner = { accountId, tokenHash: store.hashToken(token) };
      return { store, clock, token, owner };
    };

    it('is nobody’s before it was accepted', async () => {
      const { store, token } = await createToken();
      expect(await store.findTokenOwner(token, soon)).toEqual(ok(undefined));
    });

    it('is its account’s from then on', async () => {
      const { store, clock, token, owner } = await createToken();

      expect(await store.acceptToken(owner, undefined, soon)).toEqual(ok(undefined));
      expect(await store.findTokenOwner(token, soon)).toEqual(ok(owner));
      clock.advance(900_000_000);
      expect(await store.findTokenOwner(token, soon)).toEqual(ok(owner));
    });

    it('is nobody’s where it is another one, or the hash of it', async () => {
      const { store, token, owner } = await createToken();
      await store.acceptToken(owner, undefined, soon);

      for (const other of [`${token} `, token.toUpperCase(), owner.tokenHash]) {
        expect(await store.findTokenOwner(other, soon)).toEqual(ok(undefined));
      }
    });

    it('that is accepted until a time is nobody’s from that millisecond on', async () => {
      const { store, clock, token, owner } = await createToken();

      expect(await store.acceptToken(owner, t0 + 60_000, soon)).toEqual(ok(undefined));
      clock.advance(59_999);
      expect(await store.findTokenOwner(token, soon)).toEqual(ok(owner));
      clock.advance(1);
      expect(await store.findTokenOwner(token, soon)).toEqual(ok(undefined));
    });

    it('is accepted as was said last: no longer than that, or for good again', async () => {
      const { store, clock, token, owner } = await createToken();
      await store.acceptToken(owner, undefined, soon);
      await store.acceptToken(owner, t0 + 60_000, soon);
      clock.advance(60_000);
      expect(await store.findTokenOwner(token, soon)).toEqual(ok(undefined));

      await store.acceptToken(owner, undefined, soon);
      expect(await store.findTokenOwner(token, soon)).toEqual(ok(owner));
    });
  });

  describe(`${name}: an installation that was begun`, () => {
    const begin = async () => {
      const { store, own, clock } = await createFixture();
      const state = { state: `${own}-state`, browser: `${own}-browser` };
      expect(await store.saveInstallState(state, t0 + 600_000, soon)).toEqual(ok(undefined));
      return { store, clock, state };
    };

    it('is ended once', async () => {
      const { store, state } = await begin();

      expect(await store.useInstallState(state, soon)).toEqual(ok('begun'));
      expect(await store.useInstallState(state, soon)).toEqual(ok('used'));
    });

    it('can be ended for ten minutes, and no millisecond longer', async () => {
      const inTime = await begin();
      inTime.clock.advance(599_999);
      expect(await inTime.store.useInstallState(inTime.state, soon)).toEqual(ok('begun'));

      const late = await begin();
      late.clock.advance(600_000);
      expect(await late.store.useInstallState(late.state, soon)).toEqual(ok('old'));
    });

    it('that was used is that, however old', async () => {
      const { store, clock, state } = await begin();
      await store.useInstallState(state, soon);
      clock.advance(3_600_000);

      expect(await store.useInstallState(state, soon)).toEqual(ok('used'));
    });

    it('is foreign to another browser, which does not use it up', async () => {
      const { store, state } = await begin();

      for (const browser of ['', 'stranger', state.state]) {
        expect(await store.useInstallState({ ...state, browser }, soon)).toEqual(ok('foreign'));
      }
      expect(await store.useInstallState(state, soon)).toEqual(ok('begun'));
      expect(await store.useInstallState({ ...state, browser: 'stranger' }, soon)).toEqual(ok('foreign'));
    });

    it('is foreign where nobody began it', async () => {
      const { store, state } = await begin();

      expect(await store.useInstallState({ ...state, state: 'invented' }, soon)).toEqual(ok('foreign'));
    });

    it('is ended by one of several who come at once', async () => {
      const { store, state } = await begin();

      const ends = await Promise.all([1, 2, 3].map(() => store.useInstallState(state, soon)));
      const count = (value: string) =>
        ends.filter((end: StoreResult<string>) => end.ok && end.value === value).length;
      expect([count('begun'), count('used')]).toEqual([1, 2]);
    });
  });
}
