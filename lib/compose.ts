/**
 * The composition root: what is deployed and a caller waits for, put together of configuration, clients and adapters. The
 * files named `compose-….ts` are its other parts: only these know all three together.
 */
import { createFetchAvailability } from './adapters/aircall/availabilities.ts';
import { realClock } from './adapters/aircall/client.ts';
import { createShowInsightCard } from './adapters/aircall/insight-cards.ts';
import { createReadRingTo, writeRingTo } from './adapters/aircall/ring-to.ts';
import { tellOfLimit } from './adapters/aircall/tell-of-limit.ts';
import { createReadCall, createTransferCall } from './adapters/aircall/transfers.ts';
import { createFetchUser } from './adapters/aircall/users.ts';
import { openDelivery } from './adapters/aircall/webhook.ts';
import { createFindAccount, createSaveAccount } from './adapters/dynamodb/accounts.ts';
import { createFindAgent, createSaveAgent } from './adapters/dynamodb/agents.ts';
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
import { createFindSyncedContact, createSaveSyncedContact } from './adapters/dynamodb/synced-contacts.ts';
import { createDocumentClient, type Table } from './adapters/dynamodb/table.ts';
import { createLog } from './adapters/log.ts';
import { createMetrics } from './adapters/metrics.ts';
import { joinReports, type Reports } from './adapters/reports.ts';
import {
  createQueueClient,
  createReceiveRingTimer,
  createStartRingTimer,
  type Queue,
  type ReceiveRingTimer,
} from './adapters/sqs/ring-timers.ts';
import { openAccounts, openAircall, warnFor } from './compose-accounts.ts';
import {
  hasOwnAccount,
  limits,
  readReporting,
  readRingTimersQueueUrl,
  readRingToSecrets,
  readService,
  readTableName,
} from './config.ts';
import { type Account, newOwnAccount } from './core/account.ts';
import { succeed } from './core/result.ts';
import type { Report, StartRingTimer } from './ports.ts';
import { type AnswerRingTo, createAnswerRingTo, ringToDoor } from './use-cases/answer-ring-to.ts';
import { createAssignOwner } from './use-cases/assign-owner.ts';
import { createConsiderAgent } from './use-cases/consider-agent.ts';
import { createCurrentPolicy } from './use-cases/current-policy.ts';
import { createFollowUp } from './use-cases/follow-up.ts';
import { createHandleRingTimer } from './use-cases/handle-ring-timer.ts';
import { createPerAccount } from './use-cases/per-account.ts';
import { createRatePause } from './use-cases/rate-pause.ts';
import { type AccountRouter, createReceiveEvent, type ReceiveEvent } from './use-cases/receive-event.ts';
import { createRememberConversation } from './use-cases/remember-conversation.ts';
import { createRerouteCall, type RerouteCall } from './use-cases/reroute-call.ts';
import { createResolveAgent } from './use-cases/resolve-agent.ts';
import { createRouteCall } from './use-cases/route-call.ts';
import { createShowCard } from './use-cases/show-card.ts';
import { createTrackCall } from './use-cases/track-call.ts';
import { createTrackContact, createTrackContactNews } from './use-cases/track-contact.ts';
import { createTrackNews } from './use-cases/track-presence.ts';
import { createJudgeByReading, createTransferOnce } from './use-cases/transfer-once.ts';
import { createTryTargets, type TryTargetsLimits } from './use-cases/try-targets.ts';
import { createUninstallAccount } from './use-cases/uninstall-account.ts';
import { createWebhookDoor } from './use-cases/webhook-door.ts';

/** `POST /aircall/calls`. */
export function composeWebhook(): ReceiveEvent {
  const base = openBase();
  const { store, accounts, reports, now } = base;
  const queue = openRingTimers();
  const { report, warn } = reports;
  const routerOf = createPerAccount(
    (account) =>
      routerFor(openParts(base, account, { ...limits, startRingTimer: ringTimersOf(queue, account) })),
    limits.mostAccountsKept,
  );
  // While the container starts: the first call need not wait for it.
  if (accounts.own !== undefined) routerOf(accounts.own);

  return createReceiveEvent({
    openDelivery,
    proveAccount: accounts.known.prove,
    routerOf,
    uninstallAccount: createUninstallAccount({
      findAccount: createFindAccount(store),
      saveAccount: createSaveAccount(store),
      forget: accounts.known.forget,
      warn,
      now,
    }),
    report,
    warn,
    now,
  });
}

