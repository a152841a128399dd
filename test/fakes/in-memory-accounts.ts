/** Accounts and webhook tokens, as the table has them. */
import { isDeepStrictEqual } from 'node:util';
import type {
  AcceptToken,
  FindAccount,
  FindTokenOwner,
  HashToken,
  ListAccounts,
  SaveAccount,
  TokenOwner,
} from '../../lib/account-ports.ts';
import type { Account } from '../../lib/core/account.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { succeed } from '../../lib/core/result.ts';
import type { Now } from '../../lib/ports.ts';

export type InMemoryAccounts = {
  readonly findAccount: FindAccount;
  readonly listAccounts: ListAccounts;
  readonly saveAccount: SaveAccount;
  readonly hashToken: HashToken;
  readonly acceptToken: AcceptToken;
  readonly findTokenOwner: FindTokenOwner;
  readonly accounts: ReadonlyMap<AccountId, Account>;
  /** Until when each token is accepted, by its hash. */
  readonly untilMs: (tokenHash: string) => number | undefined;
  readonly isAccepted: (token: string) => boolean;
};

export function createInMemoryAccounts(now: Now, ...installed: readonly Account[]): InMemoryAccounts {
  const accounts = new Map(installed.map((account) => [account.accountId, account]));
  const tokens = new Map<string, TokenOwner & { readonly untilMs: number }>();
  const hashToken: HashToken = (token) => `hash of ${token}`;
  const find = (token: string) => {
    const owner = tokens.get(hashToken(token));
    return owner !== undefined && owner.untilMs > now() ? owner : undefined;
  };

  return {
    findAccount: async (accountId) => succeed(accounts.get(accountId)),
    listAccounts: async () => {
      const listed = [...accounts.values()].toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
      return succeed({ accounts: listed, unreadable: 0 });
    },
    saveAccount: async (account) => {
      const before = accounts.get(account.accountId);
      if ((before?.version ?? 0) === account.version - 1) accounts.set(account.accountId, account);
      const saved = accounts.get(account.accountId);
      return succeed(isDeepStrictEqual(saved, account) ? 'saved' : 'changed-meanwhile');
    },
    hashToken,
    acceptToken: async ({ accountId, tokenHash }, untilMs = Number.POSITIVE_INFINITY) => {
      tokens.set(tokenHash, { accountId, tokenHash, untilMs });
      return succeed(undefined);
    },
    findTokenOwner: async (token) => {
      const owner = find(token);
      return succeed(owner && { accountId: owner.accountId, tokenHash: owner.tokenHash });
    },
    accounts,
    untilMs: (tokenHash) => tokens.get(tokenHash)?.untilMs,
    isAccepted: (token) => find(token) !== undefined,
  };
}
