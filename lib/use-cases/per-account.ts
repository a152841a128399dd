/**
 * What is made once for each account and kept: its client, its memory, its pauses. So nothing of one account can get to
 * another, and a quiet company's share goes when others need the room.
 */
import type { Account } from '../core/account.ts';
import type { AccountId } from '../core/model.ts';

/** @param make made anew when the account has changed @param most so many are kept; who was needed longest ago goes first */
export function createPerAccount<Parts>(
  make: (account: Account) => Parts,
  most: number,
): (account: Account) => Parts {
  const kept = new Map<AccountId, { readonly state: string; readonly parts: Parts }>();

  return function partsOf(account) {
    const { accountId } = account;
    // All of it: one that was deleted and installed again counts its versions anew.
    const state = JSON.stringify(account);
    const before = kept.get(accountId);
    const entry = before?.state === state ? before : { state, parts: make(account) };

    kept.delete(accountId);
    kept.set(accountId, entry);
    if (kept.size > most) {
      const [longestAgo] = kept.keys();
      kept.delete(longestAgo as AccountId);
    }
    return entry.parts;
  };
}
