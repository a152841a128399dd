import { describe, expect, it } from 'vitest';
import { type AgentRules, judgeAgent } from '../../lib/core/judge-agent.ts';
import type { Agent } from '../../lib/core/model.ts';
import type { Presence } from '../../lib/core/presence.ts';
import { callId, email, t0, userId } from '../builders.ts';

const rules: AgentRules = { routeToAgentIn: ['available'], presenceTrustedForMs: 600_000 };
const call = callId('812000001');

const known = (presence: Presence, knownAtMs = t0) =>
  ({ presence, sinceMs: t0 - 60_000, knownAtMs, source: 'event' }) as const;

const jane: Agent = {
  email: email('jane@example.com'),
  aircallUserId: userId(456),
  checkedAtMs: t0,
  presence: known('available'),
};
const { aircallUserId: _, ...stranger } = jane;
const { presence: __, ...unheard } = jane;
const heldUntil = (untilMs: number, id = '812000002'): Agent => ({
  ...jane,
  hold: { callId: callId(id), untilMs },
});

describe('an agent may be rung', () => {
  it('who is on Aircall, available and not held', () => {
    expect(judgeAgent(jane, rules, t0, call)).toBe('go');
  });

  it('whose hold for another call is over', () => {
    expect(judgeAgent(heldUntil(t0), rules, t0, call)).toBe('go');
    expect(judgeAgent(heldUntil(t0 + 1), rules, t0, call)).toBe('agent-reserved');
  });

  it('who is held for this very call', () => {
    expect(judgeAgent(heldUntil(t0 + 20_000, '812000001'), rules, t0, call)).toBe('go');
  });

  it('up to the end of the time that their presence is trusted', () => {
    expect(judgeAgent(jane, rules, t0 + 600_000, call)).toBe('go');
    expect(judgeAgent(jane, rules, t0 + 600_001, call)).toBe('presence-unknown');
  });

  it('although our clock is behind that of the news', () => {
    expect(judgeAgent(jane, rules, t0 - 300_000, call)).toBe('go');
  });

  it('in an unknown presence, where the rules allow it', () => {
    const brave = { ...rules, isUnknownAllowed: true };
    expect(judgeAgent(unheard, brave, t0, call)).toBe('go');
    expect(judgeAgent({ ...jane, presence: known('offline') }, brave, t0 + 600_001, call)).toBe('go');
    expect(judgeAgent({ ...jane, presence: known('offline') }, brave, t0, call)).toBe('agent-offline');
  });
});

describe('an agent is passed over', () => {
  it.each<[string, Agent, AgentRules]>([
    ['agent-not-on-aircall', stranger, rules],
    ['agent-reserved', heldUntil(t0 + 20_000), rules],
    ['presence-unknown', unheard, rules],
    ['presence-unknown', unheard, { ...rules, isUnknownAllowed: false }],
    ['agent-in-call', { ...jane, presence: known('in_call') }, rules],
    ['agent-after-call-work', { ...jane, presence: known('after_call_work') }, rules],
    ['agent-do-not-disturb', { ...jane, presence: known('do_not_disturb') }, rules],
    ['agent-offline', { ...jane, presence: known('offline') }, rules],
    ['agent-available', jane, { ...rules, routeToAgentIn: ['after_call_work', 'in_call'] }],
  ])('%s', (because, agent, someRules) => {
    expect(judgeAgent(agent, someRules, t0, call)).toBe(because);
  });

  it.each<[string, Agent]>([
    ['agent-not-on-aircall', { ...stranger, hold: { callId: callId('812000002'), untilMs: t0 + 1 } }],
    ['agent-reserved', { ...unheard, hold: { callId: callId('812000002'), untilMs: t0 + 1 } }],
    ['presence-unknown', { ...jane, presence: known('offline', t0 - 600_001) }],
  ])('for the first of several reasons: %s', (because, agent) => {
    expect(judgeAgent(agent, rules, t0, call)).toBe(because);
  });
});
