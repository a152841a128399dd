/**
 * One line for each delivery and each trouble, and nobody's name in any.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../lib/adapters/log.ts';
import type {
  AircallUserId,
  CallId,
  DecisionRecord,
  EmailAddress,
  PhoneNumber,
} from '../../lib/core/model.ts';
import type { DeliveryReport } from '../../lib/ports.ts';
import { hopRecord } from '../builders.ts';
import { captureOutput, type Output } from './output.ts';

let output: Output;

beforeEach(() => {
  output = captureOutput();
});

afterEach(() => output.release());

const to = { kind: 'agent', aircallUserId: 456 as AircallUserId } as const;

/** With all that must stay out of a log in it. */
const record: DecisionRecord = {
  callId: '812000001' as CallId,
  caller: { kind: 'identified', phone: '+442079460123' as PhoneNumber },
  receivedAtMs: 1_763_851_201_000,
  door: 'webhook',
  callStartedAtMs: 1_763_851_200_000,
  decision: { outcome: 'routed', to, because: 'assigned-agent' },
  passed: [],
  plan: [],
  considered: [
    {
      target: { kind: 'agent', email: 'jane@example.com' as EmailAddress, because: 'assigned-agent' },
      verdict: 'go',
      agentName: 'Jan Novak',
      presence: 'available',
      presenceAgeMs: 1000,
      presenceSource: 'event',
    },
  ],
  attempts: [{ to, answer: 'accepted', tookMs: 80 }],
  readings: [],
  timings: { claimedMs: 12, resolvedMs: 13, transferredMs: 93 },
};

const routed: DeliveryReport = {
  requestId: 'request-1',
  event: 'call.created',
  callId: '812000001' as CallId,
  caller: '…23',
  decision: record.decision,
  tookMs: 105,
  record,
};

/** What the log adds of its own. */
const frame = { service: 'call-router', timestamp: expect.any(String) };

describe('a delivery', () => {
  it('is exactly one line, of exactly these fields', () => {
    createLog({ service: 'call-router' }).report(routed);

    expect(output.lines()).toEqual([
      {
        ...frame,
        level: 'INFO',
        message: 'delivery',
        requestId: 'request-1',
        event: 'call.created',
        callId: '812000001',
        caller: '…23',
        outcome: 'routed',
        to: { kind: 'agent', aircallUserId: 456 },
        because: 'assigned-agent',
        tookMs: 105,
        timings: { claimedMs: 12, resolvedMs: 13, transferredMs: 93 },
      },
    ]);
  });

  it('that was refused is one line too, without what was not read', () => {
    createLog({ service: 'call-router' }).report({
      requestId: 'request-1',
      decision: { outcome: 'refused', because: 'unauthorized' },
      tookMs: 1,
    });

    expect(output.lines()).toEqual([
      {
        ...frame,
        level: 'INFO',
        message: 'delivery',
        requestId: 'request-1',
        outcome: 'refused',
        because: 'unauthorized',
        tookMs: 1,
      },
    ]);
  });

  it('leaves nothing of itself to the next one', () => {
    const { report } = createLog({ service: 'call-router' });
    report(routed);
    report({ requestId: 'request-2', decision: { outcome: 'duplicate' }, tookMs: 9 });

    expect(output.lines()[1]).toEqual({
      ...frame,
      level: 'INFO',
      message: 'delivery',
      requestId: 'request-2',
      outcome: 'duplicate',
      tookMs: 9,
    });
  });

  it('shows no number, no name and no e-mail address, although its record holds them', () => {
    createLog({ service: 'call-router' }).report(routed);

    expect(JSON.stringify(routed)).toContain('+442079460123');
    expect(JSON.stringify(routed)).toContain('jane@example.com');
    expect(JSON.stringify(routed)).toContain('Jan Novak');
    expect(output.text()).toContain('request-1');
    for (const secret of ['442079460123', '7946', 'jane', '@', 'Novak']) {
      expect(output.text()).not.toContain(secret);
    }
  });
});

describe('a call that was given on', () => {
  const hop = hopRecord({
    hop: 2,
    cause: 'ring-timeout',
    considered: record.considered,
    timings: { claimedMs: 6, transferredMs: 90 },
  });

  it('is one line too, with its number and its cause', () => {
    createLog({ service: 'call-router' }).report({
      requestId: 'request-1',
      event: 'ring-timeout',
      callId: '812000001' as CallId,
      decision: hop.decision,
      tookMs: 120,
      hop,
    });

    expect(output.lines()).toEqual([
      {
        ...frame,
        level: 'INFO',
        message: 'delivery',
        requestId: 'request-1',
        event: 'ring-timeout',
        callId: '812000001',
        outcome: 'routed',
        to: { kind: 'agent', aircallUserId: 457 },
        because: 'backup',
        tookMs: 120,
        hop: 2,
        cause: 'ring-timeout',
        timings: { claimedMs: 6, transferredMs: 90 },
      },
    ]);
  });

  it('to a number shows two digits of it, and nobody’s name', () => {
    const toNumber = { kind: 'number', phone: '+33199000042' as PhoneNumber } as const;
    const decision = { outcome: 'routed', to: toNumber, because: 'policy-number' } as const;
    const attempts = [{ to: toNumber, answer: 'accepted', tookMs: 80 }] as const;
    const report = {
      requestId: 'request-1',
      event: 'call.agent_declined',
      decision,
      tookMs: 120,
      hop: { ...hop, decision, attempts },
    };
    createLog({ service: 'call-router' }).report(report);

    expect(JSON.stringify(report)).toContain('+33199000042');
    expect(JSON.stringify(report)).toContain('jane@example.com');
    expect(output.lines()).toMatchObject([{ to: { kind: 'number', phone: '…42' }, hop: 2 }]);
    for (const secret of ['3319900', 'jane', '@']) expect(output.text()).not.toContain(secret);
  });
});

describe('a trouble', () => {
  it('is exactly one line, a warning named after it', () => {
    createLog({ service: 'call-router' }).warn('settle-failed', {
      callId: '812000001',
      detail: 'TimeoutError',
    });

    expect(output.lines()).toEqual([
      { ...frame, level: 'WARN', message: 'settle-failed', callId: '812000001', detail: 'TimeoutError' },
    ]);
  });
});

describe('the log', () => {
  it('names X-Ray’s trace of the invocation that is running', () => {
    let traceId = '1-5759e988-bd862e3fe1be46a994272793';
    const { warn } = createLog({ service: 'call-router', readTraceId: () => traceId });
    warn('settle-failed', {});
    traceId = '1-5759e988-bd862e3fe1be46a994272794';
    warn('settle-failed', {});

    expect(output.lines().map((line) => line['xray_trace_id'])).toEqual([
      '1-5759e988-bd862e3fe1be46a994272793',
      '1-5759e988-bd862e3fe1be46a994272794',
    ]);
  });

  it.each([
    { isQuietAbout: { info: false, warn: false }, written: ['delivery', 'settle-failed'] },
    { isQuietAbout: { info: true, warn: false }, written: ['settle-failed'] },
    { isQuietAbout: { info: true, warn: true }, written: [] },
  ])('is quiet about what it is told to: $isQuietAbout', ({ isQuietAbout, written }) => {
    const { report, warn } = createLog({ service: 'call-router', isQuietAbout });
    report(routed);
    warn('settle-failed', {});

    expect(output.lines().map(({ message }) => message)).toEqual(written);
  });
});
