import { beforeEach, describe, expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import { createSwitchAccount, type SwitchAccountPorts } from '../../lib/use-cases/switch-account.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount, createReadableAccounts } from '../acme.ts';
import { createClock, t0 } from '../builders.ts';
import type { InMemoryAccounts } from '../fakes/in-memory-accounts.ts';

const acme = accountId('acme');
const storeDown = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;

let store: InMemoryAccounts;

beforeEach(() => {
  store = createReadableAccounts(createClock().now, acmeAccount());
});

function switchTo(status: 'active' | 'disabled', changes: Partial<SwitchAccountPorts> = {}) {
  const { findAccount, saveAccount } = store;
  const ports = { findAccount, saveAccount, now: () => t0 + 5_000, ...changes };
  return createSwitchAccount(ports)(acme, status, t0 + 9_000);
}

it('an account is switched off and on again, and keeps all it has', async () => {
  const off = acmeAccount({
    status: 'disabled',
    disabledAtMs: 1763851205000,
    changedAtMs: 1763851205000,
    version: 2,
  });
  expect(await switchTo('disabled')).toEqual(succeed(off));
  expect(store.accounts.get(acme)).toEqual(off);
  const on = acmeAccount({ status: 'active', changedAtMs: 1763851205000, version: 3 });
  expect(await switchTo('active')).toEqual(succeed(on));
  expect(store.accounts.get(acme)).toEqual(on);
});

describe('an account is left as it is', () => {
  it('where it is so already', async () => {
    expect(await switchTo('active')).toEqual(fail({ reason: 'unchanged' }));
    expect(store.accounts.get(acme)).toEqual(acmeAccount());
  });

  it('where the company has uninstalled us', async () => {
    store = createReadableAccounts(() => t0, acmeAccount({ status: 'uninstalled' }));
    expect(await switchTo('active')).toEqual(fail({ reason: 'uninstalled' }));
  });

  it('where nobody knows it', async () => {
    store = createReadableAccounts(() => t0);
    expect(await switchTo('disabled')).toEqual(fail({ reason: 'unknown' }));
    expect(store.accounts.size).toBe(0);
  });

  it('where someone else changes it at the same time', async () => {
    const findAccount: SwitchAccountPorts['findAccount'] = async (...given) => {
      const found = await store.findAccount(...given);
      await store.saveAccount(acmeAccount({ name: 'Acme & Sons', version: 2 }), 0);
      return found;
    };
    expect(await switchTo('disabled', { findAccount })).toEqual(fail({ reason: 'changed-meanwhile' }));
    expect(store.accounts.get(acme)).toEqual(acmeAccount({ name: 'Acme & Sons', version: 2 }));
  });

  it.each<[string, Partial<SwitchAccountPorts>]>([
    ['read', { findAccount: async () => fail(storeDown) }],
    ['written', { saveAccount: async () => fail(storeDown) }],
  ])('where it can not be %s', async (_, changes) => {
    expect(await switchTo('disabled', changes)).toEqual(fail(storeDown));
    expect(store.accounts.get(acme)).toEqual(acmeAccount());
  });
});

it('each request is given the deadline', async () => {
  const deadlines: number[] = [];
  await switchTo('disabled', {
    findAccount: async (id, deadlineMs) => {
      deadlines.push(deadlineMs);
      return store.findAccount(id, deadlineMs);
    },
    saveAccount: async (saved, deadlineMs) => {
      deadlines.push(deadlineMs);
      return store.saveAccount(saved, deadlineMs);
    },
  });
  expect(deadlines).toEqual([1763851209000, 1763851209000]);
});
