/**
 * What serving several companies, and installing one, needs of the world. As in `ports.ts`, each function has answered by
 * its `deadlineMs`.
 */
import type { Account, AircallCredentials } from './core/account.ts';
import type { AccountId, AircallResult, StoreResult } from './core/model.ts';
import type { Result } from './core/result.ts';
import type { Webhook } from './ports.ts';

/** Whose webhook has a token, and the token's hash; `undefined`: nobody's, or no more. */
export type FindTokenOwner = (
  token: string,
  deadlineMs: number,
) => Promise<StoreResult<TokenOwner | undefined>>;

export type TokenOwner = { readonly accountId: AccountId; readonly tokenHash: string };

export type FindAccount = (
  accountId: AccountId,
  deadlineMs: number,
) => Promise<StoreResult<Account | undefined>>;

/** By id in order; `unreadable` counts those damaged or newer than this code. */
export type ListAccounts = (
  deadlineMs: number,
) => Promise<StoreResult<{ readonly accounts: readonly Account[]; readonly unreadable: number }>>;

/** Writes the next version of an account; version 1 where there was none. `changed-meanwhile`: someone else has. */
export type SaveAccount = (
  account: Account,
  deadlineMs: number,
) => Promise<StoreResult<'saved' | 'changed-meanwhile'>>;

/** SHA-256, in hex. */
export type HashToken = (token: string) => string;

/** Lets deliveries with a token be the account's; with `untilMs`, no longer than that. */
export type AcceptToken = (
  owner: TokenOwner,
  untilMs: number | undefined,
  deadlineMs: number,
) => Promise<StoreResult<void>>;

/** Deletes everything of an account: its data, then its tokens, and itself last. Gives how many items that were. */
export type PurgeAccount = (account: Account, deadlineMs: number) => Promise<StoreResult<number>>;

/** `seal-unavailable`: try again. `seal-broken`: nobody can open it, or not with this key. */
export type SealFailure = { readonly reason: 'seal-unavailable' | 'seal-broken'; readonly detail: string };

/** Closes credentials so that they can be stored; only for the account they were sealed for can they be opened. */
export type SealCredentials = (
  accountId: AccountId,
  credentials: AircallCredentials,
  deadlineMs: number,
) => Promise<Result<string, SealFailure>>;

export type OpenCredentials = (
  accountId: AccountId,
  sealed: string,
  deadlineMs: number,
) => Promise<Result<AircallCredentials, SealFailure>>;

/** What a request proves itself with, from memory as a rule; `undefined`: with nothing. Names no secret where it fails. */
export type GiveCredentials = (deadlineMs: number) => Promise<AircallResult<AircallCredentials | undefined>>;

/** An installation that was begun in a browser: two secrets, one for the link and one for the browser. */
export type InstallState = { readonly state: string; readonly browser: string };

/** Keeps only hashes of it. */
export type SaveInstallState = (
  state: InstallState,
  expiresAtMs: number,
  deadlineMs: number,
) => Promise<StoreResult<void>>;

/** Uses up a state, once. `foreign`: of another browser, or of none that we know. */
export type UseInstallState = (
  state: InstallState,
  deadlineMs: number,
) => Promise<StoreResult<'begun' | 'foreign' | 'used' | 'old'>>;

/** What a company let us in with, for the code that its browser brought. Works once. */
export type ExchangeCode = (code: string, deadlineMs: number) => Promise<AircallResult<string>>;

/** An API key doesn't tell the company's id. */
export type Company = { readonly companyId?: string; readonly name: string };

/** Aircall, as one company: what an installation asks of it. */
export type CompanyAtAircall = {
  readonly fetchCompany: (deadlineMs: number) => Promise<AircallResult<Company>>;
  /** Tells Aircall that the installation is done. */
  readonly enableIntegration: (deadlineMs: number) => Promise<AircallResult<void>>;
};

/** A webhook that is not there any more counts as deleted. */
export type DeleteWebhook = (
  webhookId: Webhook['webhookId'],
  deadlineMs: number,
) => Promise<AircallResult<void>>;

/** Has the agents and contacts of an account brought in step, now. Nobody waits for it. */
export type StartFirstRefresh = (
  accountId: AccountId,
  deadlineMs: number,
) => Promise<Result<void, { readonly reason: 'start-failed'; readonly detail: string }>>;
