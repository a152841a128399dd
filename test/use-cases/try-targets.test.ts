import { beforeEach, describe, expect, it } from 'vitest';
import type { AircallTeamId, Decision, Refusal, Target, TransferTarget } from '../../lib/core/model.ts';
import { defaultPolicy, type Policy } from '../../lib/core/policy.ts';
import type { ConsiderAgent } from '../../lib/use-cases/consider-agent.ts';
import { type Notes, startNotes } from '../../lib/use-cases/notes.ts';
import { createTryTargets } from '../../lib/use-cases/try-targets.ts';
import { callId, createClock, email, phone, t0, userId } from '../builders.ts';

const jane = { kind: 'agent', email: email('jane@example.com'), because: 'assigned-agent' } as const;
const jan = { kind: 'agent', email: email('jan@example.com'), because: 'backup' } as const;
const toTeam = { kind: 'team', teamId: 7 as AircallTeamId, strategy: 'longest_idle' } as const;
const team = { ...toTeam, because: 'policy-team' } as const;
const toNumber = { kind: 'number', phone: phone('+33199000042') } as const;
const number = { ...toNumber, because: 'policy-number' } as const;
const to456 = { kind: 'agent', aircallUserId: userId(456) } as const;
const to457 = { kind: 'agent', aircallUserId: userId(457) } as const;

const deadlineMs = t0 + 3_400;
const routed: Decision = { outcome: 'routed', to: to456, because: 'assigned-agent' };
const policy: Policy = { ...defaultPolicy, reserveSeconds: 21 };

let clock: ReturnType<typeof createClock>;
let notes: Notes;
/** Who was looked at, and whom the call was offered to. */
let looked: unknown[];
let offered: unknown[];

beforeEach(() => {
  clock = createClock();
  notes = startNotes(t0);
  looked = [];
  offered = [];
});

/** Everyone is free, and takes 40 ms to be held. */
const everyoneIsFree: ConsiderAgent = async (target, id, givenPolicy, boundMs) => {
  clock.advance(40);
  looked.push([target.email, id, givenPolicy.reserveSeconds, boundMs - t0]);
  return { considered: { target, verdict: 'go' }, to: target.email === jane.email ? to456 : to457 };
};
const busy: ConsiderAgent = async (target) => ({ considered: { target, verdict: 'agent-in-call' } });

/** @param answers to each offer in turn */
function tryAll(
  targets: readonly Target[],
  answers: readonly (Decision | 'refused')[] = [routed],
  { considerAgent = everyoneIsFree, refusals = [] as readonly Refusal[] } = {},
) {
  const left = [...answers];
  const giveCall = async (target: Target, to: TransferTarget) => {
    offered.push([target, to]);
    return left.shift() ?? routed;
  };
  const tryTargets = createTryTargets({ considerAgent, now: clock.now }, { transferNeedsMs: 300 });
  const trial = { callId: callId('812000001'), policy, refusals };
  return tryTargets(targets, trial, giveCall, notes, deadlineMs);
}

describe('the first who may be rung', () => {
  it('is given the call, and nobody behind is looked at', async () => {
    expect(await tryAll([jane, jan, team])).toBe(routed);
    expect(looked).toEqual([['jane@example.com', '812000001', 21, 3400]]);
    expect(offered).toEqual([[jane, to456]]);
    expect(notes.considered).toEqual([{ target: jane, verdict: 'go' }]);
    expect(notes.timings).toEqual({ resolvedMs: 40 });
  });

  it('may be a team or a number, which nobody need be asked about', async () => {
    await tryAll([team]);
    await tryAll([number]);
    expect(offered).toEqual([
      [team, toTeam],
      [number, toNumber],
    ]);
    expect(looked).toEqual([]);
    expect(notes.considered).toEqual([
      { target: team, verdict: 'go' },
      { target: number, verdict: 'go' },
    ]);
  });

  it('comes behind those who may not, who are noted down', async () => {
    await tryAll([jane, jan, team], [routed], { considerAgent: busy });
    expect(offered).toEqual([[team, toTeam]]);
    expect(notes.considered.map(({ verdict }) => verdict)).toEqual(['agent-in-call', 'agent-in-call', 'go']);
  });
});

