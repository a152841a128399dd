import { describe, expect, it } from 'vitest';
import { tellCall } from '../../cli/tell-call.ts';
import type { DecidedCall } from '../../lib/core/hops.ts';
import type { AircallTeamId, DecisionRecord } from '../../lib/core/model.ts';
import type { StoredCall } from '../../lib/ports.ts';
import { callId, decidedCall, email, hopRecord, phone, routedRecord, t0, userId } from '../builders.ts';

const claimed: StoredCall = {
  callId: callId('812000001'),
  claimedAtMs: t0,
  lapsesAtMs: t0 + 10_000,
  takenOver: false,
};
const tell = (call: Partial<StoredCall>, nowMs = t0) =>
  tellCall({ ...claimed, ...call }, nowMs).map(([label, text]) => `${label}: ${text}`);
const settled = (record: Partial<DecisionRecord>) => ({
  settled: { atMs: t0 + 900, ...decidedCall({ record: routedRecord(record) }) },
});

const jane = { kind: 'agent', email: email('jane@example.com'), because: 'assigned-agent' } as const;
const max = { kind: 'agent', email: email('max@example.com'), because: 'backup' } as const;
const toTeam = { kind: 'team', teamId: 7 as AircallTeamId, strategy: 'longest_idle' } as const;
const team = { ...toTeam, because: 'policy-team' } as const;
const toNumber = { kind: 'number', phone: phone('+33199000042') } as const;
const number = { ...toNumber, because: 'policy-number' } as const;
const to456 = { kind: 'agent', aircallUserId: userId(456) } as const;

it('tells a routed call from its announcement to the transfer', () => {
  const record: Partial<DecisionRecord> = {
    callStartedAtMs: t0 - 1234,
    policyVersion: 3,
    passed: [
      { rule: 'christmas', because: 'dates' },
      { rule: 'night', because: 'hours' },
    ],
    rule: 'everyone',
    considered: [
      {
        target: jane,
        verdict: 'go',
        agentName: 'Jane Doe',
        presence: 'available',
        presenceAgeMs: 12_340,
        presenceSource: 'event',
      },
    ],
    attempts: [{ to: to456, answer: 'accepted', tookMs: 231 }],
    timings: { claimedMs: 12, resolvedMs: 13, transferredMs: 245 },
  };
  expect(tell(settled(record))).toEqual([
    'call: 812000001',
    'decision: routed to Jane Doe (jane@example.com), Aircall user 456, because the contact is assigned to this agent (assigned-agent)',
    'caller: +442079460123',
    'began: 2025-11-22 22:39:58Z',
    'received: 2025-11-22 22:40:00Z, 1.2 s after the call began',
    'policy: version 3',
    'rule: christmas: not for this call, because the day is none of its dates (dates)',
    'rule: night: not for this call, because the time is outside its hours (hours)',
    'rule: everyone: matched',
    'considered: Jane Doe (jane@example.com) (assigned-agent): could be rung; available, as an event told 12.3 s before',
    'transfer: to Aircall user 456: accepted, after 231 ms',
    'timings: claimed 12 ms, target found 13 ms, transferred 245 ms after it was received',
  ]);
});

it('tells of lost answers, readings and a claim that was taken over', () => {
  const record: Partial<DecisionRecord> = {
    decision: { outcome: 'in-doubt', because: 'call-touched' },
    considered: [{ target: jane, verdict: 'go', presence: 'available', presenceAgeMs: 300_000 }],
    attempts: [{ to: to456, answer: 'lost-answer', status: 502, tookMs: 2500 }],
    readings: ['untouched', 'call-touched'],
  };
  expect(tell({ ...settled(record), takenOver: true })).toEqual([
    'call: 812000001',
    'decision: in doubt whether a transfer happened, because someone had been given the call, or had given it away (call-touched)',
    'caller: +442079460123',
    'began: 2025-11-22 22:40:00Z',
    'received: 2025-11-22 22:40:00Z, 0.0 s after the call began',
    'considered: jane@example.com (assigned-agent): could be rung; available 5 min before',
    'transfer: to Aircall user 456: the answer was lost (lost-answer), status 502, after 2500 ms',
    'call read: no trace of a transfer (untouched)',
    'call read: someone had been given the call, or had given it away (call-touched)',
    'timings: claimed 5 ms after it was received',
    'taken over: an earlier delivery claimed the call and died before it settled: whether it had sent a transfer was in doubt',
  ]);
});

