/**
 * The composition root's other half: the operator's commands.
 */
import { createAircallClient, realClock } from './adapters/aircall/client.ts';
import { createReadPastCalls } from './adapters/aircall/past-calls.ts';
import { createCompareClocks, createPingAircall } from './adapters/aircall/ping.ts';
import { createListUsers } from './adapters/aircall/users.ts';
import {
  createActivateWebhook,
  createCreateWebhook,
  createListWebhooks,
} from './adapters/aircall/webhooks.ts';
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
import { createDocumentClient } from './adapters/dynamodb/table.ts';
import { createFindWebhookSeen } from './adapters/dynamodb/webhook-seen.ts';
import { refreshAgentsWith, syncContactsWith, tableOver } from './compose.ts';
import { type Environment, limits, product, readAircallSettings, readWebhookTokens } from './config.ts';
import { fail, type Result, succeed } from './core/result.ts';
import type { ReadCsv, Warn } from './ports.ts';
import { createBackfillLastAgents } from './use-cases/backfill-last-agents.ts';
import { createCurrentPolicy } from './use-cases/current-policy.ts';
import { createDiagnose } from './use-cases/diagnose.ts';
import { createImportContacts } from './use-cases/import-contacts.ts';
import { createRegisterWebhook } from './use-cases/register-webhook.ts';
import { createRememberConversation } from './use-cases/remember-conversation.ts';
import { createSimulateCall } from './use-cases/simulate-call.ts';

type ClientConfig = NonNullable<Parameters<typeof createDocumentClient>[1]>;

/**
 * The operator's commands: each opens what it needs, so that only this has to be set.
 *
 * @param environment other than this process's own; `dynamodb` is then what the AWS SDK would have read of it
 */
export function composeOperator(environment?: Environment, dynamodb: ClientConfig = {}) {
  const { deadlineMs, aircallMs, table: times } = limits.background;
  const { now } = realClock;
  const ours = { name: product.name, tokens: readTokensIfSet(environment) };

  const openTable = () => tableOver(createDocumentClient(times, dynamodb), environment);
  const openAircall = () => createAircallClient(readAircallSettings(environment));

  return {
    now,
    ours,
    /** For one command. */
    deadlineMs: () => now() + deadlineMs,
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
    refreshAgents: (warn: Warn) => refreshAgentsWith(openAircall(), openTable(), warn),
    syncContacts: () => syncContactsWith(openAircall(), openTable()),
    backfillLastAgents: (warn: Warn) => {
      const table = openTable();
      const currentPolicy = createCurrentPolicy(
        { findPolicy: createFindPolicy(table), warn, now },
        { rememberedForMs: limits.policyRememberedForMs },
      );
      const saveConversation = createSaveConversation(table);
      return createBackfillLastAgents(
        {
          readPastCalls: createReadPastCalls(openAircall(), aircallMs),
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
      const requestAircall = openAircall();
      const listWebhooks = createListWebhooks(requestAircall, realClock, aircallMs);
      const createWebhook = createCreateWebhook(requestAircall, aircallMs);
      const activateWebhook = createActivateWebhook(requestAircall, aircallMs);
      return {
        listWebhooks,
        registerWebhook: createRegisterWebhook({ listWebhooks, createWebhook, activateWebhook }, ours),
      };
    },
    diagnose: () => {
      const aircall = attempt(() => {
        const requestAircall = openAircall();
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
          listAgents: createListAgents(table),
          findWebhookSeen: createFindWebhookSeen(table),
          listCalls: createListCalls(table),
        };
      });
      return createDiagnose({ aircall, store, now }, ours);
    },
  };
}

export type Operator = ReturnType<typeof composeOperator>;

function readTokensIfSet(environment?: Environment): readonly string[] {
  const tokens = attempt(() => readWebhookTokens(environment));
  return tokens.ok ? tokens.value : [];
}

/** A setting that is missing or wrong, as a value. */
function attempt<Value>(open: () => Value): Result<Value, string> {
  try {
    return succeed(open());
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
