/**
 * The webhook that announces calls to the router: created if there is none at our URL, else switched on for exactly our
 * events. Doing it again changes nothing; only `another` is one more each time, with a token of its own.
 */
import { chooseWebhook, findOurWebhooks, type OurTraits, routedEvents } from '../core/choose-webhook.ts';
import type { AircallFailure } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { ActivateWebhook, CreateWebhook, ListWebhooks, Webhook } from '../ports.ts';

export type RegisterWebhookPorts = {
  readonly listWebhooks: ListWebhooks;
  readonly createWebhook: CreateWebhook;
  readonly activateWebhook: ActivateWebhook;
};

/** `another`: a further webhook, although there may be one, to take over from it. */
export type Wanted = 'one' | 'another';

export type Registration = {
  readonly did: 'created' | 'activated';
  readonly webhook: Webhook;
  /** More webhooks at the same URL: each announces every call once more. */
  readonly others: readonly Webhook[];
  /** Webhooks of a shape we don't know: one of them may be at our URL too. */
  readonly unreadable: number;
};

/** `while`: before `creating` and `activating`, nothing was changed. */
export type RegistrationFailure = AircallFailure & { readonly while: 'listing' | 'creating' | 'activating' };

export type RegisterWebhook = (
  url: URL,
  wanted: Wanted,
  deadlineMs: number,
) => Promise<Result<Registration, RegistrationFailure>>;

export function createRegisterWebhook(ports: RegisterWebhookPorts, ours: OurTraits): RegisterWebhook {
  return async function registerWebhook(url, wanted, deadlineMs) {
    const listed = await ports.listWebhooks(deadlineMs);
    if (!listed.ok) return fail({ ...listed.failure, while: 'listing' });

    const { webhooks, unreadable } = listed.value;
    const atOurUrl = findOurWebhooks(webhooks, ours, url);
    const known = wanted === 'another' ? undefined : chooseWebhook(atOurUrl, ours);
    const others = atOurUrl.filter((webhook) => webhook !== known);

    if (known === undefined) {
      const webhook = { name: ours.name, url: url.href, events: routedEvents };
      const created = await ports.createWebhook(webhook, deadlineMs);
      if (!created.ok) return fail({ ...created.failure, while: 'creating' });
      return succeed({ did: 'created', webhook: created.value, others, unreadable });
    }
    const activated = await ports.activateWebhook(known.webhookId, routedEvents, deadlineMs);
    if (!activated.ok) return fail({ ...activated.failure, while: 'activating' });
    return succeed({ did: 'activated', webhook: activated.value, others, unreadable });
  };
}
