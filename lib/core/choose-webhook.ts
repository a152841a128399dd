/**
 * Which of a company's webhooks are ours. Aircall may not tell a webhook's name: then its URL, or a token that the
 * router accepts, says whose it is.
 */
export type WebhookTraits = {
  readonly name?: string;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  readonly token: string;
};

/** Each has two names, and either means the same: where Aircall sends both, we are told twice. */
const eventsOfAgents = [
  'user.opened',
  'user.closed',
  'user.connected',
  'user.disconnected',
  'user.wut_start',
  'user.wut_end',
];

/** What the router acts on: calls to route, what tells whether an agent is free, and who the callers are. */
export const routedEvents: readonly string[] = [
  'call.created',
  'call.ringing_on_agent',
  'call.agent_declined',
  'call.answered',
  'call.transferred',
  'call.external_transferred',
  'call.unsuccessful_transfer',
  'call.hungup',
  'call.ended',
  ...eventsOfAgents,
  ...eventsOfAgents.map((event) => `${event}.v2`),
  'contact.created',
  'contact.updated',
  'contact.deleted',
];

/** Only webhooks that were made over OAuth are told of it. */
const eventOfUninstalling = 'integration.deleted';

/** What the webhook of an account subscribes to. */
export function eventsFor(letInBy: 'api-key' | 'oauth'): readonly string[] {
  return letInBy === 'oauth' ? [...routedEvents, eventOfUninstalling] : routedEvents;
}

/** The path of the router's URL that takes deliveries. */
export const deliveryPath = '/aircall/calls';

/** `tokens`: those of the webhooks at hand that the router accepts. */
export type OurTraits = {
  readonly name: string;
  readonly tokens: readonly string[];
  /** What the account's webhook subscribes to. */
  readonly events: readonly string[];
};

/** Those that deliver to `url`; without one, those that look like ours. */
export function findOurWebhooks<Webhook extends WebhookTraits>(
  webhooks: readonly Webhook[],
  ours: OurTraits,
  url?: URL,
): readonly Webhook[] {
  return webhooks.filter((webhook) => {
    if (url !== undefined) return URL.parse(webhook.url)?.href === url.href;
    if (webhook.name !== undefined) return webhook.name === ours.name;

    return ours.tokens.includes(webhook.token) || URL.parse(webhook.url)?.pathname === deliveryPath;
  });
}

/** @param ours those that the account's webhook subscribes to */
export function hasExactlyOurEvents(
  { events }: Pick<WebhookTraits, 'events'>,
  ours: readonly string[],
): boolean {
  const all = new Set([...events, ...ours]);
  return all.size === events.length && all.size === ours.length;
}
