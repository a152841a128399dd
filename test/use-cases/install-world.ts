/** A company at Aircall, and all that an installation of it needs, on small fakes. */
import type { Company, OpenCredentials } from '../../lib/account-ports.ts';
import type { Account, AircallCredentials } from '../../lib/core/account.ts';
import { routedEvents } from '../../lib/core/choose-webhook.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { Webhook } from '../../lib/ports.ts';
import { type AircallOfCompany, createInstallAccount } from '../../lib/use-cases/install-account.ts';
import { createRenewWebhook } from '../../lib/use-cases/renew-webhook.ts';
import { accountId } from '../accounts.ts';
import { createReadableAccounts } from '../acme.ts';
import { createClock } from '../builders.ts';
import { createFaults, type Faults } from '../fakes/faults.ts';
import { createWebhookRegister } from '../fakes/webhook-register.ts';

export const webhookUrl = 'https://router.example.com/aircall/calls';
export const company: Company = { companyId: '90210', name: 'Acme Anvils' };
export const companyAccountId = accountId('90210');

export const aircallDown = fail({ reason: 'no-answer', message: 'no answer' } as const);
export const storeDown = fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
export const sealDown = fail({ reason: 'seal-unavailable', detail: 'KMS: TimeoutError' } as const);

/** The webhook that an account in these tests has. */
export const oldWebhook: Webhook = {
  webhookId: 'old',
  url: webhookUrl,
  active: true,
  events: routedEvents,
  token: 'token-of-old',
};

export type InstallWorld = Awaited<ReturnType<typeof createInstallWorld>>;

/** @param before how the company's account is before, with its webhook at Aircall */
export async function createInstallWorld(before?: Account, of: Company = company) {
  const clock = createClock();
  const register = createWebhookRegister(...(before === undefined ? [] : [oldWebhook]));
  const store = createReadableAccounts(clock.now, ...(before === undefined ? [] : [before]));
  if (before !== undefined) {
    const owner = { accountId: before.accountId, tokenHash: store.hashToken(oldWebhook.token) };
    await store.acceptToken(owner, undefined, 0);
  }
  const enabled: true[] = [];
  const refreshed: AccountId[] = [];
  const warnings: unknown[] = [];
  const seals = new Map<string, [AccountId, AircallCredentials]>();

  function aircallWith({ wrap }: Faults): AircallOfCompany {
    return {
      fetchCompany: wrap('company', async () => succeed(of), aircallDown),
      enableIntegration: wrap(
        'enable',
        async () => {
          enabled.push(true);
          return succeed(undefined);
        },
        aircallDown,
      ),
      renewWebhook: createRenewWebhook(
        {
          listWebhooks: wrap('list', register.listWebhooks, aircallDown),
          createWebhook: wrap('create', register.createWebhook, aircallDown),
          activateWebhook: wrap('activate', register.activateWebhook, aircallDown),
          deleteWebhook: wrap('delete', register.deleteWebhook, aircallDown),
          findTokenOwner: wrap('find owner', store.findTokenOwner, storeDown),
          hashToken: store.hashToken,
          acceptToken: wrap('accept', store.acceptToken, storeDown),
          saveAccount: wrap('save', store.saveAccount, storeDown),
          now: clock.now,
        },
        { name: 'call-router', oldTokenAcceptedForMs: 86_400_000 },
      ),
    };
  }

  function installAccountWith({ wrap }: Faults) {
    return createInstallAccount({
      findAccount: wrap('find account', store.findAccount, storeDown),
      sealCredentials: wrap(
        'seal',
        async (id: AccountId, credentials: AircallCredentials) => {
          const sealed = `seal ${seals.size + 1}`;
          seals.set(sealed, [id, credentials]);
          return succeed(sealed);
        },
        sealDown,
      ),
      startFirstRefresh: wrap(
        'refresh',
        async (id: AccountId) => {
          refreshed.push(id);
          return succeed(undefined);
        },
        fail({ reason: 'start-failed', detail: 'TimeoutError' } as const),
      ),
      warn: (...given) => warnings.push(given),
      now: clock.now,
    });
  }

  /** Only for the account that they were sealed for. */
  const openCredentials: OpenCredentials = async (id, sealed) => {
    const [owner, credentials] = seals.get(sealed) ?? [];
    return owner === id && credentials !== undefined
      ? succeed(credentials)
      : fail({ reason: 'seal-broken', detail: 'sealed for another account' });
  };

  return {
    clock,
    store,
    register,
    enabled,
    refreshed,
    warnings,
    openCredentials,
    aircallWith,
    installAccountWith,
    install: (
      credentials: AircallCredentials,
      faults = createFaults(undefined),
      idOf = ({ companyId }: Company) => companyId as AccountId,
      more: Partial<AircallOfCompany> = {},
    ) =>
      installAccountWith(faults)(
        { credentials, aircall: { ...aircallWith(faults), ...more }, idOf, webhookUrl },
        clock.now() + 25_000,
      ),
    /** Whether a call that comes in this moment is announced, taken, and routed. */
    isHeard: () =>
      register
        .at(webhookUrl)
        .some(
          ({ active, events, token }) => active && events.includes('call.created') && store.isAccepted(token),
        ) && store.accounts.get(companyAccountId)?.status === 'active',
  };
}
