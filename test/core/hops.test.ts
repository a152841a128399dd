import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecidedCall,
  findRefusal,
  findRinging,
  findRungInVain,
  findUntried,
  mostHops,
} from '../../lib/core/hops.ts';
import type {
  AircallTeamId,
  CallNews,
  Considered,
  HopCause,
  Refusal,
  SkipReason,
  Target,
  TransferAttempt,
  TransferTarget,
} from '../../lib/core/model.ts';
import { skipTexts } from '../../lib/core/reason-texts.ts';
import { decidedCall, email, hopRecord, nothingTold, phone, routedRecord, userId } from '../builders.ts';

const jane = { kind: 'agent', email: email('jane@example.com'), because: 'assigned-agent' } as const;
const jan = { kind: 'agent', email: email('jan@example.com'), because: 'backup' } as const;
const team = { kind: 'team', teamId: 7 as AircallTeamId, because: 'policy-team' } as const;
const number = { kind: 'number', phone: phone('+33199000042'), because: 'policy-number' } as const;
const to456 = { kind: 'agent', aircallUserId: userId(456) } as const;
const to457 = { kind: 'agent', aircallUserId: userId(457) } as const;
const toTeam = { kind: 'team', teamId: 7 as AircallTeamId } as const;
const toNumber = { kind: 'number', phone: phone('+33199000042') } as const;

const attempt = (to: TransferTarget, answer: TransferAttempt['answer'] = 'accepted'): TransferAttempt => ({
  to,
  answer,
  tookMs: 80,
});
const looked = (target: Target, verdict: Considered['verdict'] = 'go'): Considered => ({ target, verdict });
const declined = (by: number): Refusal => ({ because: 'agent-declined', by: userId(by) });
const failed = (by: number): Refusal => ({ because: 'transfer-failed', by: userId(by) });
const told = (changes: Partial<CallNews>): CallNews => ({ ...nothingTold, ...changes });

/** A call that was given to someone, and rings there. */
const ringing = (to: TransferTarget, changes: Partial<DecidedCall> = {}): DecidedCall =>
  decidedCall({
    record: routedRecord({
      decision: { outcome: 'routed', to, because: 'assigned-agent' },
      attempts: [attempt(to)],
    }),
    ...changes,
  });
const janesThenJans = ringing(to456, { hops: [hopRecord()], hopsBegun: 1 });

