/**
 * The composition root's part for the operator's commands.
 */

import type { GiveCredentials } from './account-ports.ts';
import { type RequestAircall, realClock } from './adapters/aircall/client.ts';
import { createCompanyAtAircall } from './adapters/aircall/company.ts';
import { createReadPastCalls } from './adapters/aircall/past-calls.ts';
import { createCompareClocks, createPingAircall } from './adapters/aircall/ping.ts';
import { createListUsers } from './adapters/aircall/users.ts';
import { createListWebhooks } from './adapters/aircall/webhooks.ts';
import { createFindAccount, createListAccounts, createSaveAccount } from './adapters/dynamodb/accounts.ts';
import { createFindAgent, createListAgents } from './adapters/dynamodb/agents.ts';
import { createAssignContact } from './adapters/dynamodb/assignments.ts';
import { createFindBackfill, createSaveBackfill } from './adapters/dynamodb/backfills.ts';
import { createFindCall, createListCalls } from './adapters/dynamodb/call-history.ts';
import {
  createDeleteContact,
  createFindContact,
  createListContacts,
  createSaveContacts,
} from './adapters/dynamodb/contacts.ts';
import { createFindCaller, createSaveConversation } from './adapters/dynamodb/last-agents.ts';
import { createFindPolicy, createListPolicies, createPutPolicy } from './adapters/dynamodb/policies.ts';
import { createProbeTable } from './adapters/dynamodb/probe-table.ts';
import { createPurgeAccount } from './adapters/dynamodb/purge-account.ts';
import { createDocumentClient, type Store, type Table } from './adapters/dynamodb/table.ts';
import { createFindWebhookSeen } from './adapters/dynamodb/webhook-seen.ts';
import { openAccounts, openAircall, openSealing } from './compose-accounts.ts';
import {
  findTokenOwnerIn,
  refreshAgentsWith,
  renewWebhookWith,
  syncContactsWith,
} from './compose-background.ts';
import {
  type Environment,
  findSealing,
  limits,
  product,
  readAircallSettings,
  readOwnCredentials,
  readTableName,
} from './config.ts';
import { type AircallCredentials, newAccount, ownAccountId } from './core/account.ts';
import { eventsFor } from './core/choose-webhook.ts';
import type { AccountId } from './core/model.ts';
import { fail, type Result, succeed } from './core/result.ts';
import type { ReadCsv, Warn } from './ports.ts';
import { createBackfillLastAgents } from './use-cases/backfill-last-agents.ts';
import { createCurrentPolicy } from './use-cases/current-policy.ts';
import { createDiagnose, type FindOurTraits } from './use-cases/diagnose.ts';
import { createForgetAccount } from './use-cases/forget-account.ts';
import { createImportContacts } from './use-cases/import-contacts.ts';
import { createInstallAccount } from './use-cases/install-account.ts';
import { createOpenOnce } from './use-cases/open-once.ts';
import { createRememberConversation } from './use-cases/remember-conversation.ts';
import { createSimulateCall } from './use-cases/simulate-call.ts';
import { createSwitchAccount } from './use-cases/switch-account.ts';

type ClientConfig = NonNullable<Parameters<typeof createDocumentClient>[1]>;

export type OperatorOptions = {
  /** Other than this process's own. */
  readonly environment?: Environment | undefined;
  /** What the AWS SDK would have read of that environment. */
  readonly dynamodb?: ClientConfig;
  /** The company to work on. @default that of the environment */
  readonly accountId?: AccountId;
};

