import { describe, expect, it } from 'vitest';
import { judgeCall, judgeDoubt } from '../../lib/core/judge-call.ts';
import { t0 } from '../builders.ts';

const ringing = { status: 'ringing', startedAtMs: t0 } as const;

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
    expect(judgeDoubt({ ...ringing, isTouched: false }, 30_000, t0 + 12_000)).toBe('go');
  });

  it.each([
    ['call-touched', { ...ringing, isTouched: true }, t0],
    ['call-answered', { ...ringing, status: 'answered', isTouched: true }, t0],
    ['call-over', { ...ringing, status: 'over', isTouched: false }, t0],
    ['stale', { ...ringing, isTouched: false }, t0 + 30_001],
  ] as const)('but not if it is %s', (verdict, reading, nowMs) => {
    expect(judgeDoubt(reading, 30_000, nowMs)).toBe(verdict);
  });
});
