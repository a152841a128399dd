/**
 * A company has uninstalled us: its credentials are wiped at once, and its data goes when the time is over for which we keep
 * it. Nothing is asked of Aircall: it has thrown us out already.
 *
 * Only the token of the webhook that the account has now may say so: what Aircall retries of an installation that another one
 * has replaced ends nothing.
 */
import type { FindAccount, SaveAccount } from '../account-ports.ts';
import { ownAccountId, uninstall } from '../core/account.ts';
import { troubleOf } from '../core/explain-failure.ts';
import type { AccountId, StoreFailure } from '../core/model.ts';
import type { Now, Warn } from '../ports.ts';
import type { ProvenAccount } from './known-accounts.ts';

export type UninstallAccountPorts = {
  readonly findAccount: FindAccount;
  readonly saveAccount: SaveAccount;
  /** What is in memory of it. */
  readonly forget: (accountId: AccountId) => void;
  readonly warn: Warn;
  readonly now: Now;
};

/** `event-not-routed`: the account of the environment was never installed, and can't be uninstalled. */
export type UninstallOutcome =
  | 'account-uninstalled'
  | 'earlier-installation'
  | 'event-not-routed'
  | StoreFailure['reason'];

export type UninstallAccount = (proven: ProvenAccount, deadlineMs: number) => Promise<UninstallOutcome>;

/** Each failed try is another writer's success. */
const mostTries = 5;

export function createUninstallAccount(ports: UninstallAccountPorts): UninstallAccount {
  return async function uninstallAccount({ account: { accountId }, tokenHash }, deadlineMs) {
    if (accountId === ownAccountId) return 'event-not-routed';

    for (let tries = 1; tries <= mostTries; tries += 1) {
      // What is in memory may be a minute old: it may not know the installation that is there now.
      const found = await ports.findAccount(accountId, deadlineMs);
      if (!found.ok) return tell(found.failure);
      const account = found.value;
      if (account === undefined || account.status === 'uninstalled') return done();
      if (account.tokenHashes[0] !== tokenHash) return 'earlier-installation';

      const saved = await ports.saveAccount(uninstall(account, ports.now()), deadlineMs);
      if (!saved.ok) return tell(saved.failure);
      if (saved.value === 'saved') return done();
    }
    return tell({ reason: 'store-unavailable', detail: 'an account that others keep changing' });

    function done(): UninstallOutcome {
      ports.forget(accountId);
      return 'account-uninstalled';
    }

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
