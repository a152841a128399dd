import { beforeEach, describe, expect, it } from 'vitest';
import { eventsFor, routedEvents } from '../../lib/core/choose-webhook.ts';
import type { InboundCall } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { PastCalls, ReadPastCalls, Webhook } from '../../lib/ports.ts';
import {
  createLookAfterWebhook,
  type LookAfterWebhookPorts,
} from '../../lib/use-cases/look-after-webhook.ts';
import { callId, createClock, inboundCall, owner, routedRecord, t0 } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const minuteMs = 60_000;
const limits = { pageEveryMs: 3000, mostPages: 3 };
const perPage = 2;
const refused = { reason: 'refused', message: 'PUT /v1/webhooks/:id: 422' } as const;
const limited = { reason: 'rate-limited', message: 'GET /v1/calls: 429' } as const;
const storeDown = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;

const ours: Webhook = {
  webhookId: '1',
  url: 'https://router.example.com/aircall/calls',
  active: true,
  events: routedEvents,
  token: 'known-token',
};

let clock: ReturnType<typeof createClock>;
let store: ReturnType<typeof createInMemoryStore>;
let webhooks: Webhook[];
let unreadable: number;
let calls: InboundCall[];
let warnings: unknown[];
let switchedOn: unknown[];
let asked: { fromMs: number; toMs: number; page: number; atMs: number }[];
let saves: number;

beforeEach(() => {
  clock = createClock();
  store = createInMemoryStore(clock.now, 10_000);
  webhooks = [ours];
  unreadable = 0;
  calls = [];
  [warnings, switchedOn, asked, saves] = [[], [], [], 0];
});

const readPastCalls: ReadPastCalls = async ({ fromMs, toMs, page }) => {
  asked.push({ fromMs: fromMs - t0, toMs: toMs - t0, page, atMs: clock.now() - t0 });
  const listed = calls.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs <= toMs);
  const shown = listed.slice((page - 1) * perPage, page * perPage);
  const reachedMs = shown.at(-1)?.startedAtMs;
  return succeed<PastCalls>({
    calls: shown.length,
    inbound: shown,
    conversations: [],
    ...(reachedMs !== undefined && { reachedMs }),
    more: listed.length > page * perPage ? 'next-page' : 'none',
  });
};

function run(
  changes: Partial<LookAfterWebhookPorts> = {},
  request = 'request-1',
  ourEvents: readonly string[] = routedEvents,
) {
  const { findWebhookSeen, claimCall, settleCall } = store;
  const ports: LookAfterWebhookPorts = {
    listWebhooks: async () => succeed({ webhooks, unreadable }),
    activateWebhook: async (webhookId, events) => {
      switchedOn.push([webhookId, events]);
      const mended = {
        ...(webhooks.find((one) => one.webhookId === webhookId) ?? ours),
        active: true,
        events,
      };
      webhooks = webhooks.map((one) => (one.webhookId === webhookId ? mended : one));
      return succeed(mended);
    },
    isAccepted: async (token) => succeed(token === 'known-token'),
    findWebhookSeen,
    saveWebhookSeen: async (seen, deadlineMs) => {
      saves += 1;
      return store.saveWebhookSeen(seen, deadlineMs);
    },
    readPastCalls,
    claimCall,
    settleCall,
    warn: (...given) => warnings.push(given),
    now: clock.now,
    sleep: async (ms) => clock.advance(ms),
    ...changes,
  };
  return createLookAfterWebhook(ports, ourEvents, limits)(owner(request), clock.now() + 60_000);
}
const done = (changes: object) => ({
  done: { webhook: 'there', mended: 0, missedCalls: 0, ...changes },
  troubles: [],
});
const switchOff = () => {
  webhooks = [{ ...ours, active: false }];
};
const seen = async () => {
  const found = await store.findWebhookSeen(0);
  return found.ok ? found.value : undefined;
};
const callAt = (atMs: number, id: number): InboundCall =>
  inboundCall({ callId: callId(String(id)), startedAtMs: t0 + atMs, status: 'over' });

