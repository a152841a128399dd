import { beforeEach, describe, expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import { createHandleRingTimer, type HandleRingTimerPorts } from '../../lib/use-cases/handle-ring-timer.ts';
import { callId, createClock, decidedCall, hopRecord, t0 } from '../builders.ts';

const id = callId('812000001');
const timer = { callId: id, hop: 0, dueAtMs: t0 };
const invocation = { requestId: 'request-1', deadlineMs: t0 + 4000 };

let clock: ReturnType<typeof createClock>;
let asked: unknown[];
let reports: unknown[];
let warnings: unknown[];
beforeEach(() => {
  clock = createClock();
  asked = [];
  reports = [];
  warnings = [];
});

/** The call rings whom it was given first, and is given on in 250 ms. */
const wake = (ports: Partial<HandleRingTimerPorts> = {}) =>
  createHandleRingTimer(
    {
      findDecidedCall: async (...given) => {
        asked.push(given);
        return succeed(decidedCall());
      },
      rerouteCall: async (...given) => {
        asked.push(given);
        clock.advance(250);
        return succeed(hopRecord({ cause: 'ring-timeout' }));
      },
      report: (report) => reports.push(report),
      warn: (...warning) => warnings.push(warning),
      now: clock.now,
      ...ports,
    },
    { timerUsableForMs: 100_000 },
  )(timer, invocation);

describe('a timer', () => {
  it('gives the call on, because it rang for too long, and reports the hop', async () => {
    expect(await wake()).toBe('done');
    expect(asked).toEqual([
      [id, t0 + 4000],
      [decidedCall(), 'request-1', t0 + 4000, 'ring-timeout'],
    ]);
    expect(reports).toEqual([
      {
        requestId: 'request-1',
        event: 'ring-timeout',
        callId: id,
        decision: hopRecord().decision,
        tookMs: 250,
        hop: hopRecord({ cause: 'ring-timeout' }),
      },
    ]);
  });

  it.each([
    [100_000, 2],
    [100_001, 0],
  ])('%d ms late leads to %d requests', async (lateMs, requests) => {
    clock.advance(lateMs);
    expect(await wake()).toBe('done');
    expect(asked).toHaveLength(requests);
  });

  it.each([
    ['that nobody decided', undefined],
    ['that rings someone else by now', decidedCall({ hops: [hopRecord()], hopsBegun: 1 })],
  ])('of a call %s does nothing', async (_, call) => {
    expect(await wake({ findDecidedCall: async () => succeed(call) })).toBe('done');
    expect(asked).toEqual([]);
  });

  it('of a call that was not given on reports nothing', async () => {
    expect(await wake({ rerouteCall: async () => succeed(undefined) })).toBe('done');
    expect(reports).toEqual([]);
  });
});

describe('in trouble, a timer comes again where the store may be back in a moment', () => {
  it.each([
    ['store-unavailable', 'store-trouble', 'try-again'],
    ['item-unreadable', 'item-unreadable', 'done'],
  ] as const)('while finding the call: %s', async (reason, warning, outcome) => {
    expect(await wake({ findDecidedCall: async () => fail({ reason, detail: 'call: to' }) })).toBe(outcome);
    expect(asked).toEqual([]);
    expect(warnings).toEqual([
      [warning, { callId: id, during: 'finding a call that rings', detail: 'call: to' }],
    ]);
  });

  it.each([
    ['store-unavailable', 'try-again'],
    ['item-unreadable', 'done'],
  ] as const)('while giving it on: %s', async (reason, outcome) => {
    expect(await wake({ rerouteCall: async () => fail(reason) })).toBe(outcome);
    expect(reports).toEqual([]);
  });
});
