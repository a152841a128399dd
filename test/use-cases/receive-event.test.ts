import { describe, expect, it } from 'vitest';
import type { Decision } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { DeliveryReport } from '../../lib/ports.ts';
import {
  createReceiveEvent,
  type Delivery,
  type ReceiveEvent,
  type ReceiveEventPorts,
} from '../../lib/use-cases/receive-event.ts';
import { callId, createClock, inboundCall, routedRecord, t0, userId } from '../builders.ts';

const invocation = { requestId: 'request-1', deadlineMs: t0 + 4_000 };

function receive(
  delivery: ReturnType<ReceiveEventPorts['readDelivery']>,
  ports: Partial<ReceiveEventPorts> = {},
  body: Parameters<ReceiveEvent>[0] = succeed('{}'),
) {
  const clock = createClock();
  const reports: DeliveryReport[] = [];
  const warnings: unknown[] = [];
  const routed: unknown[] = [];
  const tracked: unknown[] = [];
  const receiveEvent = createReceiveEvent({
    readDelivery: () => delivery,
    routeCall: async (call, owner, deadlineMs) => {
      routed.push([call.callId, owner, deadlineMs]);
      clock.advance(120);
      return routedRecord();
    },
    trackNews: async (news, deadlineMs) => {
      tracked.push([news, deadlineMs]);
      clock.advance(9);
      return 'presence-changed';
    },
    report: (report) => reports.push(report),
    warn: (what, detail) => warnings.push([what, detail]),
    now: clock.now,
    ...ports,
  });
  return { reports, warnings, routed, tracked, answer: receiveEvent(body, invocation) };
}

const inbound: Delivery = { kind: 'inbound-call', event: 'call.created', call: inboundCall() };

describe('an inbound call', () => {
  it('is routed by this invocation, within its deadline', async () => {
    const { answer, routed } = receive(succeed(inbound));
    expect(await answer).toEqual({ kind: 'decided', callId: '812000001', decision: routedRecord().decision });
    expect(routed).toEqual([['812000001', 'request-1', 1763851204000]]);
  });

  it('is reported once, with the caller masked', async () => {
    const { answer, reports } = receive(succeed(inbound));
    await answer;
    expect(reports).toEqual([
      {
        requestId: 'request-1',
        event: 'call.created',
        callId: '812000001',
        caller: '…23',
        decision: routedRecord().decision,
        tookMs: 120,
        record: routedRecord(),
      },
    ]);
  });

  it.each(['withheld', 'unreadable'] as const)('of a %s caller is reported as such', async (kind) => {
    const record = routedRecord({ caller: { kind } });
    const { answer, reports } = receive(succeed(inbound), { routeCall: async () => record });
    await answer;
    expect(reports.map(({ caller }) => caller)).toEqual([kind]);
  });

  it('is left to Aircall if anything throws, and the message goes nowhere', async () => {
    const routeCall = async () => {
      throw new TypeError('cannot read +442079460123 of Zoë Martin');
    };
    const { answer, reports, warnings } = receive(succeed(inbound), { routeCall });
    expect(await answer).toEqual({
      kind: 'decided',
      callId: '812000001',
      decision: { outcome: 'left', because: 'internal-error' },
    });
    expect(reports.map(({ decision }) => decision)).toEqual([{ outcome: 'left', because: 'internal-error' }]);
    expect(warnings).toMatchObject([
      ['unexpected-error', { error: 'TypeError', at: expect.stringMatching(/^ {4}at .+\n {4}at /) }],
    ]);
    expect(JSON.stringify([warnings, reports])).not.toMatch(/7946|Martin/);
  });

  it('is left to Aircall even if what was thrown is no error', async () => {
    const routeCall = () => Promise.reject('+442079460123');
    const { answer, warnings } = receive(succeed(inbound), { routeCall });
    expect(await answer).toMatchObject({ decision: { outcome: 'left', because: 'internal-error' } });
    expect(warnings).toEqual([['unexpected-error', { error: 'string' }]]);
  });
});

