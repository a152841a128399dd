/**
 * The companies we route for: what is known of each, and how it changes.
 */
import type { AccountId } from './model.ts';
import { fail, type Result, succeed } from './result.ts';

/** `disabled`: by us, until we say otherwise. `uninstalled`: by the company; its credentials are wiped. */
export type AccountStatus = 'active' | 'disabled' | 'uninstalled';

export type Account = {
  readonly accountId: AccountId;
  readonly name: string;
  /** Aircall's id of the company, where it told. */
  readonly companyId?: string;
  readonly status: AccountStatus;
  /** How the company lets us in. */
  readonly letInBy: AircallCredentials['kind'];
  /** What only the sealing can open. Absent: wiped; or those of the environment are meant. */
  readonly sealedCredentials?: string;
  /** The webhook at Aircall that delivers to us. */
  readonly webhookId?: string;
  /** Hashes of the webhook tokens that were accepted last, the current one first. */
  readonly tokenHashes: readonly string[];
  readonly installedAtMs: number;
  readonly changedAtMs: number;
  /** Switched off by us: also one that has uninstalled us stays so when it comes back. */
  readonly disabledAtMs?: number;
  readonly uninstalledAtMs?: number;
  /** Since when all of it is being deleted. */
  readonly purgingAtMs?: number;
  /** Counts the writes: of two that change it at once, one is told. */
  readonly version: number;
};

/** What Aircall lets us in with. A secret. */
export type AircallCredentials =
  | { readonly kind: 'api-key'; readonly apiId: string; readonly apiToken: string }
  | { readonly kind: 'oauth'; readonly accessToken: string };

/** The account whose credentials are in the environment. */
export const ownAccountId = 'default' as AccountId;

/** Small letters, digits and hyphens, at most 40 of them: it stands in keys and on command lines. */
export function parseAccountId(text: string): AccountId | undefined {
  return /^[a-z0-9][a-z0-9-]{0,39}$/.test(text) ? (text as AccountId) : undefined;
}

/** An account that nothing is known of yet but who it is. */
export function newAccount(accountId: AccountId, name: string, nowMs: number): Account {
  return {
    accountId,
    name,
    status: 'active',
    letInBy: 'api-key',
    tokenHashes: [],
    installedAtMs: nowMs,
    changedAtMs: nowMs,
    version: 0,
  };
}

/** That of the environment, while no webhook was registered for it: from then on it has an item, too. */
export function newOwnAccount(nowMs: number): Account {
  return newAccount(ownAccountId, 'the account of the environment', nowMs);
}

/** The next version of an account. */
export function change(
  account: Account,
  changes: Partial<Omit<Account, 'accountId' | 'version' | 'changedAtMs'>>,
  nowMs: number,
): Account {
  return { ...account, ...changes, changedAtMs: nowMs, version: account.version + 1 };
}

/** With a webhook in place of the one it had, whose token is known for as long as retried deliveries may bring it. */
export function withWebhook(
  account: Account,
  { webhookId, tokenHash }: { readonly webhookId: string; readonly tokenHash: string },
): Account {
  const earlier = account.tokenHashes.filter((hash) => hash !== tokenHash);
  return { ...account, webhookId, tokenHashes: [tokenHash, ...earlier.slice(0, mostEarlierTokens)] };
}

const mostEarlierTokens = 9;

/** Installed anew. Whom we have switched off stays so. Of the same version, for it is yet to be saved. */
export function install(
  account: Account,
  {
    name,
    companyId,
    letInBy,
    sealedCredentials,
  }: {
    readonly name: string;
    readonly companyId?: string;
    readonly letInBy: Account['letInBy'];
    readonly sealedCredentials: string;
  },
  nowMs: number,
): Account {
  const { uninstalledAtMs: _, purgingAtMs: __, ...others } = account;
  return {
    ...others,
    name,
    status: account.disabledAtMs === undefined ? 'active' : 'disabled',
    letInBy,
    sealedCredentials,
    installedAtMs: nowMs,
    ...(companyId !== undefined && { companyId }),
  };
}

/** Without its credentials, for good. */
export function uninstall(account: Account, nowMs: number): Account {
  const { sealedCredentials: _, ...others } = account;
  return change(others, { status: 'uninstalled', uninstalledAtMs: nowMs }, nowMs);
}

export type SwitchFailure = 'unchanged' | 'uninstalled';

/** Switched off or on by us. `uninstalled`: only the company can install it again. */
export function switchTo(
  account: Account,
  status: 'active' | 'disabled',
  nowMs: number,
): Result<Account, SwitchFailure> {
  if (account.status === 'uninstalled') return fail('uninstalled');
  if (account.status === status) return fail('unchanged');

  const { disabledAtMs: _, ...others } = account;
  return succeed(change(others, { status, ...(status === 'disabled' && { disabledAtMs: nowMs }) }, nowMs));
}

/** About to be deleted, all of it: from now on nothing is done for it, and nobody installs it until that is over. */
export function beginPurge(account: Account, nowMs: number): Account {
  const { sealedCredentials: _, ...others } = account;
  return change({ uninstalledAtMs: nowMs, ...others }, { status: 'uninstalled', purgingAtMs: nowMs }, nowMs);
}

/** As long as a run may take. */
const purgeTakesMs = 15 * 60_000;

export function isBeingPurged({ purgingAtMs = 0 }: Account, nowMs: number): boolean {
  return nowMs - purgingAtMs < purgeTakesMs;
}

const dataKeptForMs = 30 * 86_400_000;

/** Whether the time is over for which we keep what is left of a company that uninstalled us. */
export function isForgotten(
  { status, changedAtMs, uninstalledAtMs = changedAtMs }: Account,
  nowMs: number,
): boolean {
  return status === 'uninstalled' && nowMs - uninstalledAtMs >= dataKeptForMs;
}