function routerFor(parts: Parts): AccountRouter {
  const { table, warn, now, currentPolicy, judgeByReading, transferOnce } = parts;
  const rerouteCall = rerouteCallWith(parts);
  const trackNews = createTrackNews({
    trackPresence: createTrackPresence(table),
    releaseAgent: createReleaseAgent(table),
    warn,
    now,
  });
  const routeCall = createRouteCall(
    { ...routingPorts(parts), rerouteCall },
    createWebhookDoor({ judgeByReading, transferOnce, now }, limits),
    limits,
  );
  return {
    routeCall: async (call, owner, deadlineMs) => {
      // Opened beside what comes before the transfer, and not in its wait. Nothing is left under way when we answer: the
      // container stands still then.
      const opening = parts.giveCredentials(deadlineMs);
      const record = await routeCall(call, owner, deadlineMs);
      await opening;
      return record;
    },
    trackNews,
    trackCall: createTrackCall({
      noteCallNews: createNoteCallNews(table, limits),
      rerouteCall,
      trackNews,
      warn,
    }),
    trackContactNews: createTrackContactNews({
      trackContact: trackContactIn(table),
      assignOwner: createAssignOwner({ assignUnassigned: createAssignUnassigned(table), currentPolicy }),
      warn,
    }),
    rememberConversation: createRememberConversation({
      currentPolicy,
      saveConversation: createSaveConversation(table),
      warn,
      now,
    }),
  };
}

/**
 * `POST /aircall/ring-to`; `undefined` where no secret is set for it. The question doesn't say which company asks: it is
 * the environment's own.
 */
export function composeRingTo(): AnswerRingTo | undefined {
  const secrets = readRingToSecrets();
  if (secrets.length === 0 || !hasOwnAccount()) return undefined;
  const base = openBase();
  const own = newOwnAccount(0);

  // Nobody is transferred here, so nobody's ringing is timed; and the flow looks after what it asked us about: nothing of it
  // is given on.
  const nothing = async () => succeed(undefined);
  const parts = openParts(base, own, { ...limits.ringTo, startRingTimer: nothing });
  const { table, warn, now } = parts;
  return createAnswerRingTo({
    readRingTo: createReadRingTo(secrets),
    writeRingTo,
    routeCall: createRouteCall({ ...routingPorts(parts), rerouteCall: nothing }, ringToDoor, limits.ringTo),
    findDecidedCall: createFindDecidedCall(table),
    report: reportFor(own, base.reports.report),
    warn,
    now,
  });
}

/** A message of the queue of ring timers. */
export function composeRingTimeout(): ReceiveRingTimer {
  const base = openBase();
  const { accounts, reports, now } = base;
  const queue = openRingTimers();

  const handlerFor = (account: Account) => {
    const parts = openParts(base, account, { ...limits, startRingTimer: ringTimersOf(queue, account) });
    return createHandleRingTimer(
      {
        findDecidedCall: createFindDecidedCall(parts.table),
        rerouteCall: rerouteCallWith(parts),
        report: reportFor(account, reports.report),
        warn: parts.warn,
        now,
      },
      limits,
    );
  };
  return createReceiveRingTimer({
    findAccount: accounts.known.find,
    handlerOf: createPerAccount(handlerFor, limits.mostAccountsKept),
    warn: reports.warn,
  });
}

/** What a function has once, for all accounts. */
function openBase() {
  const { now } = realClock;
  const reports = composeReports();
  const store = { client: createDocumentClient(limits.table), name: readTableName(), now };
  return { store, reports, now, accounts: openAccounts(store, reports.warn) };
}

type Base = ReturnType<typeof openBase>;

/** What all share that bring a call of one account to someone. */
function openParts(
  { accounts, reports, now }: Base,
  account: Account,
  { transferNeedsMs, startRingTimer }: TryTargetsLimits & { readonly startRingTimer: StartRingTimer },
) {
  const table = accounts.tableOf(account);
  const warn = warnFor(account, reports.warn);
  const giveCredentials = accounts.giveCredentialsOf(account);
  const ratePause = createRatePause(now, limits.askingPausedForMs);
  const requestAircall = tellOfLimit(openAircall(giveCredentials), ratePause.begin);

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
    giveCredentials,
    warn,
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

function routingPorts({ table, warn, now, tryTargets, currentPolicy, followUp }: Parts) {
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
    warn,
    now,
  };
}

function rerouteCallWith(parts: Parts): RerouteCall {
  const { table, warn, now, judgeByReading, transferOnce, tryTargets, currentPolicy, followUp } = parts;
  return createRerouteCall(
    {
      claimHop: createClaimHop(table),
      currentPolicy,
      judgeByReading,
      tryTargets,
      transferOnce,
      settleHop: createSettleHop(table),
      followUp,
      warn,
      now,
    },
    limits,
  );
}

export function trackContactIn(table: Table) {
  return createTrackContact({
    findSyncedContact: createFindSyncedContact(table),
    saveSyncedContact: createSaveSyncedContact(table),
    saveWords: createSaveWords(table),
  });
}

type QueueOfTimers = Omit<Queue, 'account'>;

function openRingTimers(): QueueOfTimers {
  return { client: createQueueClient(limits.queue), url: readRingTimersQueueUrl(), now: realClock.now };
}

function ringTimersOf(queue: QueueOfTimers, { accountId }: Account): StartRingTimer {
  return createStartRingTimer({ ...queue, account: accountId });
}

/** Says whose call it is. */
function reportFor({ accountId }: Account, report: Report): Report {
  return (told) => report({ ...told, accountId });
}

export function composeReports(): Reports {
  const { service, metricsNamespace } = readService();
  const { hasMetrics, ...logging } = readReporting();
  const log = createLog({ service, ...logging });
  return hasMetrics ? joinReports(log, createMetrics(service, metricsNamespace)) : log;
}
