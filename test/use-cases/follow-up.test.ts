import { beforeEach, describe, expect, it } from 'vitest';
import type { CallSoFar } from '../../lib/core/hops.ts';
import type { CardFacts } from '../../lib/core/insight-card.ts';
import type { AircallTeamId, Choice, Considered, DecisionRecord, Target } from '../../lib/core/model.ts';
import { defaultPolicy, type Policy } from '../../lib/core/policy.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { FindContact, ReleaseAgent, RingTimer, StartRingTimer } from '../../lib/ports.ts';
import { createFollowUp } from '../../lib/use-cases/follow-up.ts';
import { contact, email, hopRecord, phone, routedRecord, t0, userId } from '../builders.ts';

const jane = { kind: 'agent', email: email('jane@example.com'), because: 'assigned-agent' } as const;
const jan = { kind: 'agent', email: email('jan@example.com'), because: 'backup' } as const;
const toTeam = { kind: 'team', teamId: 7 as AircallTeamId } as const;
const team = { ...toTeam, because: 'policy-team' } as const;
const to456 = { kind: 'agent', aircallUserId: userId(456) } as const;
const looked = (target: Target, verdict: Considered['verdict'] = 'go'): Considered => ({ target, verdict });

const deadlineMs = t0 + 4_000;
const toJane: Choice['decision'] = { outcome: 'routed', to: to456, because: 'assigned-agent' };
const doubt: Choice['decision'] = { outcome: 'in-doubt', because: 'call-touched' };
const left: Choice['decision'] = { outcome: 'left', because: 'transfer-refused' };
/** Nothing is asked for beyond letting go. */
const quiet: Policy = { ...defaultPolicy, ringSeconds: 0, insightCard: false };

let released: unknown[];
let timers: unknown[];
let cards: [id: string, facts: CardFacts, settings: unknown, boundMs: number][];
let found: unknown[];
let warnings: unknown[];

beforeEach(() => {
  released = [];
  timers = [];
  cards = [];
  found = [];
  warnings = [];
});

const started: StartRingTimer = async (timer: RingTimer, boundMs) => {
  timers.push([timer, boundMs - t0]);
  return succeed(undefined);
};
const release: ReleaseAgent = async (who, id, boundMs) => {
  released.push([who, id, boundMs - t0]);
  return succeed('released');
};
const findZoe: FindContact = async (given, boundMs) => {
  found.push([given, boundMs - t0]);
  return succeed(contact());
};

function follow(
  call: CallSoFar,
  policy: Policy,
  { startRingTimer = started, findContact = findZoe, releaseAgent = release } = {},
  known?: Parameters<ReturnType<typeof createFollowUp>>[3],
) {
  const followUp = createFollowUp({
    releaseAgent,
    startRingTimer,
    findContact,
    showCard: async (id, facts, settings, boundMs) => {
      cards.push([id, facts, settings, boundMs - t0]);
    },
    warn: (...warning) => warnings.push(warning),
  });
  return followUp(call, policy, deadlineMs, known);
}

/** A call that Jane was given, with Jan and the team behind her. */
const janesCall = (changes: Partial<DecisionRecord> = {}): CallSoFar => ({
  record: routedRecord({
    plan: [jane, jan, team],
    considered: [looked(jane)],
    decision: toJane,
    timings: { claimedMs: 5, transferredMs: 250 },
    ...changes,
  }),
  hops: [],
});

