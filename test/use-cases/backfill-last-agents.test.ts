import { beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../lib/core/last-agent.ts';
import { defaultPolicy } from '../../lib/core/policy.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { PastCalls, ReadPastCalls } from '../../lib/ports.ts';
import {
  type BackfillLastAgentsPorts,
  type BackfillRemark,
  type BackfillWish,
  createBackfillLastAgents,
} from '../../lib/use-cases/backfill-last-agents.ts';
import { createRememberConversation } from '../../lib/use-cases/remember-conversation.ts';
import { createClock, email, phone, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const limits = { pageEveryMs: 3000, pausedForMs: 60_000, deadlineMs: 900_000 };
const dayMs = 86_400_000;
const caller = phone('+12025550133');

/** Calls of a list that is cut into pages of two, and gives three pages at most. */
const perPage = 2;
const mostPages = 3;
type Call = { readonly startedAtMs: number; readonly conversation?: Conversation };

let clock: ReturnType<typeof createClock>;
let store: ReturnType<typeof createInMemoryStore>;
let list: Call[];
let asked: { fromMs: number; page: number; atMs: number }[];
let remarks: BackfillRemark[];
let warnings: unknown[];

beforeEach(() => {
  clock = createClock();
  store = createInMemoryStore(clock.now, 10_000);
  list = [];
  asked = [];
  remarks = [];
  warnings = [];
});

const readPastCalls: ReadPastCalls = async ({ fromMs, toMs, page }) => {
  asked.push({ fromMs: fromMs - t0, page, atMs: clock.now() - t0 });
  clock.advance(400);
  const calls = list.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs <= toMs);
  const shown = calls.slice((page - 1) * perPage, page * perPage);
  const hasMore = calls.length > page * perPage;
  const reachedMs = shown.at(-1)?.startedAtMs;
  return succeed<PastCalls>({
    calls: shown.length,
    inbound: [],
    conversations: shown.flatMap(({ conversation }) => conversation ?? []),
    ...(reachedMs !== undefined && { reachedMs }),
    more: hasMore ? (page === mostPages ? 'beyond-last-page' : 'next-page') : 'none',
  });
};

function backfill(
  wish: BackfillWish = {},
  changes: Partial<BackfillLastAgentsPorts> = {},
  lookbackDays = 30,
) {
  const lastAgent = { ...defaultPolicy.lastAgent, lookbackDays };
  const currentPolicy = async () => succeed({ version: 1, policy: { ...defaultPolicy, lastAgent } });
  const warn = (...given: unknown[]) => warnings.push(given);
  const { saveConversation, findBackfill, saveBackfill } = store;
  const rememberConversation = createRememberConversation({
    currentPolicy,
    saveConversation,
    warn,
    now: clock.now,
  });
  const sleep = async (ms: number) => clock.advance(ms);
  const ports = { readPastCalls, rememberConversation, currentPolicy, findBackfill, saveBackfill };
  return createBackfillLastAgents({ ...ports, now: clock.now, sleep, ...changes }, limits)(wish, (remark) =>
    remarks.push(remark),
  );
}

function talk(daysAgo: number, who = 'jan', changes: Partial<Conversation> = {}): Call {
  const startedAtMs = t0 - daysAgo * dayMs;
  return {
    startedAtMs,
    conversation: {
      phone: caller,
      aircallUserId: userId(457),
      email: email(`${who}@example.com`),
      direction: 'inbound',
      answeredAtMs: startedAtMs + 5000,
      endedAtMs: startedAtMs + 65_000,
      ...changes,
    },
  };
}
const missed = (daysAgo: number): Call => ({ startedAtMs: t0 - daysAgo * dayMs });
const lastAgent = async () => {
  const found = await store.findCaller(caller, Number.POSITIVE_INFINITY);
  return found.ok ? found.value.lastConversation?.email : undefined;
};
const nothing = {
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

it('remembers the agents of all conversations that count, the newest of each caller', async () => {
  const { email: _, ...nameless } = talk(1).conversation as Conversation;
  list = [
    talk(20, 'jane'),
    missed(10),
    talk(9, 'jan'),
    talk(8, 'max', { direction: 'outbound' }),
    talk(7, 'max', { endedAtMs: t0 - 7 * dayMs + 34_999 }),
    { startedAtMs: t0 - dayMs, conversation: { ...nameless, aircallUserId: userId(999) } },
  ];
  expect(await backfill()).toEqual(
    succeed({
      fromMs: t0 - 30 * dayMs,
      toMs: t0,
      isResumed: false,
      calls: 6,
      came: {
        ...nothing,
        saved: 2,
        'outbound-conversation': 1,
        'too-short': 1,
        'unknown-agent': 1,
        'no-conversation': 1,
      },
    }),
  );
  expect(await lastAgent()).toBe('jan@example.com');
  expect(warnings).toEqual([]);
});

it('run a second time changes nothing', async () => {
  list = [talk(20, 'jane'), talk(9, 'jan')];
  await backfill();
  expect(await backfill()).toMatchObject({ value: { isResumed: false, came: { ...nothing, kept: 2 } } });
});

it('does not undo what an event told meanwhile', async () => {
  list = [talk(9, 'jan')];
  await store.saveConversation(talk(1, 'jane').conversation as Conversation, t0 + dayMs, t0 + 1);
  expect(await backfill()).toMatchObject({ value: { came: { kept: 1 } } });
  expect(await lastAgent()).toBe('jane@example.com');
});

describe('the span', () => {
  it.each([
    { says: 'as far back as the policy remembers', wish: {}, daysBack: 30 },
    { says: 'as many days as wished', wish: { days: 7 }, daysBack: 7 },
    { says: 'no further than the policy remembers', wish: { days: 90 }, daysBack: 30 },
  ])('goes $says', async ({ wish, daysBack }) => {
    await backfill(wish);
    expect(asked).toEqual([{ fromMs: -daysBack * dayMs, page: 1, atMs: 0 }]);
    expect(remarks[0]).toEqual({
      kind: 'begun',
      fromMs: t0 - daysBack * dayMs,
      toMs: t0,
      isResumed: false,
    });
  });

  it('begins anew where Aircall counts no further, a minute before the last call', async () => {
    list = [8, 7, 6, 5, 4, 3, 2, 1].map((days) => talk(days));
    expect(await backfill()).toMatchObject({ value: { calls: 9, came: { saved: 8, kept: 1 } } });
    expect(asked.map(({ fromMs, page }) => [fromMs, page])).toEqual([
      [-30 * dayMs, 1],
      [-30 * dayMs, 2],
      [-30 * dayMs, 3],
      [-3 * dayMs - 60_000, 1],
      [-3 * dayMs - 60_000, 2],
    ]);
  });

  it('ends where it would begin at the same time again', async () => {
    const endless = {
      reason: 'unreadable-answer',
      message: 'GET /v1/calls: more calls began in one minute than Aircall lists',
    };
    list = Array.from({ length: 20 }, () => talk(30));
    expect(await backfill()).toEqual(fail(endless));
    expect(asked).toHaveLength(3);

    // A minute on, and a minute back.
    list = Array.from({ length: 20 }, () => ({ startedAtMs: t0 - 30 * dayMs + 60_000 }));
    asked = [];
    clock = createClock();
    expect(await backfill()).toEqual(fail(endless));
    expect(asked).toHaveLength(3);
  });
});

describe('the pace', () => {
  it('is one page in three seconds, the time of the answer included', async () => {
    list = [5, 4, 3, 2, 1].map((days) => talk(days));
    await backfill();
    expect(asked.map(({ atMs }) => atMs)).toEqual([0, 3000, 6000]);
  });

  it('is held after a 429, for a minute, and the same page asked for again', async () => {
    list = [talk(5), talk(4), talk(3)];
    let refusals = 2;
    const limited: ReadPastCalls = async (span, deadlineMs) => {
      if (span.page === 1 || refusals === 0) return readPastCalls(span, deadlineMs);
      refusals -= 1;
      asked.push({ fromMs: span.fromMs - t0, page: span.page, atMs: clock.now() - t0 });
      return fail({ reason: 'rate-limited', message: 'GET /v1/calls: 429', status: 429 });
    };
    expect(await backfill({}, { readPastCalls: limited })).toMatchObject({ value: { calls: 3 } });
    expect(asked.map(({ page, atMs }) => [page, atMs])).toEqual([
      [1, 0],
      [2, 3000],
      [2, 63_000],
      [2, 123_000],
    ]);
    expect(remarks.filter(({ kind }) => kind === 'paused')).toEqual([
      { kind: 'paused', forMs: 60_000 },
      { kind: 'paused', forMs: 60_000 },
    ]);
  });
});

it('gives each request a deadline of its own', async () => {
  list = [talk(5)];
  const leftMs: number[] = [];
  await backfill(
    {},
    {
      readPastCalls: async (span, deadlineMs) => {
        leftMs.push(deadlineMs - clock.now());
        return readPastCalls(span, deadlineMs);
      },
      saveBackfill: async (progress, deadlineMs) => {
        leftMs.push(deadlineMs - clock.now());
        return store.saveBackfill(progress, deadlineMs);
      },
    },
  );
  expect(leftMs).toEqual([900_000, 900_000]);
});

it('tells how far it has come', async () => {
  list = [talk(5), talk(4), talk(3)];
  await backfill();
  expect(remarks.slice(1)).toEqual([
    { kind: 'reached', atMs: t0 - 4 * dayMs },
    { kind: 'reached', atMs: t0 - 3 * dayMs },
  ]);
});

describe('a run that was stopped', () => {
  const unavailable = fail({ reason: 'unavailable', message: 'GET /v1/calls: ECONNREFUSED' } as const);
  const dying: ReadPastCalls = async (span, deadlineMs) =>
    span.page === 3 ? unavailable : readPastCalls(span, deadlineMs);

  beforeEach(async () => {
    list = [8, 7, 6, 5, 4, 3].map((days) => talk(days));
    expect(await backfill({}, { readPastCalls: dying })).toEqual(unavailable);
    asked = [];
    clock.advance(dayMs);
  });

  it('is gone on with, a minute before where it was', async () => {
    expect(await backfill()).toMatchObject({
      value: { isResumed: true, calls: 3, came: { saved: 2, kept: 1 } },
    });
    expect(asked.map(({ fromMs }) => fromMs)).toEqual([-5 * dayMs - 60_000, -5 * dayMs - 60_000]);
    expect(await store.findBackfill(0)).toEqual(succeed(undefined));
  });

  it.each([
    { says: 'had begun as early as this one', reachedDaysAgo: 4, isResumed: true },
    { says: 'had come no further than this one begins', reachedDaysAgo: 30, isResumed: false },
  ])('is gone on with where it $says: $isResumed', async ({ reachedDaysAgo, isResumed }) => {
    const nowMs = clock.now();
    const before = { sinceMs: nowMs - 30 * dayMs, reachedMs: nowMs - reachedDaysAgo * dayMs };
    expect(await backfill({}, { findBackfill: async () => succeed(before) })).toMatchObject({
      value: { isResumed },
    });
  });

  it('may be stopped again', async () => {
    const deadAtOnce = async () => unavailable;
    await backfill({}, { readPastCalls: deadAtOnce });
    expect(await backfill()).toMatchObject({ value: { isResumed: true, calls: 3 } });
  });

  it('is begun anew where that is wished', async () => {
    expect(await backfill({ isFromStart: true })).toMatchObject({ value: { isResumed: false, calls: 6 } });
  });

  it('is begun anew where more days are wished than it had begun with', async () => {
    expect(await backfill({ days: 60 }, {}, 60)).toMatchObject({ value: { isResumed: false, calls: 6 } });
  });

  it('is begun anew, too, where it had not come as far as the days that are wished', async () => {
    expect(await backfill({ days: 5 })).toMatchObject({ value: { isResumed: false, calls: 1 } });
    expect(asked.map(({ fromMs }) => fromMs)).toEqual([-4 * dayMs + 6000]);
  });
});

describe('where the table is in trouble, it stops', () => {
  const broken = { reason: 'store-unavailable', detail: 'x' } as const;

  it.each(['currentPolicy', 'findBackfill', 'saveBackfill'] as const)('%s', async (port) => {
    list = [talk(5)];
    expect(await backfill({}, { [port]: async () => fail(broken) })).toEqual(fail(broken));
  });

  it('and a page that was not all remembered is not passed over by the next run', async () => {
    list = [talk(5), talk(4), talk(3)];
    const rememberConversation = async ({ endedAtMs }: Conversation) =>
      endedAtMs > t0 - 4 * dayMs ? ('store-unavailable' as const) : ('saved' as const);
    expect(await backfill({}, { rememberConversation })).toMatchObject({
      ok: false,
      failure: { reason: 'store-unavailable', detail: 'remembering a conversation' },
    });
    expect(await store.findBackfill(0)).toEqual(succeed(undefined));
  });

  it('but not for one item that is damaged', async () => {
    list = [talk(5), talk(4)];
    const rememberConversation = async () => 'item-unreadable' as const;
    expect(await backfill({}, { rememberConversation })).toMatchObject({
      value: { came: { 'item-unreadable': 2 } },
    });
  });
});