describe('a decision', () => {
  it.each<[DecisionRecord['decision'], string]>([
    [
      { outcome: 'routed', to: to456, because: 'assigned-agent' },
      'routed to Aircall user 456, because the contact is assigned to this agent (assigned-agent)',
    ],
    [
      { outcome: 'left', because: 'unknown-caller' },
      'left to Aircall, because no contact has this phone number (unknown-caller)',
    ],
    [{ outcome: 'duplicate' }, 'another delivery of this call had the claim (duplicate)'],
    [
      { outcome: 'ignored', because: 'outbound-call' },
      'ignored, because the call was made by an agent (outbound-call)',
    ],
  ])('%j is told in words', (decision, words) => {
    expect(tell(settled({ decision }))[1]).toBe(`decision: ${words}`);
  });
});

it('tells why an agent was passed over', () => {
  const considered: DecisionRecord['considered'] = [
    { target: jane, verdict: 'agent-not-on-aircall' },
    {
      target: max,
      verdict: 'presence-unknown',
      presence: 'in_call',
      presenceAgeMs: 8 * 3_600_000,
      presenceSource: 'check',
    },
    { target: jane, verdict: 'rate-limited' },
  ];
  expect(tell(settled({ considered })).slice(5, 8)).toEqual([
    'considered: jane@example.com (assigned-agent): passed over, because Aircall has no user with this e-mail (any more) (agent-not-on-aircall)',
    'considered: max@example.com (backup): passed over, because it is not known what they were doing (presence-unknown); in a call, as Aircall answered when asked 8 h before',
    'considered: jane@example.com (assigned-agent): passed over, because the company had used up its requests to Aircall for that minute (rate-limited)',
  ]);
});

it('tells of teams and numbers, and of one that Aircall refused before another was taken', () => {
  const record: Partial<DecisionRecord> = {
    decision: { outcome: 'routed', to: toNumber, because: 'policy-number' },
    policyVersion: 0,
    considered: [
      { target: jane, verdict: 'go' },
      { target: team, verdict: 'go' },
      { target: number, verdict: 'go' },
    ],
    attempts: [
      { to: to456, answer: 'refused', status: 400, tookMs: 80 },
      { to: toTeam, answer: 'refused', status: 400, tookMs: 90 },
      { to: toNumber, answer: 'accepted', tookMs: 100 },
    ],
  };
  const lines = tell(settled(record));
  expect(lines[1]).toBe(
    'decision: routed to the number +33199000042, because the rule names this number (policy-number)',
  );
  expect(lines.slice(5)).toEqual([
    'policy: the built-in one (version 0)',
    'considered: jane@example.com (assigned-agent): could be rung',
    'considered: team 7 (longest_idle) (policy-team): could be rung',
    'considered: the number +33199000042 (policy-number): could be rung',
    'transfer: to Aircall user 456: Aircall refused (refused), status 400, after 80 ms',
    'transfer: to team 7 (longest_idle): Aircall refused (refused), status 400, after 90 ms',
    'transfer: to the number +33199000042: accepted, after 100 ms',
    'timings: claimed 5 ms after it was received',
  ]);
});

it.each<[DecisionRecord['caller'], string]>([
  [{ kind: 'identified', phone: phone('+12025550101') }, '+12025550101'],
  [{ kind: 'withheld' }, 'withheld their number'],
  [{ kind: 'unreadable' }, 'came with digits that are no international phone number'],
])('tells who called: %j', (caller, words) => {
  expect(tell(settled({ caller }))[2]).toBe(`caller: ${words}`);
});

describe('a call that is claimed and not settled', () => {
  it('is being decided while the claim holds', () => {
    expect(tell({}, t0 + 9_999)).toEqual([
      'call: 812000001',
      'decision: claimed at 2025-11-22 22:40:00Z, not settled: it is being decided right now',
    ]);
  });

  it('was given up once the claim has lapsed', () => {
    expect(tell({}, t0 + 10_000)).toEqual([
      'call: 812000001',
      'decision: claimed at 2025-11-22 22:40:00Z, not settled: its delivery died on the way; whether the call was given to someone, only Aircall knows',
    ]);
  });
});

