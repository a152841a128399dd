/**
 * The composition root: the only file that knows configuration, clients and adapters together.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createAircallClient, realClock } from './adapters/aircall/client.ts';
import { createReadCall, createTransferCall } from './adapters/aircall/transfers.ts';
import { createFetchUser, createListUsers } from './adapters/aircall/users.ts';
import { createReadDelivery } from './adapters/aircall/webhook.ts';
import { createFindAgent, createListAgents, createSaveAgent } from './adapters/dynamodb/agents.ts';
import { createClaimCall, createSettleCall } from './adapters/dynamodb/call-records.ts';
import { createFindContact } from './adapters/dynamodb/contacts.ts';
import { createDocumentClient, type Table } from './adapters/dynamodb/table.ts';
import { createLog } from './adapters/log.ts';
import { createMetrics } from './adapters/metrics.ts';
import { joinReports, type Reports } from './adapters/reports.ts';
import { limits, readAircallSettings, readService, readTableName, readWebhookTokens } from './config.ts';
import type { AccountId } from './core/model.ts';
import { createReceiveEvent, type ReceiveEvent } from './use-cases/receive-event.ts';
import { createRefreshAgents, type RefreshAgents } from './use-cases/refresh-agents.ts';
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
      transferCall: createTransferCall(requestAircall, limits.transferMs),
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

function tableOver(client: DynamoDBDocumentClient): Table {
  return { client, name: readTableName(), account: 'default' as AccountId, now: realClock.now };
}

function composeReports(): Reports {
  const { service } = readService();
  return joinReports(createLog(service), createMetrics(service));
}
