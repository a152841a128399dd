/**
 * Whose delivery it is. The token proves it, in one read, and that is remembered; a second read tells how the account stands.
 * The account of the environment needs neither.
 */
import type { FindAccount, FindTokenOwner } from '../account-ports.ts';
import type { Account } from '../core/account.ts';
import type { AccountId, StoreResult } from '../core/model.ts';
import { succeed } from '../core/result.ts';
import type { Now } from '../ports.ts';
import { createRemembered, type RememberLimits } from './remember.ts';

export type KnownAccountsPorts = {
  readonly own: OwnAccount | undefined;
  readonly findTokenOwner: FindTokenOwner;
  readonly findAccount: FindAccount;
  readonly now: Now;
};

/** The account whose credentials are in the environment, with the tokens that are there. */
export type OwnAccount = { readonly account: Account; readonly isToken: (token: string) => boolean };

/** `tokenHash`: of the token that proved it; absent for one of the environment. */
export type ProvenAccount = { readonly account: Account; readonly tokenHash?: string };

export type ProveAccount = (
  token: string,
  deadlineMs: number,
) => Promise<StoreResult<ProvenAccount | undefined>>;

export type KnownAccounts = {
  /** `undefined`: a token of nobody's. */
  readonly prove: ProveAccount;
  readonly find: FindAccount;
  /** What is known of it has changed. */
  readonly forget: (accountId: AccountId) => void;
};

export function createKnownAccounts(
  { own, findTokenOwner, findAccount, now }: KnownAccountsPorts,
  limits: RememberLimits,
): KnownAccounts {
  const owners = createRemembered(findTokenOwner, now, limits);
  const accounts = createRemembered(findAccount, now, limits);

  return {
    prove: async (token, deadlineMs) => {
      if (own?.isToken(token)) return succeed({ account: own.account });

      const owner = await owners.find(token, deadlineMs);
      if (!owner.ok || owner.value === undefined) return owner as StoreResult<undefined>;
      const { accountId, tokenHash } = owner.value;
      let found = await find(accountId, deadlineMs);
      if (found.ok && found.value?.tokenHashes.includes(tokenHash) === false) {
        // It was installed anew since we looked, or has got another webhook.
        accounts.forget(accountId);
        found = await find(accountId, deadlineMs);
      }
      if (!found.ok || found.value === undefined) return found as StoreResult<undefined>;

      return succeed({ account: found.value, tokenHash });
    },
    find,
    forget: accounts.forget,
  };

  async function find(accountId: AccountId, deadlineMs: number): Promise<StoreResult<Account | undefined>> {
    return accountId === own?.account.accountId ? succeed(own.account) : accounts.find(accountId, deadlineMs);
  }
}
