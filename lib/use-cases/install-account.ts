/**
 * A company's installation, from what lets us in at Aircall to a router that works for it:
 *
 *   who are they? ─► credentials sealed ─► webhook and account ─► the integration enabled ─► a first refresh, in the background
 *
 * Each step leaves either nothing, or what a second try completes. Done again, the account is brought up to date and its
 * webhook gets a new token.
 */
import type {
  Company,
  CompanyAtAircall,
  FindAccount,
  SealCredentials,
  SealFailure,
  StartFirstRefresh,
} from '../account-ports.ts';
import {
  type Account,
  type AircallCredentials,
  install,
  isBeingPurged,
  newAccount,
} from '../core/account.ts';
import type { AccountId, AircallFailure, AircallResult, StoreFailure } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { ListWebhooks, Now, Warn } from '../ports.ts';
import type { RenewFailure, RenewWebhook } from './renew-webhook.ts';

export type InstallAccountPorts = {
  readonly findAccount: FindAccount;
  readonly sealCredentials: SealCredentials;
  readonly startFirstRefresh: StartFirstRefresh;
  readonly warn: Warn;
  readonly now: Now;
};

/** Aircall, as the company that is being installed. */
export type AircallOfCompany = CompanyAtAircall & {
  readonly renewWebhook: RenewWebhook;
  /** Where a person chose the account, and may have chosen another company's. */
  readonly listWebhooks?: ListWebhooks;
};

export type Installed = {
  readonly account: Account;
  readonly isNew: boolean;
  /** Webhooks at our URL that could not be deleted. */
  readonly leftOver: readonly string[];
};

export type InstallStep = 'company' | 'account' | 'sealing' | 'webhook' | 'enabling';

export type InstallFailure = {
  readonly step: InstallStep;
  /** `being-deleted`: what is left of an earlier installation; that takes a quarter of an hour at most. */
  readonly failure:
    | AircallFailure
    | StoreFailure
    | SealFailure
    | RenewFailure
    | OtherCompany
    | { readonly reason: 'being-deleted' };
};

/** The account is that of `accountOf`. */
export type OtherCompany = {
  readonly reason: 'other-company';
  readonly company: string;
  readonly accountOf: string;
};

/** @param idOf the account that a company is */
export type InstallAccount = (
  task: {
    readonly credentials: AircallCredentials;
    readonly aircall: AircallOfCompany;
    readonly idOf: (company: Company) => AccountId;
    readonly webhookUrl: string;
  },
  deadlineMs: number,
) => Promise<Result<Installed, InstallFailure>>;

export function createInstallAccount(ports: InstallAccountPorts): InstallAccount {
  return async function installAccount({ credentials, aircall, idOf, webhookUrl }, deadlineMs) {
    const company = await aircall.fetchCompany(deadlineMs);
    if (!company.ok) return fail({ step: 'company', failure: company.failure });

    const { name, companyId } = company.value;
    const accountId = idOf(company.value);
    const before = await ports.findAccount(accountId, deadlineMs);
    if (!before.ok) return fail({ step: 'account', failure: before.failure });

    if (before.value !== undefined && isBeingPurged(before.value, ports.now())) {
      return fail({ step: 'account', failure: { reason: 'being-deleted' } });
    }
    const other = await findOther(before.value, company.value, aircall, deadlineMs);
    if (!other.ok) return fail({ step: 'account', failure: other.failure });
    if (other.value !== undefined) {
      const { name: accountOf } = other.value;
      return fail({ step: 'account', failure: { reason: 'other-company', company: name, accountOf } });
    }

    const sealed = await ports.sealCredentials(accountId, credentials, deadlineMs);
    if (!sealed.ok) return fail({ step: 'sealing', failure: sealed.failure });

    const account = install(
      before.value ?? newAccount(accountId, name, ports.now()),
      {
        name,
        ...(companyId !== undefined && { companyId }),
        letInBy: credentials.kind,
        sealedCredentials: sealed.value,
      },
      ports.now(),
    );
    const renewed = await aircall.renewWebhook(account, webhookUrl, 'replace', deadlineMs);
    if (!renewed.ok) return fail({ step: 'webhook', failure: renewed.failure });

    const enabled = await aircall.enableIntegration(deadlineMs);
    if (!enabled.ok) return fail({ step: 'enabling', failure: enabled.failure });

    // What does not start now is made up for by the schedules.
    const started = await ports.startFirstRefresh(accountId, deadlineMs);
    if (!started.ok) ports.warn('first-refresh-failed', { accountId, detail: started.failure.detail });

    const { account: saved, leftOver } = renewed.value;
    return succeed({ account: saved, isNew: before.value === undefined, leftOver });
  };
}

/**
 * The account, where it is another company's: by its id at Aircall, where the company tells it. An API key doesn't tell whose it
 * is: a company may change its name, but the account's webhook is at no other one.
 */
async function findOther(
  account: Account | undefined,
  { name, companyId }: Company,
  { listWebhooks }: AircallOfCompany,
  deadlineMs: number,
): Promise<AircallResult<Account | undefined>> {
  if (account === undefined) return succeed(undefined);
  if (companyId !== undefined) return succeed(account.companyId === companyId ? undefined : account);
  if (listWebhooks === undefined || account.name === name) return succeed(undefined);

  const listed = await listWebhooks(deadlineMs);
  if (!listed.ok) return listed;
  const isTheirs = listed.value.webhooks.some(({ webhookId }) => webhookId === account.webhookId);
  return succeed(isTheirs ? undefined : account);
}
