/**
 * The end of an installation: the browser is back from Aircall. Nothing is asked of Aircall before it is certain that this
 * browser began it, and ends it for the first time.
 */
import type { ExchangeCode, UseInstallState } from '../account-ports.ts';
import type { AircallCredentials } from '../core/account.ts';
import type { AccountId, AircallFailure, StoreFailure } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { Warn } from '../ports.ts';
import type { AircallOfCompany, InstallAccount, Installed, InstallFailure } from './install-account.ts';

export type FinishInstallPorts = {
  readonly useInstallState: UseInstallState;
  readonly exchangeCode: ExchangeCode;
  readonly openAircall: (credentials: AircallCredentials) => AircallOfCompany;
  readonly installAccount: InstallAccount;
  readonly warn: Warn;
};

/** What the browser brought. */
export type ComingBack = {
  readonly error?: string | undefined;
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  /** The secret that stayed with it. */
  readonly browser?: string | undefined;
};

/** `declined`: by the person who was asked. `foreign`: begun by another browser, or by none. */
export type FinishFailure =
  | { readonly reason: 'declined' | 'no-code' | 'no-state' | 'foreign' | 'used' | 'old' }
  | { readonly reason: 'store-failed'; readonly failure: StoreFailure }
  | { readonly reason: 'not-exchanged'; readonly failure: AircallFailure }
  | { readonly reason: 'not-installed'; readonly failure: InstallFailure };

export type FinishInstall = (
  back: ComingBack,
  deadlineMs: number,
) => Promise<Result<Installed, FinishFailure>>;

/** @param webhookUrl where the router takes deliveries */
export function createFinishInstall(ports: FinishInstallPorts, webhookUrl: string): FinishInstall {
  return async function finishInstall(back, deadlineMs) {
    const begun = await checkBegun(back, deadlineMs);
    if (!begun.ok) return begun;

    const exchanged = await ports.exchangeCode(begun.value, deadlineMs);
    if (!exchanged.ok) {
      // Anyone can come with a code that was made up: that wakes nobody.
      const kind = exchanged.failure.reason === 'refused' ? 'install-refused' : 'install-failed';
      ports.warn(kind, { step: 'exchanging the code', detail: exchanged.failure.message });
      return fail({ reason: 'not-exchanged', failure: exchanged.failure });
    }

    const credentials = { kind: 'oauth', accessToken: exchanged.value } as const;
    const installed = await ports.installAccount(
      {
        credentials,
        aircall: ports.openAircall(credentials),
        idOf: ({ companyId }) => companyId as AccountId,
        webhookUrl,
      },
      deadlineMs,
    );
    if (installed.ok) {
      const { leftOver, account } = installed.value;
      if (leftOver.length > 0)
        ports.warn('webhook-left-over', { accountId: account.accountId, count: leftOver.length });
      return installed;
    }

    const { step, failure } = installed.failure;
    if (failure.reason !== 'company-has-account') {
      ports.warn('install-failed', { step, detail: describe(failure) });
    }
    return fail({ reason: 'not-installed', failure: installed.failure });
  };

  /** @returns the code */
  async function checkBegun(
    { error, code, state, browser }: ComingBack,
    deadlineMs: number,
  ): Promise<Result<string, FinishFailure>> {
    if (error !== undefined) return fail({ reason: 'declined' });
    if (code === undefined || code === '') return fail({ reason: 'no-code' });
    if (state === undefined || state === '') return fail({ reason: 'no-state' });
    if (browser === undefined) return fail({ reason: 'foreign' });

    const used = await ports.useInstallState({ state, browser }, deadlineMs);
    if (!used.ok) return fail({ reason: 'store-failed', failure: used.failure });
    return used.value === 'begun' ? succeed(code) : fail({ reason: used.value });
  }
}

function describe(failure: InstallFailure['failure']): string {
  if ('message' in failure) return failure.message;
  return 'detail' in failure ? `${failure.reason}: ${failure.detail}` : failure.reason;
}
