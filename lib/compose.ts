/**
 * The composition root: the only file that knows configuration, clients and adapters together.
 */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createFetchAvailability, createListAvailabilities } from './adapters/aircall/availabilities.ts';
import { createAircallClient, type RequestAircall, realClock } from './adapters/aircall/client.ts';
import { createReadContacts } from './adapters/aircall/contacts.ts';
import { createShowInsightCard } from './adapters/aircall/insight-cards.ts';
import { createReadPastCalls } from './adapters/aircall/past-calls.ts';
import { createCompareClocks, createPingAircall } from './adapters/aircall/ping.ts';
import { createReadRingTo, writeRingTo } from './adapters/aircall/ring-to.ts';
import { tellOfLimit } from './adapters/aircall/tell-of-limit.ts';
import { createReadCall, createTransferCall } from './adapters/aircall/transfers.ts';
import { createFetchUser, createListUsers } from './adapters/aircall/users.ts';
import { createReadDelivery } from './adapters/aircall/webhook.ts';
import {
  createActivateWebhook,
  createCreateWebhook,
  createListWebhooks,
} from './adapters/aircall/webhooks.ts';
import { createFindAgent, createListAgents, createSaveAgent } from './adapters/dynamodb/agents.ts';
import { createAssignContact, createAssignUnassigned } from './adapters/dynamodb/assignments.ts';
import { createFindBackfill, createSaveBackfill } from './adapters/dynamodb/backfills.ts';
import { createFindCall, createFindDecidedCall, createListCalls } from './adapters/dynamodb/call-history.ts';
import { createClaimHop, createNoteCallNews, createSettleHop } from './adapters/dynamodb/call-hops.ts';
import { createClaimCall, createSettleCall } from './adapters/dynamodb/call-records.ts';
import { createSaveWords } from './adapters/dynamodb/contact-words.ts';
import {
  createDeleteContact,
  createFindContact,
  createListContacts,
  createSaveContacts,
} from './adapters/dynamodb/contacts.ts';
import { createFindCaller, createSaveConversation } from './adapters/dynamodb/last-agents.ts';
import { createFindPolicy, createListPolicies, createPutPolicy } from './adapters/dynamodb/policies.ts';
import { createTrackPresence } from './adapters/dynamodb/presences.ts';
import { createProbeTable } from './adapters/dynamodb/probe-table.ts';
import { createReleaseAgent, createReserveAgent } from './adapters/dynamodb/reservations.ts';
import {
  createFindContactSync,
  createFindSyncedContact,
  createSaveContactSync,
  createSaveSyncedContact,
} from './adapters/dynamodb/synced-contacts.ts';
import { createDocumentClient, type Table } from './adapters/dynamodb/table.ts';
import { createFindWebhookSeen, createSaveWebhookSeen } from './adapters/dynamodb/webhook-seen.ts';
import { createLog } from './adapters/log.ts';
import { createMetrics } from './adapters/metrics.ts';
import { joinReports, type Reports } from './adapters/reports.ts';
import { createQueueClient, createStartRingTimer } from './adapters/sqs/ring-timers.ts';
import {
  type Environment,
  limits,
  product,
  readAircallSettings,
  readRingTimersQueueUrl,
  readRingToSecrets,
  readService,
  readTableName,
  readWebhookTokens,
} from './config.ts';
import type { AccountId } from './core/model.ts';
import { fail, type Result, succeed } from './core/result.ts';
import type { ReadCsv, StartRingTimer, Warn } from './ports.ts';
import { type AnswerRingTo, createAnswerRingTo, ringToDoor } from './use-cases/answer-ring-to.ts';
import { createBackfillLastAgents } from './use-cases/backfill-last-agents.ts';
import { createConsiderAgent } from './use-cases/consider-agent.ts';
import { createCurrentPolicy } from './use-cases/current-policy.ts';
import { createDiagnose } from './use-cases/diagnose.ts';
import { createFollowUp } from './use-cases/follow-up.ts';
import { createHandleRingTimer, type HandleRingTimer } from './use-cases/handle-ring-timer.ts';
import { createImportContacts } from './use-cases/import-contacts.ts';
import { createLookAfterWebhook } from './use-cases/look-after-webhook.ts';
import { createRatePause } from './use-cases/rate-pause.ts';
import { createReceiveEvent, type ReceiveEvent } from './use-cases/receive-event.ts';
import { createRefresh, type Refresh } from './use-cases/refresh.ts';
import { createRefreshAgents, type RefreshAgents } from './use-cases/refresh-agents.ts';
import { createRegisterWebhook } from './use-cases/register-webhook.ts';
import { createRememberConversation } from './use-cases/remember-conversation.ts';
import { createRerouteCall, type RerouteCall } from './use-cases/reroute-call.ts';
import { createResolveAgent } from './use-cases/resolve-agent.ts';
import { createRouteCall } from './use-cases/route-call.ts';
import { createShowCard } from './use-cases/show-card.ts';
import { createSimulateCall } from './use-cases/simulate-call.ts';
import { createSyncContacts, type SyncContacts } from './use-cases/sync-contacts.ts';
import { createTrackCall } from './use-cases/track-call.ts';
import { createTrackContact, createTrackContactNews } from './use-cases/track-contact.ts';
import { createTrackNews } from './use-cases/track-presence.ts';
import { createJudgeByReading, createTransferOnce } from './use-cases/transfer-once.ts';
import { createTryTargets, type TryTargetsLimits } from './use-cases/try-targets.ts';
import { createWebhookDoor } from './use-cases/webhook-door.ts';

