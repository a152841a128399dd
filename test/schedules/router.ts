/**
 * The router's use cases, put together as they are deployed, for one container: over ports that its invocations may die of.
 */
import { limits } from '../../lib/config.ts';
import { newOwnAccount } from '../../lib/core/account.ts';
import { succeed } from '../../lib/core/result.ts';
import type {
  ClaimCall,
  ClaimHop,
  FetchAvailability,
  FetchUser,
  FindAgent,
  FindCaller,
  FindContact,
  FindDecidedCall,
  FindPolicy,
  NoteCallNews,
  Now,
  ReadCall,
  ReleaseAgent,
  ReserveAgent,
  SaveAgent,
  SettleCall,
  SettleHop,
  ShowInsightCard,
  StartRingTimer,
  TrackPresence,
  TransferCall,
} from '../../lib/ports.ts';
import {
  type AnswerRingTo,
  createAnswerRingTo,
  type RingToAnswer,
  type RingToQuestion,
  ringToDoor,
} from '../../lib/use-cases/answer-ring-to.ts';
import { createConsiderAgent } from '../../lib/use-cases/consider-agent.ts';
import { createCurrentPolicy } from '../../lib/use-cases/current-policy.ts';
import { createFollowUp } from '../../lib/use-cases/follow-up.ts';
import { createHandleRingTimer, type HandleRingTimer } from '../../lib/use-cases/handle-ring-timer.ts';
import type { ProveAccount } from '../../lib/use-cases/known-accounts.ts';
import { createRatePause } from '../../lib/use-cases/rate-pause.ts';
import { createReceiveEvent, type Delivery, type ReceiveEvent } from '../../lib/use-cases/receive-event.ts';
import { createRerouteCall } from '../../lib/use-cases/reroute-call.ts';
import { createResolveAgent } from '../../lib/use-cases/resolve-agent.ts';
import { createRouteCall } from '../../lib/use-cases/route-call.ts';
import { createShowCard } from '../../lib/use-cases/show-card.ts';
import { createTrackCall } from '../../lib/use-cases/track-call.ts';
import { createTrackNews } from '../../lib/use-cases/track-presence.ts';
import { createJudgeByReading, createTransferOnce } from '../../lib/use-cases/transfer-once.ts';
import { createTryTargets } from '../../lib/use-cases/try-targets.ts';
import { createWebhookDoor } from '../../lib/use-cases/webhook-door.ts';
import { t0 } from '../builders.ts';

/** Every await of a routed call ends in one of these. */
export type RouterPorts = {
  readonly proveAccount: ProveAccount;
  readonly claimCall: ClaimCall;
  readonly settleCall: SettleCall;
  readonly claimHop: ClaimHop;
  readonly settleHop: SettleHop;
  readonly noteCallNews: NoteCallNews;
  readonly findDecidedCall: FindDecidedCall;
  readonly findCaller: FindCaller;
  readonly findContact: FindContact;
  readonly findPolicy: FindPolicy;
  readonly findAgent: FindAgent;
  readonly saveAgent: SaveAgent;
  readonly trackPresence: TrackPresence;
  readonly reserveAgent: ReserveAgent;
  readonly releaseAgent: ReleaseAgent;
  readonly startRingTimer: StartRingTimer;
  readonly transferCall: TransferCall;
  readonly readCall: ReadCall;
  readonly fetchUser: FetchUser;
  readonly fetchAvailability: FetchAvailability;
  readonly showInsightCard: ShowInsightCard;
};

/** What the invocation that runs in the container was given. */
export type Asked = {
  readonly delivery: () => Delivery;
  readonly question: () => RingToQuestion;
};

export type Router = {
  readonly receiveEvent: ReceiveEvent;
  readonly answerRingTo: AnswerRingTo;
  readonly handleRingTimer: HandleRingTimer;
};

export const account = newOwnAccount(t0);

/** @param warn told of what goes wrong; nothing hangs on it */
export function createRouter(ports: RouterPorts, asked: Asked, now: Now, warn = () => undefined): Router {
  const report = () => undefined;
  const ratePause = createRatePause(now, limits.askingPausedForMs);
  const resolveAgent = createResolveAgent(
    { ...ports, warn, now },
    { knownForMs: limits.agentKnownForMs, unknownForMs: limits.agentUnknownForMs },
  );
  const considerAgent = createConsiderAgent({ ...ports, resolveAgent, ratePause, warn, now }, limits);
  const judgeByReading = createJudgeByReading({ ...ports, warn });
  const transferOnce = createTransferOnce({ ...ports, warn, now }, limits);
  const showCard = createShowCard({ ...ports, ratePause, warn, now }, limits);
  const parts = {
    ...ports,
    judgeByReading,
    transferOnce,
    tryTargets: createTryTargets({ considerAgent, now }, limits),
    currentPolicy: createCurrentPolicy(
      { ...ports, warn, now },
      { rememberedForMs: limits.policyRememberedForMs },
    ),
    followUp: createFollowUp({ ...ports, showCard, warn }),
    warn,
    now,
  };
  const rerouteCall = createRerouteCall(parts, limits);
  const trackNews = createTrackNews({ ...ports, warn, now });
  const forAccount = {
    routeCall: createRouteCall(
      { ...parts, rerouteCall },
      createWebhookDoor({ judgeByReading, transferOnce, now }, limits),
      limits,
    ),
    trackNews,
    trackCall: createTrackCall({ ...ports, rerouteCall, trackNews, warn }),
    trackContactNews: async () => 'contact-unchanged' as const,
    rememberConversation: async () => 'kept' as const,
  };
  const startRingTimer: StartRingTimer = async () => succeed(undefined);

  return {
    receiveEvent: createReceiveEvent({
      openDelivery: () => succeed({ token: 'a token', read: () => succeed(asked.delivery()) }),
      proveAccount: ports.proveAccount,
      routerOf: () => forAccount,
      uninstallAccount: async () => 'event-not-routed',
      report,
      warn,
      now,
    }),
    answerRingTo: createAnswerRingTo({
      readRingTo: () => succeed(asked.question()),
      writeRingTo: (answer: RingToAnswer) => answer,
      routeCall: createRouteCall(
        {
          ...parts,
          tryTargets: createTryTargets({ considerAgent, now }, limits.ringTo),
          followUp: createFollowUp({ ...ports, startRingTimer, showCard, warn }),
          rerouteCall: async () => succeed(undefined),
        },
        ringToDoor,
        limits.ringTo,
      ),
      findDecidedCall: ports.findDecidedCall,
      report,
      warn,
      now,
    }),
    handleRingTimer: createHandleRingTimer({ ...ports, rerouteCall, report, warn, now }, limits),
  };
}
