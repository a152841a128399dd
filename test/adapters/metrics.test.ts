/**
 * What a delivery came to, in CloudWatch's embedded metric format.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../lib/adapters/metrics.ts';
import type {
  AircallUserId,
  CallId,
  Decision,
  DecisionRecord,
  EmailAddress,
  Hop,
  PhoneNumber,
} from '../../lib/core/model.ts';
import type { DeliveryReport, WarningKind } from '../../lib/ports.ts';
import { hopRecord } from '../builders.ts';
import { captureOutput, type Output } from './output.ts';

let output: Output;

beforeEach(() => {
  output = captureOutput();
});

afterEach(() => output.release());

const to = { kind: 'agent', aircallUserId: 456 as AircallUserId } as const;

function recordOf(decision: Decision, changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    callId: '812000001' as CallId,
    caller: { kind: 'identified', phone: '+442079460123' as PhoneNumber },
    receivedAtMs: 1_763_851_201_000,
    door: 'webhook',
    callStartedAtMs: 1_763_851_200_000,
    decision,
    passed: [],
    plan: [],
    considered: [
      {
        target: { kind: 'agent', email: 'jane@example.com' as EmailAddress, because: 'assigned-agent' },
        verdict: 'go',
        agentName: 'Jan Novak',
      },
    ],
    attempts: [],
    readings: [],
    timings: { claimedMs: 12 },
    ...changes,
  };
}

function report(decision: DeliveryReport['decision'], changes: Partial<DecisionRecord> = {}): void {
  createMetrics('call-router', 'CallRouter').report({
    requestId: 'request-1',
    callId: '812000001' as CallId,
    caller: '…23',
    decision,
    tookMs: 105,
    ...(decision.outcome !== 'refused' && { record: recordOf(decision, changes) }),
  });
}

/** A line of exactly these metrics, with `service` and the given dimensions beside. */
function line(dimensions: string[][], metrics: { Name: string; Unit: string }[], values: object) {
  return {
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [{ Namespace: 'CallRouter', Dimensions: dimensions, Metrics: metrics }],
    },
    service: 'call-router',
    ...values,
  };
}

const delivery = (values: object) =>
  line(
    [
      ['service', 'outcome'],
      ['service', 'decision'],
    ],
    [{ Name: 'Delivery', Unit: 'Count' }],
    { Delivery: 1, ...values },
  );

const count = (name: string) => line([['service']], [{ Name: name, Unit: 'Count' }], { [name]: 1 });

describe('a delivery', () => {
  it.each<{ decision: DeliveryReport['decision']; as: string }>([
    { decision: { outcome: 'left', because: 'unknown-caller' }, as: 'left/unknown-caller' },
    { decision: { outcome: 'in-doubt', because: 'call-touched' }, as: 'in-doubt/call-touched' },
    { decision: { outcome: 'ignored', because: 'outbound-call' }, as: 'ignored/outbound-call' },
    { decision: { outcome: 'duplicate' }, as: 'duplicate' },
    { decision: { outcome: 'tracked', because: 'presence-changed' }, as: 'tracked/presence-changed' },
    { decision: { outcome: 'refused', because: 'too-large' }, as: 'refused/too-large' },
    { decision: { outcome: 'refused', because: 'bad-request' }, as: 'refused/bad-request' },
    { decision: { outcome: 'left', because: 'store-unavailable' }, as: 'left/store-unavailable' },
    { decision: { outcome: 'routed', to, because: 'assigned-agent' }, as: 'routed/assigned-agent' },
  ])('is counted by outcome and by decision: $as', ({ decision, as }) => {
    report(decision);

    expect(output.lines()).toEqual([delivery({ outcome: decision.outcome, decision: as })]);
  });

  it('that was transferred tells the time to transfer, in milliseconds', () => {
    const attempts = [{ to, answer: 'accepted', tookMs: 80 }] as const;
    report(
      { outcome: 'routed', to, because: 'assigned-agent' },
      { attempts, timings: { transferredMs: 93 } },
    );

    expect(output.lines()).toEqual([
      delivery({ outcome: 'routed', decision: 'routed/assigned-agent' }),
      line([['service']], [{ Name: 'TimeToTransfer', Unit: 'Milliseconds' }], { TimeToTransfer: 93 }),
    ]);
  });

  it('tells a time to transfer of 0 as well', () => {
    report({ outcome: 'routed', to, because: 'assigned-agent' }, { timings: { transferredMs: 0 } });

    expect(output.lines()[1]).toMatchObject({ TimeToTransfer: 0 });
  });

  it.each<{ decision: DeliveryReport['decision']; metric: string }>([
    { decision: { outcome: 'refused', because: 'unauthorized' }, metric: 'RefusedToken' },
    { decision: { outcome: 'refused', because: 'unreadable-event' }, metric: 'UnreadableDelivery' },
    { decision: { outcome: 'ignored', because: 'call-unreadable' }, metric: 'UnreadableDelivery' },
    { decision: { outcome: 'left', because: 'aircall-forbidden' }, metric: 'CredentialsRefused' },
    { decision: { outcome: 'left', because: 'aircall-unauthorized' }, metric: 'CredentialsRefused' },
    { decision: { outcome: 'in-doubt', because: 'aircall-forbidden' }, metric: 'CredentialsRefused' },
  ])('with $decision.because counts $metric, which has an alarm', ({ decision, metric }) => {
    report(decision);

    expect(output.lines()).toHaveLength(2);
    expect(output.lines()[1]).toEqual(count(metric));
  });

  it('with a wrong secret at the call flow’s door counts RefusedRingToSecret, which has an alarm', () => {
    createMetrics('call-router', 'CallRouter').report({
      requestId: 'request-1',
      event: 'ring-to',
      decision: { outcome: 'refused', because: 'unauthorized' },
      tookMs: 3,
    });

    expect(output.lines()[1]).toEqual(count('RefusedRingToSecret'));
  });

  it.each<Decision>([
    { outcome: 'left', because: 'transfer-refused' },
    { outcome: 'in-doubt', because: 'call-over' },
    { outcome: 'in-doubt', because: 'answer-lost' },
  ])('whose transfer was tried and is $outcome/$because counts FailedTransfer', (decision) => {
    report(decision, { attempts: [{ to, answer: 'refused', status: 405, tookMs: 80 }] });

    expect(output.lines()[1]).toEqual(count('FailedTransfer'));
  });

  it('of which the first transfer was lost and the second accepted has not failed', () => {
    const attempts = [
      { to, answer: 'lost-answer', tookMs: 800 },
      { to, answer: 'accepted', tookMs: 80 },
    ] as const;
    report({ outcome: 'routed', to, because: 'assigned-agent' }, { attempts });

    expect(output.lines()).toEqual([delivery({ outcome: 'routed', decision: 'routed/assigned-agent' })]);
  });

  it('counts several troubles in one line', () => {
    const attempts = [{ to, answer: 'forbidden', status: 403, tookMs: 80 }] as const;
    report({ outcome: 'left', because: 'aircall-forbidden' }, { attempts });

    expect(output.lines()[1]).toEqual(
      line(
        [['service']],
        [
          { Name: 'CredentialsRefused', Unit: 'Count' },
          { Name: 'FailedTransfer', Unit: 'Count' },
        ],
        { CredentialsRefused: 1, FailedTransfer: 1 },
      ),
    );
  });

  it('leaves nothing of itself to the next one', () => {
    const metrics = createMetrics('call-router', 'CallRouter');
    metrics.report({
      requestId: 'request-1',
      decision: { outcome: 'left', because: 'stale' },
      tookMs: 9,
    });
    metrics.report({ requestId: 'request-2', decision: { outcome: 'duplicate' }, tookMs: 9 });

    expect(output.lines()).toEqual([
      delivery({ outcome: 'left', decision: 'left/stale' }),
      delivery({ outcome: 'duplicate', decision: 'duplicate' }),
    ]);
  });

  it('shows no number, no name, no e-mail address and no call', () => {
    report({ outcome: 'left', because: 'transfer-refused' });

    expect(output.text()).toContain('transfer-refused');
    for (const secret of ['442079460123', 'jane', '@', 'Novak', '812000001', 'request-1']) {
      expect(output.text()).not.toContain(secret);
    }
  });
});

