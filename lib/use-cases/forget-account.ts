/**
 * Everything of a company deleted, for good. First its account says so: from then on nothing is done for it, and it can't be
 * installed before that is over. A run that died on the way is completed by the next.
 */
import type { PurgeAccount, SaveAccount } from '../account-ports.ts';
import { type Account, beginPurge } from '../core/account.ts';
import type { StoreResult } from '../core/model.ts';
import { succeed } from '../core/result.ts';
import type { Now } from '../ports.ts';

export type ForgetAccountPorts = {
  readonly saveAccount: SaveAccount;
  readonly purgeAccount: PurgeAccount;
  readonly now: Now;
};

/** Gives how many items were deleted. `changed-meanwhile`: it is another than the one that was read; nothing was deleted. */
export type ForgetAccount = (
  account: Account,
  deadlineMs: number,
) => Promise<StoreResult<number | 'changed-meanwhile'>>;

export function createForgetAccount({ saveAccount, purgeAccount, now }: ForgetAccountPorts): ForgetAccount {
  return async function forgetAccount(account, deadlineMs) {
    const leaving = beginPurge(account, now());
    const saved = await saveAccount(leaving, deadlineMs);
    if (!saved.ok) return saved;
    return saved.value === 'saved' ? purgeAccount(leaving, deadlineMs) : succeed(saved.value);
  };
}
