/**
 * An account switched off or on by us. Off, nothing is done for it: its calls stay with Aircall, and what it is told is
 * ignored.
 */
import type { FindAccount, SaveAccount } from '../account-ports.ts';
import { type Account, type SwitchFailure, switchTo } from '../core/account.ts';
import type { AccountId, StoreFailure } from '../core/model.ts';
import { fail, type Result } from '../core/result.ts';
import type { Now } from '../ports.ts';

export type SwitchAccountPorts = {
  readonly findAccount: FindAccount;
  readonly saveAccount: SaveAccount;
  readonly now: Now;
};

export type SwitchProblem =
  | StoreFailure
  | { readonly reason: SwitchFailure | 'unknown' | 'changed-meanwhile' };

export type SwitchAccount = (
  accountId: AccountId,
  status: 'active' | 'disabled',
  deadlineMs: number,
) => Promise<Result<Account, SwitchProblem>>;

export function createSwitchAccount({ findAccount, saveAccount, now }: SwitchAccountPorts): SwitchAccount {
  return async function switchAccount(accountId, status, deadlineMs) {
    const found = await findAccount(accountId, deadlineMs);
    if (!found.ok) return found;
    if (found.value === undefined) return fail({ reason: 'unknown' });

    const switched = switchTo(found.value, status, now());
    if (!switched.ok) return fail({ reason: switched.failure });

    const saved = await saveAccount(switched.value, deadlineMs);
    if (!saved.ok) return saved;
    return saved.value === 'saved' ? switched : fail({ reason: 'changed-meanwhile' });
  };
}