/** The operator's commands: each opens what it needs, so that only this has to be set. */
export function composeOperator({
  environment,
  dynamodb = {},
  accountId = ownAccountId,
}: OperatorOptions = {}) {
  const { deadlineMs, aircallMs, table: times } = limits.background;
  const { now } = realClock;

  const openStore = (): Store => ({
    client: createDocumentClient(times, dynamodb),
    name: readTableName(environment),
    now,
  });
  const openTable = (): Table => ({ ...openStore(), account: accountId });
  const openOwnAircall = () => openAircall(giveCredentials(), environment);

  function giveCredentials(): GiveCredentials {
    if (accountId === ownAccountId) {
      const credentials = readOwnCredentials(environment);
      return async () => succeed(credentials);
    }
    // Said at once: without it, each request would fail for the same reason.
    if (findSealing(environment) === undefined) throw new Error('SEALING_KEY_ID is not set');

    const findAccount = createFindAccount(openStore());
    const { openCredentials } = openSealing(environment);
    let give: GiveCredentials | undefined;
    return async (untilMs) => {
      if (give === undefined) {
        const found = await findAccount(accountId, untilMs);
        if (!found.ok) {
          const message = `account ${accountId} could not be read: ${found.failure.detail}`;
          return fail({ reason: 'no-credentials', message } as const);
        }
        give = createOpenOnce(
          found.value ?? newAccount(accountId, accountId, now()),
          openCredentials,
          silent,
        );
      }
      return give(untilMs);
    };
  }

  /** Which of these webhooks deliver for the account, and what its own subscribes to. */
  const findTraits: FindOurTraits = async (webhooks, untilMs) => {
    const store = openStore();
    const account = await createFindAccount(store)(accountId, untilMs);
    if (!account.ok) return account;
    const findTokenOwner = findTokenOwnerIn(store, openAccounts(store, silent, environment));
    const tokens: string[] = [];
    for (const { token } of webhooks) {
      const owner = await findTokenOwner(token, untilMs);
      if (!owner.ok) return owner;
      if (owner.value?.accountId === accountId) tokens.push(token);
    }
    const events = eventsFor(account.value?.letInBy ?? 'api-key');
    return succeed({ name: product.name, tokens, events });
  };

  function renewWebhook(requestAircall: RequestAircall) {
    const store = openStore();
    return renewWebhookWith(requestAircall, store, openAccounts(store, silent, environment));
  }

  return {
    now,
    accountId,
    name: product.name,
    /** For one command. */
    deadlineMs: () => now() + deadlineMs,
    accounts: () => {
      const store = openStore();
      const findAccount = createFindAccount(store);
      return {
        /** Whether the environment has an account of its own. */
        hasOwn: attempt(() => readOwnCredentials(environment)).ok,
        findAccount,
        listAccounts: createListAccounts(store),
        switchAccount: createSwitchAccount({ findAccount, saveAccount: createSaveAccount(store), now }),
        forgetAccount: createForgetAccount({
          saveAccount: createSaveAccount(store),
          purgeAccount: createPurgeAccount(store),
          now,
        }),
      };
    },
    /** Installs the company whose API key is in the environment, as an account of its own. */
    addAccount: (warn: Warn) => {
      const credentials: AircallCredentials = readOwnCredentials(environment);
      const requestAircall = openAircall(async () => succeed(credentials), environment);
      const installAccount = createInstallAccount({
        findAccount: createFindAccount(openStore()),
        sealCredentials: openSealing(environment).sealCredentials,
        startFirstRefresh: async () => succeed(undefined),
        warn,
        now,
      });
      const aircall = {
        ...createCompanyAtAircall(requestAircall, credentials.kind, aircallMs),
        renewWebhook: renewWebhook(requestAircall),
        listWebhooks: createListWebhooks(requestAircall, realClock, aircallMs),
      };
      return (webhookUrl: string, untilMs: number) =>
        installAccount({ credentials, aircall, idOf: () => accountId, webhookUrl }, untilMs);
    },
    contacts: () => {
      const table = openTable();
      return {
        findContact: createFindContact(table),
        assignContact: createAssignContact(table),
        deleteContact: createDeleteContact(table),
        listContacts: createListContacts(table),
        importContactsFrom: (readCsv: ReadCsv) =>
          createImportContacts({ readCsv, saveContacts: createSaveContacts(table), now }, { deadlineMs }),
      };
    },
    agents: () => {
      const table = openTable();
      return { listAgents: createListAgents(table), findAgent: createFindAgent(table) };
    },
    refreshAgents: (warn: Warn) => refreshAgentsWith(openOwnAircall(), openTable(), warn),
    syncContacts: (warn: Warn) => syncContactsWith(openOwnAircall(), openTable(), warn),
    backfillLastAgents: (warn: Warn) => {
      const table = openTable();
      const currentPolicy = createCurrentPolicy(
        { findPolicy: createFindPolicy(table), warn, now },
        { rememberedForMs: limits.policyRememberedForMs },
      );
      const saveConversation = createSaveConversation(table);
      return createBackfillLastAgents(
        {
          readPastCalls: createReadPastCalls(openOwnAircall(), aircallMs),
          rememberConversation: createRememberConversation({ currentPolicy, saveConversation, warn, now }),
          currentPolicy,
          findBackfill: createFindBackfill(table),
          saveBackfill: createSaveBackfill(table),
          now,
          sleep: realClock.sleep,
        },
        { ...limits.backfill, deadlineMs },
      );
    },
    calls: () => {
      const table = openTable();
      return { listCalls: createListCalls(table), findCall: createFindCall(table) };
    },
    policies: () => {
      const table = openTable();
      return {
        findPolicy: createFindPolicy(table),
        putPolicy: createPutPolicy(table),
        listPolicies: createListPolicies(table),
      };
    },
    simulateCall: () => {
      const table = openTable();
      return createSimulateCall(
        {
          findCaller: createFindCaller(table),
          findPolicy: createFindPolicy(table),
          findAgent: createFindAgent(table),
          now,
        },
        limits,
      );
    },
    webhooks: () => {
      const requestAircall = openOwnAircall();
      return {
        listWebhooks: createListWebhooks(requestAircall, realClock, aircallMs),
        findTraits,
        findAccount: createFindAccount(openStore()),
        renewWebhook: renewWebhook(requestAircall),
      };
    },
    diagnose: () => {
      const aircall = attempt(() => {
        const requestAircall = openOwnAircall();
        return {
          pingAircall: createPingAircall(requestAircall, aircallMs),
          compareClocks: createCompareClocks(readAircallSettings(environment).url, now, aircallMs),
          listWebhooks: createListWebhooks(requestAircall, realClock, aircallMs),
          listUsers: createListUsers(requestAircall, realClock, aircallMs),
        };
      });
      const store = attempt(() => {
        const table = openTable();
        return {
          probeTable: createProbeTable(table),
          findAccount: createFindAccount(table),
          listAgents: createListAgents(table),
          findWebhookSeen: createFindWebhookSeen(table),
          listCalls: createListCalls(table),
        };
      });
      return createDiagnose(
        {
          aircall,
          store,
          findTraits: store.ok
            ? findTraits
            : async () => fail({ reason: 'store-unavailable', detail: store.failure } as const),
          now,
        },
        product.name,
        accountId,
      );
    },
  };
}

export type Operator = ReturnType<typeof composeOperator>;

/** Whoever typed the command is told what failed, by its result. */
const silent: Warn = () => undefined;

/** A setting that is missing or wrong, as a value: what is thrown for it is an error that says so. */
function attempt<Value>(open: () => Value): Result<Value, string> {
  try {
    return succeed(open());
  } catch (error) {
    return fail((error as Error).message);
  }
}
