import { beforeEach, describe, expect, it } from 'vitest';
import { newOwnAccount } from '../../lib/core/account.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import {
  createKnownAccounts,
  type KnownAccounts,
  type KnownAccountsPorts,
} from '../../lib/use-cases/known-accounts.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount, createReadableAccounts } from '../acme.ts';
import { createClock, t0 } from '../builders.ts';
import type { InMemoryAccounts } from '../fakes/in-memory-accounts.ts';

const limits = { knownForMs: 60_000, unknownForMs: 5_000, usableForMs: 300_000, most: 1000 };
const storeDown = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;
const acme = acmeAccount({ tokenHashes: ['hash of acme-2', 'hash of acme-1'] });
const borg = acmeAccount({
  accountId: accountId('borg'),
  name: 'Borg Bicycles',
  tokenHashes: ['hash of borg-1'],
});
const own = { ...newOwnAccount(t0), tokenHashes: ['hash of own'] };

let clock: ReturnType<typeof createClock>;
let store: InMemoryAccounts;
let reads: string[];
let isStoreAway: boolean;

beforeEach(async () => {
  clock = createClock();
  store = createReadableAccounts(clock.now, acme, borg);
  [reads, isStoreAway] = [[], false];
  await accept('acme', 'acme-1');
  await accept('acme', 'acme-2');
  await accept('borg', 'borg-1');
});

function accept(id: string, token: string) {
  return store.acceptToken({ accountId: accountId(id), tokenHash: store.hashToken(token) }, undefined, 0);
}

function open(changes: Partial<KnownAccountsPorts> = {}): KnownAccounts {
  return createKnownAccounts(
    {
      own: { account: own, isToken: (token) => token === 'own' },
      findTokenOwner: async (token, deadlineMs) => {
        reads.push(`token ${token}`);
        return isStoreAway ? fail(storeDown) : store.findTokenOwner(token, deadlineMs);
      },
      findAccount: async (id, deadlineMs) => {
        reads.push(`account ${id}`);
        return isStoreAway ? fail(storeDown) : store.findAccount(id, deadlineMs);
      },
      now: clock.now,
      ...changes,
    },
    limits,
  );
}

describe('the account of the environment', () => {
  it('is proven and found without a read, whatever becomes of the store', async () => {
    isStoreAway = true;
    const known = open();
    expect(await known.prove('own', 0)).toEqual(succeed({ account: own }));
    expect(await known.find(accountId('default'), 0)).toEqual(succeed(own));
    expect(reads).toEqual([]);
  });

  it('is proven by the token of a webhook that was made for it here, too', async () => {
    await accept('default', 'made-here');
    expect(await open().prove('made-here', 0)).toEqual(
      succeed({ account: own, tokenHash: 'hash of made-here' }),
    );
    expect(reads).toEqual(['token made-here']);
  });

  it('is not there where the environment has no credentials: its token is nobody’s', async () => {
    const known = open({ own: undefined });
    expect(await known.prove('own', 0)).toEqual(succeed(undefined));
    expect(await known.find(accountId('default'), 0)).toEqual(succeed(undefined));
  });
});

describe('a token of another account', () => {
  it('proves it in one read, and a second one tells how it stands; then both are remembered', async () => {
    const known = open();
    const proven = succeed({ account: acme, tokenHash: 'hash of acme-2' });
    expect(await known.prove('acme-2', 0)).toEqual(proven);
    clock.advance(59_999);
    expect(await known.prove('acme-2', 0)).toEqual(proven);
    expect(await known.find(accountId('acme'), 0)).toEqual(succeed(acme));
    expect(reads).toEqual(['token acme-2', 'account acme']);
  });

  it('may be that of an earlier webhook, and says so', async () => {
    expect(await open().prove('acme-1', 0)).toEqual(succeed({ account: acme, tokenHash: 'hash of acme-1' }));
  });

  it('is not mistaken for another’s', async () => {
    const known = open();
    const owners = await Promise.all(['borg-1', 'acme-1', 'acme-2'].map((token) => known.prove(token, 0)));
    expect(owners.map((owner) => owner.ok && owner.value?.account.name)).toEqual([
      'Borg Bicycles',
      'Acme Anvils',
      'Acme Anvils',
    ]);
  });

  it('goes on proving it for 5 minutes while the store is away', async () => {
    const known = open();
    await known.prove('acme-2', 0);
    isStoreAway = true;
    clock.advance(299_999);
    expect(await known.prove('acme-2', 0)).toEqual(succeed({ account: acme, tokenHash: 'hash of acme-2' }));
    clock.advance(1);
    expect(await known.prove('acme-2', 0)).toEqual(fail(storeDown));
  });

  it('proves an account that is switched off a minute later as such', async () => {
    const known = open();
    await known.prove('acme-2', 0);
    await store.saveAccount({ ...acme, status: 'disabled', version: 2 }, 0);
    clock.advance(60_000);
    expect(await known.prove('acme-2', 0)).toMatchObject({ value: { account: { status: 'disabled' } } });
  });

  it('proves an account anew once it was forgotten, and needs one read for that', async () => {
    const known = open();
    await known.prove('acme-2', 0);
    await store.saveAccount({ ...acme, status: 'uninstalled', version: 2 }, 0);
    known.forget(accountId('acme'));
    expect(await known.prove('acme-2', 0)).toMatchObject({ value: { account: { status: 'uninstalled' } } });
    expect(reads).toEqual(['token acme-2', 'account acme', 'account acme']);
  });
});