describe('who was held', () => {
  const namesOf = async (changes: Partial<DecisionRecord>) => {
    await follow(janesCall(changes), quiet);
    return released;
  };

  it('and is rung, is held on to', async () => {
    expect(await namesOf({})).toEqual([]);
  });

  it('and may be ringing, is held on to', async () => {
    const to = { kind: 'agent', aircallUserId: userId(456) } as const;
    const attempts = [{ to, answer: 'no-answer', tookMs: 2500 } as const];
    expect(await namesOf({ decision: doubt, attempts })).toEqual([]);
  });

  it('is let go where the call went to nobody', async () => {
    expect(await namesOf({ decision: left })).toEqual([['jane@example.com', '812000001', 4000]]);
  });

  it('is let go where the call went to one behind them', async () => {
    const considered = [looked(jane), looked(jan)];
    expect(await namesOf({ considered })).toEqual([['jane@example.com', '812000001', 4000]]);
  });

  it('is let go where the call went to a team', async () => {
    const decision = { outcome: 'routed', to: toTeam, because: 'policy-team' } as const;
    const considered = [looked(jane), looked(jan), looked(team)];
    expect(await namesOf({ decision, considered })).toEqual([
      ['jane@example.com', '812000001', 4000],
      ['jan@example.com', '812000001', 4000],
    ]);
  });

  it('and can not be let go is warned of: the hold ends by itself', async () => {
    const releaseAgent = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    await follow(janesCall({ decision: left }), quiet, { releaseAgent });
    expect(warnings).toEqual([
      ['store-trouble', { callId: '812000001', during: 'letting an agent go', detail: 'TimeoutError' }],
    ]);
  });

  it.each(['call-refused', 'store-unavailable', 'aircall-unavailable', 'out-of-time'] as const)(
    'though they could not be rung, is let go: %s',
    async (verdict) => {
      const considered = [looked(jane, verdict), looked(jan)];
      expect(await namesOf({ considered })).toEqual([['jane@example.com', '812000001', 4000]]);
    },
  );

  it.each(['agent-in-call', 'agent-reserved', 'presence-unknown', 'agent-not-on-aircall'] as const)(
    'is not who was passed over: %s',
    async (verdict) => {
      expect(await namesOf({ considered: [looked(jane, verdict), looked(jan)] })).toEqual([]);
    },
  );

  it('in the last hop counts, and who was let ring before it', async () => {
    const hop = hopRecord({ considered: [looked(jan), looked(team)] });
    await follow({ ...janesCall(), hops: [hop] }, quiet);
    expect(released).toEqual([
      ['jan@example.com', '812000001', 4000],
      ['jane@example.com', '812000001', 4000],
    ]);
  });

  it('is nobody who may still be rung: the hop reached nobody else', async () => {
    const left = { outcome: 'left', because: 'no-target-available' } as const;
    await follow({ ...janesCall(), hops: [hopRecord({ considered: [], decision: left })] }, quiet);
    expect(released).toEqual([]);
  });
});

it.each([
  ['store-unavailable', 'TimeoutError', 'store-trouble'],
  ['item-unreadable', 'user: email', 'item-unreadable'],
] as const)(
  'who can not be let go is warned of, and the rest is done: %s',
  async (reason, detail, warning) => {
    const releaseAgent = async () => fail({ reason, detail });
    const considered = [looked(jane), looked(jan)];
    await follow(
      janesCall({ considered }),
      { ...quiet, insightCard: {} },
      { releaseAgent },
      {
        contact: contact(),
      },
    );
    expect(warnings).toEqual([[warning, { callId: '812000001', during: 'letting an agent go', detail }]]);
    expect(cards).toHaveLength(1);
  },
);

