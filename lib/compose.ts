/**
 * The composition root: the only file that knows configuration, clients and adapters together.
 */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createAircallClient, realClock } from './adapters/aircall/client.ts';
import { createCompareClocks, createPingAircall } from './adapters/aircall/ping.ts';
import { createReadCall, createTransferCall } from './adapters/aircall/transfers.ts';
import { createFetchUser, createListUsers } from './adapters/aircall/users.ts';
import { createReadDelivery } from './adapters/aircall/webhook.ts';
import {
  createActivateWebhook,
  createCreateWebhook,
  createListWebhooks,
} from './adapters/aircall/webhooks.ts';
import { createFindAgent, createListAgents, createSaveAgent } from './adapters/dynamodb/agents.ts';
import { createAssignContact } from './adapters/dynamodb/assignments.ts';
import { createFindCall, createListCalls } from './adapters/dynamodb/call-history.ts';
import { createClaimCall, createSettleCall } from './adapters/dynamodb/call-records.ts';
import { createDeleteContact, createFindContact, createSaveContacts } from './adapters/dynamodb/contacts.ts';
import { createProbeTable } from './adapters/dynamodb/probe-table.ts';
import { createDocumentClient, type Table } from './adapters/dynamodb/table.ts';
import { createLog } from './adapters/log.ts';
import { createMetrics } from './adapters/metrics.ts';
import { joinReports, type Reports } from './adapters/reports.ts';
import {
  type Environment,
  limits,
  product,
  readAircallSettings,
  readService,
  readTableName,
  readWebhookTokens,
} from './config.ts';
import type { AccountId } from './core/model.ts';
import { fail, type Result, succeed } from './core/result.ts';
import type { ReadCsv, Warn } from './ports.ts';
import { createDiagnose } from './use-cases/diagnose.ts';
import { createImportContacts } from './use-cases/import-contacts.ts';
import { createReceiveEvent, type ReceiveEvent } from './use-cases/receive-event.ts';
import { createRefreshAgents, type RefreshAgents } from './use-cases/refresh-agents.ts';
import { createRegisterWebhook } from './use-cases/register-webhook.ts';
import { createResolveAgent } from './use-cases/resolve-agent.ts';
import { createRouteCall } from './use-cases/route-call.ts';

/** `POST /aircall/calls`. */
export function composeWebhook(): ReceiveEvent {
  const requestAircall = createAircallClient(readAircallSettings());
  const table = tableOver(createDocumentClient(limits.table));
  const { report, warn } = composeReports();
  const { now } = realClock;

  const resolveAgent = createResolveAgent(
    {
      findAgent: createFindAgent(table),
      saveAgent: createSaveAgent(table),
      fetchUser: createFetchUser(requestAircall, limits.aircallMs),
      warn,
      now,
    },
    { knownForMs: limits.agentKnownForMs, unknownForMs: limits.agentUnknownForMs },
  );
  const routeCall = createRouteCall(
    {
      claimCall: createClaimCall(table, {
        claimLapsesAfterMs: limits.claimLapsesAfterMs,
        keptForDays: limits.recordKeptForDays,
      }),
      findContact: createFindContact(table),
      resolveAgent,
      transferCall: createTransferCall(requestAircall, {
        timeoutMs: limits.transferMs,
        needsMs: limits.transferNeedsMs,
      }),
      readCall: createReadCall(requestAircall, limits.aircallMs),
      settleCall: createSettleCall(table),
      warn,
      now,
    },
    limits,
  );
  return createReceiveEvent({
    readDelivery: createReadDelivery(readWebhookTokens()),
    routeCall,
    report,
    warn,
    now,
  });
}

/** Every 5 minutes, and by hand. */
export function composeRefreshAgents(): RefreshAgents {
  const { aircallMs, table: times } = limits.background;
  const table = tableOver(createDocumentClient(times));

  return createRefreshAgents({
    listUsers: createListUsers(createAircallClient(readAircallSettings()), realClock, aircallMs),
    listAgents: createListAgents(table),
    saveAgent: createSaveAgent(table),
    warn: composeReports().warn,
    now: realClock.now,
  });
}

function tableOver(client: DynamoDBDocumentClient, environment?: Environment): Table {
  return { client, name: readTableName(environment), account: 'default' as AccountId, now: realClock.now };
}

function composeReports(): Reports {
  const { service, metricsNamespace } = readService();
  return joinReports(createLog(service), createMetrics(service, metricsNamespace));
}

/**
 * The operator's commands: each opens what it needs, so that only this has to be set.
 *
 * @param environment other than this process's own; `dynamodb` is then what the AWS SDK would have read of it
 */
export function composeOperator(environment?: Environment, dynamodb: DynamoDBClientConfig = {}) {
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
        importContactsFrom: (readCsv: ReadCsv) =>
          createImportContacts({ readCsv, saveContacts: createSaveContacts(table), now }, { deadlineMs }),
      };
    },
    agents: () => {
      const table = openTable();
      return { listAgents: createListAgents(table), findAgent: createFindAgent(table) };
    },
    refreshAgents: (warn: Warn) => {
      const table = openTable();
      return createRefreshAgents({
        listUsers: createListUsers(openAircall(), realClock, aircallMs),
        listAgents: createListAgents(table),
        saveAgent: createSaveAgent(table),
        warn,
        now,
      });
    },
    calls: () => {
      const table = openTable();
      return { listCalls: createListCalls(table), findCall: createFindCall(table) };
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
        return { probeTable: createProbeTable(table), listAgents: createListAgents(table) };
      });
      return createDiagnose({ aircall, store }, ours);
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
