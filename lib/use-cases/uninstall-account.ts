/**
 * A company has uninstalled us: its credentials are wiped at once, and its data goes when the time is over for which we keep
 * it. Nothing is asked of Aircall: it has thrown us out already.
 */
import type { FindAccount, SaveAccount } from '../account-ports.ts';
import { type Account, ownAccountId, uninstall } from '../core/account.ts';
import { troubleOf } from '../core/explain-failure.ts';
import type { AccountId, StoreFailure } from '../core/model.ts';
import type { Now, Warn } from '../ports.ts';

export type UninstallAccountPorts = {
  readonly findAccount: FindAccount;
  readonly saveAccount: SaveAccount;
  /** What is in memory of it. */
  readonly forget: (accountId: AccountId) => void;
  readonly warn: Warn;
  readonly now: Now;
};

/** `event-not-routed`: the account of the environment was never installed, and can't be uninstalled. */
export type UninstallOutcome = 'account-uninstalled' | 'event-not-routed' | StoreFailure['reason'];

export type UninstallAccount = (account: Account, deadlineMs: number) => Promise<UninstallOutcome>;

/** Each failed try is another writer's success. */
const mostTries = 5;

export function createUninstallAccount(ports: UninstallAccountPorts): UninstallAccount {
  return async function uninstallAccount({ accountId }, deadlineMs) {
    if (accountId === ownAccountId) return 'event-not-routed';

    for (let tries = 1; tries <= mostTries; tries += 1) {
      // What is in memory may be a minute old.
      const found = await ports.findAccount(accountId, deadlineMs);
      if (!found.ok) return tell(found.failure);
      if (found.value === undefined || found.value.status === 'uninstalled') return 'account-uninstalled';

      const saved = await ports.saveAccount(uninstall(found.value, ports.now()), deadlineMs);
      if (!saved.ok) return tell(saved.failure);
      if (saved.value === 'saved') {
        ports.forget(accountId);
        return 'account-uninstalled';
      }
    }
    return tell({ reason: 'store-unavailable', detail: 'an account that others keep changing' });

    function tell(failure: StoreFailure): StoreFailure['reason'] {
      ports.warn(troubleOf(failure), {
        during: 'uninstalling an account',
        accountId,
        detail: failure.detail,
      });
      return failure.reason;
    }
  };
}
