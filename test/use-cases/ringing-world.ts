/**
 * Calls that ring, on the in-memory store and the real use cases, beside an Aircall that knows the truth: who is rung, who
 * talks, who declined. What the router is told of it comes as events, which a test delivers when and as often as it likes.
 */
import type { AircallResult, AircallUserId, CallId } from '../../lib/core/model.ts';
import { defaultPolicy, type Policy } from '../../lib/core/policy.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { RingTimer } from '../../lib/ports.ts';
import { createConsiderAgent } from '../../lib/use-cases/consider-agent.ts';
import { createFollowUp } from '../../lib/use-cases/follow-up.ts';
import { createHandleRingTimer } from '../../lib/use-cases/handle-ring-timer.ts';
import { createRatePause } from '../../lib/use-cases/rate-pause.ts';
import { createRerouteCall } from '../../lib/use-cases/reroute-call.ts';
import { createRouteCall } from '../../lib/use-cases/route-call.ts';
import { createTrackCall, type NewsOfCall } from '../../lib/use-cases/track-call.ts';
import { createTrackNews, type PresenceNews } from '../../lib/use-cases/track-presence.ts';
import { createJudgeByReading, createTransferOnce } from '../../lib/use-cases/transfer-once.ts';
import { createTryTargets } from '../../lib/use-cases/try-targets.ts';
import { createWebhookDoor } from '../../lib/use-cases/webhook-door.ts';
import { callId, contact, createClock, email, inboundCall, owner, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

/** What Aircall knows of a call. */
export type Truth = {
  readonly startedAtMs: number;
  phase: 'ringing' | 'answered' | 'over';
  /** Whom it rings because of us. */
  rings: number | undefined;
  rungSinceMs: number;
  answeredBy: number | undefined;
  readonly rungByUs: number[];
  readonly declined: number[];
};

export const limits = {
  settleKeptMs: 600,
  transferNeedsMs: 300,
  lateAfterMs: 4000,
  hopNeedsMs: 1500,
  timerUsableForMs: 100_000,
  askingPausedForMs: 60_000,
  askingRestsForMs: 10_000,
};

export const agents = [
  { email: email('jane@example.com'), aircallUserId: userId(456) },
  { email: email('jan@example.com'), aircallUserId: userId(457) },
  { email: email('max@example.com'), aircallUserId: userId(458) },
];

export async function createRingingWorld(changes: Partial<Policy> = {}) {
  const clock = createClock();
  const { now } = clock;
  const store = createInMemoryStore(now, 10_000);
  const policy = { ...defaultPolicy, presenceTrustedForSeconds: 86_400, ...changes };
  const truths = new Map<CallId, Truth>();
  const timers: RingTimer[] = [];
  const cards: unknown[] = [];
  const warnings: unknown[] = [];
  const wrongs: string[] = [];
  let invocations = 0;
  const hooks: {
    /** Happens while a decision is on its way into the store. */
    beforeSettling?: (() => Promise<unknown>) | undefined;
    /** How Aircall answers the next transfer, which it carries out all the same. */
    nextAnswer?: AircallResult<void> | undefined;
    /** Aircall says nothing of the call that is read next. */
    nextReadingFails?: boolean;
    /** The table is away when the next hop is claimed. */
    nextClaimFails?: boolean;
  } = {};

  await store.saveContacts(
    [contact({ backups: [email('jan@example.com'), email('max@example.com')] })],
    t0 + 1000,
  );
  for (const agent of agents) {
    await store.saveAgent({ ...agent, checkedAtMs: t0 }, t0);
    await store.trackPresence(agent.email, { kind: 'checked', presence: 'available', atMs: t0 - 5000 }, t0);
  }

  const truthOf = (id: CallId): Truth => {
    const truth = truths.get(id);
    if (truth === undefined) throw new Error(`no call ${id}`);
    return truth;
  };
  const warn = (...warning: unknown[]) => void warnings.push(warning);
  const currentPolicy = async () => succeed({ version: 1, policy });
  const readCall = async (id: CallId) => {
    const isSilent = hooks.nextReadingFails === true;
    hooks.nextReadingFails = false;
    if (isSilent) return fail({ reason: 'no-answer', message: 'GET /v1/calls/:id' } as const);
    const { phase, startedAtMs, rungByUs } = truthOf(id);
    return succeed({
      status: phase,
      startedAtMs,
      isTouched: rungByUs.length > 0,
      hasAnswerTime: phase === 'answered',
    });
  };
  const ports = {
    ...store,
    currentPolicy,
    readCall,
    transferCall: async (
      id: CallId,
      to: { readonly kind: string; readonly aircallUserId?: AircallUserId },
    ) => {
      const truth = truthOf(id);
      if (truth.phase === 'over') {
        return fail({ reason: 'call-ended', message: 'Call already ended' } as const);
      }
      if (truth.phase === 'answered') wrongs.push(`${id} was taken away from ${truth.answeredBy}`);
      const agent = Number(to.aircallUserId);
      if (truth.declined.includes(agent)) wrongs.push(`${id} rang ${agent}, who had declined it`);
      for (const [otherId, other] of truths) {
        const heldMs = now() - other.rungSinceMs;
        // Aircall lets a phone ring for half a minute.
        if (otherId !== id && other.rings === agent && heldMs < 30_000)
          wrongs.push(`${id} and ${otherId} ring ${agent} at the same time`);
      }
      truth.rings = agent;
      truth.rungSinceMs = now();
      truth.rungByUs.push(agent);
      const answer = hooks.nextAnswer ?? succeed(undefined);
      hooks.nextAnswer = undefined;
      return answer;
    },
    claimHop: async (...given: Parameters<typeof store.claimHop>) => {
      const isAway = hooks.nextClaimFails === true;
      hooks.nextClaimFails = false;
      return isAway
        ? fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const)
        : store.claimHop(...given);
    },
    settleCall: async (...given: Parameters<typeof store.settleCall>) => {
      const meanwhile = hooks.beforeSettling;
      hooks.beforeSettling = undefined;
      await meanwhile?.();
      return store.settleCall(...given);
    },
    settleHop: async (...given: Parameters<typeof store.settleHop>) => {
      const meanwhile = hooks.beforeSettling;
      hooks.beforeSettling = undefined;
      await meanwhile?.();
      return store.settleHop(...given);
    },
    startRingTimer: async (timer: RingTimer) => {
      timers.push(timer);
      return succeed(undefined);
    },
    showCard: async (...card: unknown[]) => void cards.push(card),
    findContact: store.findContact,
    warn,
    now,
  };

  const parts = {
    ...ports,
    judgeByReading: createJudgeByReading(ports),
    transferOnce: createTransferOnce(ports, limits),
    followUp: createFollowUp(ports),
    tryTargets: createTryTargets(
      {
        considerAgent: createConsiderAgent(
          {
            ...ports,
            resolveAgent: async () => fail({ reason: 'aircall-unavailable' }),
            fetchAvailability: async () => fail({ reason: 'unavailable', message: 'nobody asks here' }),
            ratePause: createRatePause(now, limits.askingPausedForMs),
          },
          limits,
        ),
        now,
      },
      limits,
    ),
  };
  const rerouteCall = createRerouteCall(parts, limits);
  const routeCall = createRouteCall({ ...parts, rerouteCall }, createWebhookDoor(parts, limits), limits);
  const trackNews = createTrackNews(parts);
  const trackCall = createTrackCall({ ...parts, rerouteCall, trackNews });
  const handleRingTimer = createHandleRingTimer({ ...parts, rerouteCall, report: () => undefined }, limits);

  /** One delivery, as the webhook takes it in. */
  async function tell(ofCall: NewsOfCall, ofAgent?: PresenceNews): Promise<void> {
    invocations += 1;
    const by = owner(`request-${invocations}`);
    await Promise.all([ofAgent && trackNews(ofAgent, now() + 4000), trackCall(ofCall, by, now() + 4000)]);
  }

  return {
    clock,
    /** The use cases' ports and shared parts, to put others together with. */
    parts,
    hooks,
    store,
    policy,
    timers,
    cards,
    warnings,
    /** What must never happen, and did. */
    wrongs,
    truthOf,
    calls: () => [...truths.keys()],
    tell,

    /** A caller rings; gives the delivery of its `call.created`. */
    ring: (id = callId(`81200000${truths.size + 1}`)) => {
      truths.set(id, {
        startedAtMs: now(),
        phase: 'ringing',
        rings: undefined,
        rungSinceMs: 0,
        answeredBy: undefined,
        rungByUs: [],
        declined: [],
      });
      const call = inboundCall({ callId: id, startedAtMs: now() });
      return async () => {
        invocations += 1;
        return routeCall(call, owner(`request-${invocations}`), now() + 4000);
      };
    },

    /** These change the truth, and give the delivery of the event that tells of it. */
    decline: (id: CallId, agent = truthOf(id).rings) => {
      const truth = truthOf(id);
      if (agent === undefined || truth.phase !== 'ringing') return undefined;
      truth.declined.push(agent);
      if (truth.rings === agent) truth.rings = undefined;
      const atMs = now();
      const refusal = { because: 'agent-declined', by: userId(agent) } as const;
      return () =>
        tell(
          { kind: 'refused', refusal, callId: id },
          { aircallUserId: userId(agent), fact: { kind: 'call-declined', callId: id, atMs } },
        );
    },
    answer: (id: CallId, agent = truthOf(id).rings) => {
      const truth = truthOf(id);
      if (agent === undefined || truth.phase !== 'ringing') return undefined;
      truth.phase = 'answered';
      truth.answeredBy = agent;
      truth.rings = undefined;
      const atMs = now();
      return () =>
        tell(
          { kind: 'answered', atMs, by: userId(agent), callId: id },
          { aircallUserId: userId(agent), fact: { kind: 'call-answered', callId: id, atMs } },
        );
    },
    hangUp: (id: CallId) => {
      const truth = truthOf(id);
      if (truth.phase === 'over') return undefined;
      truth.phase = 'over';
      truth.rings = undefined;
      const atMs = now();
      return () => tell({ kind: 'over', atMs, callId: id });
    },
    /** The queue delivers the timer at this place. */
    wake: async (index: number) => {
      const timer = timers[index];
      if (timer === undefined) return undefined;
      invocations += 1;
      return handleRingTimer(timer, { requestId: `request-${invocations}`, deadlineMs: now() + 4000 });
    },
  };
}
