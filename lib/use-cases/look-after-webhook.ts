/**
 * An account's webhook looked after, so that calls go on being announced: one of ours that is off is switched on, one that
 * tells of other events than ours is put right, and where none is there any more, one is made again. Before the first one
 * was seen to announce calls, none is made: it is still being set up.
 *
 * Then the calls of the time in which none announced them, as Aircall lists them: each that nobody has decided is
 * recorded as left. The parts fail each for itself.
 */

import { hasExactlyOurEvents } from '../core/choose-webhook.ts';
import { inDoubt, leave } from '../core/decisions.ts';
import { judgeWebhooks, type WebhookRepair } from '../core/look-after-webhook.ts';
import {
  findMissedSpan,
  isWorthKeeping,
  lookAgain,
  type Span,
  type WebhookLook,
  type WebhookSeen,
} from '../core/missed-calls.ts';
import type { ClaimOwner, Decision, DecisionRecord, InboundCall, StoreResult } from '../core/model.ts';
import { type Result, succeed } from '../core/result.ts';
import type {
  ActivateWebhook,
  ClaimCall,
  FindWebhookSeen,
  ListWebhooks,
  Now,
  ReadPastCalls,
  SaveWebhookSeen,
  SettleCall,
  Sleep,
  Warn,
  Webhook,
} from '../ports.ts';
import { fromAircall, fromStore, type RefreshTrouble } from './refresh-trouble.ts';

export type LookAfterWebhookPorts = {
  readonly listWebhooks: ListWebhooks;
  readonly activateWebhook: ActivateWebhook;
  /** Whether deliveries with a token are accepted as this account's. */
  readonly isAccepted: (token: string, deadlineMs: number) => Promise<StoreResult<boolean>>;
  /** Absent where our own URL isn't known. */
  readonly makeWebhookAgain?: MakeWebhookAgain | undefined;
  readonly findWebhookSeen: FindWebhookSeen;
  readonly saveWebhookSeen: SaveWebhookSeen;
  readonly readPastCalls: ReadPastCalls;
  readonly claimCall: ClaimCall;
  readonly settleCall: SettleCall;
  readonly warn: Warn;
  readonly now: Now;
  readonly sleep: Sleep;
};

export type LookAfterWebhookLimits = {
  /** From one page of past calls to the next: the company's other requests come first. */
  readonly pageEveryMs: number;
  /** For one run; the next one goes on. */
  readonly mostPages: number;
};

export type WebhookCare = {
  /** `unknown`: Aircall didn't tell, or not in a way we can read. */
  readonly webhook: 'there' | 'gone' | 'made-again' | 'unknown';
  /** Webhooks of ours that are as they should be again. */
  readonly mended: number;
  /** Calls that nobody announced, and are recorded now. */
  readonly missedCalls: number;
};

export type LookedAfter = { readonly done: WebhookCare; readonly troubles: readonly RefreshTrouble[] };

export type MakeWebhookAgain = (
  deadlineMs: number,
) => Promise<Result<{ readonly webhookId: string }, RefreshTrouble>>;

export type LookAfterWebhook = (owner: ClaimOwner, deadlineMs: number) => Promise<LookedAfter>;

