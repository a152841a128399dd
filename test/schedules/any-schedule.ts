/**
 * Schedules made up by chance: calls, those who are rung, deliveries of all sorts, how often and how late they come, what
 * requests take, and what becomes of them. The same seed makes the same ones.
 */
import fc from 'fast-check';
import type { AircallTeamId } from '../../lib/core/model.ts';
import { defaultPolicy, type Policy } from '../../lib/core/policy.ts';
import type { Habit } from './aircall.ts';
import type { Fate } from './mortal.ts';
import { latestTransferMs } from './scenarios.ts';
import type { AgentFacts, Happening, Post, WorldFacts } from './world.ts';

/** Facts that can be written down. */
export type Schedule = Omit<WorldFacts, 'fatesOf' | 'policy' | 'latestTransferMs'> & {
  readonly policy: {
    readonly ringSeconds: number;
    readonly whenPresenceUnknown: Policy['whenPresenceUnknown'];
    readonly hasTeam: boolean;
  };
  readonly fates: readonly { readonly invocation: number; readonly fate: Fate }[];
};

export function toFacts({ policy, fates, ...facts }: Schedule): WorldFacts {
  const { hasTeam, ...settings } = policy;
  const team = { team: 7 as AircallTeamId };
  return {
    ...facts,
    policy: {
      ...defaultPolicy,
      ...settings,
      insightCard: {},
      rules: [
        { name: 'everyone', targets: hasTeam ? ['assigned', 'backups', team] : ['assigned', 'backups'] },
      ],
    },
    // What clocks differ by brings the lapse so much nearer.
    latestTransferMs: latestTransferMs - (Math.max(0, ...facts.skews) - Math.min(0, ...facts.skews)),
    fatesOf: (invocation) => fates.flatMap((one) => (one.invocation === invocation ? [one.fate] : [])),
  };
}

/** Around the first 4 s of a call, the lapse of a claim, a call's old age, and the last that Aircall retries. */
const anyTimeMs = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(0, 1, 4, 30, 500, 2000, 3900) },
  { weight: 4, arbitrary: fc.constantFrom(4100, 6000, 9990, 10_010, 10_600, 12_000, 14_000, 20_500) },
  { weight: 1, arbitrary: fc.constantFrom(28_000, 31_000, 12 * 3_600_000) },
);
/** Mostly as it should be. */
const anyStorePace = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(1, 5, 6, 40) },
  { weight: 1, arbitrary: fc.constantFrom(700, 1300) },
);
const anyAircallPace = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(4, 80, 81, 300) },
  { weight: 1, arbitrary: fc.constantFrom(600, 1500, 2700) },
);
const anyLatenessMs = fc.constantFrom(0, 40, 900, 2600, 6500, 12_000);

const anyHabit: fc.Arbitrary<Habit> = fc.record({
  does: fc.constantFrom('declines', 'answers', 'ignores', 'fails', 'declines'),
  afterMs: fc.constantFrom(0, 1, 30, 700, 3000, 9000),
});
const anyPresence = fc.constantFrom('available', 'available', 'in_call', 'offline');
const anyAgent: fc.Arbitrary<AgentFacts> = fc.record({
  known: fc.constantFrom('available', 'available', 'available', 'unheard', 'unstored', 'in_call'),
  actually: anyPresence,
  takesTransfers: fc.constantFrom(true, true, true, false),
  whenRung: anyHabit,
});

const anyPost: fc.Arbitrary<Post> = fc.record({
  delayMs: fc.constantFrom(0, 1, 200, 2000, 9_000, 60_000, 12 * 3_600_000),
  copies: fc.constantFrom(1, 1, 1, 2, 3, 0),
});

const at = fc.integer({ min: 1, max: 11 });
const anyFate: fc.Arbitrary<Fate> = fc.oneof(
  fc.record({ kind: fc.constant('dies-before'), at }),
  fc.record({ kind: fc.constant('dies-after'), at }),
  fc.record({ kind: fc.constant('dies-while'), at, lateMs: anyLatenessMs }),
  fc.record({ kind: fc.constant('answer-lost'), at, isDone: fc.boolean() }),
  fc.record({ kind: fc.constant('no-answer'), at, lateMs: anyLatenessMs }),
  fc.record({ kind: fc.constant('sent-twice'), at }),
);

const call = fc.nat(1);
const anyDelivery: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom('announced', 'announced', 'announced', 'asked'),
  call,
  atMs: anyTimeMs,
});
const anyOther: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('answered-in-distribution', 'hung-up', 'switched-off'),
    call,
    atMs: anyTimeMs,
  }),
  fc.record({
    kind: fc.constant('declined-in-distribution'),
    call,
    agent: fc.nat(2),
    atMs: anyTimeMs,
  }),
);

const threeOf = (pace: fc.Arbitrary<number>) => fc.tuple(pace, pace, pace);

export const anySchedule: fc.Arbitrary<Schedule> = fc
  .record({
    policy: fc.record({
      ringSeconds: fc.constantFrom(12, 12, 25, 0),
      whenPresenceUnknown: fc.constantFrom('ask', 'ask', 'go', 'skip'),
      hasTeam: fc.boolean(),
    }),
    agents: fc.array(anyAgent, { minLength: 1, maxLength: 3 }),
    calls: fc.array(fc.constantFrom(0, 3, 400), { minLength: 1, maxLength: 2 }),
    deliveries: fc.array(anyDelivery, { minLength: 2, maxLength: 6 }),
    others: fc.array(anyOther, { maxLength: 3 }),
    fates: fc.array(fc.record({ invocation: fc.constantFrom(0, 0, 1, 1, 2, 3, 4, 5), fate: anyFate }), {
      maxLength: 4,
    }),
    againAfterMs: fc.array(fc.constantFrom(100, 3000, 9_900, 10_200, 30_000), { maxLength: 2 }),
    skews: fc.array(fc.constantFrom(0, 900, 1500, -1400), { maxLength: 3 }),
    storePaces: threeOf(anyStorePace),
    aircallPaces: threeOf(anyAircallPace),
    posts: fc.array(anyPost, { maxLength: 4 }),
    timerPosts: fc.array(anyPost, { maxLength: 3 }),
    showsTransferredAsAnswered: fc.boolean(),
    areWarm: fc.boolean(),
  })
  .map(({ deliveries, others, ...schedule }) => ({
    ...schedule,
    // Of calls and agents that there are.
    happenings: [...deliveries, ...others].filter(
      (happening) =>
        happening.call < schedule.calls.length &&
        !(happening.kind === 'declined-in-distribution' && happening.agent >= schedule.agents.length),
    ),
  }));
