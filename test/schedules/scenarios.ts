/**
 * Calls as they come, one of each kind: what the router is to make of them is told by the transfers that an unharmed run sends.
 */
import type { AircallTeamId } from '../../lib/core/model.ts';
import { defaultPolicy, type Policy } from '../../lib/core/policy.ts';
import type { Habit } from './aircall.ts';
import type { Fate } from './mortal.ts';
import type { AgentFacts, Happening, WorldFacts } from './world.ts';

export type Scenario = {
  readonly name: string;
  readonly facts: WorldFacts;
  /** Whom an unharmed run brings the calls to, in order. */
  readonly rings: readonly (number | 'team')[];
};

/** Under which an invocation asks every port. */
const policy: Policy = { ...defaultPolicy, ringSeconds: 12, insightCard: {} };
const withTeam: Policy = {
  ...policy,
  rules: [{ name: 'everyone', targets: ['assigned', 'backups', { team: 7 as AircallTeamId }] }],
};

const answers: Habit = { does: 'answers', afterMs: 3000 };
const declines: Habit = { does: 'declines', afterMs: 2000 };
const ignores: Habit = { does: 'ignores', afterMs: 0 };

/**
 * A transfer that is carried out as late as this is so before the claim lapses: it was sent in the first 3.1 s of an
 * invocation.
 */
export const latestTransferMs = 6500;

function agent(whenRung: Habit, changes: Partial<AgentFacts> = {}): AgentFacts {
  return { known: 'available', actually: 'available', takesTransfers: true, whenRung, ...changes };
}

const announced: Happening = { kind: 'announced', call: 0, atMs: 500 };

function facts(changes: Partial<WorldFacts>): WorldFacts {
  return {
    policy,
    agents: [agent(answers)],
    calls: [0],
    happenings: [announced],
    fatesOf: () => [],
    againAfterMs: [],
    skews: [],
    storePaces: [5],
    aircallPaces: [80],
    latestTransferMs,
    posts: [],
    timerPosts: [],
    showsTransferredAsAnswered: false,
    areWarm: false,
    ...changes,
  };
}

/** Of the first invocation alone. */
function first(fate: Fate): WorldFacts['fatesOf'] {
  return (invocation) => (invocation === 0 ? [fate] : []);
}

/** The first invocation's transfer, after it was proven, three requests at once, and the agent held. */
const transferAt = 6;