describe('one who refuses', () => {
  it('is followed by the next', async () => {
    expect(await tryAll([jane, jan, team], ['refused', 'refused', routed])).toBe(routed);
    expect(offered).toEqual([
      [jane, to456],
      [jan, to457],
      [team, toTeam],
    ]);
  });

  it('is followed by nobody where the decision is another one', async () => {
    const doubt: Decision = { outcome: 'in-doubt', because: 'call-touched' };
    expect(await tryAll([jane, jan], [doubt])).toBe(doubt);
    expect(offered).toHaveLength(1);
  });

  it('is the reason to leave the call, where nobody else is left', async () => {
    notes.attempts.push({ to: to456, answer: 'refused', tookMs: 80 });
    expect(await tryAll([jane], ['refused'])).toEqual({ outcome: 'left', because: 'transfer-refused' });
  });
});

describe('one who would not take this call', () => {
  it('is passed over, held as they are', async () => {
    const refusals = [{ because: 'agent-declined', by: userId(456) } as const];
    expect(await tryAll([jane, jan], [routed], { refusals })).toBe(routed);
    expect(offered).toEqual([[jan, to457]]);
    expect(notes.considered).toEqual([
      { target: jane, verdict: 'call-refused' },
      { target: jan, verdict: 'go' },
    ]);
  });

  it('is not who was named for a transfer to their team that failed', async () => {
    const refusals = [{ because: 'transfer-failed', by: userId(456) } as const];
    await tryAll([jane], [routed], { refusals });
    expect(notes.considered).toEqual([{ target: jane, verdict: 'go' }]);
  });

  it('stays passed over for what they are doing, where they could not be rung anyway', async () => {
    const refusals = [{ because: 'agent-declined', by: userId(456) } as const];
    await tryAll([jane], [], { considerAgent: busy, refusals });
    expect(notes.considered).toEqual([{ target: jane, verdict: 'agent-in-call' }]);
  });

  it('is no reason to pass over a team: its others may take it', async () => {
    await tryAll([team], [routed], { refusals: [{ because: 'transfer-failed', by: userId(456) }] });
    expect(offered).toEqual([[team, toTeam]]);
  });
});

describe('nobody', () => {
  it('is rung where nobody is named, or nobody may be', async () => {
    const nobody = { outcome: 'left', because: 'no-target-available' };
    expect(await tryAll([])).toEqual(nobody);
    expect(await tryAll([jane, jan], [], { considerAgent: busy })).toEqual(nobody);
    expect(offered).toEqual([]);
  });

  it('is rung for trouble, where there was some', async () => {
    const considerAgent: ConsiderAgent = async (target) => ({
      considered: { target, verdict: 'rate-limited' },
    });
    expect(await tryAll([jane], [], { considerAgent })).toEqual({ outcome: 'left', because: 'rate-limited' });
  });

  it('is looked at once too little time is left to transfer', async () => {
    clock.advance(3_101);
    expect(await tryAll([jane, team])).toEqual({ outcome: 'left', because: 'out-of-time' });
    expect([looked, offered, notes.considered]).toEqual([[], [], []]);
  });

  it('is looked at behind one who took too long to be looked at', async () => {
    const considerAgent: ConsiderAgent = async (...given) => {
      clock.advance(3_101);
      return busy(...given);
    };
    expect(await tryAll([jane, team], [], { considerAgent })).toEqual({
      outcome: 'left',
      because: 'out-of-time',
    });
    expect(offered).toEqual([]);
  });

  it('but the last one is, with just enough time', async () => {
    clock.advance(3_100);
    expect(await tryAll([team])).toBe(routed);
  });
});
