/**
 * One event that tells of a call: noted down, and where it says that whoever we gave the call to will not take it, the
 * call goes on. Once the call is over, whoever was rung or talking is free: its end may come without their name.
 */
import { troubleOf } from '../core/explain-failure.ts';
import type { DecidedCall } from '../core/hops.ts';
import type { AircallUserId, CallId, ClaimOwner, Hop, StoreFailure } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { CallNewsItem, NoteCallNews, Warn } from '../ports.ts';
import type { RerouteCall } from './reroute-call.ts';
import type { TrackNews } from './track-presence.ts';

export type TrackCallPorts = {
  readonly noteCallNews: NoteCallNews;
  readonly rerouteCall: RerouteCall;
  readonly trackNews: TrackNews;
  readonly warn: Warn;
};

export type NewsOfCall = CallNewsItem & { readonly callId: CallId };

/** The last hop that the event led to, if any; or why the event could not be noted down. */
export type TrackCall = (
  news: NewsOfCall,
  owner: ClaimOwner,
  deadlineMs: number,
) => Promise<Result<Hop | undefined, StoreFailure['reason']>>;

export function createTrackCall(ports: TrackCallPorts): TrackCall {
  return async function trackCall({ callId, ...news }, owner, deadlineMs) {
    const noted = await ports.noteCallNews(callId, news, deadlineMs);
    if (!noted.ok) {
      const { detail } = noted.failure;
      ports.warn(troubleOf(noted.failure), { callId, during: 'noting what became of a call', detail });
      return fail(noted.failure.reason);
    }
    if (noted.value === undefined) return succeed(undefined);
    if (news.kind !== 'over') return ports.rerouteCall(noted.value, owner, deadlineMs);

    const fact = { kind: 'call-over', callId, atMs: news.atMs } as const;
    await Promise.all(
      agentsOn(noted.value).map((aircallUserId) => ports.trackNews({ aircallUserId, fact }, deadlineMs)),
    );
    return succeed(undefined);
  };
}

/** Who answered, and whom we gave the call to last. */
function agentsOn({ record, hops, news }: DecidedCall): readonly AircallUserId[] {
  const { decision } = hops.findLast((hop) => hop.decision.outcome === 'routed') ?? record;
  const rung =
    decision.outcome === 'routed' && decision.to.kind === 'agent' ? decision.to.aircallUserId : undefined;
  return [...new Set([news.answeredBy, rung])].filter((id) => id !== undefined);
}
