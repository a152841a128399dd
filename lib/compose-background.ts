/**
 * The composition root's part for work that nobody waits for on the phone: by the clock, for every account.
 */

import type { FindTokenOwner } from './account-ports.ts';
import { createListAvailabilities } from './adapters/aircall/availabilities.ts';
import { type RequestAircall, realClock } from './adapters/aircall/client.ts';
import { createReadContacts } from './adapters/aircall/contacts.ts';
import { createReadPastCalls } from './adapters/aircall/past-calls.ts';
import { createListUsers } from './adapters/aircall/users.ts';
import {
  createActivateWebhook,
  createCreateWebhook,
  createDeleteWebhook,
  createListWebhooks,
} from './adapters/aircall/webhooks.ts';
import { createFindAccount, createListAccounts, createSaveAccount } from './adapters/dynamodb/accounts.ts';
import { createListAgents, createSaveAgent } from './adapters/dynamodb/agents.ts';
import { createAssignUnassigned } from './adapters/dynamodb/assignments.ts';
import { createClaimCall, createSettleCall } from './adapters/dynamodb/call-records.ts';
import { createFindPolicy } from './adapters/dynamodb/policies.ts';
import { createTrackPresence } from './adapters/dynamodb/presences.ts';
import { createPurgeAccount } from './adapters/dynamodb/purge-account.ts';
import { createFindContactSync, createSaveContactSync } from './adapters/dynamodb/synced-contacts.ts';
import { createDocumentClient, type Store, type Table } from './adapters/dynamodb/table.ts';
import { createFindWebhookSeen, createSaveWebhookSeen } from './adapters/dynamodb/webhook-seen.ts';
import { createAcceptToken, createFindTokenOwner, hashToken } from './adapters/dynamodb/webhook-tokens.ts';
import { composeReports, trackContactIn } from './compose.ts';
import { type Accounts, openAccounts, openAircall, warnFor } from './compose-accounts.ts';
import { findPublicUrl, limits, product, readTableName } from './config.ts';
import { type Account, ownAccountId } from './core/account.ts';
import { deliveryPath, eventsFor } from './core/choose-webhook.ts';
import type { AccountId } from './core/model.ts';
import { fail, type Result, succeed } from './core/result.ts';
import type { Warn } from './ports.ts';
import { createAssignOwner } from './use-cases/assign-owner.ts';
import { createCurrentPolicy } from './use-cases/current-policy.ts';
import { createForEachAccount } from './use-cases/for-each-account.ts';
import { createForgetAccount } from './use-cases/forget-account.ts';
import { createForgetAccounts, type ForgetAccounts } from './use-cases/forget-accounts.ts';
import { createLookAfterWebhook } from './use-cases/look-after-webhook.ts';
import { createMakeWebhookAgain } from './use-cases/make-webhook-again.ts';
import type { Invocation } from './use-cases/receive-event.ts';
import { createRefresh, type Refresh, type RefreshDone } from './use-cases/refresh.ts';
import { createRefreshAgents, type RefreshAgents } from './use-cases/refresh-agents.ts';
import { createRenewWebhook, type RenewWebhook } from './use-cases/renew-webhook.ts';
import { createSyncContacts, type SyncContacts, type SyncSummary } from './use-cases/sync-contacts.ts';

/** What was done, by account; or all that failed, in one line. */
type DoneByAccount<Done> = Promise<Result<Readonly<Record<string, Done>>, { readonly message: string }>>;

/** Every 5 minutes, or now for one account. */
export function composeRefresh(): (invocation: Invocation, only?: AccountId) => DoneByAccount<RefreshDone> {
  const base = openBackground(limits.refreshEveryMs);

  return ({ requestId, deadlineMs }, only) =>
    base.forEachAccount(
      (account, untilMs) => refreshFor(base, account)({ requestId, deadlineMs: untilMs }),
      deadlineMs,
      only,
    );
}

/** Every day, or now for one account. */
export function composeSyncContacts(): (
  invocation: Invocation,
  only?: AccountId,
) => DoneByAccount<SyncSummary> {
  const { accounts, reports, forEachAccount } = openBackground(limits.syncEveryMs);

  return ({ deadlineMs }, only) =>
    forEachAccount(
      async (account, untilMs) => {
        const requestAircall = openAircall(accounts.giveCredentialsOf(account));
        const warn = warnFor(account, reports.warn);
        const sync = syncContactsWith(requestAircall, accounts.tableOf(account), warn);
        const synced = await sync({ untilMs: untilMs - limits.contactSync.pageKeptMs }, () => undefined);
        if (synced.ok) return synced;
        const { failure } = synced;
        const why = 'detail' in failure ? failure.detail : failure.message;
        return fail({ message: `${failure.reason}: ${why}` });
      },
      deadlineMs,
      only,
    );
}

/** Every day. */
export function composeForgetAccounts(): ForgetAccounts {
  const store = openStore();
  return createForgetAccounts({
    listAccounts: createListAccounts(store),
    forgetAccount: createForgetAccount({
      saveAccount: createSaveAccount(store),
      purgeAccount: createPurgeAccount(store),
      now: realClock.now,
    }),
    now: realClock.now,
  });
}

