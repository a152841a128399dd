/**
 * The composition root: the only file that knows configuration, clients and adapters together.
 */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createFetchAvailability, createListAvailabilities } from './adapters/aircall/availabilities.ts';
import { createAircallClient, type RequestAircall, realClock } from './adapters/aircall/client.ts';
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
import { createFindPolicy, createListPolicies, createPutPolicy } from './adapters/dynamodb/policies.ts';
import { createTrackPresence } from './adapters/dynamodb/presences.ts';
import { createProbeTable } from './adapters/dynamodb/probe-table.ts';
import { createReleaseAgent, createReserveAgent } from './adapters/dynamodb/reservations.ts';
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
import { createConsiderAgent } from './use-cases/consider-agent.ts';
import { createCurrentPolicy } from './use-cases/current-policy.ts';
import { createDiagnose } from './use-cases/diagnose.ts';
import { createImportContacts } from './use-cases/import-contacts.ts';
import { createReceiveEvent, type ReceiveEvent } from './use-cases/receive-event.ts';
import { createRefreshAgents, type RefreshAgents } from './use-cases/refresh-agents.ts';
import { createRegisterWebhook } from './use-cases/register-webhook.ts';
import { createResolveAgent } from './use-cases/resolve-agent.ts';
import { createRouteCall } from './use-cases/route-call.ts';
import { createSimulateCall } from './use-cases/simulate-call.ts';
import { createTrackNews } from './use-cases/track-presence.ts';

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
      currentPolicy: createCurrentPolicy(
        { findPolicy: createFindPolicy(table), warn, now },
        { rememberedForMs: limits.policyRememberedForMs },
      ),
      considerAgent: createConsiderAgent(
        {
          reserveAgent: createReserveAgent(table),
          resolveAgent,
          fetchAvailability: createFetchAvailability(requestAircall, now, limits.aircallMs),
          trackPresence: createTrackPresence(table),
          warn,
          now,
        },
        limits,
      ),
      releaseAgent: createReleaseAgent(table),
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
    trackNews: createTrackNews({
      trackPresence: createTrackPresence(table),
      releaseAgent: createReleaseAgent(table),
      warn,
      now,
    }),
    report,
    warn,
    now,
  });
}

/** Every 5 minutes, and by hand. */
export function composeRefreshAgents(): RefreshAgents {
  const table = tableOver(createDocumentClient(limits.background.table));
  return refreshAgentsWith(createAircallClient(readAircallSettings()), table, composeReports().warn);
}

function refreshAgentsWith(requestAircall: RequestAircall, table: Table, warn: Warn): RefreshAgents {
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
    refreshAgents: (warn: Warn) => refreshAgentsWith(openAircall(), openTable(), warn),
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
          findContact: createFindContact(table),
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
