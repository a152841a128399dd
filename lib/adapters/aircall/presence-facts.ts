/**
 * What an event says of an agent: of their presence, and that they declined a call.
 *
 * A user's event is read by its name alone: `available` and `availability_status` in its data are a choice, and were
 * seen to say "available" of someone who had just left.
 */
import type { AircallUserId, CallId } from '../../core/model.ts';
import type { EventKind } from '../../core/presence.ts';
import type { PresenceNews } from '../../use-cases/track-presence.ts';
import { toCallId, toCallStatus } from './calls.ts';
import { call as callSchema, userOfEvent, type WireCall } from './wire.ts';

/** With the call it came with, if any. */
export type ReadNews = { readonly news: PresenceNews; readonly callId?: CallId };

/**
 * `undefined` for an event that says nothing of any agent, and for one that doesn't say whose: the end of a
 * call may come without its agent.
 *
 * @param timestamp the delivery's, in seconds: when its text was made, and no time at all where it is implausible
 */
export function readPresenceNews(event: string, data: unknown, timestamp: number): ReadNews | undefined {
  if (!(timestamp > 0 && timestamp < lastSecond)) return undefined;

  // Events of users have a second spelling: `user.opened.v2`.
  const kind = userEvents.get(event.replace(/\.v2$/, ''));
  if (kind !== undefined) return newsOf(data, factAt(timestamp, { kind }));
  if (!event.startsWith('call.')) return undefined;

  const call = callSchema.safeParse(data);
  if (!call.success) return undefined;

  const read = newsOf(call.data.user, readCallFact(event, call.data, timestamp));
  return read && { ...read, callId: toCallId(call.data.id) };
}

const userEvents: ReadonlyMap<string, EventKind> = new Map([
  ['user.connected', 'connected'],
  ['user.disconnected', 'disconnected'],
  ['user.opened', 'opened'],
  ['user.closed', 'closed'],
  ['user.wut_start', 'wrap-up-started'],
  ['user.wut_end', 'wrap-up-ended'],
]);

/** A time beyond the year 5138, like milliseconds in place of seconds, would outlive all that is heard after it. */
const lastSecond = 100_000_000_000;

function readCallFact(event: string, call: WireCall, timestamp: number): PresenceNews['fact'] | undefined {
  const callId = toCallId(call.id);
  const endedAt = plausibleTime(call.ended_at, timestamp);
  switch (event) {
    case 'call.created':
      // Whoever dials is in a call, whether or not anybody ever answers. Of one that a caller made, the agent is not known yet.
      return call.direction === 'outbound' ? inCallSince(call.started_at) : undefined;
    case 'call.ringing_on_agent':
      return factAt(timestamp, { kind: 'ringing' });
    case 'call.agent_declined':
      return factAt(timestamp, { kind: 'call-declined', callId });
    case 'call.answered':
      // `answered_at` may be long ago: that of the agent who handed the call over.
      return inCallSince(call.answered_at);
    case 'call.transferred':
    case 'call.external_transferred':
      // Nobody was in a call that still rings: that is the router's own transfer, or one like it.
      return toCallStatus(call) === 'ringing' ? undefined : factAt(timestamp, { kind: 'call-over', callId });
    case 'call.unsuccessful_transfer':
      return isOngoing() ? factAt(timestamp, { kind: 'call-answered', callId }) : undefined;
    case 'call.hungup':
      return factAt(Math.max(endedAt ?? timestamp, timestamp), { kind: 'call-over', callId });
    case 'call.ended':
      // Told half a minute later. By then the agent may be in the next call.
      return factAt(endedAt ?? timestamp, { kind: 'call-over', callId });
    default:
      return undefined;
  }

  /** But a delivery that Aircall made late may tell of the beginning when the end is known already. */
  function inCallSince(seconds: number | undefined): PresenceNews['fact'] {
    if (toCallStatus(call) === 'over') return factAt(endedAt ?? timestamp, { kind: 'call-over', callId });

    const since = plausibleTime(seconds, timestamp) ?? timestamp;
    return factAt(Math.max(since, timestamp), { kind: 'call-answered', callId });
  }

  /** A call that nobody answered may be transferred too, by a program: then nobody gets it back. */
  function isOngoing(): boolean {
    return plausibleTime(call.answered_at, timestamp) !== undefined && toCallStatus(call) !== 'over';
  }
}

/** Aircall's clocks may differ among themselves. */
const mostAheadSeconds = 60;

/** A time that a call gives, unless it is none: zero, milliseconds in place of seconds, or later than it was told. */
function plausibleTime(seconds: number | undefined, timestamp: number): number | undefined {
  if (seconds === undefined) return undefined;
  return seconds > 0 && seconds <= timestamp + mostAheadSeconds ? seconds : undefined;
}

function factAt<Fact>(seconds: number, fact: Fact): Fact & { readonly atMs: number } {
  return { ...fact, atMs: Math.floor(seconds) * 1000 };
}

function newsOf(user: unknown, fact: PresenceNews['fact'] | undefined): ReadNews | undefined {
  const parsed = userOfEvent.safeParse(user);
  if (!parsed.success || fact === undefined) return undefined;

  return { news: { aircallUserId: parsed.data.id as AircallUserId, fact } };
}
