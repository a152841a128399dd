/**
 * What is to be done about the company's webhooks, so that calls go on being announced. Aircall switches one off whose
 * deliveries fail; people switch it off, change what it tells of, and delete it.
 *
 * Ours are those whose token the router accepts, and no others: a webhook of our name may be another stage's, and one
 * whose deliveries are refused is of no use switched on.
 */
import { hasExactlyOurEvents, type WebhookTraits } from './choose-webhook.ts';

/** `unreadable`: how many have a shape we don't know. */
export type WebhookList<Webhook> = {
  readonly webhooks: readonly Webhook[];
  readonly unreadable: number;
};

/**
 * `announces`: new calls were told of, by at least one. `gone`: none of ours is there. `unreadable`: none that could be
 * read.
 */
export type WebhookVerdict<Webhook> =
  | {
      readonly kind: 'there';
      readonly announces: boolean;
      readonly repairs: readonly WebhookRepair<Webhook>[];
    }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable'; readonly count: number };

/** What is wrong with a webhook of ours. Switching it on with exactly our events mends all of it. */
export type WebhookRepair<Webhook> = {
  readonly webhook: Webhook;
  readonly isOff: boolean;
  /** Those of our events that it did not tell of. */
  readonly missing: readonly string[];
  /** How many events it told of that are none of ours. */
  readonly others: number | 'all';
};

export function judgeWebhooks<Webhook extends WebhookTraits>(
  { webhooks, unreadable }: WebhookList<Webhook>,
  acceptedTokens: readonly string[],
  ourEvents: readonly string[],
): WebhookVerdict<Webhook> {
  const ours = webhooks.filter(({ token }) => acceptedTokens.includes(token));
  if (ours.length === 0) return unreadable > 0 ? { kind: 'unreadable', count: unreadable } : { kind: 'gone' };

  return {
    kind: 'there',
    announces: ours.some(
      (webhook) => webhook.active && !missingIn(webhook, ourEvents).includes('call.created'),
    ),
    repairs: ours
      .filter((webhook) => !webhook.active || !hasExactlyOurEvents(webhook, ourEvents))
      .map((webhook) => toRepair(webhook, ourEvents)),
  };
}

function toRepair<Webhook extends WebhookTraits>(
  webhook: Webhook,
  ourEvents: readonly string[],
): WebhookRepair<Webhook> {
  const { active, events } = webhook;
  return {
    webhook,
    isOff: !active,
    missing: missingIn(webhook, ourEvents),
    others: isEverything(webhook) ? 'all' : events.filter((event) => !ourEvents.includes(event)).length,
  };
}

function missingIn(webhook: WebhookTraits, ourEvents: readonly string[]): readonly string[] {
  return isEverything(webhook) ? [] : ourEvents.filter((event) => !webhook.events.includes(event));
}

/** So Aircall has it. */
function isEverything({ events }: WebhookTraits): boolean {
  return events.length === 0;
}