describe('a webhook of ours', () => {
  it('that is as it should be is left alone', async () => {
    expect(await run()).toEqual(done({}));
    expect([switchedOn, warnings, asked]).toEqual([[], [], []]);
  });

  it('that is off is switched on, for exactly our events, and told of', async () => {
    switchOff();
    expect(await run()).toEqual(done({ mended: 1 }));
    expect(switchedOn).toEqual([['1', routedEvents]]);
    expect(warnings).toEqual([['webhook-was-off', { webhookId: '1' }]]);
  });

  it('that tells of other events than ours is put right, and told of', async () => {
    webhooks = [{ ...ours, events: [...routedEvents.slice(2), 'number.opened'] }];
    expect(await run()).toEqual(done({ mended: 1 }));
    expect(switchedOn).toEqual([['1', routedEvents]]);
    expect(warnings).toEqual([
      [
        'webhook-events-corrected',
        { webhookId: '1', missing: 'call.created, call.ringing_on_agent', others: 1 },
      ],
    ]);
  });

  it.each([
    ['fewer', routedEvents.slice(1), { webhookId: '1', missing: 'call.created', others: 0 }],
    ['more', [...routedEvents, 'call.tagged'], { webhookId: '1', missing: '', others: 1 }],
  ])('that tells of %s events than ours is told of', async (_, events, detail) => {
    webhooks = [{ ...ours, events }];
    expect(await run()).toEqual(done({ mended: 1 }));
    expect(warnings).toEqual([['webhook-events-corrected', detail]]);
  });

  it('that tells of no uninstallation although it was made over OAuth is put right', async () => {
    const overOAuth = eventsFor('oauth');
    expect(await run({}, 'request-1', overOAuth)).toEqual(done({ mended: 1 }));
    expect(switchedOn).toEqual([['1', overOAuth]]);
    expect(warnings).toEqual([
      ['webhook-events-corrected', { webhookId: '1', missing: 'integration.deleted', others: 0 }],
    ]);
    expect(await run({}, 'request-2', overOAuth)).toEqual(done({}));
  });

  it('that tells of every event is put right, and told of', async () => {
    webhooks = [{ ...ours, events: [] }];
    expect(await run()).toEqual(done({ mended: 1 }));
    expect(warnings).toEqual([['webhook-events-corrected', { webhookId: '1', missing: '', others: 'all' }]]);
  });

  it('that is gone is told of, and not made again where our own URL is not known', async () => {
    await run();
    webhooks = [{ ...ours, token: 'of-another-stage', active: false }];
    expect(await run()).toEqual(done({ webhook: 'gone' }));
    expect(warnings).toEqual([['webhook-gone', {}]]);
    expect(switchedOn).toEqual([]);
  });

  it('may be among those that can not be read: that is trouble, and not gone', async () => {
    webhooks = [];
    unreadable = 2;
    expect(await run()).toEqual({
      done: { webhook: 'unknown', mended: 0, missedCalls: 0 },
      troubles: [
        {
          reason: 'aircall-unavailable',
          message: 'GET /v1/webhooks: none of ours, and 2 that could not be read',
        },
      ],
    });
    expect(warnings).toEqual([]);
  });

  it('that can not be switched on is told of all the same, and the next one is tried', async () => {
    webhooks = [
      { ...ours, active: false },
      { ...ours, webhookId: '2', active: false },
    ];
    const activateWebhook: LookAfterWebhookPorts['activateWebhook'] = async (webhookId) =>
      webhookId === '1' ? fail(refused) : succeed({ ...ours, webhookId });
    expect(await run({ activateWebhook })).toEqual({
      done: { webhook: 'there', mended: 1, missedCalls: 0 },
      troubles: [{ reason: 'aircall-refused', message: 'PUT /v1/webhooks/:id: 422' }],
    });
    expect(warnings).toEqual([
      ['webhook-was-off', { webhookId: '1' }],
      ['webhook-was-off', { webhookId: '2' }],
    ]);
  });

  it.each([
    ['off', { active: false }],
    ['without our events', { events: ['call.created'] }],
  ])('that is %s after all is no success', async (_, still) => {
    webhooks = [{ ...ours, events: [] }];
    expect(await run({ activateWebhook: async () => succeed({ ...ours, ...still }) })).toEqual({
      done: { webhook: 'there', mended: 0, missedCalls: 0 },
      troubles: [
        {
          reason: 'aircall-refused',
          message: 'PUT /v1/webhooks/:id: taken, but the webhook is not as asked for',
        },
      ],
    });
    expect(warnings).toEqual([]);
  });

  it('can not be seen where Aircall does not answer', async () => {
    const listWebhooks = async () => fail({ reason: 'no-answer', message: 'GET /v1/webhooks' } as const);
    expect(await run({ listWebhooks })).toEqual({
      done: { webhook: 'unknown', mended: 0, missedCalls: 0 },
      troubles: [{ reason: 'aircall-unavailable', message: 'GET /v1/webhooks' }],
    });
  });
});

