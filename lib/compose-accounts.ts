/**
 * The composition root's first part: the accounts, and what each is let in with at Aircall.
 */

import type { GiveCredentials, OpenCredentials, SealCredentials } from './account-ports.ts';
import { createIsAccepted } from './adapters/aircall/accepted-secrets.ts';
import { createAircallClient, type RequestAircall, realClock } from './adapters/aircall/client.ts';
import { createFindAccount } from './adapters/dynamodb/accounts.ts';
import type { Store, Table } from './adapters/dynamodb/table.ts';
import { createFindTokenOwner, hashToken } from './adapters/dynamodb/webhook-tokens.ts';
import {
  createOpenCredentials as createOpenByKeyFile,
  createSealCredentials as createSealByKeyFile,
} from './adapters/sealing/key-file.ts';
import {
  createOpenCredentials as createOpenByKms,
  createSealCredentials as createSealByKms,
} from './adapters/sealing/kms.ts';
import {
  type Environment,
  findOwnCredentials,
  findSealing,
  limits,
  readAircallSettings,
  readWebhookTokens,
} from './config.ts';
import { type Account, newOwnAccount, ownAccountId } from './core/account.ts';
import { fail, succeed } from './core/result.ts';
import type { Warn } from './ports.ts';
import { createKnownAccounts, type KnownAccounts } from './use-cases/known-accounts.ts';
import { createOpenOnce } from './use-cases/open-once.ts';

export type Accounts = {
  /** That of the environment; `undefined` where there is none. */
  readonly own: Account | undefined;
  /** Whether a token is one of those in the environment. That can be known without its account's credentials. */
  readonly isOwnToken: (token: string) => boolean;
  readonly known: KnownAccounts;
  readonly tableOf: (account: Account) => Table;
  readonly giveCredentialsOf: (account: Account) => GiveCredentials;
};

/** @param store with what times its client was opened */
export function openAccounts(store: Store, warn: Warn, environment?: Environment): Accounts {
  const credentials = findOwnCredentials(environment);
  const tokens = readWebhookTokens(environment);
  const own =
    credentials === undefined
      ? undefined
      : {
          ...newOwnAccount(0),
          tokenHashes: tokens.map(hashToken),
        };
  const isOwnToken = createIsAccepted(tokens);
  const { openCredentials } = openSealing(environment);

  return {
    own,
    isOwnToken,
    known: createKnownAccounts(
      {
        own: own && { account: own, isToken: isOwnToken },
        findTokenOwner: createFindTokenOwner(store),
        findAccount: createFindAccount(store),
        now: realClock.now,
      },
      limits.accounts,
    ),
    tableOf: ({ accountId }) => ({ ...store, account: accountId }),
    giveCredentialsOf: (account) =>
      account.accountId === ownAccountId
        ? async () => (credentials === undefined ? fail(noKey) : succeed(credentials))
        : createOpenOnce(account, openCredentials, warn),
  };
}

export function openAircall(giveCredentials: GiveCredentials, environment?: Environment): RequestAircall {
  return createAircallClient({ ...readAircallSettings(environment), giveCredentials });
}

const noKey = {
  reason: 'no-credentials',
  message: 'credentials of account default: none in the environment',
} as const;

/** Without a key, everything stays closed. */
export function openSealing(environment?: Environment): {
  readonly sealCredentials: SealCredentials;
  readonly openCredentials: OpenCredentials;
} {
  const sealing = findSealing(environment);
  switch (sealing?.kind) {
    case 'kms': {
      const kms = { keyId: sealing.keyId, times: limits.sealing, now: realClock.now };
      return { sealCredentials: createSealByKms(kms), openCredentials: createOpenByKms(kms) };
    }
    case 'key-file':
      return {
        sealCredentials: createSealByKeyFile(sealing.path),
        openCredentials: createOpenByKeyFile(sealing.path),
      };
    case undefined: {
      const noKey = async () =>
        fail({ reason: 'seal-unavailable', detail: 'SEALING_KEY_ID is not set' } as const);
      return { sealCredentials: noKey, openCredentials: noKey };
    }
  }
}

/** What goes wrong for one account is told with its id. */
export function warnFor({ accountId }: Account, warn: Warn): Warn {
  return (what, detail) => warn(what, { ...detail, accountId });
}