/** `POST /aircall/calls`. */
export function composeWebhook(): ReceiveEvent {
  const parts = openParts({ ...limits, startRingTimer: openRingTimers() });
  const { table, reports, now, currentPolicy, judgeByReading, transferOnce } = parts;
  const { report, warn } = reports;
  const rerouteCall = rerouteCallWith(parts);

  const routeCall = createRouteCall(
    { ...routingPorts(parts), rerouteCall },
    createWebhookDoor({ judgeByReading, transferOnce, now }, limits),
    limits,
  );
  const trackNews = createTrackNews({
    trackPresence: createTrackPresence(table),
    releaseAgent: createReleaseAgent(table),
    warn,
    now,
  });
  return createReceiveEvent({
    readDelivery: createReadDelivery(readWebhookTokens()),
    routeCall,
    trackNews,
    trackCall: createTrackCall({
      noteCallNews: createNoteCallNews(table, limits),
      rerouteCall,
      trackNews,
      warn,
    }),
    trackContactNews: createTrackContactNews({ trackContact: trackContactIn(table), warn }),
    rememberConversation: createRememberConversation({
      currentPolicy,
      saveConversation: createSaveConversation(table),
      warn,
      now,
    }),
    report,
    warn,
    now,
  });
}

/** `POST /aircall/ring-to`; `undefined` where no secret is set for it. */
export function composeRingTo(): AnswerRingTo | undefined {
  const secrets = readRingToSecrets();
  if (secrets.length === 0) return undefined;

  // Nobody is transferred here, and so nobody's ringing is timed.
  const startRingTimer: StartRingTimer = async () => succeed(undefined);
  const parts = openParts({ ...limits.ringTo, startRingTimer });
  const { table, reports, now } = parts;
  const { report, warn } = reports;
  // The flow looks after what it asked us about: nothing of it is given on.
  const rerouteCall: RerouteCall = async () => succeed(undefined);
  return createAnswerRingTo({
    readRingTo: createReadRingTo(secrets),
    writeRingTo,
    routeCall: createRouteCall({ ...routingPorts(parts), rerouteCall }, ringToDoor, limits.ringTo),
    findDecidedCall: createFindDecidedCall(table),
    report,
    warn,
    now,
  });
}

/** A ring timer that has run out. */
export function composeRingTimeout(): HandleRingTimer {
  const parts = openParts({ ...limits, startRingTimer: openRingTimers() });
  const { table, reports, now } = parts;
  return createHandleRingTimer(
    {
      findDecidedCall: createFindDecidedCall(table),
      rerouteCall: rerouteCallWith(parts),
      report: reports.report,
      warn: reports.warn,
      now,
    },
    limits,
  );
}

