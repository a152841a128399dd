/** The timer of a call that rings, where the store or the hop is in trouble. When all is well: reroute-call.test.ts. */
import { describe, expect, it } from 'vitest';
import type { StoreFailure } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { createHandleRingTimer, type HandleRingTimerPorts } from '../../lib/use-cases/handle-ring-timer.ts';
import { callId, hopRecord, nothingTold, routedRecord, t0 } from '../builders.ts';

const jane = { kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' } as never;
/** Rings Jane. */
const ringing = {
  record: routedRecord({ considered: [{ target: jane, verdict: 'go' }] }),
  hops: [],
  hopsBegun: 0,
  news: nothingTold,
  atMs: t0,
};

async function handle(changes: Partial<HandleRingTimerPorts>) {
  const warnings: unknown[] = [];
  const reports: unknown[] = [];
  const handleRingTimer = createHandleRingTimer(
    {
      findDecidedCall: async () => succeed(ringing),
      rerouteCall: async () => succeed(hopRecord()),
      report: (report) => reports.push(report),
      warn: (...warning) => warnings.push(warning),
      now: () => t0,
      ...changes,
    },
    { timerUsableForMs: 100_000 },
  );
  const timer = { callId: callId('812000001'), hop: 0, dueAtMs: t0 };
  const came = await handleRingTimer(timer, { requestId: 'request-1', deadlineMs: t0 + 4000 });
  return { came, warnings, reports };
}

describe('a ring timer', () => {
  it('gives the call on, and reports the hop', async () => {
    expect(await handle({})).toMatchObject({
      came: 'done',
      warnings: [],
      reports: [
        { requestId: 'request-1', event: 'ring-timeout', callId: '812000001', tookMs: 0, hop: { hop: 1 } },
      ],
    });
  });

  it.each<[StoreFailure, string, string]>([
    [{ reason: 'store-unavailable', detail: 'TimeoutError' }, 'store-trouble', 'try-again'],
    // That will be no better in a minute.
    [{ reason: 'item-unreadable', detail: 'call: hops' }, 'item-unreadable', 'done'],
  ])('whose call can’t be found is warned of: %j', async (failure, warning, came) => {
    const { detail } = failure;
    expect(await handle({ findDecidedCall: async () => fail(failure) })).toEqual({
      came,
      warnings: [[warning, { callId: '812000001', during: 'finding a call that rings', detail }]],
      reports: [],
    });
  });

  it.each([
    ['store-unavailable', 'try-again'],
    ['item-unreadable', 'done'],
  ] as const)('whose hop could not be claimed comes again if that may help: %s', async (reason, came) => {
    expect(await handle({ rerouteCall: async () => fail(reason) })).toEqual({
      came,
      warnings: [],
      reports: [],
    });
  });
});
