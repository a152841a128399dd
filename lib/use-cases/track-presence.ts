/**
 * One event that tells of an agent: taken in, and whoever was held for a call that they answered or declined, or that
 * is over, let go.
 *
 * An event that gets lost here is lost: Aircall is told 200. The next check of all agents makes up for it.
 */
import { troubleOf } from '../core/explain-failure.ts';
import type { AircallUserId, CallId, StoreFailure, TrackReason } from '../core/model.ts';
import type { PresenceFact } from '../core/presence.ts';
import type { Now, ReleaseAgent, TrackPresence, Warn } from '../ports.ts';

export type PresenceNews = {
  readonly aircallUserId: AircallUserId;
  readonly fact: PresenceFact | DeclinedCall;
};

/** Says nothing of what the agent is doing: only that this call will not be theirs. */
export type DeclinedCall = { readonly kind: 'call-declined'; readonly callId: CallId; readonly atMs: number };

export type TrackNewsPorts = {
  readonly trackPresence: TrackPresence;
  readonly releaseAgent: ReleaseAgent;
  readonly warn: Warn;
  readonly now: Now;
};

export type TrackNews = (news: PresenceNews, deadlineMs: number) => Promise<TrackReason>;

/** Clocks differ. But news from further ahead would outlive all that is heard before that time comes. */
const mostAheadMs = 60_000;

export function createTrackNews(ports: TrackNewsPorts): TrackNews {
  return async function trackNews({ aircallUserId, fact }, deadlineMs) {
    if (latestTimeOf(fact) > ports.now() + mostAheadMs) return 'presence-from-the-future';

    const told = fact.kind === 'call-declined' ? 'presence-unchanged' : await track(fact);
    const letsGo = told === 'presence-changed' || told === 'presence-unchanged';
    if (!letsGo || !('callId' in fact)) return told;

    // Only now: whoever is let go before they are known to be in a call could be rung for another.
    const released = await ports.releaseAgent(aircallUserId, fact.callId, deadlineMs);
    return released.ok ? told : warnOf(released.failure, 'letting go of an agent');

    async function track(heard: PresenceFact): Promise<TrackReason> {
      const tracked = await ports.trackPresence(aircallUserId, heard, deadlineMs);
      if (!tracked.ok) return warnOf(tracked.failure, 'storing what an agent is doing');
      if (tracked.value.kind === 'unknown-agent') return 'unknown-agent';

      const { before, after } = tracked.value;
      return before?.presence === after?.presence ? 'presence-unchanged' : 'presence-changed';
    }
  };

  function warnOf(failure: StoreFailure, during: string): StoreFailure['reason'] {
    ports.warn(troubleOf(failure), { during, detail: failure.detail });
    return failure.reason;
  }
}

/** News of a call count by when they were told as well. */
function latestTimeOf(fact: PresenceNews['fact']): number {
  return Math.max(fact.atMs, ('toldAtMs' in fact && fact.toldAtMs) || 0);
}
