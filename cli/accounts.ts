/**
 * Accounts as the operator sees them: without credentials and tokens.
 */
import { type Account, ownAccountId } from '../lib/core/account.ts';

export type AccountReport = {
  readonly accountId: string;
  readonly name: string;
  readonly status: string;
  readonly companyId?: string;
  /** Where its credentials for Aircall are. */
  readonly credentials: 'environment' | 'sealed' | 'none';
  readonly webhookId?: string;
  /** How many webhook tokens of it the table knows. */
  readonly tokens: number;
  readonly installedAtMs?: number;
  readonly changedAtMs?: number;
  readonly uninstalledAtMs?: number;
};

export function reportAccount(account: Account): AccountReport {
  const { accountId, name, status, companyId, webhookId, tokenHashes, uninstalledAtMs } = account;
  return {
    accountId,
    name,
    status,
    ...(companyId !== undefined && { companyId }),
    credentials: whereCredentials(account),
    ...(webhookId !== undefined && { webhookId }),
    tokens: tokenHashes.length,
    ...(account.version > 0 && {
      installedAtMs: account.installedAtMs,
      changedAtMs: account.changedAtMs,
    }),
    ...(uninstalledAtMs !== undefined && { uninstalledAtMs }),
  };
}

function whereCredentials({ accountId, sealedCredentials }: Account): AccountReport['credentials'] {
  if (accountId === ownAccountId) return 'environment';
  return sealedCredentials === undefined ? 'none' : 'sealed';
}
