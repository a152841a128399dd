import { beforeEach, describe, expect, it } from 'vitest';
import { ownAccountId } from '../../lib/core/account.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { createUninstallAccount, type UninstallAccountPorts } from '../../lib/use-cases/uninstall-account.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount, createReadableAccounts } from '../acme.ts';
import { createClock, t0 } from '../builders.ts';
import type { InMemoryAccounts } from '../fakes/in-memory-accounts.ts';

const acme = accountId('acme');
const storeDown = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;

let clock: ReturnType<typeof createClock>;
let store: InMemoryAccounts;
let forgotten: unknown[];
let warnings: unknown[];

beforeEach(() => {
  clock = createClock();
  store = createReadableAccounts(clock.now, acmeAccount());
  [forgotten, warnings] = [[], []];
});

/** What is in memory of the account, and the token that came. */
function uninstall(
  proven = acmeAccount(),
  tokenHash = 'hash-1',
  changes: Partial<UninstallAccountPorts> = {},
) {
  const uninstallAccount = createUninstallAccount({
    findAccount: store.findAccount,
    saveAccount: store.saveAccount,
    forget: (id) => forgotten.push(id),
    warn: (...given) => warnings.push(given),
    now: clock.now,
    ...changes,
  });
  return uninstallAccount({ account: proven, tokenHash }, t0 + 4_000);
}

describe('a company that uninstalls us', () => {
  it('has its credentials wiped at once, and is told by its status', async () => {
    clock.advance(60_000);
    expect(await uninstall()).toBe('account-uninstalled');
    expect(store.accounts.get(acme)).toEqual({
      accountId: 'acme',
      name: 'Acme Anvils',
      status: 'uninstalled',
      letInBy: 'api-key',
      webhookId: 'webhook-1',
      tokenHashes: ['hash-1'],
      installedAtMs: 1763851200000,
      changedAtMs: 1763851260000,
      uninstalledAtMs: 1763851260000,
      version: 2,
    });
    expect([forgotten, warnings]).toEqual([['acme'], []]);
  });

  it('is uninstalled although we had switched it off', async () => {
    store = createReadableAccounts(clock.now, acmeAccount({ status: 'disabled' }));
    expect(await uninstall()).toBe('account-uninstalled');
    expect(store.accounts.get(acme)).toMatchObject({ status: 'uninstalled', version: 2 });
  });

  it('may say so twice: the time of the first word counts, and what is in memory is forgotten each time', async () => {
    await uninstall();
    clock.advance(3_600_000);
    expect(await uninstall()).toBe('account-uninstalled');
    expect(store.accounts.get(acme)).toMatchObject({ uninstalledAtMs: 1763851200000, version: 2 });
    expect(forgotten).toEqual(['acme', 'acme']);
  });

  it('may say so when everything of it is deleted already', async () => {
    store = createReadableAccounts(clock.now);
    expect(await uninstall()).toBe('account-uninstalled');
    expect(store.accounts.size).toBe(0);
  });
});

describe('what is told with the token of an earlier webhook', () => {
  const again = acmeAccount({ tokenHashes: ['hash-2', 'hash-1'], webhookId: 'webhook-2', version: 2 });

  it('ends nothing', async () => {
    store = createReadableAccounts(clock.now, again);
    expect(await uninstall(again)).toBe('earlier-installation');
    expect(store.accounts.get(acme)).toEqual(again);
    expect(forgotten).toEqual([]);
  });

  it('ends nothing either where memory does not know the new installation yet', async () => {
    store = createReadableAccounts(clock.now, again);
    expect(await uninstall(acmeAccount())).toBe('earlier-installation');
    expect(store.accounts.get(acme)).toEqual(again);
  });

  it('is told apart from the current one where memory knows only the earlier one', async () => {
    store = createReadableAccounts(clock.now, again);
    expect(await uninstall(acmeAccount(), 'hash-2')).toBe('account-uninstalled');
    expect(store.accounts.get(acme)).toMatchObject({ status: 'uninstalled', version: 3 });
  });
});

