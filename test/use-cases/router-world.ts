/**
 * A small world for properties of whole decisions: the router's use cases put together as they are deployed, over a store
 * and an Aircall that does what `WorldFacts` say. All people are invented.
 */
import { limits } from '../../lib/config.ts';
import type { Conversation } from '../../lib/core/last-agent.ts';
import type {
  AircallFailure,
  AircallUserId,
  CallId,
  Contact,
  DecisionRecord,
  EmailAddress,
  Hop,
  InboundCall,
  TransferTarget,
} from '../../lib/core/model.ts';
import { parsePolicy } from '../../lib/core/parse-policy.ts';
import type { Policy } from '../../lib/core/policy.ts';
import type { Presence } from '../../lib/core/presence.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { Now } from '../../lib/ports.ts';
import { createConsiderAgent } from '../../lib/use-cases/consider-agent.ts';
import { createCurrentPolicy } from '../../lib/use-cases/current-policy.ts';
import { createFollowUp } from '../../lib/use-cases/follow-up.ts';
import { createRatePause } from '../../lib/use-cases/rate-pause.ts';
import { createRerouteCall } from '../../lib/use-cases/reroute-call.ts';
import { createResolveAgent } from '../../lib/use-cases/resolve-agent.ts';
import { createRouteCall } from '../../lib/use-cases/route-call.ts';
import { createShowCard } from '../../lib/use-cases/show-card.ts';
import { createJudgeByReading, createTransferOnce } from '../../lib/use-cases/transfer-once.ts';
import { createTryTargets } from '../../lib/use-cases/try-targets.ts';
import { createWebhookDoor } from '../../lib/use-cases/webhook-door.ts';
import { createClock, owner } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

export type WorldFacts = {
  /** As an operator wrote it. */
  readonly policy: unknown;
  readonly contacts: readonly Contact[];
  /** Conversations that callers had. */
  readonly talks?: readonly Conversation[];
  readonly agents: readonly AgentFacts[];
  readonly startsAtMs: number;
  /** What each request to Aircall takes. */
  readonly requestMs: number;
};

export type AgentFacts = {
  readonly email: EmailAddress;
  readonly aircallUserId: AircallUserId;
  readonly isStored: boolean;
  /** What the router was told of them, and how long ago. */
  readonly told?: { readonly presence: Presence; readonly ageMs: number };
  /** What Aircall says when it is asked. */
  readonly actually: Presence | 'gone' | AircallFailure['reason'];
  /** What comes of a transfer to them. `lost-and-done`: it happens, and the answer is lost. */
  readonly transfer: 'accepted' | 'lost-and-done' | AircallFailure['reason'];
};

export type RouterStore = Pick<
  ReturnType<typeof createInMemoryStore>,
  | 'claimCall'
  | 'settleCall'
  | 'claimHop'
  | 'settleHop'
  | 'noteCallNews'
  | 'findContact'
  | 'saveContacts'
  | 'saveConversation'
  | 'findCaller'
  | 'findAgent'
  | 'saveAgent'
  | 'trackPresence'
  | 'reserveAgent'
  | 'releaseAgent'
>;

/** One transfer request, with what the store said of the agent in that moment. */
export type WorldTransfer = {
  readonly callId: CallId;
  readonly to: TransferTarget;
  readonly isDone: boolean;
  readonly mayRing: boolean;
  readonly isHeld: boolean;
};

export type RouterWorld = Awaited<ReturnType<typeof createRouterWorld>>;