describe('a call that was given on', () => {
  function reportHop(decision: Decision, changes: Partial<Hop> = {}): void {
    createMetrics('call-router', 'CallRouter').report({
      requestId: 'request-1',
      event: 'ring-timeout',
      callId: '812000001' as CallId,
      decision,
      tookMs: 120,
      hop: hopRecord({ decision, ...changes }),
    });
  }
  const attempts = [{ to, answer: 'accepted', tookMs: 80 }] as const;

  it('is counted as any decision, and tells no time to transfer: nobody waited for this one alone', () => {
    reportHop({ outcome: 'routed', to, because: 'backup' }, { attempts, timings: { transferredMs: 93 } });

    expect(output.lines()).toEqual([delivery({ outcome: 'routed', decision: 'routed/backup' })]);
  });

  it('in vain counts FailedTransfer where one was tried', () => {
    reportHop({ outcome: 'left', because: 'transfer-refused' }, { attempts });
    reportHop({ outcome: 'left', because: 'no-target-available' });
    reportHop({ outcome: 'left', because: 'call-over' }, { attempts });

    expect(output.lines()).toEqual([
      delivery({ outcome: 'left', decision: 'left/transfer-refused' }),
      count('FailedTransfer'),
      delivery({ outcome: 'left', decision: 'left/no-target-available' }),
      delivery({ outcome: 'left', decision: 'left/call-over' }),
    ]);
  });
});

describe('a trouble', () => {
  it.each<{ what: WarningKind; metric: string }>([
    { what: 'store-trouble', metric: 'StoreUnavailable' },
    { what: 'settle-failed', metric: 'SettleFailed' },
    { what: 'aircall-trouble', metric: 'AircallTrouble' },
    { what: 'insight-card-failed', metric: 'InsightCardFailed' },
    { what: 'unexpected-error', metric: 'UnexpectedError' },
    { what: 'item-unreadable', metric: 'ItemUnreadable' },
    { what: 'users-unreadable', metric: 'UnreadableUser' },
    { what: 'agents-unreadable', metric: 'ItemUnreadable' },
    { what: 'availabilities-unreadable', metric: 'UnreadableUser' },
    { what: 'presence-corrected', metric: 'PresenceCorrected' },
    { what: 'queue-trouble', metric: 'QueueTrouble' },
    { what: 'webhook-was-off', metric: 'WebhookWasOff' },
    { what: 'webhook-events-corrected', metric: 'WebhookEventsCorrected' },
    { what: 'webhook-gone', metric: 'WebhookGone' },
  ])('is counted, without its detail: $what as $metric', ({ what, metric }) => {
    createMetrics('call-router', 'CallRouter').warn(what, { detail: 'TimeoutError' });

    expect(output.lines()).toEqual([count(metric)]);
  });

  it('that happened several times is counted as often', () => {
    createMetrics('call-router', 'CallRouter').warn('presence-corrected', { count: 3 });

    expect(output.lines()).toEqual([{ ...count('PresenceCorrected'), PresenceCorrected: 3 }]);
  });
});
