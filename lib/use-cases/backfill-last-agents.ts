/**
 * Last agents from the calls that Aircall keeps: each conversation is judged and remembered as if it ended now.
 *
 * Oldest first, for calls that come meanwhile don't shift those pages. How far it has come is stored after each page: a run
 * that died goes on from there, and what is read twice changes nothing.
 */
import type { AircallFailure, StoreFailure } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { FindBackfill, Now, PastCalls, ReadPastCalls, SaveBackfill, Sleep } from '../ports.ts';
import type { CurrentPolicy } from './current-policy.ts';
import type { RememberConversation, Remembered } from './remember-conversation.ts';

export type BackfillLastAgentsPorts = {
  readonly readPastCalls: ReadPastCalls;
  readonly rememberConversation: RememberConversation;
  readonly currentPolicy: CurrentPolicy;
  readonly findBackfill: FindBackfill;
  readonly saveBackfill: SaveBackfill;
  readonly now: Now;
  readonly sleep: Sleep;
};

export type BackfillLimits = {
  /** From one request to the next: the company's other requests come first. */
  readonly pageEveryMs: number;
  /** After a 429. */
  readonly pausedForMs: number;
  /** For one page. */
  readonly deadlineMs: number;
};

export type BackfillWish = {
  /** How far back; no further than the policy remembers. @default as far as that */
  readonly days?: number;
  /** Forget how far an earlier run has come. @default false */
  readonly isFromStart?: boolean;
};

/** What is worth telling on the way. */
export type BackfillRemark =
  | { readonly kind: 'begun'; readonly fromMs: number; readonly toMs: number; readonly isResumed: boolean }
  | { readonly kind: 'reached'; readonly atMs: number }
  | { readonly kind: 'paused'; readonly forMs: number };

export type BackfillSummary = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly isResumed: boolean;
  readonly calls: number;
  /** What became of the calls; `no-conversation`: nobody answered, or it can't be told who spoke to whom. */
  readonly came: Readonly<Record<Fate, number>>;
};

export type Fate = Exclude<Remembered, 'store-unavailable'> | 'no-conversation';

export type BackfillLastAgents = (
  wish: BackfillWish,
  tell: (remark: BackfillRemark) => void,
) => Promise<Result<BackfillSummary, StoreFailure | AircallFailure>>;

const dayMs = 86_400_000;
/** Read again where a span begins anew, in case the list is not quite in order of time. */
const overlapMs = 60_000;

export function createBackfillLastAgents(
  ports: BackfillLastAgentsPorts,
  limits: BackfillLimits,
): BackfillLastAgents {
  return async function backfillLastAgents(wish, tell) {
    const toMs = ports.now();
    const begun = await findStart(wish, toMs);
    if (!begun.ok) return begun;
    const { sinceMs, fromMs, isResumed } = begun.value;
    tell({ kind: 'begun', fromMs, toMs, isResumed });

    const came = nothingYet();
    let calls = 0;
    let mayAskAtMs = 0;
    for (let span = { fromMs, toMs, page: 1 }; ; ) {
      const read = await readAtPace(span);
      if (!read.ok) return read;
      const { conversations, reachedMs = span.fromMs } = read.value;
      const remembered = await remember(read.value, came);
      if (!remembered.ok) return remembered;
      calls += read.value.calls;
      came['no-conversation'] += read.value.calls - conversations.length;

      tell({ kind: 'reached', atMs: reachedMs });
      const next = nextSpan(span, read.value);
      if (next === 'circles') return fail(endless);
      const progress = next === undefined ? undefined : { sinceMs, reachedMs };
      const saved = await ports.saveBackfill(progress, deadline());
      if (!saved.ok) return saved;
      if (next === undefined) return succeed({ fromMs, toMs, isResumed, calls, came });
      span = next;
    }

    async function readAtPace(span: Parameters<ReadPastCalls>[0]) {
      for (;;) {
        await ports.sleep(Math.max(0, mayAskAtMs - ports.now()));
        mayAskAtMs = ports.now() + limits.pageEveryMs;
        const read = await ports.readPastCalls(span, deadline());
        if (read.ok || read.failure.reason !== 'rate-limited') return read;

        tell({ kind: 'paused', forMs: limits.pausedForMs });
        await ports.sleep(limits.pausedForMs);
      }
    }
  };

  /** Where an earlier run stopped, if that had begun as early as this one should. */
  async function findStart(
    { days, isFromStart = false }: BackfillWish,
    nowMs: number,
  ): Promise<
    Result<{ readonly sinceMs: number; readonly fromMs: number; readonly isResumed: boolean }, StoreFailure>
  > {
    const inForce = await ports.currentPolicy(deadline());
    if (!inForce.ok) return inForce;

    const { lookbackDays } = inForce.value.policy.lastAgent;
    const sinceMs = nowMs - Math.min(days ?? lookbackDays, lookbackDays) * dayMs;
    if (isFromStart) return succeed({ sinceMs, fromMs: sinceMs, isResumed: false });

    const stored = await ports.findBackfill(deadline());
    if (!stored.ok) return stored;
    const { value: before } = stored;
    if (before === undefined || before.sinceMs > sinceMs || before.reachedMs <= sinceMs)
      return succeed({ sinceMs, fromMs: sinceMs, isResumed: false });
    return succeed({
      sinceMs: before.sinceMs,
      fromMs: Math.max(sinceMs, before.reachedMs - overlapMs),
      isResumed: true,
    });
  }

  /** One after the other: the pace is set by Aircall. */
  async function remember(
    { conversations }: PastCalls,
    came: Record<Fate, number>,
  ): Promise<Result<void, StoreFailure>> {
    for (const conversation of conversations) {
      const fate = await ports.rememberConversation(conversation, deadline());
      if (fate === 'store-unavailable') return fail({ reason: fate, detail: 'remembering a conversation' });
      came[fate] += 1;
    }
    return succeed(undefined);
  }

  function deadline(): number {
    return ports.now() + limits.deadlineMs;
  }
}

type Span = { readonly fromMs: number; readonly toMs: number; readonly page: number };

function nextSpan(span: Span, { more, reachedMs = span.fromMs }: PastCalls): Span | 'circles' | undefined {
  if (more === 'none') return undefined;
  if (more === 'next-page') return { ...span, page: span.page + 1 };

  const fromMs = reachedMs - overlapMs;
  return fromMs > span.fromMs ? { ...span, fromMs, page: 1 } : 'circles';
}

const endless: AircallFailure = {
  reason: 'unreadable-answer',
  message: 'GET /v1/calls: more calls began in one minute than Aircall lists',
};

function nothingYet(): Record<Fate, number> {
  return {
    saved: 0,
    kept: 0,
    'outbound-conversation': 0,
    'too-short': 0,
    'too-old': 0,
    'from-the-future': 0,
    'unknown-agent': 0,
    'item-unreadable': 0,
    'no-conversation': 0,
  };
}
