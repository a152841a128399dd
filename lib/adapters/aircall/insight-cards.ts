/**
 * What an agent is shown of a call that rings at theirs.
 */
import type { InsightCard } from '../../core/insight-card.ts';
import { succeed } from '../../core/result.ts';
import type { ShowInsightCard } from '../../ports.ts';
import type { RequestAircall } from './client.ts';

/** `POST /v1/calls/:id/insight_cards`. Sent once, even after a 429: requests are for transfers first. */
export function createShowInsightCard(requestAircall: RequestAircall, timeoutMs: number): ShowInsightCard {
  return async function showInsightCard(callId, card, deadlineMs) {
    const answer = await requestAircall({
      method: 'POST',
      path: `/v1/calls/${callId}/insight_cards`,
      route: '/v1/calls/:id/insight_cards',
      json: toContents(card),
      timeoutMs,
      deadlineMs,
      tries: 1,
    });
    // A 2xx took the card, whatever its body looks like.
    if (answer.ok || answer.failure.reason === 'unreadable-answer') return succeed(undefined);

    return answer;
  };
}

function toContents({ title, lines }: InsightCard) {
  return {
    contents: [{ type: 'title', ...title }, ...lines.map((line) => ({ type: 'shortText', ...line }))],
  };
}
