/**
 * The refresh: the webhook looked after, and our agents brought in step with Aircall. Each is done whatever became of the
 * other, and the run fails at its end if one of them did.
 */
import { describeError } from '../core/describe.ts';
import type { ClaimOwner } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { Now, Warn } from '../ports.ts';
import type { LookAfterWebhook, LookedAfter, WebhookCare } from './look-after-webhook.ts';
import type { Invocation } from './receive-event.ts';
import type { RefreshAgents, RefreshSummary } from './refresh-agents.ts';
import { tellTroubles } from './refresh-trouble.ts';

export type RefreshPorts = {
  readonly lookAfterWebhook: LookAfterWebhook;
  readonly refreshAgents: RefreshAgents;
  readonly warn: Warn;
  readonly now: Now;
};

export type RefreshDone = RefreshSummary & WebhookCare;

/** `message`: all that went wrong, in one line. */
export type Refresh = (invocation: Invocation) => Promise<Result<RefreshDone, { readonly message: string }>>;

/** Of the time: a page of missed calls takes three seconds, and ten of them are read at most. */
const shareOfWebhook = 0.25;

const webhookThrew: LookedAfter = {
  done: { webhook: 'unknown', mended: 0, missedCalls: 0 },
  troubles: [{ reason: 'unexpected-error', message: 'looking after the webhook' }],
};

export function createRefresh(ports: RefreshPorts): Refresh {
  return async function refresh({ requestId, deadlineMs }) {
    // First, and not beside: it is quick, it is what calls wait for, and two lists at once would share the rate limit.
    const { done, troubles } = await lookAfterWebhook(requestId as ClaimOwner, deadlineMs);
    const agents = await ports.refreshAgents(deadlineMs);

    const messages = [
      ...(troubles.length === 0 ? [] : [`webhook: ${tellTroubles(troubles)}`]),
      ...(agents.ok ? [] : [agents.failure.message]),
    ];
    if (!agents.ok || messages.length > 0) return fail({ message: messages.join('; ') });
    return succeed({ ...agents.value, ...done });
  };

  async function lookAfterWebhook(owner: ClaimOwner, deadlineMs: number): Promise<LookedAfter> {
    const nowMs = ports.now();
    try {
      return await ports.lookAfterWebhook(owner, nowMs + Math.floor((deadlineMs - nowMs) * shareOfWebhook));
    } catch (error) {
      ports.warn('unexpected-error', describeError(error));
      return webhookThrew;
    }
  }
}
