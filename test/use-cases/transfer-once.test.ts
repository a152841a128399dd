import { beforeEach, describe, expect, it } from 'vitest';
import type { AircallFailure, AircallResult, CallReading } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { type Notes, startNotes } from '../../lib/use-cases/notes.ts';
import { createJudgeByReading, createTransferOnce } from '../../lib/use-cases/transfer-once.ts';
import { callId, createClock, email, t0, userId } from '../builders.ts';

const jane = { kind: 'agent', email: email('jane@example.com'), because: 'backup' } as const;
const to = { kind: 'agent', aircallUserId: userId(456) } as const;
const id = callId('812000001');
const deadlineMs = t0 + 3_400;
const reading: CallReading = { status: 'ringing', startedAtMs: t0, isTouched: false, hasAnswerTime: false };
const routed = { outcome: 'routed', to, because: 'backup' };
const left = (because: string) => ({ outcome: 'left', because });
const inDoubt = (because: string) => ({ outcome: 'in-doubt', because });

const failed = (reason: AircallFailure['reason'], status?: number): AircallResult<never> =>
  fail({ reason, message: `said ${reason}`, ...(status !== undefined && { status }) });
const accepted = succeed(undefined);

let clock: ReturnType<typeof createClock>;
let notes: Notes;
let asked: string[];
let warnings: unknown[];

beforeEach(() => {
  clock = createClock(t0 + 100);
  notes = startNotes(t0);
  asked = [];
  warnings = [];
});

function portsOf(answers: readonly AircallResult<void>[], read: AircallResult<CallReading>) {
  const left = [...answers];
  return {
    transferCall: async (_id: unknown, _to: unknown, boundMs: number) => {
      asked.push(`transfer by ${boundMs - t0}`);
      clock.advance(80);
      return left.shift() ?? failed('refused');
    },
    readCall: async (_id: unknown, boundMs: number) => {
      asked.push(`read by ${boundMs - t0}`);
      clock.advance(20);
      return read;
    },
    warn: (...warning: unknown[]) => {
      warnings.push(warning);
    },
    now: clock.now,
  };
}

/** Transfers, with an Aircall that answers so; what is read of the call is judged as `verdict`. */
function transfer(
  answers: readonly AircallResult<void>[],
  verdict: 'untouched' | 'still-ringing' | 'call-touched' | 'call-answered' = 'untouched',
  read: AircallResult<CallReading> = succeed(reading),
) {
  const transferOnce = createTransferOnce(portsOf(answers, read), { transferNeedsMs: 300 });
  return transferOnce({ callId: id, target: jane, to, judge: () => verdict }, notes, deadlineMs);
}

const transferred = 'transfer by 3400';
const read = 'read by 3400';

describe('a transfer', () => {
  it('that is accepted is one request', async () => {
    expect(await transfer([accepted])).toEqual(routed);
    expect(asked).toEqual([transferred]);
    expect(notes).toMatchObject({
      attempts: [{ to, answer: 'accepted', tookMs: 80 }],
      readings: [],
      timings: { transferredMs: 180 },
    });
    expect(notes.attempts[0]).not.toHaveProperty('status');
    expect(warnings).toEqual([]);
  });

  it('that is refused may be about this target alone', async () => {
    expect(await transfer([failed('refused', 405)])).toBe('refused');
    expect(notes.attempts).toEqual([{ to, answer: 'refused', status: 405, tookMs: 80 }]);
    expect(notes.timings).toEqual({});
    const detail = { callId: '812000001', during: 'transferring', failure: 'said refused' };
    expect(warnings).toEqual([['aircall-trouble', detail]]);
  });

  it.each([
    ['call-ended', 'call-over'],
    ['not-found', 'call-not-found'],
    ['unauthorized', 'aircall-unauthorized'],
    ['forbidden', 'aircall-forbidden'],
    ['rate-limited', 'rate-limited'],
    ['unavailable', 'aircall-unavailable'],
    ['out-of-time', 'out-of-time'],
    ['no-credentials', 'no-credentials'],
  ] as const)('that failed for sure is not sent again: %s', async (reason, because) => {
    expect(await transfer([failed(reason)])).toEqual(left(because));
    expect(asked).toEqual([transferred]);
  });

  it('is not begun with too little time for its answer', async () => {
    clock.advance(3_001);
    expect(await transfer([accepted])).toEqual(left('out-of-time'));
    expect([asked, notes.attempts]).toEqual([[], []]);
  });

  it('is begun with just enough time', async () => {
    clock.advance(3_000);
    expect(await transfer([accepted])).toEqual(routed);
  });
});