it('the account of the environment was never installed: nothing is read or written', async () => {
  const asked = async () => {
    throw new Error('asked');
  };
  const changes = { findAccount: asked, saveAccount: asked };
  expect(await uninstall(acmeAccount({ accountId: ownAccountId }), 'hash-1', changes)).toBe(
    'event-not-routed',
  );
  expect(forgotten).toEqual([]);
});

describe('another who changes the account at the same time', () => {
  /** Before each of the first `times` saves. */
  function othersChange(times: number): Partial<UninstallAccountPorts> {
    let left = times;
    return {
      saveAccount: async (...given) => {
        const before = store.accounts.get(acme);
        left -= 1;
        if (left >= 0 && before !== undefined) {
          await store.saveAccount({ ...before, name: `Acme ${left}`, version: before.version + 1 }, 0);
        }
        return store.saveAccount(...given);
      },
    };
  }

  it('loses nothing: it is uninstalled as they left it', async () => {
    expect(await uninstall(acmeAccount(), 'hash-1', othersChange(4))).toBe('account-uninstalled');
    expect(store.accounts.get(acme)).toMatchObject({ name: 'Acme 0', status: 'uninstalled', version: 6 });
    expect(store.accounts.get(acme)).not.toHaveProperty('sealedCredentials');
    expect(warnings).toEqual([]);
  });

  it('may be a new installation, and that stays', async () => {
    const saveAccount: UninstallAccountPorts['saveAccount'] = async (...given) => {
      await store.saveAccount(acmeAccount({ tokenHashes: ['hash-2', 'hash-1'], version: 2 }), 0);
      return store.saveAccount(...given);
    };
    expect(await uninstall(acmeAccount(), 'hash-1', { saveAccount })).toBe('earlier-installation');
    expect(store.accounts.get(acme)).toMatchObject({ status: 'active', version: 2 });
  });

  it('is not argued with for ever', async () => {
    expect(await uninstall(acmeAccount(), 'hash-1', othersChange(99))).toBe('store-unavailable');
    expect(store.accounts.get(acme)).toMatchObject({ status: 'active', version: 6 });
    expect(warnings).toEqual([
      [
        'store-trouble',
        {
          during: 'uninstalling an account',
          accountId: 'acme',
          detail: 'an account that others keep changing',
        },
      ],
    ]);
  });
});

describe('a store that is away', () => {
  it.each<[string, Partial<UninstallAccountPorts>]>([
    ['read from', { findAccount: async () => fail(storeDown) }],
    ['written to', { saveAccount: async () => fail(storeDown) }],
  ])('or can not be %s is told of, and nothing is forgotten', async (_, changes) => {
    expect(await uninstall(acmeAccount(), 'hash-1', changes)).toBe('store-unavailable');
    expect(store.accounts.get(acme)).toEqual(acmeAccount());
    expect(warnings).toEqual([
      ['store-trouble', { during: 'uninstalling an account', accountId: 'acme', detail: 'TimeoutError' }],
    ]);
    expect(forgotten).toEqual([]);
  });

  it('is told from an account that is damaged', async () => {
    const damaged = { reason: 'item-unreadable', detail: 'account: status' } as const;
    expect(await uninstall(acmeAccount(), 'hash-1', { findAccount: async () => fail(damaged) })).toBe(
      'item-unreadable',
    );
    expect(warnings).toMatchObject([['item-unreadable', { detail: 'account: status' }]]);
  });

  it('that has the write but lost its answer is no other writer', async () => {
    const saveAccount: UninstallAccountPorts['saveAccount'] = async (...given) => {
      await store.saveAccount(...given);
      return succeed('changed-meanwhile');
    };
    expect(await uninstall(acmeAccount(), 'hash-1', { saveAccount })).toBe('account-uninstalled');
    expect(store.accounts.get(acme)).toMatchObject({ status: 'uninstalled', version: 2 });
  });
});
