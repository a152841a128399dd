import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AircallNumberId, AircallTeamId, Target } from '../../lib/core/model.ts';
import { parsePolicy } from '../../lib/core/parse-policy.ts';
import { type Plan, type PlanFacts, planTargets } from '../../lib/core/plan-targets.ts';
import { defaultPolicy, type Policy, type Rule } from '../../lib/core/policy.ts';
import { contact, email, phone } from '../builders.ts';
import { anyPolicy, anyRule, examplePolicy, policyNaming } from '../policies.ts';

const london = { kind: 'identified', phone: phone('+442079460123') } as const;
const berlin = { kind: 'identified', phone: phone('+493023125001') } as const;
const teamId = (id: number) => id as AircallTeamId;
const withheld = { kind: 'withheld' } as const;
const unreadable = { kind: 'unreadable' } as const;
const jane = { kind: 'agent', email: email('jane@example.com'), because: 'assigned-agent' } as const;
const max = { kind: 'agent', email: email('max@example.com'), because: 'backup' } as const;

/** Jane's customer, who calls on a Wednesday morning. Max is Jane's backup. */
function planFacts(changes: Partial<PlanFacts> = {}): PlanFacts {
  return {
    caller: london,
    contact: contact({ backups: [email('max@example.com')] }),
    aircallNumberId: 1234 as AircallNumberId,
    nowMs: Date.parse('2026-11-25T10:00:00Z'),
    ...changes,
  };
}

function policyOf(document: unknown): Policy {
  const policy = parsePolicy(document);
  if (!policy.ok) throw new Error(JSON.stringify(policy.failure));
  return policy.value;
}

const planNaming = (targets: readonly unknown[], changes: Partial<PlanFacts> = {}) =>
  planTargets(planFacts(changes), policyOf(policyNaming(...targets)));

const noJane = (() => {
  const { assignedTo: _, ...unassigned } = contact();
  return unassigned;
})();

describe('the worked example', () => {
  const example = policyOf(JSON.parse(examplePolicy));
  const at = (instant: string) => ({ nowMs: Date.parse(instant) });
  const notChristmas = { rule: 'christmas', because: 'dates' } as const;
  const notNight = { rule: 'night', because: 'hours' } as const;
  const notVip = { rule: 'vip', because: 'contact' } as const;
  const vip = contact({ backups: [email('max@example.com')], attributes: { tier: 'Gold' } });

  it.each<{ says: string; facts: Partial<PlanFacts>; plan: Plan }>([
    {
      says: 'christmas: another number, for everyone',
      facts: { ...at('2026-12-25T10:00:00Z'), contact: vip },
      plan: {
        kind: 'ring',
        rule: 'christmas',
        targets: [{ kind: 'number', phone: phone('+33199000042'), because: 'policy-number' }],
        passed: [],
      },
    },
    {
      says: 'monday, 19:00 in Paris: the night team',
      facts: { ...at('2026-11-23T18:00:00Z'), contact: vip },
      plan: {
        kind: 'ring',
        rule: 'night',
        targets: [{ kind: 'team', teamId: teamId(12), strategy: 'longest_idle', because: 'policy-team' }],
        passed: [notChristmas],
      },
    },
    {
      says: 'wednesday, 07:59 in Paris: still tuesday’s night',
      facts: at('2026-11-25T06:59:00Z'),
      plan: {
        kind: 'ring',
        rule: 'night',
        targets: [{ kind: 'team', teamId: teamId(12), strategy: 'longest_idle', because: 'policy-team' }],
        passed: [notChristmas],
      },
    },
    {
      says: 'a gold customer: their agent, the backup, then a team',
      facts: { contact: vip },
      plan: {
        kind: 'ring',
        rule: 'vip',
        targets: [jane, max, { kind: 'team', teamId: teamId(7), because: 'policy-team' }],
        passed: [notChristmas, notNight],
      },
    },
    {
      says: 'a caller from Germany to that number: Jan, then a team',
      facts: { caller: berlin, contact: undefined },
      plan: {
        kind: 'ring',
        rule: 'dach',
        targets: [
          { kind: 'agent', email: email('jan@example.com'), because: 'policy-agent' },
          { kind: 'team', teamId: teamId(8), because: 'policy-team' },
        ],
        passed: [notChristmas, notNight, notVip],
      },
    },
    {
      says: 'a caller from Germany to another number: as everyone',
      facts: { caller: berlin, aircallNumberId: 5678 as AircallNumberId },
      plan: {
        kind: 'ring',
        rule: 'everyone',
        targets: [jane, max],
        passed: [notChristmas, notNight, notVip, { rule: 'dach', because: 'number' }],
      },
    },
    {
      says: 'a caller from nowhere we know: left',
      facts: { contact: undefined },
      plan: {
        kind: 'leave',
        because: 'unknown-caller',
        rule: 'everyone',
        passed: [notChristmas, notNight, notVip, { rule: 'dach', because: 'callerCountry' }],
      },
    },
    {
      says: 'a withheld number: left',
      facts: { caller: withheld, contact: undefined },
      plan: {
        kind: 'leave',
        because: 'caller-withheld',
        rule: 'everyone',
        passed: [notChristmas, notNight, notVip, { rule: 'dach', because: 'callerCountry' }],
      },
    },
  ])('$says', ({ facts, plan }) => {
    expect(planTargets(planFacts(facts), example)).toEqual(plan);
  });

  it('leaves every call while it is switched off', () => {
    expect(planTargets(planFacts(), { ...example, enabled: false })).toEqual({
      kind: 'leave',
      because: 'router-disabled',
      passed: [],
    });
  });
});