describe('a call that was given on', () => {
  const to457 = { kind: 'agent', aircallUserId: userId(457) } as const;
  const decided = (changes: Partial<DecidedCall>) => ({
    settled: { atMs: t0 + 900, ...decidedCall(changes) },
  });
  const record = routedRecord({
    considered: [{ target: jane, verdict: 'go' }],
    attempts: [{ to: to456, answer: 'accepted', tookMs: 231 }],
    timings: { claimedMs: 12, transferredMs: 245 },
  });
  const toMax = hopRecord({
    considered: [
      { target: jane, verdict: 'call-refused' },
      { target: max, verdict: 'go', presence: 'available', presenceAgeMs: 30_000, presenceSource: 'event' },
    ],
    attempts: [{ to: to457, answer: 'accepted', tookMs: 198 }],
    readings: ['still-ringing'],
    timings: { claimedMs: 9, resolvedMs: 61, transferredMs: 260 },
  });
  const news = { isAnswered: false, isOver: false, refusals: [] };

  it('is told to its end: declined by one, answered by the next', () => {
    const call = decided({ record, hops: [toMax], hopsBegun: 1, news: { ...news, isAnswered: true } });
    expect(tell(call)).toEqual([
      'call: 812000001',
      'decision: routed to jane@example.com, Aircall user 456, because the contact is assigned to this agent (assigned-agent)',
      'caller: +442079460123',
      'began: 2025-11-22 22:40:00Z',
      'received: 2025-11-22 22:40:00Z, 0.0 s after the call began',
      'considered: jane@example.com (assigned-agent): could be rung',
      'transfer: to Aircall user 456: accepted, after 231 ms',
      'timings: claimed 12 ms, transferred 245 ms after it was received',
      'hop 1: 2025-11-22 22:40:04Z, because they declined (agent-declined)',
      'considered: jane@example.com (assigned-agent): passed over, because they would not take this call (call-refused)',
      'considered: max@example.com (backup): could be rung; available, as an event told 30.0 s before',
      'transfer: to Aircall user 457: accepted, after 198 ms',
      'call read: nobody had answered it (still-ringing)',
      'timings: claimed 9 ms, target found 61 ms, transferred 260 ms after it was received',
      'hop 1: routed to max@example.com, Aircall user 457, because this agent is a backup of the contact (backup)',
      'then: it was answered',
    ]);
  });

  it('is told with a hop that is under way, or died', () => {
    expect(tell(decided({ record, hops: [toMax], hopsBegun: 2 })).slice(-2)).toEqual([
      'hop 1: routed to max@example.com, Aircall user 457, because this agent is a backup of the contact (backup)',
      'hop 2: begun and not settled: it is under way, or died on the way; a transfer may have been sent',
    ]);
    expect(tell(decided({ record, hopsBegun: 1 })).at(-1)).toBe(
      'hop 1: begun and not settled: it is under way, or died on the way; a transfer may have been sent',
    );
  });

  it('is told with every hop, up to one that came too late', () => {
    const late = hopRecord({
      hop: 2,
      cause: 'ring-timeout',
      receivedAtMs: t0 + 24_000,
      decision: { outcome: 'left', because: 'call-over' },
      readings: ['call-over'],
    });
    const call = decided({ record, hops: [toMax, late], hopsBegun: 2, news: { ...news, isOver: true } });
    expect(tell(call).slice(-5)).toEqual([
      'hop 2: 2025-11-22 22:40:24Z, because they let it ring for too long (ring-timeout)',
      'call read: the call was already over (call-over)',
      'timings: claimed 6 ms after it was received',
      'hop 2: left to Aircall, because the call was already over (call-over)',
      'then: it was over',
    ]);
  });
});

it('tells when the call flow asked, in place of an announcement', () => {
  expect(tell(settled({ door: 'ring-to' }))[4]).toBe(
    'asked: 2025-11-22 22:40:00Z, 0.0 s after the call began',
  );
});

it('tells of a call that nobody announced when it was found', () => {
  const record: Partial<DecisionRecord> = {
    callStartedAtMs: t0 - 300_000,
    decision: { outcome: 'left', because: 'webhook-was-off' },
    timings: {},
  };
  expect(tell(settled(record))).toEqual([
    'call: 812000001',
    'decision: left to Aircall, because nobody told the router of it while its webhook was off, or gone (webhook-was-off)',
    'caller: +442079460123',
    'began: 2025-11-22 22:35:00Z',
    'found: 2025-11-22 22:40:00Z, 300.0 s after the call began',
  ]);
});
