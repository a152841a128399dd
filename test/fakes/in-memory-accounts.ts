/**
 * The accounts' ports over maps. Trustworthy because it passes the same contract as the DynamoDB adapters.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  AcceptToken,
  FindAccount,
  FindTokenOwner,
  HashToken,
  InstallState,
  ListAccounts,
  PurgeAccount,
  SaveAccount,
  SaveInstallState,
  TokenOwner,
  UseInstallState,
} from '../../lib/account-ports.ts';
import type { Account } from '../../lib/core/account.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { succeed } from '../../lib/core/result.ts';
import type { Now } from '../../lib/ports.ts';

export type AccountStore = {
  readonly findAccount: FindAccount;
  readonly listAccounts: ListAccounts;
  readonly saveAccount: SaveAccount;
  readonly findTokenOwner: FindTokenOwner;
  readonly hashToken: HashToken;
  readonly acceptToken: AcceptToken;
  readonly saveInstallState: SaveInstallState;
  readonly useInstallState: UseInstallState;
  /** Of what an account has, only its tokens and itself are kept here. */
  readonly purgeAccount: PurgeAccount;
};

export type InMemoryAccounts = AccountStore & {
  /** What is in it. */
  readonly accounts: ReadonlyMap<AccountId, Account>;
  /** Until when a token is accepted, by its hash. */
  readonly untilMs: (tokenHash: string) => number | undefined;
  readonly isAccepted: (token: string) => boolean;
};

type AcceptedToken = { readonly accountId: AccountId; readonly untilMs: number };
type Begun = { readonly browser: string; readonly expiresAtMs: number; readonly isUsed: boolean };

export type InMemoryAccountsOptions = {
  /** Those in it from the beginning. */
  readonly installed?: readonly Account[];
  /** @default as the table's: SHA-256 */
  readonly hashToken?: HashToken;
  /** Deletes what else there is of an account, and gives how much that was. */
  readonly purgeData?: (accountId: AccountId) => number;
};

export function createInMemoryAccounts(
  now: Now,
  { installed = [], hashToken = sha256, purgeData = () => 0 }: InMemoryAccountsOptions = {},
): InMemoryAccounts {
  const accounts = new Map(installed.map((account) => [account.accountId, account]));
  const tokens = new Map<string, AcceptedToken>();
  const installs = new Map<InstallState['state'], Begun>();

  return {
    findAccount: async (accountId) => succeed(accounts.get(accountId)),

    listAccounts: async () => {
      const byId = (one: Account, other: Account) => (one.accountId < other.accountId ? -1 : 1);
      return succeed({ accounts: [...accounts.values()].sort(byId), unreadable: 0 });
    },

    saveAccount: async (account) => {
      const stored = accounts.get(account.accountId);
      if (isDeepStrictEqual(stored, account)) return succeed('saved');
      if ((stored?.version ?? 0) !== account.version - 1) return succeed('changed-meanwhile');

      accounts.set(account.accountId, structuredClone(account));
      return succeed('saved');
    },

    findTokenOwner: async (token) => succeed(ownerOf(token)),

    hashToken,

    acceptToken: async ({ accountId, tokenHash }, untilMs = Number.POSITIVE_INFINITY) => {
      tokens.set(tokenHash, { accountId, untilMs });
      return succeed(undefined);
    },

    saveInstallState: async ({ state, browser }, expiresAtMs) => {
      installs.set(state, { browser, expiresAtMs, isUsed: false });
      return succeed(undefined);
    },

    useInstallState: async ({ state, browser }) => {
      const begun = installs.get(state);
      if (begun?.browser !== browser) return succeed('foreign');
      if (begun.isUsed) return succeed('used');
      if (begun.expiresAtMs <= now()) return succeed('old');

      installs.set(state, { ...begun, isUsed: true });
      return succeed('begun');
    },

    purgeAccount: async ({ accountId, tokenHashes }) => {
      const gone = [...tokenHashes.map((hash) => tokens.delete(hash)), accounts.delete(accountId)];
      return succeed(purgeData(accountId) + gone.filter(Boolean).length);
    },

    accounts,
    untilMs: (tokenHash) => tokens.get(tokenHash)?.untilMs,
    isAccepted: (token) => ownerOf(token) !== undefined,
  };

  function ownerOf(token: string): TokenOwner | undefined {
    const tokenHash = hashToken(token);
    const accepted = tokens.get(tokenHash);
    return accepted !== undefined && accepted.untilMs > now()
      ? { accountId: accepted.accountId, tokenHash }
      : undefined;
  }
}

const sha256: HashToken = (token) => createHash('sha256').update(token).digest('hex');
