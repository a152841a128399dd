/**
 * `POST /v1/calls/:id/insight_cards`: recorded, or the reason why not. Who sees them, the telephone tells.
 *
 * - Gap: the status of the answer, and the texts of refusals. 204 is what other requests without an answer get.
 * - Gap: how many contents, how long they may be, and calls that are over. None is refused for that.
 */
import { type Answer, badRequest, notFound } from './answer.ts';
import type { CallState } from './call-state.ts';
import { findCall } from './calls.ts';
import type { CardContent, Company } from './company.ts';
import type { RouteRequest } from './routes.ts';

export function showInsightCard({ id, body }: RouteRequest, company: Company): Answer {
  const { contents } = body;
  if (!Array.isArray(contents) || contents.length === 0)
    return badRequest('contents is not a list of contents');
  if (!contents.every(isContent)) return badRequest('A content is neither a title nor a shortText');
  if (findCall(id, company) === undefined) return notFound('Call not found');

  const card = { callId: id, contents, atMs: company.nowMs() };
  company.insightCards.push(card);
  company.onInsightCard(card);
  return { status: 204 };
}

function isContent(value: unknown): value is CardContent {
  const { type, label, text, link } = Object(value);
  const isTitle = type === 'title';
  const isShortText = type === 'shortText' && typeof label === 'string';
  return (
    (isTitle || isShortText) && typeof text === 'string' && ['string', 'undefined'].includes(typeof link)
  );
}

/** Gap: who sees a card. Whose phone rings, or who talks; one that comes when nobody is there is seen by nobody. */
export function seeingCards({ ringing, talkingTo, phase }: CallState): readonly (number | undefined)[] {
  if (phase === 'talking' && talkingTo !== null) return [talkingTo];
  return ringing.length > 0 ? ringing : [undefined];
}