describe('a webhook that is gone', () => {
  const again: Webhook = { ...ours, webhookId: '2', token: 'new-token' };
  const isAccepted = async (token: string) => succeed(['known-token', 'new-token'].includes(token));
  const makeWebhookAgain = async () => {
    webhooks = [again];
    return succeed({ webhookId: '2' });
  };
  const never = async () => {
    throw new Error('made again');
  };

  it('is made again where it was seen before, and told of', async () => {
    await run();
    webhooks = [];
    expect(await run({ makeWebhookAgain })).toEqual(done({ webhook: 'made-again', mended: 1 }));
    expect(warnings).toEqual([['webhook-made-again', { webhookId: '2' }]]);
  });

  it('is there for the next run, which records the calls between', async () => {
    await run();
    webhooks = [];
    clock.advance(5 * minuteMs);
    await run({ makeWebhookAgain, isAccepted });
    calls = [callAt(minuteMs, 1), callAt(6 * minuteMs, 2)];
    clock.advance(5 * minuteMs);
    expect(await run({ makeWebhookAgain: never, isAccepted })).toEqual(done({ missedCalls: 1 }));
  });

  it('is made again although others are there whose deliveries are not accepted as this account’s', async () => {
    await run();
    webhooks = [{ ...ours, token: 'of-another-account' }];
    expect(await run({ makeWebhookAgain })).toMatchObject({ done: { webhook: 'made-again' } });
  });

  it('is not made while it is still being set up: none was ever seen', async () => {
    webhooks = [];
    expect(await run({ makeWebhookAgain: never })).toEqual(done({ webhook: 'gone' }));
    expect(warnings).toEqual([['webhook-gone', {}]]);
  });

  it('is not made again where nobody can tell whether one was seen', async () => {
    webhooks = [];
    const findWebhookSeen = async () => fail(storeDown);
    expect(await run({ makeWebhookAgain: never, findWebhookSeen })).toEqual({
      done: { webhook: 'gone', mended: 0, missedCalls: 0 },
      troubles: [{ reason: 'store-unavailable', message: 'TimeoutError' }],
    });
  });

  it('that could not be made again is told of, and is trouble', async () => {
    await run();
    webhooks = [];
    const trouble = { reason: 'aircall-refused', message: 'POST /v1/webhooks: 422' } as const;
    expect(await run({ makeWebhookAgain: async () => fail(trouble) })).toEqual({
      done: { webhook: 'gone', mended: 0, missedCalls: 0 },
      troubles: [trouble],
    });
    expect(warnings).toEqual([['webhook-gone', {}]]);
  });

  it('is not taken for gone where nobody can tell whose token it has', async () => {
    await run();
    expect(await run({ makeWebhookAgain: never, isAccepted: async () => fail(storeDown) })).toEqual({
      done: { webhook: 'unknown', mended: 0, missedCalls: 0 },
      troubles: [{ reason: 'store-unavailable', message: 'TimeoutError' }],
    });
    expect(warnings).toEqual([]);
  });
});

describe('that calls are announced', () => {
  it('is noted every quarter of an hour', async () => {
    for (const minute of [0, 5, 10, 15, 20]) {
      expect([minute, await run()]).toEqual([minute, done({})]);
      clock.advance(5 * minuteMs);
    }
    expect([saves, await seen()]).toEqual([2, { announcedAtMs: 1763852100000 }]);
  });

  it('is noted as of when Aircall was asked', async () => {
    const listWebhooks = async () => {
      clock.advance(8_000);
      return succeed({ webhooks, unreadable });
    };
    await run({ listWebhooks });
    expect(await seen()).toEqual({ announcedAtMs: 1763851200000 });
  });

  it('was never seen of a webhook that is still being set up: no call was missed', async () => {
    switchOff();
    calls = [callAt(-minuteMs, 1)];
    await run();
    expect(saves).toBe(0);
    clock.advance(5 * minuteMs);
    expect(await run()).toEqual(done({}));
    expect(asked).toEqual([]);
  });
});