describe('the ringing of an agent', () => {
  const policy: Policy = { ...quiet, ringSeconds: 12 };

  it('is timed from the transfer on', async () => {
    await follow(janesCall(), policy);
    expect(timers).toEqual([[{ callId: '812000001', hop: 0, dueAtMs: 1763851212250 }, 4000]]);
  });

  it('is timed anew in a hop, with its number', async () => {
    const hop = hopRecord({
      receivedAtMs: t0 + 20_000,
      considered: [looked(jan)],
      timings: { transferredMs: 100 },
    });
    await follow({ ...janesCall(), hops: [hop] }, policy);
    expect(timers).toEqual([[{ callId: '812000001', hop: 1, dueAtMs: 1763851232100 }, 4000]]);
  });

  it.each<[string, CallSoFar, Policy]>([
    ['the policy lets it ring', janesCall(), quiet],
    ['nobody is left of the plan', janesCall({ plan: [jane] }), policy],
    [
      'it is a team that rings',
      janesCall({ decision: { outcome: 'routed', to: toTeam, because: 'policy-team' } }),
      policy,
    ],
    ['it is in doubt', janesCall({ decision: doubt }), policy],
    ['nobody is rung', janesCall({ decision: left }), policy],
    ['it was not we who transferred', janesCall({ timings: {} }), policy],
  ])('is not timed where %s', async (_, call, inForce) => {
    await follow(call, inForce);
    expect(timers).toEqual([]);
  });

  it('that can not be timed is warned of, and the rest is done', async () => {
    const startRingTimer = async () => fail({ reason: 'queue-unavailable', detail: 'TimeoutError' } as const);
    await follow(janesCall(), { ...policy, insightCard: {} }, { startRingTimer }, { contact: contact() });
    expect(warnings).toEqual([['queue-trouble', { callId: '812000001', detail: 'TimeoutError' }]]);
    expect(cards).toHaveLength(1);
  });
});

describe('whoever is rung', () => {
  const settings = { attributes: ['tier'] };
  const policy: Policy = { ...quiet, insightCard: settings };
  const zoe = { contact: contact() };

  it('is shown who is calling, as was looked up with the call', async () => {
    await follow(janesCall({ rule: 'everyone' }), policy, {}, zoe);
    const facts = {
      phone: '+442079460123',
      contact: contact(),
      target: jane,
      rule: 'everyone',
      considered: [looked(jane)],
      rung: [],
    };
    expect(cards).toEqual([['812000001', facts, settings, 4000]]);
    expect(found).toEqual([]);
  });

  it('in a hop, for which they are looked up, is told who was rung in vain', async () => {
    const hop = hopRecord({ cause: 'ring-timeout', considered: [looked(jane, 'call-refused'), looked(jan)] });
    await follow({ ...janesCall(), hops: [hop] }, policy);
    expect(found).toEqual([['+442079460123', 4000]]);
    expect(cards).toMatchObject([
      [
        '812000001',
        {
          contact: { name: 'Zoë Martin' },
          target: jan,
          considered: [looked(jane), looked(jane, 'call-refused'), looked(jan)],
          rung: [{ email: 'jane@example.com', because: 'not-answered' }],
        },
        settings,
        4000,
      ],
    ]);
  });

  it('is shown the phone alone where nobody has it, or the store does not answer', async () => {
    await follow(janesCall(), policy, {}, { contact: undefined });
    const findContact = async () => fail({ reason: 'store-unavailable', detail: 'x' } as const);
    await follow(janesCall(), policy, { findContact });
    for (const [, facts] of cards) expect(facts).toMatchObject({ phone: phone('+442079460123') });
    expect(cards.map(([, facts]) => facts.contact)).toEqual([undefined, undefined]);
    for (const [, facts] of cards) expect(facts).not.toHaveProperty('rule');
  });

  it.each(['withheld', 'unreadable'] as const)(
    'is shown a %s caller as nobody, without a search',
    async (kind) => {
      await follow(janesCall({ caller: { kind } }), policy);
      expect(cards.map(([, { phone: given, contact: who }]) => [given, who])).toEqual([
        [undefined, undefined],
      ]);
      expect(found).toEqual([]);
    },
  );

  it.each<[string, CallSoFar, Policy]>([
    ['the policy wants no card', janesCall(), quiet],
    ['it is in doubt', janesCall({ decision: doubt }), policy],
    ['nobody is rung', janesCall({ decision: left }), policy],
    ['the call flow asked, and rings nobody yet', janesCall({ door: 'ring-to' }), policy],
    [
      'a hop reached nobody else: the card is there',
      { ...janesCall(), hops: [hopRecord({ considered: [], decision: left })] },
      policy,
    ],
    ['nobody was looked at', janesCall({ considered: [] }), policy],
  ])('is shown nothing where %s', async (_, call, inForce) => {
    await follow(call, inForce, {}, zoe);
    expect(cards).toEqual([]);
  });
});
