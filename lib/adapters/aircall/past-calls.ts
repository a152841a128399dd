/**
 * The calls that Aircall keeps, of a span of time, page by page: `GET /v1/calls`. It counts no further than 10,000.
 */
import { fail, succeed } from '../../core/result.ts';
import type { PastCalls, ReadPastCalls } from '../../ports.ts';
import { toInboundCall } from './calls.ts';
import type { RequestAircall } from './client.ts';
import { toConversation } from './conversations.ts';
import { call as callSchema, callsPage } from './wire.ts';

const path = '/v1/calls';
const perPage = 50;
const lastPage = 10_000 / perPage;

/** Asks once: whoever asks for thousands of calls has to keep a pace. */
export function createReadPastCalls(requestAircall: RequestAircall, timeoutMs: number): ReadPastCalls {
  return async function readPastCalls({ fromMs, toMs, page }, deadlineMs) {
    const span = `from=${Math.floor(fromMs / 1000)}&to=${Math.floor(toMs / 1000)}`;
    const answer = await requestAircall({
      method: 'GET',
      path: `${path}?order=asc&${span}&per_page=${perPage}&page=${page}`,
      route: path,
      timeoutMs,
      deadlineMs,
      tries: 1,
    });
    if (!answer.ok) return answer;

    const parsed = callsPage.safeParse(answer.value);
    if (!parsed.success) return fail({ reason: 'unreadable-answer', message: `GET ${path}: not a list` });

    const { calls, meta } = parsed.data;
    const read = calls.flatMap((call) => callSchema.safeParse(call).data ?? []);
    const starts = read.map((call) => call.started_at);
    return succeed({
      calls: calls.length,
      inbound: read.filter(({ direction }) => direction === 'inbound').map(toInboundCall),
      conversations: calls.flatMap((call) => toConversation(call) ?? []),
      ...(starts.length > 0 && { reachedMs: Math.floor(Math.max(...starts) * 1000) }),
      more: tellMore(page, calls.length, Boolean(meta.next_page_link)),
    });
  };
}

/** Whether the last page that Aircall gives has a link to the next, nobody knows: if it is full, there may be more. */
function tellMore(page: number, calls: number, hasNext: boolean): PastCalls['more'] {
  if (page >= lastPage && (hasNext || calls === perPage)) return 'beyond-last-page';
  return hasNext ? 'next-page' : 'none';
}