export const scenarios: readonly Scenario[] = [
  { name: 'the assigned agent is free and answers', facts: facts({}), rings: [456] },
  {
    name: 'they are busy, and a backup answers',
    facts: facts({ agents: [agent(answers, { known: 'in_call' }), agent(answers)] }),
    rings: [457],
  },
  {
    name: 'nobody is free, and a team is rung',
    facts: facts({ policy: withTeam, agents: [agent(answers, { known: 'offline' })] }),
    rings: ['team'],
  },
  {
    name: 'Aircall is asked for one whom nothing was heard of',
    facts: facts({ agents: [agent(answers, { known: 'unheard' })] }),
    rings: [456],
  },
  {
    name: 'Aircall is asked for one who is not stored, and then for another',
    facts: facts({
      agents: [
        agent(answers, { known: 'unstored', actually: 'in_call' }),
        agent(answers, { known: 'unheard' }),
      ],
    }),
    rings: [457],
  },
  {
    name: 'they decline, and a backup answers',
    facts: facts({ agents: [agent(declines), agent(answers)] }),
    rings: [456, 457],
  },
  {
    name: 'all decline, one after the other',
    facts: facts({ policy: withTeam, agents: [agent(declines), agent(declines), agent(declines)] }),
    rings: [456, 457, 458, 'team'],
  },
  {
    name: 'they decline before the decision is stored',
    facts: facts({
      agents: [agent({ does: 'declines', afterMs: 1 }), agent(answers)],
      posts: [{ delayMs: 1, copies: 1 }],
    }),
    rings: [456, 457],
  },
  {
    name: 'they let it ring, and a backup answers',
    facts: facts({ agents: [agent(ignores), agent(answers)] }),
    rings: [456, 457],
  },
  {
    name: 'the transfer to them fails, and a backup answers',
    facts: facts({ agents: [agent({ does: 'fails', afterMs: 1500 }), agent(answers)] }),
    rings: [456, 457],
  },
  {
    name: 'the transfer to them is refused, and a backup answers',
    facts: facts({ agents: [agent(answers, { takesTransfers: false }), agent(answers)] }),
    rings: [457],
  },
  {
    name: 'the answer to a transfer that was carried out is lost',
    facts: facts({ fatesOf: first({ at: transferAt, kind: 'answer-lost', isDone: true }) }),
    rings: [456],
  },
  {
    name: 'a transfer is lost, and sent again',
    facts: facts({ fatesOf: first({ at: transferAt, kind: 'answer-lost', isDone: false }) }),
    rings: [456],
  },
  {
    name: 'a transfer is given up on, and carried out later',
    facts: facts({ fatesOf: first({ at: transferAt, kind: 'no-answer', lateMs: 5000 }) }),
    rings: [456],
  },
  {
    name: 'it is announced late, and read first',
    facts: facts({ happenings: [{ ...announced, atMs: 6000 }] }),
    rings: [456],
  },
  {
    name: 'someone answers meanwhile, which an event tells of soon',
    facts: facts({ happenings: [announced, { kind: 'answered-in-distribution', call: 0, atMs: 4000 }] }),
    rings: [456],
  },
  {
    name: 'someone answers meanwhile, which only Aircall knows',
    facts: facts({
      agents: [agent(ignores), agent(answers)],
      happenings: [announced, { kind: 'answered-in-distribution', call: 0, atMs: 4000 }],
      posts: [{ delayMs: 60_000, copies: 1 }],
    }),
    rings: [456],
  },
  {
    name: 'someone answers before a late announcement',
    facts: facts({
      happenings: [
        { kind: 'answered-in-distribution', call: 0, atMs: 4000 },
        { ...announced, atMs: 6000 },
      ],
      posts: [{ delayMs: 60_000, copies: 1 }],
    }),
    rings: [],
  },
  {
    name: 'the caller hangs up while it rings',
    facts: facts({
      agents: [agent(ignores), agent(answers)],
      happenings: [announced, { kind: 'hung-up', call: 0, atMs: 5000 }],
    }),
    rings: [456],
  },
  {
    name: 'the router is switched off while it rings',
    facts: facts({
      agents: [agent(declines), agent(answers)],
      happenings: [announced, { kind: 'switched-off', call: 0, atMs: 2000 }],
    }),
    rings: [456],
  },
  {
    name: 'the call flow asks, and then the call is announced',
    facts: facts({ happenings: [{ kind: 'asked', call: 0, atMs: 0 }, announced] }),
    rings: [456],
  },
  {
    name: 'it is announced twice, while the call flow asks',
    facts: facts({
      happenings: [{ kind: 'asked', call: 0, atMs: 502 }, announced, { ...announced, atMs: 507 }],
    }),
    rings: [456],
  },
  {
    name: 'two calls come for one agent',
    facts: facts({
      policy: withTeam,
      calls: [0, 100],
      happenings: [announced, { kind: 'announced', call: 1, atMs: 403 }],
    }),
    rings: [456, 'team'],
  },
  {
    name: 'their only agent rings for another call, whose caller soon hangs up',
    facts: facts({
      calls: [0, 100],
      happenings: [
        { kind: 'announced', call: 1, atMs: 200 },
        announced,
        { kind: 'hung-up', call: 1, atMs: 2900 },
      ],
    }),
    rings: [456],
  },
];

export function scenarioOf(name: string): WorldFacts {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario: ${name}`);
  return scenario.facts;
}
