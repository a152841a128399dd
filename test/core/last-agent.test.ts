import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Conversation,
  judgeConversation,
  type LastConversation,
  recallLastAgent,
  rememberUntilMs,
} from '../../lib/core/last-agent.ts';
import type { LastAgentSettings } from '../../lib/core/policy.ts';
import { email, phone, t0, userId } from '../builders.ts';

const settings: LastAgentSettings = { minTalkSeconds: 30, lookbackDays: 30, includeOutbound: false };
const thirtyDaysMs = 2_592_000_000;
const conversation: Conversation = {
  phone: phone('+12025550133'),
  aircallUserId: userId(457),
  direction: 'inbound',
  answeredAtMs: t0 - 30_000,
  endedAtMs: t0,
};

describe('a conversation', () => {
  it.each<{
    says: string;
    talk?: Partial<Conversation>;
    by?: Partial<LastAgentSettings>;
    laterMs?: number;
    verdict: string;
  }>([
    { says: 'of exactly the time asked for counts', verdict: 'counts' },
    { says: 'a millisecond shorter does not', talk: { answeredAtMs: t0 - 29_999 }, verdict: 'too-short' },
    { says: 'is long enough by another policy', by: { minTalkSeconds: 31 }, verdict: 'too-short' },
    {
      says: 'that an agent began does not',
      talk: { direction: 'outbound' },
      verdict: 'outbound-conversation',
    },
    {
      says: 'that an agent began counts where the policy says so',
      talk: { direction: 'outbound' },
      by: { includeOutbound: true },
      verdict: 'counts',
    },
    {
      says: 'that an agent began has to be as long',
      talk: { direction: 'outbound', answeredAtMs: t0 - 1 },
      by: { includeOutbound: true },
      verdict: 'too-short',
    },
    { says: 'counts until its days are over', laterMs: thirtyDaysMs - 1, verdict: 'counts' },
    { says: 'does not count when they are', laterMs: thirtyDaysMs, verdict: 'too-old' },
    {
      says: 'counts for as long as the policy says',
      by: { lookbackDays: 31 },
      laterMs: thirtyDaysMs,
      verdict: 'counts',
    },
    { says: 'that ended after now, by our clock, counts', laterMs: -1000, verdict: 'counts' },
  ])('$says', ({ talk, by, laterMs = 0, verdict }) => {
    expect(judgeConversation({ ...conversation, ...talk }, { ...settings, ...by }, t0 + laterMs)).toBe(
      verdict,
    );
  });

  it('is forgotten its days after it ended', () => {
    expect(rememberUntilMs(1763851200000, settings)).toBe(1766443200000);
  });
});

describe('the last agent of a caller', () => {
  const last: LastConversation = {
    email: email('jan@example.com'),
    aircallUserId: userId(457),
    direction: 'inbound',
    answeredAtMs: t0 - 60_000,
    endedAtMs: t0,
  };

  it('is whoever had the conversation that is remembered', () => {
    expect(recallLastAgent(last, settings, t0 + 1000)).toBe('jan@example.com');
  });

  it('is nobody where none is remembered', () => {
    expect(recallLastAgent(undefined, settings, t0)).toBeUndefined();
  });

  it.each<{ says: string; by?: Partial<LastAgentSettings>; laterMs?: number }>([
    { says: 'the store has not deleted what is too old', laterMs: thirtyDaysMs },
    { says: 'the policy now remembers for a day only', by: { lookbackDays: 1 }, laterMs: 86_400_000 },
    { says: 'the policy now asks for more than it was', by: { minTalkSeconds: 61 } },
  ])('is nobody where $says', ({ by, laterMs = 0 }) => {
    expect(recallLastAgent(last, { ...settings, ...by }, t0 + laterMs)).toBeUndefined();
  });

  it('of a call that an agent made is nobody once those do not count any more', () => {
    const outbound = { ...last, direction: 'outbound' } as const;
    expect(recallLastAgent(outbound, { ...settings, includeOutbound: true }, t0)).toBe('jan@example.com');
    expect(recallLastAgent(outbound, settings, t0)).toBeUndefined();
  });

  it('is recalled exactly as long as the conversation counts', () => {
    const someSettings = fc.record({
      minTalkSeconds: fc.integer({ min: 1, max: 3600 }),
      lookbackDays: fc.integer({ min: 1, max: 365 }),
      includeOutbound: fc.boolean(),
    });
    const direction = fc.constantFrom('inbound' as const, 'outbound' as const);
    fc.assert(
      fc.property(
        someSettings,
        direction,
        fc.nat(7_200_000),
        fc.nat(40_000_000_000),
        (by, way, talkMs, ageMs) => {
          const talk = { ...last, direction: way, answeredAtMs: t0 - talkMs };
          const counts = judgeConversation(talk, by, t0 + ageMs) === 'counts';
          expect(recallLastAgent(talk, by, t0 + ageMs)).toBe(counts ? 'jan@example.com' : undefined);
        },
      ),
    );
  });
});