/** What all share that bring a call to someone. */
function openParts({
  transferNeedsMs,
  startRingTimer,
}: TryTargetsLimits & { readonly startRingTimer: StartRingTimer }) {
  const table = tableOver(createDocumentClient(limits.table));
  const reports = composeReports();
  const { warn } = reports;
  const { now } = realClock;
  const ratePause = createRatePause(now, limits.askingPausedForMs);
  const requestAircall = tellOfLimit(createAircallClient(readAircallSettings()), ratePause.begin);

  const readCall = createReadCall(requestAircall, limits.aircallMs);
  const transferCall = createTransferCall(requestAircall, {
    timeoutMs: limits.transferMs,
    needsMs: limits.transferNeedsMs,
  });
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
  const considerAgent = createConsiderAgent(
    {
      reserveAgent: createReserveAgent(table),
      releaseAgent: createReleaseAgent(table),
      resolveAgent,
      fetchAvailability: createFetchAvailability(requestAircall, now, limits.aircallMs),
      trackPresence: createTrackPresence(table),
      ratePause,
      warn,
      now,
    },
    limits,
  );
  const findContact = createFindContact(table);
  return {
    table,
    findContact,
    reports,
    now,
    judgeByReading: createJudgeByReading({ readCall, warn }),
    transferOnce: createTransferOnce({ transferCall, readCall, warn, now }, limits),
    tryTargets: createTryTargets({ considerAgent, now }, { transferNeedsMs }),
    currentPolicy: createCurrentPolicy(
      { findPolicy: createFindPolicy(table), warn, now },
      { rememberedForMs: limits.policyRememberedForMs },
    ),
    followUp: createFollowUp({
      releaseAgent: createReleaseAgent(table),
      startRingTimer,
      findContact,
      showCard: createShowCard(
        { showInsightCard: createShowInsightCard(requestAircall, limits.cardMs), ratePause, warn, now },
        limits,
      ),
      warn,
    }),
  };
}

type Parts = ReturnType<typeof openParts>;

function routingPorts({ table, reports, now, tryTargets, currentPolicy, followUp }: Parts) {
  return {
    claimCall: createClaimCall(table, {
      claimLapsesAfterMs: limits.claimLapsesAfterMs,
      keptForDays: limits.recordKeptForDays,
    }),
    findCaller: createFindCaller(table),
    currentPolicy,
    tryTargets,
    settleCall: createSettleCall(table),
    followUp,
    warn: reports.warn,
    now,
  };
}

function rerouteCallWith(parts: Parts): RerouteCall {
  const { table, reports, now, judgeByReading, transferOnce, tryTargets, currentPolicy, followUp } = parts;
  return createRerouteCall(
    {
      claimHop: createClaimHop(table),
      currentPolicy,
      judgeByReading,
      tryTargets,
      transferOnce,
      settleHop: createSettleHop(table),
      followUp,
      warn: reports.warn,
      now,
    },
    limits,
  );
}

export function composeWarn(): Warn {
  return composeReports().warn;
}

/** Every 5 minutes; of the agents, also by hand. */
export function composeRefresh(): Refresh {
  const table = tableOver(createDocumentClient(limits.background.table));
  const requestAircall = createAircallClient(readAircallSettings());
  const { warn } = composeReports();
  const { now, sleep } = realClock;
  const { aircallMs } = limits.background;

  return createRefresh({
    lookAfterWebhook: createLookAfterWebhook(
      {
        listWebhooks: createListWebhooks(requestAircall, realClock, aircallMs),
        activateWebhook: createActivateWebhook(requestAircall, aircallMs),
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
      readWebhookTokens(),
      limits.missedCalls,
    ),
    refreshAgents: refreshAgentsWith(requestAircall, table, warn),
    warn,
    now,
  });
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

/** Every day, and by hand. */
export function composeSyncContacts(): SyncContacts {
  const table = tableOver(createDocumentClient(limits.background.table));
  return syncContactsWith(createAircallClient(readAircallSettings()), table);
}

function syncContactsWith(requestAircall: RequestAircall, table: Table): SyncContacts {
  const { aircallMs, deadlineMs } = limits.background;

  return createSyncContacts(
    {
      readContacts: createReadContacts(requestAircall, aircallMs),
      trackContact: trackContactIn(table),
      assignUnassigned: createAssignUnassigned(table),
      findContactSync: createFindContactSync(table),
      saveContactSync: createSaveContactSync(table),
      ...realClock,
    },
    { ...limits.contactSync, deadlineMs },
  );
}

function trackContactIn(table: Table) {
  return createTrackContact({
    findSyncedContact: createFindSyncedContact(table),
    saveSyncedContact: createSaveSyncedContact(table),
    saveWords: createSaveWords(table),
  });
}

function tableOver(client: DynamoDBDocumentClient, environment?: Environment): Table {
  return { client, name: readTableName(environment), account: 'default' as AccountId, now: realClock.now };
}

function openRingTimers(): StartRingTimer {
  const client = createQueueClient(limits.queue);
  return createStartRingTimer({ client, url: readRingTimersQueueUrl(), now: realClock.now });
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
