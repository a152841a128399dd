/**
 * The composition root: what is deployed, put together of configuration, clients and adapters. With
 * `compose-operator.ts`, the only files that know these together.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createFetchAvailability, createListAvailabilities } from './adapters/aircall/availabilities.ts';
import { createAircallClient, type RequestAircall, realClock } from './adapters/aircall/client.ts';
import { createReadContacts } from './adapters/aircall/contacts.ts';
import { createShowInsightCard } from './adapters/aircall/insight-cards.ts';
import { createReadPastCalls } from './adapters/aircall/past-calls.ts';
import { createReadRingTo, writeRingTo } from './adapters/aircall/ring-to.ts';
import { tellOfLimit } from './adapters/aircall/tell-of-limit.ts';
import { createReadCall, createTransferCall } from './adapters/aircall/transfers.ts';
import { createFetchUser, createListUsers } from './adapters/aircall/users.ts';
import { createReadDelivery } from './adapters/aircall/webhook.ts';
import { createActivateWebhook, createListWebhooks } from './adapters/aircall/webhooks.ts';
import { createFindAgent, createListAgents, createSaveAgent } from './adapters/dynamodb/agents.ts';
import { createAssignUnassigned } from './adapters/dynamodb/assignments.ts';
import { createFindDecidedCall } from './adapters/dynamodb/call-history.ts';
import { createClaimHop, createNoteCallNews, createSettleHop } from './adapters/dynamodb/call-hops.ts';
import { createClaimCall, createSettleCall } from './adapters/dynamodb/call-records.ts';
import { createSaveWords } from './adapters/dynamodb/contact-words.ts';
import { createFindContact } from './adapters/dynamodb/contacts.ts';
import { createFindCaller, createSaveConversation } from './adapters/dynamodb/last-agents.ts';
import { createFindPolicy } from './adapters/dynamodb/policies.ts';
import { createTrackPresence } from './adapters/dynamodb/presences.ts';
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
import {
  createQueueClient,
  createReceiveRingTimer,
  createStartRingTimer,
  type ReceiveRingTimer,
} from './adapters/sqs/ring-timers.ts';
import {
  type Environment,
  limits,
  readAircallSettings,
  readReporting,
  readRingTimersQueueUrl,
  readRingToSecrets,
  readService,
  readTableName,
  readWebhookTokens,
} from './config.ts';
import type { AccountId } from './core/model.ts';
import { succeed } from './core/result.ts';
import type { StartRingTimer, Warn } from './ports.ts';
import { type AnswerRingTo, createAnswerRingTo, ringToDoor } from './use-cases/answer-ring-to.ts';
import { createConsiderAgent } from './use-cases/consider-agent.ts';
import { createCurrentPolicy } from './use-cases/current-policy.ts';
import { createFollowUp } from './use-cases/follow-up.ts';
import { createHandleRingTimer } from './use-cases/handle-ring-timer.ts';
import { createLookAfterWebhook } from './use-cases/look-after-webhook.ts';
import { createRatePause } from './use-cases/rate-pause.ts';
import { createReceiveEvent, type ReceiveEvent } from './use-cases/receive-event.ts';
import { createRefresh, type Refresh } from './use-cases/refresh.ts';
import { createRefreshAgents, type RefreshAgents } from './use-cases/refresh-agents.ts';
import { createRememberConversation } from './use-cases/remember-conversation.ts';
import { createRerouteCall, type RerouteCall } from './use-cases/reroute-call.ts';
import { createResolveAgent } from './use-cases/resolve-agent.ts';
import { createRouteCall } from './use-cases/route-call.ts';
import { createShowCard } from './use-cases/show-card.ts';
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

/** A message of the queue of ring timers. */
export function composeRingTimeout(): ReceiveRingTimer {
  const parts = openParts({ ...limits, startRingTimer: openRingTimers() });
  const { table, reports, now } = parts;
  const { report, warn } = reports;
  const handleRingTimer = createHandleRingTimer(
    {
      findDecidedCall: createFindDecidedCall(table),
      rerouteCall: rerouteCallWith(parts),
      report,
      warn,
      now,
    },
    limits,
  );
  return createReceiveRingTimer({ handleRingTimer, warn });
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

/** Every day, and by hand. */
export function composeSyncContacts(): SyncContacts {
  const table = tableOver(createDocumentClient(limits.background.table));
  return syncContactsWith(createAircallClient(readAircallSettings()), table);
}

export function syncContactsWith(requestAircall: RequestAircall, table: Table): SyncContacts {
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

export function tableOver(client: DynamoDBDocumentClient, environment?: Environment): Table {
  return { client, name: readTableName(environment), account: 'default' as AccountId, now: realClock.now };
}

function openRingTimers(): StartRingTimer {
  const client = createQueueClient(limits.queue);
  return createStartRingTimer({ client, url: readRingTimersQueueUrl(), now: realClock.now });
}

function composeReports(): Reports {
  const { service, metricsNamespace } = readService();
  const { hasMetrics, ...logging } = readReporting();
  const log = createLog({ service, ...logging });
  return hasMetrics ? joinReports(log, createMetrics(service, metricsNamespace)) : log;
}
