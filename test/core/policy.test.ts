import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../lib/core/parse-policy.ts';
import { defaultPolicy } from '../../lib/core/policy.ts';

describe('the policy of an account that has none', () => {
  it('rings the assigned agent, then their backups, and leaves every other call', () => {
    expect(defaultPolicy).toEqual({
      enabled: true,
      routeToAgentIn: ['available'],
      whenPresenceUnknown: 'ask',
      presenceTrustedForSeconds: 600,
      reserveSeconds: 20,
      staleAfterSeconds: 30,
      ringSeconds: 25,
      lastAgent: { minTalkSeconds: 30, lookbackDays: 30, includeOutbound: false },
      insightCard: false,
      assignOwners: false,
      zone: 'UTC',
      rules: [{ name: 'everyone', targets: ['assigned', 'backups', 'leave'] }],
    });
  });

  it('is one that an operator could have written', () => {
    expect(parsePolicy(defaultPolicy)).toEqual({ ok: true, value: defaultPolicy });
  });
});