describe('who a call rings', () => {
  it('is whom it was given to', () => {
    expect(findRinging(ringing(to456))).toEqual({ hop: 0, to: to456 });
    expect(findRinging(ringing(toTeam))).toEqual({ hop: 0, to: toTeam });
    expect(findRinging(ringing(toNumber))).toEqual({ hop: 0, to: toNumber });
  });

  it('is whom it was given to last', () => {
    expect(findRinging(janesThenJans)).toEqual({ hop: 1, to: to457 });
    const onward = hopRecord({
      hop: 2,
      decision: { outcome: 'routed', to: toTeam, because: 'policy-team' },
    });
    const call = ringing(to456, { hops: [hopRecord(), onward], hopsBegun: 2 });
    expect(findRinging(call)).toEqual({ hop: 2, to: toTeam });
  });

  it('is in doubt whom a transfer was last sent for', () => {
    const doubt = { outcome: 'in-doubt', because: 'call-touched' } as const;
    const attempts = [attempt(to456, 'refused'), attempt(to457, 'lost-answer')];
    const record = routedRecord({ decision: doubt, attempts });
    expect(findRinging(decidedCall({ record }))).toEqual({ hop: 0, to: to457 });
    const hops = [hopRecord({ decision: doubt, attempts: [attempt(toTeam, 'no-answer')] })];
    expect(findRinging(ringing(to456, { hops, hopsBegun: 1 }))).toEqual({ hop: 1, to: toTeam });
  });

  it('is nobody of ours where no transfer was sent, or none was carried out', () => {
    const attempts = [attempt(to456, 'refused')];
    const nobody = [
      routedRecord({ decision: { outcome: 'in-doubt', because: 'call-touched' } }),
      routedRecord({ decision: { outcome: 'left', because: 'unknown-caller' } }),
      routedRecord({ decision: { outcome: 'left', because: 'transfer-refused' }, attempts }),
      routedRecord({ decision: { outcome: 'duplicate' }, attempts }),
    ];
    for (const record of nobody) expect(findRinging(decidedCall({ record }))).toBeUndefined();
  });

  it('is whom it was given to before a hop that led nowhere', () => {
    const hops = [
      hopRecord({
        decision: { outcome: 'left', because: 'no-target-available' },
        attempts: [attempt(to456, 'refused')],
      }),
    ];
    expect(findRinging(ringing(to456, { hops, hopsBegun: 1 }))).toEqual({ hop: 1, to: to456 });
  });

  it.each(['call-answered', 'call-over'] as const)('is nobody once a hop found it so: %s', (because) => {
    const hops = [hopRecord({ decision: { outcome: 'left', because } })];
    expect(findRinging(ringing(to456, { hops, hopsBegun: 1 }))).toBeUndefined();
  });

  it('goes on once for each reason, in whatever order they are told again', () => {
    const decision = { outcome: 'left', because: 'no-target-available' } as const;
    const after = [
      [],
      ['agent-declined'],
      ['transfer-failed'],
      ['agent-declined', 'transfer-failed'],
    ] as const;
    const refusals = [declined(456), failed(456)];
    const causes = [refusals, refusals.toReversed()].map((told_) =>
      after.map((hopCauses) =>
        findRefusal(
          ringing(to456, {
            hops: hopCauses.map((cause, index) => hopRecord({ hop: index + 1, cause, decision })),
            hopsBegun: hopCauses.length,
            news: told({ refusals: told_ }),
          }),
        ),
      ),
    );
    expect(causes).toEqual([
      ['agent-declined', 'transfer-failed', 'agent-declined', undefined],
      ['transfer-failed', 'transfer-failed', 'agent-declined', undefined],
    ]);
  });

  it('goes on anew from whoever it was given to since', () => {
    const given = ringing(to456, {
      hops: [hopRecord({ hop: 1, cause: 'agent-declined' })],
      hopsBegun: 1,
      news: told({ refusals: [declined(456), declined(457)] }),
    });
    expect(findRefusal(given)).toBe('agent-declined');
  });

  it('will not take it a second time for the same reason, though nobody else was found the first time', () => {
    const decision = { outcome: 'left', because: 'no-target-available' } as const;
    const refusalAfter = (cause: HopCause) =>
      findRefusal(
        ringing(to456, {
          hops: [hopRecord({ cause, decision })],
          hopsBegun: 1,
          news: told({ refusals: [{ because: 'agent-declined', by: userId(456) }] }),
        }),
      );
    expect(refusalAfter('agent-declined')).toBeUndefined();
    expect(refusalAfter('ring-timeout')).toBe('agent-declined');
  });

  it.each(['isAnswered', 'isOver'] as const)('is nobody once %s was told', (news) => {
    expect(findRinging({ ...janesThenJans, news: told({ [news]: true }) })).toBeUndefined();
  });

  it('is not known while a hop is under way, or where one died', () => {
    expect(findRinging(ringing(to456, { hopsBegun: 1 }))).toBeUndefined();
    expect(findRinging({ ...janesThenJans, hopsBegun: 2 })).toBeUndefined();
  });

  it('is not ours to say where the call flow asked', () => {
    const { record } = ringing(to456);
    expect(findRinging(decidedCall({ record: { ...record, door: 'ring-to' } }))).toBeUndefined();
  });
});

describe('a call has to go on', () => {
  it.each([
    ['agent-declined', declined(456)],
    ['transfer-failed', failed(456)],
  ] as const)('from an agent who will not take it: %s', (because, refusal) => {
    expect(findRefusal(ringing(to456, { news: told({ refusals: [refusal] }) }))).toBe(because);
  });

  it('for what was told first of whom it rings, whatever was told of others', () => {
    const refusals = [declined(457), failed(456), declined(456)];
    expect(findRefusal(ringing(to456, { news: told({ refusals }) }))).toBe('transfer-failed');
  });

  it.each([
    ['nobody refused', ringing(to456)],
    ['someone else declined', ringing(to456, { news: told({ refusals: [declined(457)] }) })],
    ['the one before declined', { ...janesThenJans, news: told({ refusals: [declined(456)] }) }],
    ['it was answered', ringing(to456, { news: told({ refusals: [declined(456)], isAnswered: true }) })],
    ['it is over', ringing(to456, { news: told({ refusals: [declined(456)], isOver: true }) })],
    ['it is going on', ringing(to456, { news: told({ refusals: [declined(456)] }), hopsBegun: 1 })],
    ['one of a team declined', ringing(toTeam, { news: told({ refusals: [declined(456)] }) })],
    ['a number was rung', ringing(toNumber, { news: told({ refusals: [declined(456), failed(456)] }) })],
  ])('but not where %s', (_, call) => {
    expect(findRefusal(call)).toBeUndefined();
  });

  it('from a team whose transfer failed, which names one of its users', () => {
    expect(findRefusal(ringing(toTeam, { news: told({ refusals: [failed(459)] }) }))).toBe('transfer-failed');
  });

  it('but not from a team where the failed transfer was that to an agent before it', () => {
    const toTeamNext = hopRecord({
      decision: { outcome: 'routed', to: toTeam, because: 'policy-team' },
      attempts: [attempt(to457, 'refused'), attempt(toTeam)],
    });
    const call = (by: number) =>
      ringing(to456, { hops: [toTeamNext], hopsBegun: 1, news: told({ refusals: [failed(by)] }) });
    expect(findRefusal(call(456))).toBeUndefined();
    expect(findRefusal(call(457))).toBeUndefined();
    expect(findRefusal(call(458))).toBe('transfer-failed');
  });
});

