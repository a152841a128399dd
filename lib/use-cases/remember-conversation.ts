/**
 * One conversation that is over: if it counts by the policy, its agent becomes the caller's last one.
 *
 * What gets lost here costs nobody their call: trouble is warned of, and the caller's last agent stays who it was.
 */
import { troubleOf } from '../core/explain-failure.ts';
import {
  type Conversation,
  type ConversationVerdict,
  judgeConversation,
  rememberUntilMs,
} from '../core/last-agent.ts';
import type { StoreFailure } from '../core/model.ts';
import type { Now, SaveConversation, Warn } from '../ports.ts';
import type { CurrentPolicy } from './current-policy.ts';

export type RememberConversationPorts = {
  readonly currentPolicy: CurrentPolicy;
  readonly saveConversation: SaveConversation;
  readonly warn: Warn;
  readonly now: Now;
};

/**
 * `kept`: this one or a newer one is remembered already. `unknown-agent`: nobody we know had it. `from-the-future`: by
 * its own time it has not ended yet, by far.
 */
export type Remembered =
  | 'saved'
  | 'kept'
  | 'unknown-agent'
  | 'from-the-future'
  | Exclude<ConversationVerdict, 'counts'>
  | StoreFailure['reason'];

export type RememberConversation = (conversation: Conversation, deadlineMs: number) => Promise<Remembered>;

/** Clocks differ. But a conversation from further ahead would outlive all that end before that time comes. */
const mostAheadMs = 60_000;

export function createRememberConversation(ports: RememberConversationPorts): RememberConversation {
  return async function rememberConversation(conversation, deadlineMs) {
    const nowMs = ports.now();
    const { endedAtMs } = conversation;
    if (endedAtMs > nowMs + mostAheadMs) return 'from-the-future';

    // Whoever looks the policy up warns of trouble with it.
    const inForce = await ports.currentPolicy(deadlineMs);
    if (!inForce.ok) return inForce.failure.reason;

    const { lastAgent: settings } = inForce.value.policy;
    const verdict = judgeConversation(conversation, settings, nowMs);
    if (verdict !== 'counts') return verdict;

    const untilMs = rememberUntilMs(endedAtMs, settings);
    const saved = await ports.saveConversation(conversation, untilMs, deadlineMs);
    if (saved.ok) return saved.value;
    const { reason, detail } = saved.failure;
    ports.warn(troubleOf(saved.failure), { during: 'remembering a conversation', detail });
    return reason;
  };
}