describe('calls that came while the webhook was off', () => {
  /** Seen at 0, found off and switched on at 5 minutes; the next run is at 10. */
  async function findOff() {
    await run();
    clock.advance(5 * minuteMs);
    switchOff();
    await run();
    clock.advance(5 * minuteMs);
    warnings = [];
  }

  it('are recorded by the next run, each that nobody knows', async () => {
    await findOff();
    calls = [callAt(-1, 1), callAt(minuteMs, 2), callAt(5 * minuteMs, 3), callAt(5 * minuteMs + 1, 4)];
    const doors: string[] = [];
    const claimCall: LookAfterWebhookPorts['claimCall'] = (id, door, ...given) => {
      doors.push(door);
      return store.claimCall(id, door, ...given);
    };
    expect(await run({ claimCall })).toEqual(done({ missedCalls: 2 }));
    expect(doors).toEqual(['webhook', 'webhook']);
    expect(asked).toEqual([{ fromMs: 0, toMs: 300_000, page: 1, atMs: 600_000 }]);
    expect(store.records()).toEqual([
      {
        callId: '2',
        caller: { kind: 'identified', phone: '+442079460123' },
        door: 'webhook',
        callStartedAtMs: 1763851260000,
        receivedAtMs: 1763851800000,
        decision: { outcome: 'left', because: 'webhook-was-off' },
        passed: [],
        plan: [],
        considered: [],
        attempts: [],
        readings: [],
        timings: {},
      },
      expect.objectContaining({ callId: '3', callStartedAtMs: 1763851500000 }),
    ]);
    expect(await seen()).toEqual({ announcedAtMs: 1763851800000 });
  });

  it('are looked for once', async () => {
    await findOff();
    await run();
    clock.advance(5 * minuteMs);
    expect(await run()).toEqual(done({}));
    expect(asked).toHaveLength(1);
  });

  it('stay as they were recorded by whoever had them', async () => {
    await findOff();
    calls = [callAt(minuteMs, 812000001)];
    await store.claimCall(callId('812000001'), 'webhook', owner('another'), 0);
    await store.settleCall(routedRecord(), owner('another'), 0);
    const settleCall = async () => {
      throw new Error('settled a call that is not ours');
    };
    expect(await run({ settleCall })).toEqual(done({ missedCalls: 0 }));
    expect(store.records()).toEqual([routedRecord()]);
  });

  it('are in doubt where whoever had them died: they were announced', async () => {
    await findOff();
    calls = [callAt(minuteMs, 812000001)];
    await store.claimCall(callId('812000001'), 'webhook', owner('another'), 0);
    clock.advance(10_000);
    expect(await run()).toEqual(done({ missedCalls: 0 }));
    expect(store.records()).toMatchObject([{ decision: { outcome: 'in-doubt', because: 'stale' } }]);
  });

  it('are told of for a day at most, where the refresh itself did not run', async () => {
    await findOff();
    await store.saveWebhookSeen({ announcedAtMs: t0 - 3 * 86_400_000, missedUntilMs: t0 }, 0);
    await run();
    expect(asked).toEqual([{ fromMs: -86_400_000, toMs: 0, page: 1, atMs: 600_000 }]);
  });

  it('are read a page every three seconds, three pages a run, and the next run goes on', async () => {
    await findOff();
    calls = Array.from({ length: 9 }, (_, index) => callAt((index + 1) * 1000, index));
    expect(await run()).toEqual(done({ missedCalls: 6 }));
    expect(asked.map(({ page, atMs }) => [page, atMs])).toEqual([
      [1, 600_000],
      [2, 603_000],
      [3, 606_000],
    ]);
    expect(await seen()).toEqual({ announcedAtMs: 1763851206000, missedUntilMs: 1763851500000 });
    expect(await run({}, 'request-2')).toEqual(done({ missedCalls: 3 }));
    expect(await seen()).toEqual({ announcedAtMs: 1763851806000 });
  });

  it('are owed from where they were read to, though none on a page can be read', async () => {
    await findOff();
    const unreadable = async () =>
      succeed<PastCalls>({ calls: 2, inbound: [], conversations: [], more: 'next-page' });
    expect(await run({ readPastCalls: unreadable })).toEqual(done({ missedCalls: 0 }));
    expect(await seen()).toEqual({ announcedAtMs: 1763851200000, missedUntilMs: 1763851500000 });
  });

  it('are recorded while it is gone, too, a span a run', async () => {
    await run();
    webhooks = [];
    calls = [callAt(minuteMs, 1), callAt(6 * minuteMs, 2), callAt(11 * minuteMs, 3)];
    const recorded: unknown[] = [];
    for (let runs = 1; runs <= 3; runs += 1) {
      clock.advance(5 * minuteMs);
      recorded.push((await run()).done.missedCalls);
    }
    webhooks = [ours];
    clock.advance(5 * minuteMs);
    recorded.push((await run()).done.missedCalls);
    expect(recorded).toEqual([0, 1, 1, 1]);
    expect(await seen()).toEqual({ announcedAtMs: 1763852400000 });
  });

  it('are recorded although Aircall does not tell of its webhooks', async () => {
    await findOff();
    calls = [callAt(minuteMs, 1)];
    const listWebhooks = async () => fail({ reason: 'no-answer', message: 'GET /v1/webhooks' } as const);
    expect((await run({ listWebhooks })).done).toEqual({ webhook: 'unknown', mended: 0, missedCalls: 1 });
    expect(await seen()).toEqual({ announcedAtMs: 1763851500000 });
  });

  it('that can not be listed to the end are owed from there', async () => {
    await findOff();
    calls = [callAt(1000, 1), callAt(2000, 2), callAt(3000, 3)];
    const failing: ReadPastCalls = async (span, deadlineMs) =>
      span.page === 2 ? fail(limited) : readPastCalls(span, deadlineMs);
    expect(await run({ readPastCalls: failing })).toEqual({
      done: { webhook: 'there', mended: 0, missedCalls: 2 },
      troubles: [{ reason: 'rate-limited', message: 'GET /v1/calls: 429' }],
    });
    expect(await seen()).toEqual({ announcedAtMs: 1763851202000, missedUntilMs: 1763851500000 });
  });

  it.each<[string, Partial<LookAfterWebhookPorts>]>([
    ['claimed', { claimCall: async () => fail(storeDown) }],
    ['settled', { settleCall: async () => fail(storeDown) }],
  ])('that can not be %s are owed still', async (_, ports) => {
    await findOff();
    calls = [callAt(1000, 1)];
    expect(await run(ports)).toEqual({
      done: { webhook: 'there', mended: 0, missedCalls: 0 },
      troubles: [{ reason: 'store-unavailable', message: 'TimeoutError' }],
    });
    expect(await seen()).toEqual({ announcedAtMs: 1763851200000, missedUntilMs: 1763851500000 });
  });

  it('whose item is damaged hide no others, and are told of', async () => {
    await findOff();
    calls = [callAt(1000, 1), callAt(2000, 2)];
    const claimCall: LookAfterWebhookPorts['claimCall'] = async (id, ...others) =>
      id === '1'
        ? fail({ reason: 'item-unreadable', detail: 'call: owner' })
        : store.claimCall(id, ...others);
    expect(await run({ claimCall })).toEqual(done({ missedCalls: 1 }));
    expect(warnings).toEqual([
      ['item-unreadable', { during: 'recording a missed call', detail: 'call: owner' }],
    ]);
  });
});

describe('trouble in the store', () => {
  it('keeps no webhook from being switched on', async () => {
    switchOff();
    expect(await run({ findWebhookSeen: async () => fail(storeDown) })).toEqual({
      done: { webhook: 'there', mended: 1, missedCalls: 0 },
      troubles: [{ reason: 'store-unavailable', message: 'TimeoutError' }],
    });
    expect(saves).toBe(0);
  });

  it('is told where it could not be noted that calls are announced', async () => {
    expect(await run({ saveWebhookSeen: async () => fail(storeDown) })).toEqual({
      done: { webhook: 'there', mended: 0, missedCalls: 0 },
      troubles: [{ reason: 'store-unavailable', message: 'TimeoutError' }],
    });
  });
});
