/** Acme, a company whose hashes can be read: for tests in which an account changes hands, webhooks and states. */
import { type Account, newAccount } from '../lib/core/account.ts';
import type { Now } from '../lib/ports.ts';
import { accountId } from './accounts.ts';
import { t0 } from './builders.ts';
import { createInMemoryAccounts, type InMemoryAccounts } from './fakes/in-memory-accounts.ts';

/** As it was installed at `t0`, with a webhook. */
export function acmeAccount(changes: Partial<Account> = {}): Account {
  return {
    ...newAccount(accountId('acme'), 'Acme Anvils', t0),
    sealedCredentials: 'sealed',
    webhookId: 'webhook-1',
    tokenHashes: ['hash-1'],
    version: 1,
    ...changes,
  };
}

/** `token-1` has the hash `hash of token-1`. */
export function createReadableAccounts(now: Now, ...installed: readonly Account[]): InMemoryAccounts {
  return createInMemoryAccounts(now, { installed, hashToken: (token) => `hash of ${token}` });
}