describe('a transfer whose answer was lost', () => {
  it('is sent again where the call shows no trace of it', async () => {
    expect(await transfer([failed('lost-answer', 502), accepted])).toEqual(routed);
    expect(asked).toEqual([transferred, read, transferred]);
    expect(notes).toMatchObject({
      attempts: [
        { answer: 'lost-answer', status: 502, tookMs: 80 },
        { answer: 'accepted', tookMs: 80 },
      ],
      readings: ['untouched'],
      timings: { transferredMs: 280 },
    });
  });

  it.each([
    ['call-touched', 'call-touched'],
    ['call-answered', 'call-answered'],
    ['still-ringing', 'call-touched'],
  ] as const)('is in doubt, and not sent again, where the call is %s', async (verdict, because) => {
    expect(await transfer([failed('lost-answer'), accepted], verdict)).toEqual(inDoubt(because));
    expect(asked).toEqual([transferred, read]);
    expect(notes.readings).toEqual([verdict]);
  });

  it('is in doubt, and not sent again, where the call can not be read', async () => {
    const answers = [failed('lost-answer'), accepted];
    expect(await transfer(answers, 'untouched', failed('rate-limited'))).toEqual(inDoubt('rate-limited'));
    expect(asked).toEqual([transferred, read]);
    expect(notes.readings).toEqual(['rate-limited']);
    const detail = { callId: '812000001', during: 'reading the call', failure: 'said rate-limited' };
    expect(warnings[1]).toEqual(['aircall-trouble', detail]);
  });

  it('is in doubt, and not sent again, with too little time', async () => {
    clock.advance(2_901);
    expect(await transfer([failed('lost-answer'), accepted])).toEqual(inDoubt('out-of-time'));
    expect(asked).toEqual([transferred, read]);
  });

  it.each(['lost-answer', 'no-answer', 'refused', 'call-ended', 'rate-limited'] as const)(
    'is in doubt for good where the second one is not accepted: %s',
    async (reason) => {
      expect(await transfer([failed('lost-answer'), failed(reason)])).toEqual(inDoubt('answer-lost'));
      expect(asked).toEqual([transferred, read, transferred]);
    },
  );
});

describe('a transfer that was never answered', () => {
  it('may be on its way: none is sent again, untouched as the call is', async () => {
    expect(await transfer([failed('no-answer'), accepted])).toEqual(inDoubt('answer-lost'));
    expect(asked).toEqual([transferred, read]);
  });

  it('has left its trace', async () => {
    expect(await transfer([failed('no-answer')], 'call-touched')).toEqual(inDoubt('call-touched'));
  });
});

describe('a reading of a call', () => {
  it('is judged as the caller judges it, and noted', async () => {
    const seen: CallReading[] = [];
    const judgeByReading = createJudgeByReading(portsOf([], succeed(reading)));
    const judge = (one: CallReading) => {
      seen.push(one);
      return 'call-over' as const;
    };
    expect(await judgeByReading(id, judge, notes, deadlineMs)).toBe('call-over');
    expect(seen).toEqual([reading]);
    expect(notes.readings).toEqual(['call-over']);
    expect([asked, warnings]).toEqual([[read], []]);
  });

  it.each([
    ['no-answer', 'aircall-unavailable'],
    ['unauthorized', 'aircall-unauthorized'],
    ['forbidden', 'aircall-forbidden'],
    ['out-of-time', 'out-of-time'],
    ['no-credentials', 'no-credentials'],
  ] as const)('that fails is trouble, noted and warned of: %s', async (reason, trouble) => {
    const judgeByReading = createJudgeByReading(portsOf([], failed(reason)));
    expect(await judgeByReading(id, () => 'untouched' as const, notes, deadlineMs)).toBe(trouble);
    expect(notes.readings).toEqual([trouble]);
    expect(warnings).toHaveLength(1);
  });
});