/** @param ourEvents those that the account's webhook subscribes to */
export function createLookAfterWebhook(
  ports: LookAfterWebhookPorts,
  ourEvents: readonly string[],
  limits: LookAfterWebhookLimits,
): LookAfterWebhook {
  return async function lookAfterWebhook(owner, deadlineMs) {
    const seen = await ports.findWebhookSeen(deadlineMs);
    const found = await mendWebhooks(seen.ok && seen.value !== undefined, deadlineMs);
    const missed = seen.ok
      ? await recordMissedCalls(seen.value, found, owner, deadlineMs)
      : { missedCalls: 0, troubles: [fromStore(seen.failure)] };
    return {
      done: { webhook: found.webhook, mended: found.mended, missedCalls: missed.missedCalls },
      troubles: [...found.troubles, ...missed.troubles],
    };
  };

  async function mendWebhooks(wasSeen: boolean, deadlineMs: number): Promise<Found> {
    const askedAtMs = ports.now();
    const listed = await ports.listWebhooks(deadlineMs);
    if (!listed.ok) return { ...unknown, atMs: askedAtMs, troubles: [fromAircall(listed.failure)] };

    const accepted = await findAccepted(listed.value.webhooks, deadlineMs);
    if (!accepted.ok) return { ...unknown, atMs: askedAtMs, troubles: [fromStore(accepted.failure)] };

    const verdict = judgeWebhooks(listed.value, accepted.value, ourEvents);
    switch (verdict.kind) {
      case 'unreadable':
        return { ...unknown, atMs: askedAtMs, troubles: [unreadable(verdict.count)] };
      case 'gone':
        return wasSeen && ports.makeWebhookAgain !== undefined
          ? makeAgain(ports.makeWebhookAgain, deadlineMs)
          : reportGone();
      case 'there': {
        const mended: (RefreshTrouble | undefined)[] = [];
        for (const repair of verdict.repairs) mended.push(await mend(repair, deadlineMs));
        const troubles = mended.filter((trouble) => trouble !== undefined);
        return {
          webhook: 'there',
          look: verdict.announces ? 'announces' : 'silent',
          atMs: verdict.announces ? askedAtMs : ports.now(),
          mended: mended.length - troubles.length,
          troubles,
        };
      }
    }
  }

  async function findAccepted(
    webhooks: readonly Webhook[],
    deadlineMs: number,
  ): Promise<StoreResult<readonly string[]>> {
    const accepted: string[] = [];
    for (const { token } of webhooks) {
      const isAccepted = await ports.isAccepted(token, deadlineMs);
      if (!isAccepted.ok) return isAccepted;
      if (isAccepted.value) accepted.push(token);
    }
    return succeed(accepted);
  }

  async function makeAgain(makeWebhookAgain: MakeWebhookAgain, deadlineMs: number): Promise<Found> {
    const made = await makeWebhookAgain(deadlineMs);
    if (!made.ok) return { ...reportGone(), troubles: [made.failure] };

    ports.warn('webhook-made-again', { webhookId: made.value.webhookId });
    return { webhook: 'made-again', look: 'silent', atMs: ports.now(), mended: 1, troubles: [] };
  }

  function reportGone(): Found {
    ports.warn('webhook-gone', {});
    return { webhook: 'gone', look: 'silent', atMs: ports.now(), mended: 0, troubles: [] };
  }

  /** That it was off is told also where it could not be switched on. */
  async function mend(
    { webhook: { webhookId }, isOff, missing, others }: WebhookRepair<Webhook>,
    deadlineMs: number,
  ): Promise<RefreshTrouble | undefined> {
    if (isOff) ports.warn('webhook-was-off', { webhookId });
    const mended = await ports.activateWebhook(webhookId, ourEvents, deadlineMs);
    if (!mended.ok) return fromAircall(mended.failure);
    if (!mended.value.active || !hasExactlyOurEvents(mended.value, ourEvents)) return notMended;

    if (missing.length > 0 || others !== 0) {
      ports.warn('webhook-events-corrected', { webhookId, missing: missing.join(', '), others });
    }
    return undefined;
  }

  async function recordMissedCalls(
    seen: WebhookSeen | undefined,
    { look, atMs }: Found,
    owner: ClaimOwner,
    deadlineMs: number,
  ): Promise<Missed> {
    const span = findMissedSpan(seen, ports.now());
    const read = span === undefined ? nothingRead : await readSpan(span, owner, deadlineMs);
    const after = lookAgain(seen, { look, atMs, readUntilMs: read.readUntilMs });
    const kept = await keep(seen, after, deadlineMs);
    return {
      missedCalls: read.missedCalls,
      troubles: [...read.troubles, ...(kept.ok ? [] : [fromStore(kept.failure)])],
    };
  }

  async function keep(
    before: WebhookSeen | undefined,
    after: WebhookSeen | undefined,
    deadlineMs: number,
  ): Promise<StoreResult<void>> {
    if (after === undefined || !isWorthKeeping(before, after)) return succeed(undefined);
    return ports.saveWebhookSeen(after, deadlineMs);
  }

  /** Page by page, oldest first: what came before a trouble is done, and the next run goes on from there. */
  async function readSpan({ fromMs, toMs }: Span, owner: ClaimOwner, deadlineMs: number): Promise<Read> {
    let missedCalls = 0;
    let readUntilMs = fromMs;
    for (let page = 1; page <= limits.mostPages; page += 1) {
      if (page > 1) await ports.sleep(limits.pageEveryMs);
      const read = await ports.readPastCalls({ fromMs, toMs, page }, deadlineMs);
      if (!read.ok) return { missedCalls, readUntilMs, troubles: [fromAircall(read.failure)] };

      for (const call of read.value.inbound) {
        const recorded = await record(call, owner, deadlineMs);
        if (!recorded.ok) return { missedCalls, readUntilMs, troubles: [fromStore(recorded.failure)] };
        if (recorded.value) missedCalls += 1;
      }
      if (read.value.more === 'none') return { missedCalls, readUntilMs: toMs, troubles: [] };
      readUntilMs = read.value.reachedMs ?? readUntilMs;
    }
    return { missedCalls, readUntilMs, troubles: [] };
  }

  /** Whether nobody had been told of it. */
  async function record(
    call: InboundCall,
    owner: ClaimOwner,
    deadlineMs: number,
  ): Promise<StoreResult<boolean>> {
    const claimed = await ports.claimCall(call.callId, 'webhook', owner, deadlineMs);
    if (!claimed.ok) return skipUnreadable(claimed);
    const { claim } = claimed.value;
    if (claim === 'duplicate') return succeed(false);

    // Announced after all, to an invocation that died with the call in its hands.
    const decision = claim === 'in-doubt' ? inDoubt('stale') : leave('webhook-was-off');
    const settled = await ports.settleCall(recordOf(call, decision, ports.now()), owner, deadlineMs);
    if (!settled.ok) return skipUnreadable(settled);
    return succeed(claim === 'claimed');
  }

  /** One damaged item, or one of newer code, does not hide the calls behind it. */
  function skipUnreadable(failed: StoreResult<never>): StoreResult<boolean> {
    if (failed.ok || failed.failure.reason !== 'item-unreadable') return failed;
    ports.warn('item-unreadable', { during: 'recording a missed call', detail: failed.failure.detail });
    return succeed(false);
  }
}

