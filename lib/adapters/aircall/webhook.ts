/**
 * A delivery's text → its token, and what it announces.
 *
 * The token in the body is Aircall's only credential, so nothing else is said of the body before someone knows it.
 */
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Delivery, OpenDelivery, Rejection } from '../../use-cases/receive-event.ts';
import { readCallNews } from './call-news.ts';
import { toCallId, toInboundCall } from './calls.ts';
import { readContactNews } from './contact-news.ts';
import { readConversation } from './conversations.ts';
import { readAgentNews, readUserNews } from './presence-facts.ts';
import { call as callSchema, envelope, parseExactJson } from './wire.ts';

/** Aircall's have 32 characters; what is remembered of those that nobody has must not fill the memory. */
const longestToken = 1024;

export const openDelivery: OpenDelivery = (body) => {
  const json = parseJson(body);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return fail({ reason: 'bad-request', detail: 'body: expected a JSON object' });
  }
  const token = 'token' in json ? json.token : undefined;
  if (typeof token !== 'string' || token === '' || token.length > longestToken) {
    return fail({ reason: 'unauthorized', detail: 'token' });
  }

  return succeed({ token, read: () => readDelivery(json) });
};

function readDelivery(json: object): Result<Delivery, Rejection> {
  const parsed = envelope.safeParse(json);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path.join('.'));
    return fail({ reason: 'unreadable-event', detail: `${field}: not as in an Aircall event` });
  }
  const { event, data, timestamp } = parsed.data;
  return succeed(toDelivery(event, data, timestamp));
}

function parseJson(body: string): unknown {
  try {
    return parseExactJson(body);
  } catch {
    return undefined;
  }
}

function toDelivery(event: string, data: unknown, timestamp: number): Delivery {
  if (event.startsWith('call.')) return toCallDelivery(event, data, timestamp);
  if (event === 'integration.deleted') return { kind: 'uninstalled', event };

  const ofContact = readContactNews(event, data, timestamp);
  if (ofContact === 'unreadable') return { kind: 'ignored', event, because: 'contact-unreadable' };
  if (ofContact !== undefined) return { kind: 'news', event, ofContact };

  const ofAgent = readUserNews(event, data, timestamp);
  return ofAgent ? { kind: 'news', event, ofAgent } : { kind: 'ignored', event, because: 'event-not-routed' };
}

function toCallDelivery(event: string, data: unknown, timestamp: number): Delivery {
  const parsed = callSchema.safeParse(data);
  if (!parsed.success) {
    const because = event === 'call.created' ? 'call-unreadable' : 'event-not-routed';
    return { kind: 'ignored', event, because };
  }

  const call = parsed.data;
  const callId = toCallId(call.id);
  if (event === 'call.created' && call.direction === 'inbound') {
    return { kind: 'inbound-call', event, call: toInboundCall(call) };
  }

  const conversation = readConversation(event, data);
  const ofAgent = readAgentNews(event, call, timestamp);
  const ofCall = readCallNews(event, call, timestamp);
  if (ofAgent === undefined && ofCall === undefined && conversation === undefined) {
    const because = event === 'call.created' ? 'outbound-call' : 'event-not-routed';
    return { kind: 'ignored', event, because, callId };
  }
  return {
    kind: 'news',
    event,
    callId,
    ...(ofAgent && { ofAgent }),
    ...(ofCall && { ofCall: { ...ofCall, callId } }),
    ...(conversation && { conversation }),
  };
}
