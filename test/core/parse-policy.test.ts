import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../lib/core/parse-policy.ts';
import { defaultPolicy } from '../../lib/core/policy.ts';
import { anyPolicy, badPolicies, examplePolicy, policyNaming, policyWhen } from '../policies.ts';

const wholly = { depth: 9, breakLength: Number.POSITIVE_INFINITY, compact: 9 };

/** What the one rule of a document comes out as. */
function parseRule(document: unknown) {
  const policy = parsePolicy(document);
  return policy.ok ? policy.value.rules[0] : policy.failure;
}

describe('a good policy', () => {
  it('comes out as it was written', () => {
    const document: unknown = JSON.parse(examplePolicy);

    expect(parsePolicy(document)).toEqual({ ok: true, value: { ...defaultPolicy, ...Object(document) } });
  });

  it('has the default’s settings where it says nothing', () => {
    expect(parsePolicy({})).toEqual({ ok: true, value: defaultPolicy });
  });

  it('keeps what it says of the last agent, and the default’s for the rest', () => {
    expect(parsePolicy({ lastAgent: { lookbackDays: 7 } })).toEqual({
      ok: true,
      value: {
        ...defaultPolicy,
        lastAgent: { minTalkSeconds: 30, lookbackDays: 7, includeOutbound: false },
      },
    });
  });

  it.each([
    { enabled: false },
    { routeToAgentIn: ['available', 'in_call', 'after_call_work', 'do_not_disturb', 'offline'] },
    { whenPresenceUnknown: 'ask' },
    { whenPresenceUnknown: 'go' },
    { whenPresenceUnknown: 'skip' },
    { presenceTrustedForSeconds: 60 },
    { presenceTrustedForSeconds: 86_400 },
    { reserveSeconds: 1 },
    { reserveSeconds: 120 },
    { staleAfterSeconds: 5 },
    { staleAfterSeconds: 120 },
    { ringSeconds: 0 },
    { ringSeconds: 120 },
    { lastAgent: { minTalkSeconds: 1, lookbackDays: 365, includeOutbound: true } },
    { lastAgent: { minTalkSeconds: 3600, lookbackDays: 1, includeOutbound: false } },
    { insightCard: false },
    { insightCard: {} },
    { insightCard: { attributes: ['tier', 'Support level'] } },
    { insightCard: { link: 'https://crm.example.com/{tier}?q={phone}' } },
    { insightCard: { link: 'https://{company}.example.com' } },
    { zone: 'America/New_York' },
  ])('may set $0', (settings) => {
    expect(parsePolicy(settings)).toEqual({ ok: true, value: { ...defaultPolicy, ...settings } });
  });

  it.each([
    {},
    { dates: ['2028-02-29', '0001-01-01', '9999-12-31'] },
    { hours: { zone: 'Asia/Kolkata', from: '00:00', to: '24:00' } },
    {
      hours: {
        zone: 'Europe/Paris',
        days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
        from: '23:59',
        to: '00:00',
      },
    },
    { number: [1, 9_007_199_254_740_991, '+33199001234'] },
    { caller: ['known', 'unknown', 'withheld'] },
    { callerCountry: ['DE', 'US'] },
    { contact: { tier: ['gold'], 'Support level': ['1'], constructor: ['x'] } },
  ])('may have the condition $0', (when) => {
    expect(parseRule(policyWhen(when))).toEqual({ name: 'only', when, targets: ['leave'] });
  });

  it.each([
    [['assigned', 'backups', 'last-agent', 'leave']],
    [['leave']],
    [[{ agent: 'jan@example.com' }]],
    [[{ team: 7 }, { team: 9_007_199_254_740_991, strategy: 'longest_idle' }]],
    [
      [
        { team: 7, strategy: 'simultaneous' },
        { team: 7, strategy: 'random' },
      ],
    ],
    [[{ number: '+33199000042' }]],
  ])('may name %j', (targets) => {
    expect(parseRule(policyNaming(...targets))).toEqual({ name: 'only', targets });
  });

  it('comes out with everything in one way of writing', () => {
    expect(
      parsePolicy({
        rules: [
          {
            name: ' mixed ',
            when: {
              callerCountry: [' de', 'At'],
              contact: { tier: [' Gold ', 7, true, false, 0, -1.5] },
            },
            targets: [{ agent: ' Jan@Example.COM' }, { number: ' +33 1 99 00 00 42' }],
          },
        ],
      }),
    ).toEqual({
      ok: true,
      value: {
        ...defaultPolicy,
        rules: [
          {
            name: 'mixed',
            when: {
              callerCountry: ['DE', 'AT'],
              contact: { tier: ['Gold', '7', 'true', 'false', '0', '-1.5'] },
            },
            targets: [{ agent: 'jan@example.com' }, { number: '+33199000042' }],
          },
        ],
      },
    });
  });

  it('may give a condition one value in place of a list', () => {
    const one = {
      dates: '2026-12-25',
      hours: { zone: 'UTC', days: 'mon', from: '09:00', to: '18:00' },
      number: 1234,
      caller: 'known',
      callerCountry: 'de',
      contact: { tier: 'gold', seats: 50, trial: false },
    };

    expect(parseRule(policyWhen(one))).toMatchObject({
      when: {
        dates: ['2026-12-25'],
        hours: { days: ['mon'] },
        number: [1234],
        caller: ['known'],
        callerCountry: ['DE'],
        contact: { tier: ['gold'], seats: ['50'], trial: ['false'] },
      },
    });
  });

  it('may ask for an attribute that JavaScript has a use for', () => {
    const document: unknown = JSON.parse(
      '{ "rules": [{ "name": "only", "when": { "contact": { "__proto__": "gold" } }, "targets": ["leave"] }] }',
    );

    expect(JSON.stringify(parseRule(document))).toBe(
      '{"name":"only","targets":["leave"],"when":{"contact":{"__proto__":["gold"]}}}',
    );
  });

  it('may be an object without a prototype', () => {
    expect(parsePolicy(Object.assign(Object.create(null), { enabled: false }))).toMatchObject({
      ok: true,
      value: { enabled: false },
    });
  });
});

