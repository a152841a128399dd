import { describe, expect, it } from 'vitest';
import { judgeCall, judgeDoubt, judgeHop } from '../../lib/core/judge-call.ts';
import type { CallReading } from '../../lib/core/model.ts';
import { t0 } from '../builders.ts';

const ringing: CallReading = { status: 'ringing', startedAtMs: t0, isTouched: false, hasAnswerTime: false };

describe('a call may be given to someone', () => {
  it('while it rings and is young', () => {
    expect(judgeCall(ringing, 30_000, t0 + 2_000)).toBe('go');
  });

  it('up to the very end of its youth, and not after', () => {
    expect(judgeCall(ringing, 30_000, t0 + 30_000)).toBe('go');
    expect(judgeCall(ringing, 30_000, t0 + 30_001)).toBe('stale');
  });

  it('although our clock is behind and it starts in the future', () => {
    expect(judgeCall(ringing, 30_000, t0 - 300_000)).toBe('go');
  });

  it('but not once someone answered, or it is over', () => {
    expect(judgeCall({ ...ringing, status: 'answered' }, 30_000, t0)).toBe('call-answered');
    expect(judgeCall({ ...ringing, status: 'over' }, 30_000, t0)).toBe('call-over');
  });

  it('and an old call that is over is rather over than old', () => {
    expect(judgeCall({ ...ringing, status: 'over' }, 30_000, t0 + 3_600_000)).toBe('call-over');
    expect(judgeCall({ ...ringing, status: 'answered' }, 30_000, t0 + 3_600_000)).toBe('call-answered');
  });
});

describe('in doubt, a call may be given to someone', () => {
  it('if it rings, is young and untouched', () => {
    expect(judgeDoubt(ringing, 30_000, t0 + 12_000)).toBe('untouched');
  });

  it.each<[string, CallReading, number]>([
    ['call-touched', { ...ringing, isTouched: true }, t0],
    ['call-answered', { ...ringing, status: 'answered', isTouched: true }, t0],
    ['call-over', { ...ringing, status: 'over' }, t0],
    ['stale', ringing, t0 + 30_001],
  ])('but not if it is %s', (verdict, reading, nowMs) => {
    expect(judgeDoubt(reading, 30_000, nowMs)).toBe(verdict);
  });
});

describe('a call that rings someone may be given to another', () => {
  const causes = ['agent-declined', 'transfer-failed', 'ring-timeout', undefined] as const;

  it.each(causes)('while nobody has answered it, touched as it is and however old: %s', (cause) => {
    expect(judgeHop(ringing, cause)).toBe('still-ringing');
    expect(judgeHop({ ...ringing, isTouched: true, startedAtMs: 0 }, cause)).toBe('still-ringing');
  });

  it.each(causes)('but not once it is over: %s', (cause) => {
    expect(judgeHop({ ...ringing, status: 'over' }, cause)).toBe('call-over');
    expect(judgeHop({ ...ringing, status: 'over', hasAnswerTime: true }, cause)).toBe('call-over');
  });

  it.each(causes)('nor once it was answered, at a time that Aircall knows: %s', (cause) => {
    expect(judgeHop({ ...ringing, status: 'answered', hasAnswerTime: true }, cause)).toBe('call-answered');
  });

  it.each([
    ['agent-declined', 'still-ringing'],
    ['ring-timeout', 'call-answered'],
    [undefined, 'call-answered'],
    ['transfer-failed', 'still-ringing'],
  ] as const)('answered at no time that is known, after %s it is %s', (cause, verdict) => {
    expect(judgeHop({ ...ringing, status: 'answered' }, cause)).toBe(verdict);
  });
});