/** @param everyMs from one run to the next */
function openBackground(everyMs: number) {
  const { now } = realClock;
  const reports = composeReports();
  const { warn } = reports;
  const store = openStore();
  const accounts = openAccounts(store, warn);
  return {
    store,
    reports,
    accounts,
    forEachAccount: createForEachAccount(
      {
        own: accounts.own,
        listAccounts: createListAccounts(store),
        findAccount: createFindAccount(store),
        warn,
        now,
      },
      { ...limits, everyMs },
    ),
  };
}

export function openStore(): Store {
  return {
    client: createDocumentClient(limits.background.table),
    name: readTableName(),
    now: realClock.now,
  };
}

type Background = ReturnType<typeof openBackground>;

function refreshFor({ store, reports, accounts }: Background, account: Account): Refresh {
  const table = accounts.tableOf(account);
  const requestAircall = openAircall(accounts.giveCredentialsOf(account));
  const warn = warnFor(account, reports.warn);
  const { now, sleep } = realClock;
  const { aircallMs } = limits.background;
  const findTokenOwner = findTokenOwnerIn(store, accounts);
  const publicUrl = findPublicUrl();

  return createRefresh({
    lookAfterWebhook: createLookAfterWebhook(
      {
        listWebhooks: createListWebhooks(requestAircall, realClock, aircallMs),
        activateWebhook: createActivateWebhook(requestAircall, aircallMs),
        isAccepted: async (token, deadlineMs) => {
          const owner = await findTokenOwner(token, deadlineMs);
          return owner.ok ? succeed(owner.value?.accountId === account.accountId) : owner;
        },
        makeWebhookAgain:
          publicUrl === undefined
            ? undefined
            : createMakeWebhookAgain(
                {
                  findAccount: createFindAccount(store),
                  renewWebhook: renewWebhookWith(requestAircall, store, accounts),
                  now,
                },
                account,
                deliveryUrl(publicUrl),
              ),
        findWebhookSeen: createFindWebhookSeen(table),
        saveWebhookSeen: createSaveWebhookSeen(table),
        readPastCalls: createReadPastCalls(requestAircall, aircallMs),
        claimCall: createClaimCall(table, {
          claimLapsesAfterMs: limits.claimLapsesAfterMs,
          keptForDays: limits.recordKeptForDays,
        }),
        settleCall: createSettleCall(table),
        warn,
        now,
        sleep,
      },
      eventsFor(account.letInBy),
      limits.missedCalls,
    ),
    refreshAgents: refreshAgentsWith(requestAircall, table, warn),
    warn,
    now,
  });
}

/** Where the router takes deliveries. */
export function deliveryUrl(publicUrl: string): string {
  return `${publicUrl}${deliveryPath}`;
}

/** Tokens in the table, and those of the environment. */
export function findTokenOwnerIn(store: Store, { isOwnToken }: Accounts): FindTokenOwner {
  const findTokenOwner = createFindTokenOwner(store);

  return async (token, deadlineMs) =>
    isOwnToken(token)
      ? succeed({ accountId: ownAccountId, tokenHash: hashToken(token) })
      : findTokenOwner(token, deadlineMs);
}

export function renewWebhookWith(
  requestAircall: RequestAircall,
  store: Store,
  accounts: Accounts,
): RenewWebhook {
  const { aircallMs } = limits.background;

  return createRenewWebhook(
    {
      listWebhooks: createListWebhooks(requestAircall, realClock, aircallMs),
      createWebhook: createCreateWebhook(requestAircall, aircallMs),
      activateWebhook: createActivateWebhook(requestAircall, aircallMs),
      deleteWebhook: createDeleteWebhook(requestAircall, aircallMs),
      findTokenOwner: findTokenOwnerIn(store, accounts),
      hashToken,
      acceptToken: createAcceptToken(store),
      saveAccount: createSaveAccount(store),
      now: realClock.now,
    },
    { name: product.name, oldTokenAcceptedForMs: limits.oldTokenAcceptedForMs },
  );
}

export function refreshAgentsWith(requestAircall: RequestAircall, table: Table, warn: Warn): RefreshAgents {
  const { aircallMs } = limits.background;

  return createRefreshAgents({
    listUsers: createListUsers(requestAircall, realClock, aircallMs),
    listAgents: createListAgents(table),
    saveAgent: createSaveAgent(table),
    listAvailabilities: createListAvailabilities(requestAircall, realClock, aircallMs),
    trackPresence: createTrackPresence(table),
    warn,
    now: realClock.now,
  });
}

export function syncContactsWith(requestAircall: RequestAircall, table: Table, warn: Warn): SyncContacts {
  const { aircallMs, deadlineMs } = limits.background;
  const currentPolicy = createCurrentPolicy(
    { findPolicy: createFindPolicy(table), warn, now: realClock.now },
    { rememberedForMs: limits.policyRememberedForMs },
  );

  return createSyncContacts(
    {
      readContacts: createReadContacts(requestAircall, aircallMs),
      trackContact: trackContactIn(table),
      assignOwner: createAssignOwner({ assignUnassigned: createAssignUnassigned(table), currentPolicy }),
      findContactSync: createFindContactSync(table),
      saveContactSync: createSaveContactSync(table),
      ...realClock,
    },
    { ...limits.contactSync, deadlineMs },
  );
}