describe('a bad policy is refused with the place and what was expected there', () => {
  it.each(badPolicies.map((row) => [inspect(row[0], wholly), ...row] as const))(
    '%s',
    (_, document, path, expected) => {
      expect(parsePolicy(document)).toEqual({ ok: false, failure: [{ path, expected }] });
    },
  );

  it('has all its problems told at once', () => {
    const result = parsePolicy({
      enabled: 'on',
      reserveSeconds: 500,
      rules: [
        {
          name: 'night',
          when: {
            dates: ['2026-02-30', '2026-12-25', 'christmas'],
            hours: { zone: 'Paris', days: ['monday'], from: '19:00', to: '19:00', until: '08:00' },
            contact: { tier: [], ' seats': null },
          },
          targets: ['nobody', 'leave', { team: 0, strategy: 'fastest' }],
        },
        { name: 'night', targets: [] },
        { when: { country: 'DE' } },
      ],
      zones: [],
    });

    const paths = result.ok ? [] : result.failure.map(({ path }) => path);
    expect(paths).toEqual([
      'enabled',
      'reserveSeconds',
      'rules[0].targets[0]',
      'rules[0].targets[2].team',
      'rules[0].targets[2].strategy',
      'rules[0].targets[2]',
      'rules[0].when.dates[0]',
      'rules[0].when.dates[2]',
      'rules[0].when.hours.zone',
      'rules[0].when.hours.days[0]',
      'rules[0].when.hours.until',
      'rules[0].when.hours.to',
      'rules[0].when.contact.tier',
      'rules[0].when.contact[" seats"]',
      'rules[0].when.contact[" seats"]',
      'rules[1].targets',
      'rules[2].name',
      'rules[2].targets',
      'rules[2].when.country',
      'rules[1].name',
      'zones',
    ]);
  });

  it('is told once that two impossible times are, not that they are the same too', () => {
    for (const time of ['25:00', ['09:00']]) {
      const hours = { zone: 'UTC', from: time, to: time };

      expect(parsePolicy(policyWhen({ hours }))).toMatchObject({
        failure: [{ path: 'rules[0].when.hours.from' }, { path: 'rules[0].when.hours.to' }],
      });
    }
  });

  it('is told once that two names are empty, not that they are the same too', () => {
    const rules = [
      { name: '', targets: ['leave'] },
      { name: '', targets: ['leave'] },
    ];

    expect(parsePolicy({ rules })).toMatchObject({
      failure: [{ path: 'rules[0].name' }, { path: 'rules[1].name' }],
    });
  });
});

describe('whatever is parsed', () => {
  it('is accepted where nothing is wrong', () => {
    fc.assert(
      fc.property(anyPolicy, (document) => {
        expect(parsePolicy(document)).toMatchObject({ ok: true });
      }),
    );
  });

  it('parses to itself once it was accepted, through JSON and back, too', () => {
    fc.assert(
      fc.property(anyPolicy, (document) => {
        const policy = parsePolicy(document);
        const again = policy.ok && parsePolicy(JSON.parse(JSON.stringify(policy.value)));

        expect(again).toEqual(policy);
      }),
    );
  });

  it('comes to a policy, or to problems, and never throws', () => {
    fc.assert(
      fc.property(anyPolicy.chain(spoil), (document) => {
        const policy = parsePolicy(document);
        if (policy.ok) expect(parsePolicy(policy.value)).toEqual(policy);
        else expect(policy.failure.length).toBeGreaterThan(0);
      }),
    );
  });

  it('may have more problems than a function takes arguments', () => {
    const targets = Array.from({ length: 200_000 }, () => 'nobody');

    const policy = parsePolicy({ rules: [{ name: 'only', targets }] });
    expect(policy.ok ? 0 : policy.failure.length).toBe(200_000);
  });

  it('leaves the document as it was', () => {
    const document: unknown = JSON.parse(examplePolicy);
    parsePolicy(document);

    expect(document).toEqual(JSON.parse(examplePolicy));
  });
});

/** The document with any JSON in one place of it. */
function spoil(document: unknown): fc.Arbitrary<unknown> {
  if (typeof document !== 'object' || document === null) return fc.jsonValue();

  const keys = Object.keys(document);
  return fc.oneof(
    { weight: 1, arbitrary: fc.jsonValue() },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom(...keys, 'extra')
        .chain((key) =>
          spoil(Reflect.get(document, key)).map((value) =>
            Array.isArray(document)
              ? document.map((entry, index) => (String(index) === key ? value : entry))
              : { ...document, [key]: value },
          ),
        ),
    },
  );
}
