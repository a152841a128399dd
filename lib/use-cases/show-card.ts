/**
 * Shows the agent who is rung who is calling. For after the transfer: it delays nothing, and nothing depends on it.
 */
import { type CardFacts, describeCaller } from '../core/insight-card.ts';
import type { CallId } from '../core/model.ts';
import type { Policy } from '../core/policy.ts';
import type { Now, ShowInsightCard, Warn } from '../ports.ts';
import type { RatePause } from './rate-pause.ts';

/** Never rejects. Without a word it shows nothing where the policy says so, or time or requests are short. */
export type ShowCard = (
  callId: CallId,
  facts: CardFacts,
  settings: Policy['insightCard'],
  deadlineMs: number,
) => Promise<void>;

export type ShowCardPorts = {
  readonly showInsightCard: ShowInsightCard;
  readonly ratePause: RatePause;
  readonly warn: Warn;
  readonly now: Now;
};

export type ShowCardLimits = {
  /** With less time left nothing is sent. */
  readonly cardNeedsMs: number;
};

export function createShowCard(ports: ShowCardPorts, limits: ShowCardLimits): ShowCard {
  return async function showCard(callId, facts, settings, deadlineMs) {
    // Whoever answers a number outside has no Aircall to see a card in.
    if (settings === false || facts.target.kind === 'number') return;
    if (ports.ratePause.isOn() || deadlineMs - ports.now() < limits.cardNeedsMs) return;

    try {
      const shown = await ports.showInsightCard(callId, describeCaller(facts, settings), deadlineMs);
      if (shown.ok) return;
      ports.warn('insight-card-failed', { callId, failure: shown.failure.message });
    } catch (error) {
      // Its message could quote the card.
      ports.warn('insight-card-failed', { callId, failure: error instanceof Error ? error.name : 'unknown' });
    }
  };
}
