/**
 * Companies that uninstalled us a month ago are forgotten: everything of theirs is deleted. Until then they may come back, and
 * find all as it was.
 */
import type { ListAccounts, PurgeAccount } from '../account-ports.ts';
import { isForgotten } from '../core/account.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { Now } from '../ports.ts';

export type ForgetAccountsPorts = {
  readonly listAccounts: ListAccounts;
  readonly purgeAccount: PurgeAccount;
  readonly now: Now;
};

export type Forgotten = {
  readonly accounts: number;
  /** Items of the table. */
  readonly deleted: number;
};

/** What failed is tried again by the next run. */
export type ForgetAccounts = (deadlineMs: number) => Promise<Result<Forgotten, { readonly message: string }>>;

export function createForgetAccounts({
  listAccounts,
  purgeAccount,
  now,
}: ForgetAccountsPorts): ForgetAccounts {
  return async function forgetAccounts(deadlineMs) {
    const listed = await listAccounts(deadlineMs);
    if (!listed.ok) return fail({ message: `the list of accounts: ${listed.failure.detail}` });

    const forgotten = listed.value.accounts.filter((account) => isForgotten(account, now()));
    let deleted = 0;
    for (const account of forgotten) {
      const purged = await purgeAccount(account, deadlineMs);
      if (!purged.ok) return fail({ message: `${account.accountId}: ${purged.failure.detail}` });
      deleted += purged.value;
    }
    return succeed({ accounts: forgotten.length, deleted });
  };
}
