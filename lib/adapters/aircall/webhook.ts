/**
 * A delivery's text → what it announces, once it has proved itself.
 *
 * The `token` in the body is Aircall's only credential, so it is looked at before anything else is said about the body.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AircallNumberId } from '../../core/model.ts';
import { parseCaller } from '../../core/phone-number.ts';
import { fail, succeed } from '../../core/result.ts';
import type { Delivery, ReadDelivery } from '../../use-cases/receive-event.ts';
import { toCallId, toCallStatus } from './calls.ts';
import { readPresenceNews } from './presence-facts.ts';
import { call as callSchema, envelope, parseExactJson } from './wire.ts';

/** @param acceptedTokens the tokens of our webhooks: two while one is being replaced. */
export function createReadDelivery(acceptedTokens: readonly string[]): ReadDelivery {
  const acceptedHashes = acceptedTokens.map(hash);

  return function readDelivery(body) {
    const json = parseJson(body);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      return fail({ reason: 'bad-request', detail: 'body: expected a JSON object' });
    }
    if (!isAccepted('token' in json ? json.token : undefined)) {
      return fail({ reason: 'unauthorized', detail: 'token' });
    }

    const parsed = envelope.safeParse(json);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join('.') ?? 'body';
      return fail({ reason: 'unreadable-event', detail: `${field}: not as in an Aircall event` });
    }
    const { event, data, timestamp } = parsed.data;
    return succeed(toDelivery(event, data, timestamp));
  };

  /** Hashes are equally long, and every one is compared: the time taken tells nothing of the tokens. */
  function isAccepted(token: unknown): boolean {
    if (typeof token !== 'string') return false;

    const given = hash(token);
    return acceptedHashes.map((accepted) => timingSafeEqual(accepted, given)).includes(true);
  }
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function parseJson(body: string): unknown {
  try {
    return parseExactJson(body);
  } catch {
    return undefined;
  }
}

function toDelivery(event: string, data: unknown, timestamp: number): Delivery {
  const read = readPresenceNews(event, data, timestamp);
  if (read !== undefined) return { kind: 'presence', event, ...read };

  if (event === 'call.created') return toCallDelivery(event, data);
  return { kind: 'ignored', event, because: 'event-not-routed' };
}

function toCallDelivery(event: string, data: unknown): Delivery {
  const parsed = callSchema.safeParse(data);
  if (!parsed.success) return { kind: 'ignored', event, because: 'call-unreadable' };

  const call = parsed.data;
  const callId = toCallId(call.id);
  if (call.direction === 'outbound') return { kind: 'ignored', event, because: 'outbound-call', callId };

  return {
    kind: 'inbound-call',
    event,
    call: {
      callId,
      caller: parseCaller(call.raw_digits),
      status: toCallStatus(call),
      startedAtMs: call.started_at * 1000,
      ...(call.number !== undefined && { aircallNumberId: call.number.id as AircallNumberId }),
    },
  };
}
