import { beforeEach, describe, expect, it } from 'vitest';
import type { ListAccounts } from '../../lib/account-ports.ts';
import type { Account } from '../../lib/core/account.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { ForgetAccount } from '../../lib/use-cases/forget-account.ts';
import { createForgetAccounts } from '../../lib/use-cases/forget-accounts.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount } from '../acme.ts';
import { createClock, t0 } from '../builders.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const storeDown = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;
const gone = (id: string, uninstalledAtMs = t0): Account =>
  acmeAccount({ accountId: accountId(id), status: 'uninstalled', uninstalledAtMs });

let clock: ReturnType<typeof createClock>;
let accounts: Account[];
let purged: unknown[];

beforeEach(() => {
  clock = createClock();
  [accounts, purged] = [[], []];
});

const listAll: ListAccounts = async () => succeed({ accounts, unreadable: 0 });
const forgetOne: ForgetAccount = async ({ accountId }, deadlineMs) => {
  purged.push([accountId, deadlineMs - t0]);
  accounts = accounts.filter((one) => one.accountId !== accountId);
  return succeed(120);
};

function forget(listAccounts = listAll, forgetAccount = forgetOne) {
  return createForgetAccounts({ listAccounts, forgetAccount, now: clock.now })(t0 + 900_000);
}

describe('a company that uninstalled us', () => {
  it('is kept with all it has for 29 days and 23 hours', async () => {
    accounts = [gone('acme')];
    clock.advance(29 * dayMs + 23 * hourMs);
    expect(await forget()).toEqual(succeed({ accounts: 0, deleted: 0 }));
    expect(purged).toEqual([]);
  });

  it('is forgotten after 30 days, within the deadline, and that once', async () => {
    accounts = [gone('acme')];
    clock.advance(30 * dayMs);
    expect(await forget()).toEqual(succeed({ accounts: 1, deleted: 120 }));
    expect(await forget()).toEqual(succeed({ accounts: 0, deleted: 0 }));
    expect(purged).toEqual([['acme', 900_000]]);
  });

  it('is forgotten each in its own time, and the others stay', async () => {
    accounts = [
      gone('acme'),
      acmeAccount({ accountId: accountId('borg') }),
      gone('corp', t0 + dayMs),
      acmeAccount({ accountId: accountId('dyne'), status: 'disabled' }),
      gone('evil'),
    ];
    clock.advance(30 * dayMs);
    expect(await forget()).toEqual(succeed({ accounts: 2, deleted: 240 }));
    expect(purged).toEqual([
      ['acme', 900_000],
      ['evil', 900_000],
    ]);
    clock.advance(dayMs);
    expect(await forget()).toEqual(succeed({ accounts: 1, deleted: 120 }));
  });

  it('that came back is not forgotten', async () => {
    accounts = [acmeAccount({ installedAtMs: t0 + 29 * dayMs })];
    clock.advance(60 * dayMs);
    expect(await forget()).toEqual(succeed({ accounts: 0, deleted: 0 }));
  });
});

it('a company that came back in that moment is not forgotten, and that is no failure', async () => {
  accounts = [gone('acme'), gone('borg')];
  clock.advance(30 * dayMs);
  const forgetAccount: ForgetAccount = async (one, deadlineMs) =>
    one.accountId === 'acme' ? succeed('changed-meanwhile') : forgetOne(one, deadlineMs);
  expect(await forget(listAll, forgetAccount)).toMatchObject({ value: { deleted: 120 } });
  expect(purged).toEqual([['borg', 900_000]]);
});

describe('what failed', () => {
  it('is told with the name of the account, and tried again by the next run', async () => {
    accounts = [gone('acme'), gone('borg')];
    clock.advance(30 * dayMs);
    let fails = true;
    const forgetAccount: ForgetAccount = async (one, deadlineMs) =>
      fails && one.accountId === 'borg' ? fail(storeDown) : forgetOne(one, deadlineMs);
    expect(await forget(listAll, forgetAccount)).toEqual(fail({ message: 'borg: TimeoutError' }));
    fails = false;
    expect(await forget(listAll, forgetAccount)).toEqual(succeed({ accounts: 1, deleted: 120 }));
    expect(purged).toEqual([
      ['acme', 900_000],
      ['borg', 900_000],
    ]);
  });

  it('for one keeps no other from being forgotten', async () => {
    accounts = [gone('acme'), gone('borg'), gone('corp')];
    clock.advance(30 * dayMs);
    const forgetAccount: ForgetAccount = async (one, deadlineMs) =>
      one.accountId === 'borg' ? forgetOne(one, deadlineMs) : fail(storeDown);
    expect(await forget(listAll, forgetAccount)).toEqual(
      fail({ message: 'acme: TimeoutError; corp: TimeoutError' }),
    );
    expect(purged).toEqual([['borg', 900_000]]);
  });

  it('may be the list of accounts', async () => {
    expect(await forget(async () => fail(storeDown))).toEqual(
      fail({ message: 'the list of accounts: TimeoutError' }),
    );
  });
});
