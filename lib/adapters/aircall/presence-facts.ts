/**
 * What an event says of an agent: of their presence, and that they declined a call.
 *
 * A user's event is read by its name alone: `available` and `availability_status` in its data are a choice, and were
 * seen to say "available" of someone who had just left.
 */
import type { AircallUserId, CallId } from '../../core/model.ts';
import type { EventKind } from '../../core/presence.ts';
import type { PresenceNews } from '../../use-cases/track-presence.ts';
import { toCallId } from './calls.ts';
import { call as callSchema, userOfEvent, type WireCall } from './wire.ts';

/** With the call it came with, if any. */
export type ReadNews = { readonly news: PresenceNews; readonly callId?: CallId };

/**
 * `undefined` for an event that says nothing of any agent, and for one that doesn't say whose: the end of a
 * call may come without its agent.
 *
 * @param timestamp the delivery's, in seconds
 */
export function readPresenceNews(event: string, data: unknown, timestamp: number): ReadNews | undefined {
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

function readCallFact(event: string, call: WireCall, timestamp: number): PresenceNews['fact'] | undefined {
  const callId = toCallId(call.id);
  switch (event) {
    case 'call.ringing_on_agent':
      return factAt(timestamp, { kind: 'ringing' });
    case 'call.agent_declined':
      return factAt(timestamp, { kind: 'call-declined', callId });
    case 'call.answered':
      return factAt(call.answered_at ?? timestamp, { kind: 'call-answered', callId });
    case 'call.hungup':
    case 'call.ended':
      return factAt(call.ended_at ?? timestamp, { kind: 'call-over', callId });
    default:
      return undefined;
  }
}

/** A time beyond the year 5138, like milliseconds in place of seconds, would outlive all that is heard after it. */
const lastSecond = 100_000_000_000;

function factAt<Fact>(seconds: number, fact: Fact): (Fact & { readonly atMs: number }) | undefined {
  return seconds > 0 && seconds < lastSecond ? { ...fact, atMs: Math.floor(seconds) * 1000 } : undefined;
}

function newsOf(user: unknown, fact: PresenceNews['fact'] | undefined): ReadNews | undefined {
  const parsed = userOfEvent.safeParse(user);
  if (!parsed.success || fact === undefined) return undefined;

  return { news: { aircallUserId: parsed.data.id as AircallUserId, fact } };
}
