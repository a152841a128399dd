import { beforeEach, expect, it } from 'vitest';
import { type Account, uninstall } from '../../lib/core/account.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { createForgetAccount } from '../../lib/use-cases/forget-account.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount, createReadableAccounts } from '../acme.ts';
import { createClock, t0 } from '../builders.ts';
import { createFaults } from '../fakes/faults.ts';
import type { InMemoryAccounts } from '../fakes/in-memory-accounts.ts';

const acme = accountId('acme');
const storeDown = fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
const gone = uninstall(acmeAccount(), t0);

let clock: ReturnType<typeof createClock>;
let store: InMemoryAccounts;

beforeEach(() => {
  clock = createClock();
  clock.advance(60_000);
  store = createReadableAccounts(clock.now, gone);
});

function forget(account: Account, faults = createFaults(undefined)) {
  return createForgetAccount({
    saveAccount: faults.wrap('save', store.saveAccount, storeDown),
    purgeAccount: faults.wrap('purge', store.purgeAccount, storeDown),
    now: clock.now,
  })(account, t0 + 900_000);
}

it('an account says that it is being deleted before anything of it is', async () => {
  const faults = createFaults(undefined, (name) => {
    if (name === 'save') expect(store.accounts.get(acme)).toEqual(leaving);
  });
  const leaving = { ...gone, purgingAtMs: 1763851260000, changedAtMs: 1763851260000, version: 3 };
  expect(await forget(gone, faults)).toEqual(succeed(1));
  expect(faults.calls).toEqual(['save', 'purge']);
  expect(store.accounts.size).toBe(0);
});

it('an account that was changed since it was read loses nothing', async () => {
  const back = acmeAccount({ version: 3 });
  await store.saveAccount(back, 0);
  const faults = createFaults(undefined);
  expect(await forget(gone, faults)).toEqual(succeed('changed-meanwhile'));
  expect(faults.calls).toEqual(['save']);
  expect(store.accounts.get(acme)).toEqual(back);
});

it('an account loses nothing where it can not say that it is being deleted', async () => {
  const faults = createFaults({ call: 1, when: 'before' });
  expect(await forget(gone, faults)).toEqual(storeDown);
  expect(faults.calls).toEqual(['save']);
});

it('a deletion that died on the way is completed by the next', async () => {
  expect(await forget(gone, createFaults({ call: 2, when: 'before' }))).toEqual(storeDown);
  const left = store.accounts.get(acme);
  expect(left).toMatchObject({ status: 'uninstalled', purgingAtMs: 1763851260000 });
  expect(left && (await forget(left))).toEqual(succeed(1));
  expect(store.accounts.size).toBe(0);
});