describe('an account that was read before the token was its own', () => {
  const reinstalled = acmeAccount({ tokenHashes: ['hash of acme-3', 'hash of acme-2'], version: 2 });

  it('is read once more, and served at once', async () => {
    const known = open();
    await known.prove('acme-2', 0);
    await accept('acme', 'acme-3');
    await store.saveAccount(reinstalled, 0);
    expect(await known.prove('acme-3', 0)).toEqual(
      succeed({ account: reinstalled, tokenHash: 'hash of acme-3' }),
    );
    expect(await known.prove('acme-3', 0)).toMatchObject({ value: { account: reinstalled } });
    expect(reads).toEqual(['token acme-2', 'account acme', 'token acme-3', 'account acme']);
  });

  it('is no account any more where it was deleted', async () => {
    const known = open();
    await known.prove('acme-2', 0);
    await accept('acme', 'acme-3');
    await store.purgeAccount(acme, 0);
    await accept('acme', 'acme-3');
    expect(await known.prove('acme-3', 0)).toEqual(succeed(undefined));
  });

  it('is not guessed where the store is away', async () => {
    let isAccountAway = false;
    const known = open({
      findAccount: async (id, deadlineMs) =>
        isAccountAway ? fail(storeDown) : store.findAccount(id, deadlineMs),
    });
    await known.prove('acme-2', 0);
    await accept('acme', 'acme-3');
    isAccountAway = true;
    expect(await known.prove('acme-3', 0)).toEqual(fail(storeDown));
  });
});

describe('a token of nobody’s', () => {
  it('proves nothing, and is asked for once in 5 s', async () => {
    const known = open();
    expect(await known.prove('guessed', 0)).toEqual(succeed(undefined));
    clock.advance(4_999);
    await known.prove('guessed', 0);
    expect(reads).toEqual(['token guessed']);
    await accept('borg', 'guessed');
    clock.advance(1);
    expect(await known.prove('guessed', 0)).toMatchObject({ value: { account: borg } });
  });

  it('is also that of an account whose item is missing', async () => {
    await accept('gone', 'left-over');
    expect(await open().prove('left-over', 0)).toEqual(succeed(undefined));
    expect(reads).toEqual(['token left-over', 'account gone']);
  });

  it('is not said of one where the store can not tell', async () => {
    isStoreAway = true;
    expect(await open().prove('acme-2', 0)).toEqual(fail(storeDown));
    const findAccount = async () => fail(storeDown);
    isStoreAway = false;
    expect(await open({ findAccount }).prove('acme-2', 0)).toEqual(fail(storeDown));
  });
});

it('everything is asked within the deadline', async () => {
  const deadlines: number[] = [];
  const known = open({
    findTokenOwner: async (token, deadlineMs) => {
      deadlines.push(deadlineMs);
      return store.findTokenOwner(token, deadlineMs);
    },
    findAccount: async (id, deadlineMs) => {
      deadlines.push(deadlineMs);
      return store.findAccount(id, deadlineMs);
    },
  });
  await known.prove('acme-2', t0 + 4_000);
  await known.find(accountId('borg'), t0 + 5_000);
  expect(deadlines).toEqual([1763851204000, 1763851204000, 1763851205000]);
});
