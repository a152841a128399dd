/**
 * Companies that uninstalled us a month ago are forgotten: everything of theirs is deleted. Until then they may come back, and
 * find all as it was.
 */
import type { ListAccounts } from '../account-ports.ts';
import { isForgotten } from '../core/account.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { Now } from '../ports.ts';
import type { ForgetAccount } from './forget-account.ts';

export type ForgetAccountsPorts = {
  readonly listAccounts: ListAccounts;
  readonly forgetAccount: ForgetAccount;
  readonly now: Now;
};

export type Forgotten = {
  readonly accounts: number;
  /** Items of the table. */
  readonly deleted: number;
};

/** What failed for one is done for the others all the same, and tried again by the next run. */
export type ForgetAccounts = (deadlineMs: number) => Promise<Result<Forgotten, { readonly message: string }>>;

export function createForgetAccounts({
  listAccounts,
  forgetAccount,
  now,
}: ForgetAccountsPorts): ForgetAccounts {
  return async function forgetAccounts(deadlineMs) {
    const listed = await listAccounts(deadlineMs);
    if (!listed.ok) return fail({ message: `the list of accounts: ${listed.failure.detail}` });

    const forgotten = listed.value.accounts.filter((account) => isForgotten(account, now()));
    const failures: string[] = [];
    let deleted = 0;
    for (const account of forgotten) {
      const purged = await forgetAccount(account, deadlineMs);
      // Whoever came back in that moment is not forgotten.
      if (purged.ok) deleted += purged.value === 'changed-meanwhile' ? 0 : purged.value;
      else failures.push(`${account.accountId}: ${purged.failure.detail}`);
    }
    return failures.length === 0
      ? succeed({ accounts: forgotten.length, deleted })
      : fail({ message: failures.join('; ') });
  };
}