export async function createRouterWorld(
  facts: WorldFacts,
  openStore: (now: Now) => RouterStore = (now) => createInMemoryStore(now, limits.claimLapsesAfterMs),
  deadlineAfterMs: number = limits.deadlineMs,
) {
  const clock = createClock(facts.startsAtMs);
  const { now } = clock;
  const store = openStore(now);
  const policy = readPolicy(facts.policy);
  let isSwitchedOff = false;
  const transfers: WorldTransfer[] = [];
  const questions: EmailAddress[] = [];
  const startedAtMs = new Map<CallId, number>();
  const deadline = () => now() + deadlineAfterMs;
  const warn = () => {};

  await store.saveContacts(facts.contacts, deadline());
  for (const talk of facts.talks ?? []) await store.saveConversation(talk, now() + 86_400_000, deadline());
  for (const agent of facts.agents) await saveAgent(agent);

  const ratePause = createRatePause(now, limits.askingPausedForMs);
  const request = <Value>(reason: string, value: Value) => {
    clock.advance(facts.requestMs);
    return failures.has(reason)
      ? fail({ reason: reason as AircallFailure['reason'], message: 'said so' })
      : succeed(value);
  };

  const transferPorts = {
    transferCall: async (callId: CallId, to: TransferTarget) => {
      const agent = to.kind === 'agent' && facts.agents.find((one) => one.aircallUserId === to.aircallUserId);
      const answer = agent ? agent.transfer : 'accepted';
      const isDone = answer === 'accepted' || answer === 'lost-and-done';
      const isFirst = !transfers.some((one) => one.callId === callId && isSame(one.to, to));
      // A repetition rests on what the first one did: the time between them is Aircall's.
      if (agent && isFirst) transfers.push({ callId, to, isDone, ...(await watch(agent.email, callId)) });
      else transfers.push({ callId, to, isDone, mayRing: true, isHeld: true });
      return request(answer === 'lost-and-done' ? 'lost-answer' : answer, undefined);
    },
    readCall: async (callId: CallId) =>
      request('read', {
        status: 'ringing' as const,
        startedAtMs: startedAtMs.get(callId) ?? 0,
        isTouched: transfers.some((one) => one.callId === callId && one.isDone),
        hasAnswerTime: false,
      }),
    warn,
    now,
  };
  const considerAgent = createConsiderAgent(
    {
      ...store,
      resolveAgent: createResolveAgent(
        {
          ...store,
          fetchUser: async (email) => {
            const agent = facts.agents.find((one) => one.email === email);
            const isThere = agent !== undefined && agent.actually !== 'gone';
            return request('users', isThere ? { email, aircallUserId: agent.aircallUserId } : undefined);
          },
          warn,
          now,
        },
        { knownForMs: limits.agentKnownForMs, unknownForMs: limits.agentUnknownForMs },
      ),
      fetchAvailability: async (aircallUserId) => {
        const atMs = now();
        const agent = facts.agents.find((one) => one.aircallUserId === aircallUserId);
        if (agent === undefined || agent.actually === 'gone') return request('gone', undefined);
        questions.push(agent.email);
        return request(agent.actually, { aircallUserId, presence: agent.actually as Presence, atMs });
      },
      ratePause,
      warn,
      now,
    },
    limits,
  );

  const judgeByReading = createJudgeByReading(transferPorts);
  const transferOnce = createTransferOnce(transferPorts, limits);
  const parts = {
    ...store,
    currentPolicy: createCurrentPolicy(
      {
        findPolicy: async () =>
          succeed({
            version: 1,
            storedAtMs: facts.startsAtMs,
            policy: isSwitchedOff ? { ...policy, enabled: false } : policy,
          }),
        warn,
        now,
      },
      { rememberedForMs: limits.policyRememberedForMs },
    ),
    tryTargets: createTryTargets({ considerAgent, now }, limits),
    followUp: createFollowUp({
      ...store,
      startRingTimer: async () => succeed(undefined),
      showCard: createShowCard(
        { showInsightCard: async () => request('cards', undefined), ratePause, warn, now },
        limits,
      ),
      warn,
    }),
    judgeByReading,
    transferOnce,
    warn,
    now,
  };
  const rerouteCall = createRerouteCall(parts, limits);
  const route = createRouteCall(
    { ...parts, rerouteCall },
    createWebhookDoor({ judgeByReading, transferOnce, now }, limits),
    limits,
  );
  let requests = 0;
  const nextOwner = () => {
    requests += 1;
    return owner(`request-${requests}`);
  };

  return {
    policy,
    store,
    transfers,
    /** Agents whom Aircall was asked about, in order. */
    questions,
    advance: clock.advance,
    now,

    routeCall: (call: InboundCall): Promise<DecisionRecord> => {
      startedAtMs.set(call.callId, call.startedAtMs);
      return route(call, nextOwner(), deadline());
    },

    /** Whom the call keeps from others. */
    heldFor: async (id: string): Promise<readonly AircallUserId[]> => {
      const found = await Promise.all(facts.agents.map(({ email }) => store.findAgent(email, deadline())));
      const agents = found.flatMap((agent) => (agent.ok ? (agent.value ?? []) : []));
      return agents.flatMap(({ hold, aircallUserId = [] }) => (hold?.callId === id ? aircallUserId : []));
    },

    /** Aircall tells that whoever the call was given to last declined it. */
    decline: async (callId: CallId): Promise<Hop | undefined> => {
      const to = transfers.findLast((one) => one.callId === callId)?.to;
      if (to?.kind !== 'agent') return undefined;
      const by = to.aircallUserId;
      const refusal = { because: 'agent-declined', by } as const;
      const noted = await store.noteCallNews(callId, { kind: 'refused', refusal }, deadline());
      if (!noted.ok || noted.value === undefined) return undefined;
      const made = await rerouteCall(noted.value, nextOwner(), deadline());
      return made.ok ? made.value : undefined;
    },

    /** The operator's switch. */
    switchOff: () => {
      isSwitchedOff = true;
    },

    /** A check of all agents found this one so. */
    tell: (email: EmailAddress, presence: Presence) =>
      store.trackPresence(email, { kind: 'checked', presence, atMs: now() }, deadline()),
  };

  async function saveAgent({ email, aircallUserId, isStored, told }: AgentFacts): Promise<void> {
    if (!isStored) return;
    await store.saveAgent({ email, aircallUserId, checkedAtMs: now() }, deadline());
    if (told === undefined) return;
    const atMs = now() - told.ageMs;
    await store.trackPresence(email, { kind: 'checked', presence: told.presence, atMs }, deadline());
  }

  /** By the words of docs/policy.md, not by the router's own judgement. */
  async function watch(email: EmailAddress, callId: CallId) {
    const found = await store.findAgent(email, deadline());
    const agent = found.ok ? found.value : undefined;
    const { presence, knownAtMs = 0 } = agent?.presence ?? {};
    const isKnown = presence !== undefined && now() - knownAtMs <= policy.presenceTrustedForSeconds * 1000;
    return {
      mayRing: isKnown ? policy.routeToAgentIn.includes(presence) : policy.whenPresenceUnknown === 'go',
      isHeld: agent?.hold?.callId === callId && agent.hold.untilMs > now(),
    };
  }
}

export function isSame(one: TransferTarget, other: TransferTarget): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function readPolicy(document: unknown): Policy {
  const policy = parsePolicy(document);
  if (!policy.ok) throw new Error(JSON.stringify(policy.failure));
  return policy.value;
}

const failures: ReadonlySet<string> = new Set<AircallFailure['reason']>([
  'unauthorized',
  'forbidden',
  'not-found',
  'call-ended',
  'refused',
  'rate-limited',
  'unavailable',
  'lost-answer',
  'no-answer',
  'out-of-time',
  'unreadable-answer',
  'no-credentials',
]);
