/**
 * Aircall's deliveries: each event by HTTP to every active webhook that subscribed to it, at least once, in no
 * particular order.
 *
 * Known: the envelope, 5 s of patience, any 2xx is success, up to 50 retries, 10 failures in a row switch the webhook
 * off, what failed goes on being retried for up to 12 h, and a 2xx in that time switches it on again, as a PUT does.
 * Gaps, and what was chosen:
 * - The pauses between retries: 10 s, then twice as long each time, and 15 min at most: 50 retries in 11 h, within 12 h.
 * - "10 or 50 failures in a row": 10, of any deliveries of the webhook, first attempts and retries alike.
 * - What happens while a webhook is off: it is never sent to it, not even later.
 * - A webhook that goes with the app's installation is told of that like of anything else, retries and all.
 */
import type { SimulatedWebhook } from './company.ts';
import { INTEGRATION_DELETED } from './every-event.ts';
import { createRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** `callId`: the call it is about, for whoever follows one; not sent. */
export type AircallEvent = {
  readonly resource: string;
  readonly event: string;
  readonly data: unknown;
  readonly callId?: string;
};

export type DeliveryOptions = {
  /** Every event is sent twice, at once. @default false */
  readonly duplicates?: boolean;
  /** Every event is held back by chance, so that they come in another order. The seed makes it repeatable. */
  readonly reordering?: { readonly seed: number; readonly withinMs?: number };
  /** How long every event is under way. @default 0 */
  readonly delayMs?: number;
  /** The webhook is about to be removed, and is to be told all the same. @default false */
  readonly isFarewell?: boolean;
};

/** What one attempt came to. `status`: undefined where nobody answered in time. `attempt`: 1 is the first. */
export type Attempt = {
  readonly atMs: number;
  readonly webhookId: string;
  readonly event: string;
  readonly callId: string | undefined;
  readonly attempt: number;
  readonly status: number | undefined;
  readonly answer: string;
};

/** Brings a body to a URL. @returns undefined if nobody answered in time */
export type Post = (
  url: string,
  body: string,
) => Promise<{ readonly status: number; readonly text: string } | undefined>;

const RETRIES = 50;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const FAILURES_TO_SWITCH_OFF = 10;
const REORDERED_WITHIN_MS = 3_000;

export type Deliveries = {
  readonly send: (event: AircallEvent, options?: DeliveryOptions) => void;
  /** Tells of every attempt from now on. */
  readonly follow: (listener: (attempt: Attempt) => void) => void;
};

export function createDeliveries(
  webhooks: Map<string, SimulatedWebhook>,
  scheduler: Scheduler,
  post: Post = postOverHttp,
): Deliveries {
  const failuresInARow = new Map<string, number>();
  /** By us. One that its owner switched off stays off. */
  const switchedOff = new Set<string>();
  const listeners: ((attempt: Attempt) => void)[] = [];
  const randoms = new Map<number, () => number>();

  function send(event: AircallEvent, options: DeliveryOptions = {}): void {
    const sentAtMs = scheduler.now();
    for (const webhook of webhooks.values()) {
      if (!isFor(webhook, event)) continue;

      const { webhookId, url } = webhook;
      const delivery = {
        webhookId,
        event,
        body: envelope(event, webhook, sentAtMs),
        farewellUrl: options.isFarewell ? url : undefined,
      };
      const copies = options.duplicates ? [1, 2] : [1];
      for (const _ of copies) scheduler.at(sentAtMs + holdBackMs(options), () => attempt(delivery, 1));
    }
  }

  async function attempt(delivery: Delivery, count: number): Promise<void> {
    const { webhookId, event } = delivery;
    // A webhook that was deleted meanwhile is told nothing more; one that was moved is told where it is now.
    const url = webhooks.get(webhookId)?.url ?? delivery.farewellUrl;
    if (url === undefined) return;

    const answer = await post(url, delivery.body);
    const isSuccess = answer !== undefined && answer.status >= 200 && answer.status < 300;
    countFailures(webhookId, isSuccess);
    const { status, text = '' } = answer ?? {};
    const told = { atMs: scheduler.now(), webhookId, event: event.event, callId: event.callId };
    for (const listener of listeners) listener({ ...told, attempt: count, status, answer: text });

    if (isSuccess || count > RETRIES) return;
    scheduler.at(scheduler.now() + pauseMs(count), () => attempt(delivery, count + 1));
  }

  function countFailures(webhookId: string, isSuccess: boolean): void {
    const webhook = webhooks.get(webhookId);
    if (webhook === undefined) return;

    const failures = isSuccess ? 0 : (failuresInARow.get(webhookId) ?? 0) + 1;
    const isTooMany = failures >= FAILURES_TO_SWITCH_OFF;
    // Whoever is switched on again starts afresh.
    failuresInARow.set(webhookId, isTooMany ? 0 : failures);
    if (isTooMany && webhook.active) {
      switchedOff.add(webhookId);
      webhooks.set(webhookId, { ...webhook, active: false });
    }
    if (isSuccess && switchedOff.delete(webhookId)) webhooks.set(webhookId, { ...webhook, active: true });
  }

  function holdBackMs({ delayMs = 0, reordering }: DeliveryOptions): number {
    if (reordering === undefined) return delayMs;

    const { seed, withinMs = REORDERED_WITHIN_MS } = reordering;
    const random = randoms.get(seed) ?? createRandom(seed);
    randoms.set(seed, random);
    return delayMs + Math.floor(random() * withinMs);
  }

  return { send, follow: (listener) => listeners.push(listener) };
}

type Delivery = {
  readonly webhookId: string;
  readonly event: AircallEvent;
  readonly body: string;
  readonly farewellUrl: string | undefined;
};

function isFor({ active, events, isMadeOverOauth }: SimulatedWebhook, { event }: AircallEvent): boolean {
  return active && events.includes(event) && (event !== INTEGRATION_DELETED || isMadeOverOauth === true);
}

/** Built once: a retry hours later still carries the first time. */
function envelope(
  { resource, event, data }: AircallEvent,
  { token }: SimulatedWebhook,
  nowMs: number,
): string {
  return JSON.stringify({ resource, event, timestamp: Math.floor(nowMs / 1000), token, data });
}

function pauseMs(attempts: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
}

/** The wait for an answer is real time, whatever clock the telephone goes by: the request is real. */
export const postOverHttp: Post = createPost(5_000);

export function createPost(timeoutMs: number): Post {
  return async function post(url, body) {
    try {
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'axios/1.7.9',
        'aircall-origin': 'webhooks',
      };
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      return { status: response.status, text: await response.text() };
    } catch {
      return undefined;
    }
  };
}