type Found = Omit<WebhookCare, 'missedCalls'> & {
  readonly look: WebhookLook;
  /** Until when it was so. */
  readonly atMs: number;
  readonly troubles: readonly RefreshTrouble[];
};
type Missed = Pick<WebhookCare, 'missedCalls'> & { readonly troubles: readonly RefreshTrouble[] };
type Read = Missed & { readonly readUntilMs?: number };

const unknown = { webhook: 'unknown', look: 'unknown', mended: 0 } as const;
const nothingRead: Read = { missedCalls: 0, troubles: [] };

const notMended: RefreshTrouble = {
  reason: 'aircall-refused',
  message: 'PUT /v1/webhooks/:id: taken, but the webhook is not as asked for',
};

function unreadable(count: number): RefreshTrouble {
  return {
    reason: 'aircall-unavailable',
    message: `GET /v1/webhooks: none of ours, and ${count} that could not be read`,
  };
}

function recordOf(call: InboundCall, decision: Decision, nowMs: number): DecisionRecord {
  return {
    callId: call.callId,
    caller: call.caller,
    door: 'webhook',
    callStartedAtMs: call.startedAtMs,
    receivedAtMs: nowMs,
    decision,
    passed: [],
    plan: [],
    considered: [],
    attempts: [],
    readings: [],
    timings: {},
  };
}
