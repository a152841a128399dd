/**
 * What an event says of an inbound call: that it was answered, that it is over, or that someone will not take it.
 */
import type { AircallUserId } from '../../core/model.ts';
import type { CallNewsItem } from '../../ports.ts';
import { toCallStatus } from './calls.ts';
import { plausibleTime } from './presence-facts.ts';
import { userOfEvent, type WireCall } from './wire.ts';

/**
 * `undefined` for an event that says nothing of the kind, and for one that doesn't say who will not take the call.
 *
 * That a call is over may be told by any of its events, and late ones do. Its status alone doesn't say that it was
 * answered: a call that has only been transferred may have it.
 *
 * @param timestamp the delivery's, in seconds
 */
export function readCallNews(event: string, call: WireCall, timestamp: number): CallNewsItem | undefined {
  if (call.direction === 'outbound') return undefined;

  const atMs = toMs(timestamp);
  // Told half a minute later. By then its agents may be in the next call.
  const endedAt = event === 'call.hungup' ? undefined : plausibleTime(call.ended_at, timestamp);
  const over = { kind: 'over', atMs: toMs(endedAt ?? timestamp) } as const;
  if (toCallStatus(call) === 'over') return over;
  switch (event) {
    case 'call.hungup':
    case 'call.ended':
      return over;
    case 'call.answered':
      return { kind: 'answered', atMs, ...userOf(call) };
    case 'call.agent_declined':
      return refusedBy(call.user, 'agent-declined');
    case 'call.unsuccessful_transfer':
      return refusedBy(call.transferred_to, 'transfer-failed');
    default:
      return undefined;
  }
}

/** News is true whenever it was told. Of a time that is none, what can be stored of it is as good as any. */
function toMs(seconds: number): number {
  return Math.min(Math.max(seconds, 0), lastSecond) * 1000;
}

/** Of the year 5138. */
const lastSecond = 100_000_000_000;

function userOf({ user }: WireCall): { readonly by?: AircallUserId } {
  const parsed = userOfEvent.safeParse(user);
  return parsed.success ? { by: parsed.data.id as AircallUserId } : {};
}

function refusedBy(user: unknown, because: 'agent-declined' | 'transfer-failed'): CallNewsItem | undefined {
  const parsed = userOfEvent.safeParse(user);
  if (!parsed.success) return undefined;

  return { kind: 'refused', refusal: { because, by: parsed.data.id as AircallUserId } };
}
