/** Companies that installed us. All of them are invented. */
import type { Account } from '../lib/core/account.ts';
import type { AccountId } from '../lib/core/model.ts';
import { t0 } from './builders.ts';

export const accountId = (id: string) => id as AccountId;

/** One that works, as it is right after its installation. */
export function account(changes: Partial<Account> = {}): Account {
  return {
    accountId: accountId('90210'),
    name: 'Tidewater Books',
    companyId: '90210',
    status: 'active',
    letInBy: 'oauth',
    sealedCredentials: 'c2VhbGVk',
    webhookId: '7b1c4a52-9d07-4f0e-8b57-1f2f7c3f9d11',
    tokenHashes: ['hash-of-the-token'],
    installedAtMs: t0,
    changedAtMs: t0,
    version: 1,
    ...changes,
  };
}
