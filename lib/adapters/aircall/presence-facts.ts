/**
 * What an event says of an agent: of their presence, and that they declined a call.
 *
 * A user's event is read by its name alone: `available` and `availability_status` in its data are a choice, and were
 * seen to say "available" of someone who had just left.
 */
import type { AircallUserId } from '../../core/model.ts';
import type { CallNews, EventKind } from '../../core/presence.ts';
import type { PresenceNews } from '../../use-cases/track-presence.ts';
import { toCallId, toCallStatus } from './calls.ts';
import { userOfEvent, type WireCall } from './wire.ts';

/**
 * `undefined` for an event that says nothing of any agent, and for one that doesn't say whose: the end of a
 * call may come without its agent.
 *
 * @param timestamp the delivery's, in seconds: when its text was made, and no time at all where it is implausible
 */
export function readUserNews(event: string, data: unknown, timestamp: number): PresenceNews | undefined {
  // Events of users have a second spelling: `user.opened.v2`.
  const kind = userEvents.get(event.replace(/\.v2$/, ''));
  return kind && isTime(timestamp) ? newsOf(data, factAt(timestamp, { kind })) : undefined;
}

/** The same, of an event of a call. */
export function readAgentNews(event: string, call: WireCall, timestamp: number): PresenceNews | undefined {
  return isTime(timestamp) ? newsOf(call.user, readCallFact(event, call, timestamp)) : undefined;
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
      return call.direction === 'outbound' ? begunAt(call.started_at, 'call-dialled') : undefined;
    case 'call.ringing_on_agent':
      return factAt(timestamp, { kind: 'ringing' });
    case 'call.agent_declined':
      return factAt(timestamp, { kind: 'call-declined', callId });
    case 'call.answered':
      // `answered_at` may be long ago: that of the agent who handed the call over.
      return begunAt(call.answered_at, 'call-answered');
    case 'call.transferred':
    case 'call.external_transferred':
      // Nobody was in a call that still rings: that is the router's own transfer, or one like it.
      return toCallStatus(call) === 'ringing' ? undefined : newsAt(timestamp, 'call-handed-over');
    case 'call.unsuccessful_transfer':
      return isOngoing() ? newsAt(timestamp, 'call-answered') : undefined;
    case 'call.hungup':
      return newsAt(Math.max(endedAt ?? timestamp, timestamp), 'call-over');
    case 'call.ended':
      // Told half a minute later. By then the agent may be in the next call.
      return newsAt(endedAt ?? timestamp, 'call-over');
    default:
      return undefined;
  }

  /** But a delivery that Aircall made late may tell of the beginning when the end is known already. */
  function begunAt(seconds: number | undefined, kind: CallNews): PresenceNews['fact'] {
    if (toCallStatus(call) === 'over') return newsAt(endedAt ?? timestamp, 'call-over');

    const since = plausibleTime(seconds, timestamp) ?? timestamp;
    return newsAt(Math.max(since, timestamp), kind);
  }

  /** As of then; told by this delivery. */
  function newsAt(seconds: number, kind: CallNews): PresenceNews['fact'] {
    const { atMs: toldAtMs } = factAt(timestamp, {});
    const fact = factAt(seconds, { kind, callId });
    return fact.atMs === toldAtMs ? fact : { ...fact, toldAtMs };
  }

  /** A call that nobody answered may be transferred too, by a program: then nobody gets it back. */
  function isOngoing(): boolean {
    return plausibleTime(call.answered_at, timestamp) !== undefined && toCallStatus(call) !== 'over';
  }
}

/** Aircall's clocks may differ among themselves. */
const mostAheadSeconds = 60;

/** A time that a call gives, unless it is none: zero, milliseconds in place of seconds, or later than it was told. */
export function plausibleTime(seconds: number | undefined, timestamp: number): number | undefined {
  if (seconds === undefined) return undefined;
  return seconds > 0 && seconds <= timestamp + mostAheadSeconds ? seconds : undefined;
}

function factAt<Fact>(seconds: number, fact: Fact): Fact & { readonly atMs: number } {
  return { ...fact, atMs: Math.floor(seconds) * 1000 };
}

function isTime(timestamp: number): boolean {
  return timestamp > 0 && timestamp < lastSecond;
}

function newsOf(user: unknown, fact: PresenceNews['fact'] | undefined): PresenceNews | undefined {
  const parsed = userOfEvent.safeParse(user);
  if (!parsed.success || fact === undefined) return undefined;

  return { aircallUserId: parsed.data.id as AircallUserId, fact };
}