describe('who is left of the plan', () => {
  const plan = [jane, jan, team, number];
  const planned = (considered: readonly Considered[], hops: DecidedCall['hops'] = []) => ({
    record: routedRecord({ plan, considered }),
    hops,
  });

  it('is everyone, in order, while nobody was tried', () => {
    expect(findUntried(planned([]))).toEqual([jane, jan, team, number]);
    expect(findUntried({ record: routedRecord(), hops: [] })).toEqual([]);
  });

  it.each([jane, jan, team, number])('is not one who could be rung: $kind', (target) => {
    expect(findUntried(planned([looked(target)]))).toEqual(plan.filter((one) => one !== target));
  });

  it('is nobody who was tried in a hop', () => {
    const hops = [hopRecord({ considered: [looked(jan)] }), hopRecord({ considered: [looked(team)] })];
    expect(findUntried(planned([looked(jane)], hops))).toEqual([number]);
  });

  it('is nobody who would not take this very call', () => {
    expect(findUntried(planned([looked(jane, 'call-refused')]))).toEqual([jan, team, number]);
  });

  const others = (Object.keys(skipTexts) as SkipReason[]).filter((reason) => reason !== 'call-refused');
  it.each(others)('may be one who was passed over before: %s', (verdict) => {
    expect(findUntried(planned([looked(jane, verdict), looked(jan)]))).toEqual([jane, team, number]);
  });

  it('is nobody twice, whatever named them, and a team whatever its strategy', () => {
    const twice: readonly Target[] = [
      jane,
      { ...jane, because: 'policy-agent' },
      team,
      { ...team, strategy: 'longest_idle' },
      { ...team, teamId: 8 as AircallTeamId },
      { ...number, phone: phone('+33199000043') },
    ];
    const record = routedRecord({ plan: twice, considered: [looked(jane), looked(team), looked(number)] });
    expect(findUntried({ record, hops: [] })).toEqual(twice.slice(4));
  });

  it('becomes fewer with every hop, and keeps the order of the plan', () => {
    const target = fc.constantFrom<Target>(jane, jan, team, number);
    const verdict = fc.constantFrom<Considered['verdict']>('go', 'call-refused', 'agent-in-call');
    const considered = fc.array(fc.record({ target, verdict }), { maxLength: 4 });
    fc.assert(
      fc.property(considered, fc.array(considered, { maxLength: 4 }), (first, later) => {
        const hops = later.map((one) => hopRecord({ considered: one }));
        const untried = findUntried(planned(first, hops));
        expect(untried).toEqual(plan.filter((one) => untried.includes(one)));
        for (const one of untried) expect(findUntried(planned(first, hops.slice(0, -1)))).toContain(one);
        const last = hops.at(-1)?.considered ?? first;
        for (const one of last) if (one.verdict === 'go') expect(untried).not.toContain(one.target);
      }),
    );
  });
});

describe('who was rung in vain', () => {
  it('is nobody where the call rang nobody before', () => {
    const record = routedRecord({ decision: { outcome: 'left', because: 'no-target-available' } });
    expect(findRungInVain({ record, hops: [hopRecord({ considered: [looked(jan)] })] })).toEqual([]);
  });

  const rung = (...targets: Target[]) => routedRecord({ considered: targets.map((one) => looked(one)) });

  it('is nobody before the first hop', () => {
    expect(findRungInVain({ record: rung(jane), hops: [] })).toEqual([]);
  });

  it.each([
    ['agent-declined', 'declined'],
    ['transfer-failed', 'not-answered'],
    ['ring-timeout', 'not-answered'],
  ] as const)('is whom the call rang before it went on, after %s: %s', (cause, because) => {
    const record = rung(jane);
    const hops = [hopRecord({ cause, considered: [looked(jan)] })];
    expect(findRungInVain({ record, hops })).toEqual([{ email: 'jane@example.com', because }]);
  });

  it('is each of several in their order, none who was only looked at, and no team and no number', () => {
    const record = routedRecord({ considered: [looked(jan, 'agent-in-call'), looked(team), looked(jane)] });
    const hops = [
      hopRecord({ considered: [looked(team), looked(jan), looked(jane, 'call-refused')] }),
      hopRecord({ hop: 2, cause: 'ring-timeout', considered: [looked(team)] }),
      hopRecord({ hop: 3, considered: [looked(number)] }),
      hopRecord({ hop: 4, considered: [] }),
      hopRecord({ hop: 5, considered: [looked(jane)] }),
    ];
    expect(findRungInVain({ record, hops })).toEqual([
      { email: 'jane@example.com', because: 'declined' },
      { email: 'jan@example.com', because: 'not-answered' },
    ]);
  });
});

it('a call is given on six times at most', () => {
  expect(mostHops).toBe(6);
});