describe('without a policy of their own, an account’s', () => {
  it.each<{ caller: string; facts: Partial<PlanFacts>; plan: object }>([
    {
      caller: 'known caller is for their agent, then the backups',
      facts: {},
      plan: { targets: [jane, max] },
    },
    {
      caller: 'contact whom nobody looks after is left',
      facts: { contact: noJane },
      plan: { kind: 'leave', because: 'no-assigned-agent', rule: 'everyone' },
    },
    {
      caller: 'caller we do not know is left',
      facts: { contact: undefined },
      plan: { kind: 'leave', because: 'unknown-caller', rule: 'everyone' },
    },
    {
      caller: 'withheld number is left',
      facts: { caller: withheld, contact: undefined },
      plan: { kind: 'leave', because: 'caller-withheld', rule: 'everyone' },
    },
    {
      caller: 'caller with digits nobody can read is left',
      facts: { caller: unreadable, contact: undefined },
      plan: { kind: 'leave', because: 'caller-unreadable', rule: 'everyone' },
    },
  ])('$caller', ({ facts, plan }) => {
    expect(planTargets(planFacts(facts), defaultPolicy)).toMatchObject(plan);
  });
});

describe('targets', () => {
  it('are those the rule names, in its order', () => {
    const targets = [
      { team: 7, strategy: 'random' },
      'backups',
      { number: '+33199000042' },
      { agent: 'jan@example.com' },
      'last-agent',
      'assigned',
      'leave',
    ];

    expect(planNaming(targets, { lastAgent: email('zoe@example.com') })).toEqual({
      kind: 'ring',
      rule: 'only',
      targets: [
        { kind: 'team', teamId: 7, strategy: 'random', because: 'policy-team' },
        { kind: 'agent', email: 'max@example.com', because: 'backup' },
        { kind: 'number', phone: '+33199000042', because: 'policy-number' },
        { kind: 'agent', email: 'jan@example.com', because: 'policy-agent' },
        { kind: 'agent', email: 'zoe@example.com', because: 'last-agent' },
        { kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' },
      ],
      passed: [],
    });
  });

  it('name an agent once, for the first reason there is', () => {
    const targets = [
      { team: 7 },
      { agent: 'max@example.com' },
      'assigned',
      'backups',
      'last-agent',
      { team: 7 },
    ];

    expect(planNaming(targets, { lastAgent: email('jane@example.com') })).toMatchObject({
      targets: [
        { kind: 'team', teamId: 7 },
        { kind: 'agent', email: 'max@example.com', because: 'policy-agent' },
        { kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' },
        { kind: 'team', teamId: 7 },
      ],
    });
  });

  it('are those that are there, where others are missing', () => {
    expect(planNaming(['assigned', { team: 7 }], { contact: undefined })).toMatchObject({
      targets: [{ kind: 'team', teamId: 7 }],
    });
    expect(planNaming(['assigned', 'backups'], { contact: noJane })).toMatchObject({
      because: 'no-assigned-agent',
    });
    expect(
      planNaming(['assigned', 'backups'], { contact: { ...noJane, backups: [email('max@example.com')] } }),
    ).toMatchObject({ targets: [max] });
  });

  it('are a caller’s last agent even where the caller is no contact', () => {
    expect(
      planNaming(['last-agent'], { contact: undefined, lastAgent: email('zoe@example.com') }),
    ).toMatchObject({ targets: [{ kind: 'agent', email: 'zoe@example.com', because: 'last-agent' }] });
  });
});

describe('a rule that names nobody for this call leaves it, because', () => {
  it.each<[string, readonly string[], Partial<PlanFacts>, string]>([
    ['it says so', ['leave'], {}, 'policy-says-leave'],
    ['it says so, whoever calls', ['leave'], { caller: withheld, contact: undefined }, 'policy-says-leave'],
    ['the number is withheld', ['assigned'], { caller: withheld, contact: undefined }, 'caller-withheld'],
    [
      'the digits are unreadable',
      ['backups'],
      { caller: unreadable, contact: undefined },
      'caller-unreadable',
    ],
    ['the caller is unknown', ['last-agent', 'leave'], { contact: undefined }, 'unknown-caller'],
    ['nobody is assigned', ['backups', 'assigned', 'leave'], { contact: noJane }, 'no-assigned-agent'],
    ['there are no backups', ['backups'], { contact: contact() }, 'no-target-available'],
    [
      'there are no backups, which alone were asked for',
      ['backups'],
      { contact: noJane },
      'no-target-available',
    ],
    ['nobody spoke to them', ['last-agent', 'leave'], {}, 'no-target-available'],
  ])('%s: %j', (_, targets, facts, because) => {
    expect(planNaming(targets, facts)).toEqual({ kind: 'leave', because, rule: 'only', passed: [] });
  });
});

it('the first rule that matches decides, although it names nobody and a later one would', () => {
  const policy = policyOf({
    rules: [
      { name: 'withheld', when: { caller: 'withheld' }, targets: [{ team: 7 }] },
      { name: 'first', when: { caller: 'unknown' }, targets: ['assigned'] },
      { name: 'second', targets: [{ team: 8 }] },
    ],
  });

  expect(planTargets(planFacts({ contact: undefined }), policy)).toEqual({
    kind: 'leave',
    because: 'unknown-caller',
    rule: 'first',
    passed: [{ rule: 'withheld', because: 'caller' }],
  });
});

it('a call that no rule is for is left', () => {
  const policy = policyOf({
    rules: [
      { name: 'withheld', when: { caller: 'withheld' }, targets: [{ team: 7 }] },
      { name: 'french', when: { callerCountry: 'FR' }, targets: [{ team: 8 }] },
    ],
  });

  expect(planTargets(planFacts(), policy)).toEqual({
    kind: 'leave',
    because: 'no-rule-matches',
    passed: [
      { rule: 'withheld', because: 'caller' },
      { rule: 'french', because: 'callerCountry' },
    ],
  });
});

it('dates without hours are those of the policy’s zone', () => {
  const rules = [{ name: 'only', when: { dates: '2026-12-25' }, targets: [{ team: 7 }] }];
  const facts = planFacts({ nowMs: Date.parse('2026-12-24T23:30:00Z') });

  expect(planTargets(facts, policyOf({ zone: 'Europe/Paris', rules }))).toMatchObject({ kind: 'ring' });
  expect(planTargets(facts, policyOf({ rules }))).toMatchObject({ because: 'no-rule-matches' });
});

describe('whatever the policy and the call', () => {
  const anyEmail = fc.constantFrom('jan@example.com', 'jane@example.com', 'zoe@example.com').map(email);
  const anyContact = fc.record({
    assignedTo: fc.option(anyEmail, { nil: undefined }),
    backups: fc.array(anyEmail, { maxLength: 3 }),
    tier: fc.constantFrom('gold', 'silver'),
  });
  const anyFacts: fc.Arbitrary<PlanFacts> = fc
    .record({
      caller: fc.constantFrom(london, berlin, withheld, unreadable),
      customer: fc.option(anyContact),
      lastAgent: fc.option(anyEmail),
      aircallNumberId: fc.constantFrom(1234 as AircallNumberId, 9 as AircallNumberId, undefined),
      nowMs: fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2029-01-01') }),
    })
    .map(({ customer, lastAgent, ...facts }) => ({
      ...facts,
      ...(lastAgent !== null && { lastAgent }),
      contact:
        customer === null
          ? undefined
          : {
              ...noJane,
              ...(customer.assignedTo && { assignedTo: customer.assignedTo }),
              backups: customer.backups,
              attributes: { tier: customer.tier },
            },
    }));

  it('everyone in the plan is named by the rule that matched, for the reason told', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy.map(policyOf), (facts, policy) => {
        const plan = planTargets(facts, policy);
        const rule = policy.rules.find(({ name }) => name === plan.rule);
        const targets = plan.kind === 'ring' ? plan.targets : [];
        expect(targets.filter((target) => !isNamed(target, rule, facts))).toEqual([]);
      }),
    );
  });

  it('whoever the rule that matched names is in the plan', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy.map(policyOf), ({ contact, lastAgent, ...facts }, policy) => {
        const plan = planTargets({ contact, ...(lastAgent && { lastAgent }), ...facts }, policy);
        const rule = policy.rules.find(({ name }) => name === plan.rule);
        const named = (rule?.targets ?? []).flatMap((target) => {
          if (target === 'assigned') return contact?.assignedTo ?? [];
          if (target === 'backups') return contact?.backups ?? [];
          if (target === 'last-agent') return lastAgent ?? [];
          return typeof target === 'object' && 'agent' in target ? target.agent : [];
        });
        expect(emailsOf(plan).toSorted()).toEqual([...new Set(policy.enabled ? named : [])].sort());
      }),
    );
  });

  it('no agent is named twice', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy.map(policyOf), (facts, policy) => {
        const emails = emailsOf(planTargets(facts, policy));
        expect(emails).toEqual([...new Set(emails)]);
      }),
    );
  });

  it('a rule below the one that matches changes nothing', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, anyRule, (facts, document, rule) => {
        const plan = planTargets(facts, policyOf(document));
        fc.pre(plan.kind === 'ring' || plan.rule !== undefined);
        const matching = document.rules.findIndex(({ name }) => name === plan.rule);

        for (let place = matching + 1; place <= document.rules.length; place += 1) {
          const rules = document.rules.toSpliced(place, 0, { name: 'another', ...rule });
          expect(planTargets(facts, policyOf({ ...document, rules }))).toEqual(plan);
        }
      }),
    );
  });
});

/** By docs/policy.md's table of targets. */
function isNamed(target: Target, rule: Rule | undefined, { contact, lastAgent }: PlanFacts): boolean {
  const targets = rule?.targets ?? [];
  const objects = targets.filter((one) => typeof one === 'object');
  switch (target.because) {
    case 'assigned-agent':
      return targets.includes('assigned') && contact?.assignedTo === target.email;
    case 'backup':
      return targets.includes('backups') && contact?.backups.includes(target.email) === true;
    case 'last-agent':
      return targets.includes('last-agent') && lastAgent === target.email;
    case 'policy-agent':
      return objects.some((one) => 'agent' in one && one.agent === target.email);
    case 'policy-team':
      return objects.some((one) => 'team' in one && one.team === target.teamId);
    case 'policy-number':
      return objects.some((one) => 'number' in one && one.number === target.phone);
  }
}

function emailsOf(plan: Plan): readonly string[] {
  const targets = plan.kind === 'ring' ? plan.targets : [];
  return targets.flatMap((target) => (target.kind === 'agent' ? [target.email] : []));
}