describe('an event that tells of an agent', () => {
  const news = { aircallUserId: userId(456), fact: { kind: 'ringing', atMs: t0 } } as const;
  const ringing: Delivery = {
    kind: 'presence',
    event: 'call.ringing_on_agent',
    news,
    callId: callId('812000001'),
  };

  it('is tracked within the deadline, answered and reported, and routes nothing', async () => {
    const decision: Decision = { outcome: 'tracked', because: 'presence-changed' };
    const { answer, reports, routed, tracked } = receive(succeed(ringing));
    expect(await answer).toEqual({ kind: 'decided', callId: '812000001', decision });
    expect(tracked).toEqual([[news, 1763851204000]]);
    expect(reports).toEqual([
      {
        requestId: 'request-1',
        event: 'call.ringing_on_agent',
        callId: '812000001',
        decision,
        tookMs: 9,
      },
    ]);
    expect(routed).toEqual([]);
  });

  it('may come without a call', async () => {
    const opened: Delivery = { kind: 'presence', event: 'user.opened', news };
    expect(await receive(succeed(opened)).answer).toEqual({
      kind: 'decided',
      decision: { outcome: 'tracked', because: 'presence-changed' },
    });
  });

  it('is answered whatever comes of it', async () => {
    const trackNews = async () => 'store-unavailable' as const;
    const decision: Decision = { outcome: 'tracked', because: 'store-unavailable' };
    const { answer, reports } = receive(succeed(ringing), { trackNews });
    expect(await answer).toMatchObject({ kind: 'decided', decision });
    expect(reports).toMatchObject([{ decision }]);
  });

  it('is answered even if anything throws, and no call is counted as left', async () => {
    const trackNews = () => Promise.reject(new TypeError('jane@example.com'));
    const { answer, warnings } = receive(succeed(ringing), { trackNews });
    expect(await answer).toMatchObject({ decision: { outcome: 'tracked', because: 'internal-error' } });
    expect(warnings).toMatchObject([['unexpected-error', { error: 'TypeError' }]]);
    expect(JSON.stringify(warnings)).not.toContain('jane');
  });
});

describe('any other event', () => {
  it('is answered, reported and left alone', async () => {
    const delivery: Delivery = { kind: 'ignored', event: 'user.created', because: 'event-not-routed' };
    const decision: Decision = { outcome: 'ignored', because: 'event-not-routed' };
    const { answer, reports, routed } = receive(succeed(delivery));
    expect(await answer).toEqual({ kind: 'decided', decision });
    expect(reports).toEqual([{ requestId: 'request-1', event: 'user.created', decision, tookMs: 0 }]);
    expect(routed).toEqual([]);
  });

  it('is answered with the id of its call, if it has one', async () => {
    const delivery: Delivery = {
      kind: 'ignored',
      event: 'call.created',
      because: 'outbound-call',
      callId: callId('812000008'),
    };
    expect(await receive(succeed(delivery)).answer).toMatchObject({ callId: '812000008' });
  });
});

describe('what is no delivery', () => {
  it.each(['unauthorized', 'bad-request'] as const)(
    'is rejected as %s, reported, and nothing is done',
    async (reason) => {
      const { answer, reports, routed } = receive(fail({ reason, detail: 'token' }));
      expect(await answer).toEqual({ kind: 'rejected', rejection: { reason, detail: 'token' } });
      expect(reports).toEqual([
        { requestId: 'request-1', decision: { outcome: 'refused', because: reason }, tookMs: 0 },
      ]);
      expect(routed).toEqual([]);
    },
  );

  it('because it is too large is not even read', async () => {
    const readDelivery = () => {
      throw new Error('read');
    };
    const tooLarge = { reason: 'too-large', detail: 'body: over 256 KiB' } as const;
    const { answer } = receive(succeed(inbound), { readDelivery }, fail(tooLarge));
    expect(await answer).toEqual({ kind: 'rejected', rejection: tooLarge });
  });
});
