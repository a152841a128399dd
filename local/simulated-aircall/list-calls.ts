/**
 * `GET /v1/calls`: the calls of a span of time, page by page, no more than 10,000 of them.
 *
 * Gaps, and how they are filled: `from` and `to` are about `started_at`, in seconds, and both belong to the span; calls
 * beyond the 10,000th are as if there were none.
 */
import type { Answer } from './answer.ts';
import { printCall } from './calls.ts';
import type { Company } from './company.ts';
import { page } from './page.ts';
import type { RouteRequest } from './routes.ts';

const MOST_RECORDS = 10_000;

export function listCalls({ query }: RouteRequest, company: Company): Answer {
  const from = Number(query.get('from') ?? 0);
  const to = Number(query.get('to') ?? Number.POSITIVE_INFINITY);
  const oldestFirst = [...company.calls.values()]
    .filter(({ startedAtSeconds }) => startedAtSeconds >= from && startedAtSeconds <= to)
    .toSorted((a, b) => a.startedAtSeconds - b.startedAtSeconds);
  const listed =
    query.get('order') === 'desc' ? oldestFirst.slice(-MOST_RECORDS) : oldestFirst.slice(0, MOST_RECORDS);

  return page(
    'calls',
    `${company.url}/v1/calls`,
    query,
    listed.map((call) => printCall(call, company)),
  );
}
