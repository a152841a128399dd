/** Policies as operators write them: good ones, bad ones with what is wrong, and generated ones. All people are invented. */
import fc from 'fast-check';

/** The worked example, all kinds of conditions and targets in it. */
export const examplePolicy = `{
  "enabled": true,
  "routeToAgentIn": ["available"],
  "whenPresenceUnknown": "ask",
  "presenceTrustedForSeconds": 600,
  "reserveSeconds": 20,
  "staleAfterSeconds": 30,
  "rules": [
    { "name": "christmas", "when": { "dates": ["2026-12-25"] }, "targets": [{ "number": "+33199000042" }] },
    { "name": "night",
      "when": { "hours": { "zone": "Europe/Paris", "days": ["mon", "tue"], "from": "19:00", "to": "08:00" } },
      "targets": [{ "team": 12, "strategy": "longest_idle" }] },
    { "name": "vip",
      "when": { "contact": { "tier": ["gold", "platinum"] } },
      "targets": ["assigned", "backups", { "team": 7 }] },
    { "name": "dach",
      "when": { "callerCountry": ["DE", "AT", "CH"], "number": [1234] },
      "targets": [{ "agent": "jan@example.com" }, { "team": 8 }] },
    { "name": "everyone", "targets": ["assigned", "backups", "last-agent", "leave"] }
  ]
}`;

/** A document with one rule that is for the calls of `when`. */
export function policyWhen(when: unknown) {
  return { rules: [{ name: 'only', when, targets: ['leave'] }] };
}

/** A document with one rule that names `targets`. */
export function policyNaming(...targets: readonly unknown[]) {
  return { rules: [{ name: 'only', targets }] };
}

const paris = { zone: 'Europe/Paris', from: '09:00', to: '18:00' };
const targets = ['leave'];
const flag = 'true or false';
const oneOfPresence = 'one of available, in_call, after_call_work, do_not_disturb, offline';
const list = 'a list with at least one entry';
const name = 'a name';
const repeatedName = 'a name that no rule above it has';
const zone = 'an IANA time zone, for instance Europe/Paris';
const date = 'a date that exists, for instance 2026-12-25';
const from = 'a time from 00:00 to 23:59';
const to = 'a time from 00:00 to 24:00';
const empty = 'another time than from: a whole day is 00:00 to 24:00';
const day = 'one of sun, mon, tue, wed, thu, fri, sat';
const numberId = 'the id of an Aircall number, or the number with its country code';
const lastAgentKeys = 'one of the keys minTalkSeconds, lookbackDays, includeOutbound';
const link = 'a link that begins with https:// and a domain of its own, {phone} and the like in it';
const teamId = 'the id of an Aircall team';
const caller = 'one of known, unknown, withheld';
const country = 'an ISO 3166 country code, for instance DE';
const contact = 'a column of the contacts or an attribute, each with its values';
const attribute = 'a name without space around it';
const value = 'text, a number, true or false';
const target = 'assigned, backups, last-agent, leave, or an object with one of agent, team, number';
const email = 'an e-mail address';
const phone = 'a phone number with its country code, for instance +33199000042';
const unreachable = 'nothing after leave, which ends the list';
const settingKeys =
  'one of the keys enabled, routeToAgentIn, whenPresenceUnknown, presenceTrustedForSeconds, reserveSeconds, staleAfterSeconds, ringSeconds, lastAgent, insightCard, assignOwners, zone, rules';
const conditionKeys = 'one of the keys dates, hours, number, caller, callerCountry, contact';

const inWhen = (path: string) => `rules[0].when.${path}`;
const firstTarget = 'rules[0].targets[0]';

/** Each has this one problem and no other. */
export const badPolicies: readonly (readonly [document: unknown, path: string, expected: string])[] = [
  // The document itself.
  [null, '', 'an object'],
  [undefined, '', 'an object'],
  [[], '', 'an object'],
  ['{}', '', 'an object'],
  [7, '', 'an object'],
  [() => ({}), '', 'an object'],
  [new Date(0), '', 'an object'],
  [new Map(), '', 'an object'],
  [{ rule: [] }, 'rule', settingKeys],
  [{ 'route to': [] }, '["route to"]', settingKeys],
  [{ constructor: 1 }, 'constructor', settingKeys],
  [JSON.parse('{ "__proto__": { "enabled": false } }'), '__proto__', settingKeys],

  // Settings.
  [{ enabled: 'yes' }, 'enabled', flag],
  [{ enabled: 1 }, 'enabled', flag],
  [{ enabled: null }, 'enabled', flag],
  [{ enabled: undefined }, 'enabled', flag],
  [{ routeToAgentIn: [] }, 'routeToAgentIn', list],
  [{ routeToAgentIn: 'available' }, 'routeToAgentIn', list],
  [{ routeToAgentIn: { 0: 'available', length: 1 } }, 'routeToAgentIn', list],
  [{ routeToAgentIn: ['available', 'busy'] }, 'routeToAgentIn[1]', oneOfPresence],
  [{ routeToAgentIn: [['available']] }, 'routeToAgentIn[0]', oneOfPresence],
  [{ whenPresenceUnknown: 'Ask' }, 'whenPresenceUnknown', 'one of ask, go, skip'],
  [{ presenceTrustedForSeconds: 59 }, 'presenceTrustedForSeconds', 'a whole number from 60 to 86400'],
  [{ presenceTrustedForSeconds: 86_401 }, 'presenceTrustedForSeconds', 'a whole number from 60 to 86400'],
  [{ reserveSeconds: 0 }, 'reserveSeconds', 'a whole number from 1 to 120'],
  [{ reserveSeconds: 121 }, 'reserveSeconds', 'a whole number from 1 to 120'],
  [{ reserveSeconds: 2.5 }, 'reserveSeconds', 'a whole number from 1 to 120'],
  [{ reserveSeconds: '20' }, 'reserveSeconds', 'a whole number from 1 to 120'],
  [{ reserveSeconds: Number.NaN }, 'reserveSeconds', 'a whole number from 1 to 120'],
  [{ reserveSeconds: 20n }, 'reserveSeconds', 'a whole number from 1 to 120'],
  [{ staleAfterSeconds: 4 }, 'staleAfterSeconds', 'a whole number from 5 to 120'],
  [{ staleAfterSeconds: 121 }, 'staleAfterSeconds', 'a whole number from 5 to 120'],
  [{ ringSeconds: -1 }, 'ringSeconds', 'a whole number from 0 to 120'],
  [{ ringSeconds: 121 }, 'ringSeconds', 'a whole number from 0 to 120'],
  [{ lastAgent: false }, 'lastAgent', 'an object'],
  [{ lastAgent: { days: 3 } }, 'lastAgent.days', lastAgentKeys],
  [{ lastAgent: { minTalkSeconds: 0 } }, 'lastAgent.minTalkSeconds', 'a whole number from 1 to 3600'],
  [{ lastAgent: { minTalkSeconds: 3601 } }, 'lastAgent.minTalkSeconds', 'a whole number from 1 to 3600'],
  [{ lastAgent: { lookbackDays: 0 } }, 'lastAgent.lookbackDays', 'a whole number from 1 to 365'],
  [{ lastAgent: { lookbackDays: 366 } }, 'lastAgent.lookbackDays', 'a whole number from 1 to 365'],
  [{ lastAgent: { includeOutbound: 'no' } }, 'lastAgent.includeOutbound', flag],
  [{ assignOwners: 'yes' }, 'assignOwners', flag],
  [{ insightCard: true }, 'insightCard', 'an object'],
  [{ insightCard: { title: 'x' } }, 'insightCard.title', 'one of the keys attributes, link'],
  [{ insightCard: { attributes: [] } }, 'insightCard.attributes', list],
  [{ insightCard: { attributes: [' '] } }, 'insightCard.attributes[0]', name],
  [{ insightCard: { link: 'http://crm.example.com' } }, 'insightCard.link', link],
  [{ insightCard: { link: 'https://' } }, 'insightCard.link', link],
  [{ insightCard: { link: 'https://{company}' } }, 'insightCard.link', link],
  [{ insightCard: { link: 'https://crm.example.com/}' } }, 'insightCard.link', link],
  [{ insightCard: { link: 'https://crm.example.com:port/' } }, 'insightCard.link', link],
  [{ insightCard: { link: 'https://{phone' } }, 'insightCard.link', link],
  [{ insightCard: { link: 7 } }, 'insightCard.link', link],
  [{ zone: 'Paris' }, 'zone', zone],

  // Rules.
  [{ rules: [] }, 'rules', list],
  [{ rules: null }, 'rules', list],
  [{ rules: { name: 'only', targets } }, 'rules', list],
  [{ rules: ['everyone'] }, 'rules[0]', 'an object'],
  [{ rules: [null] }, 'rules[0]', 'an object'],
  [{ rules: [{ targets }] }, 'rules[0].name', name],
  [{ rules: [{ name: '', targets }] }, 'rules[0].name', name],
  [{ rules: [{ name: ' \t', targets }] }, 'rules[0].name', name],
  [{ rules: [{ name: 7, targets }] }, 'rules[0].name', name],
  [
    {
      rules: [
        { name: 'a', targets },
        { name: 'a', targets },
      ],
    },
    'rules[1].name',
    repeatedName,
  ],
  [
    {
      rules: [
        { name: 'a', targets },
        { name: 'b', targets },
        { name: ' a ', targets },
      ],
    },
    'rules[2].name',
    repeatedName,
  ],
  [
    { rules: [{ name: 'a', targets, target: 'leave' }] },
    'rules[0].target',
    'one of the keys name, targets, when',
  ],
  [policyWhen([]), 'rules[0].when', 'an object'],
  [policyWhen(null), 'rules[0].when', 'an object'],
  [policyWhen({ hour: paris }), inWhen('hour'), conditionKeys],

  // Dates.
  [policyWhen({ dates: [] }), inWhen('dates'), list],
  [policyWhen({ dates: ['2026-12-25', '2026-02-30'] }), inWhen('dates[1]'), date],
  [policyWhen({ dates: ['2026-02-29'] }), inWhen('dates[0]'), date],
  [policyWhen({ dates: ['2026-13-01'] }), inWhen('dates[0]'), date],
  [policyWhen({ dates: ['2026-00-10'] }), inWhen('dates[0]'), date],
  [policyWhen({ dates: ['2026-12-00'] }), inWhen('dates[0]'), date],
  [policyWhen({ dates: ['12-25'] }), inWhen('dates[0]'), date],
  [policyWhen({ dates: ['2026-12-25T00:00'] }), inWhen('dates[0]'), date],
  [policyWhen({ dates: ['+002026-12-25'] }), inWhen('dates[0]'), date],
  [policyWhen({ dates: '25/12/2026' }), inWhen('dates'), date],
  [policyWhen({ dates: 20261225 }), inWhen('dates'), date],

  // Hours.
  [policyWhen({ hours: [paris] }), inWhen('hours'), 'an object'],
  [policyWhen({ hours: { ...paris, zone: 'Europe/Atlantis' } }), inWhen('hours.zone'), zone],
  [policyWhen({ hours: { ...paris, zone: '+01:00' } }), inWhen('hours.zone'), zone],
  [policyWhen({ hours: { ...paris, zone: '' } }), inWhen('hours.zone'), zone],
  [policyWhen({ hours: { from: '09:00', to: '18:00' } }), inWhen('hours.zone'), zone],
  [
    policyWhen({ hours: { ...paris, day: 'mon' } }),
    inWhen('hours.day'),
    'one of the keys zone, from, to, days',
  ],
  [policyWhen({ hours: { ...paris, days: [] } }), inWhen('hours.days'), list],
  [policyWhen({ hours: { ...paris, days: ['mon', 'Tuesday'] } }), inWhen('hours.days[1]'), day],
  [policyWhen({ hours: { ...paris, days: 'weekend' } }), inWhen('hours.days'), day],
  [policyWhen({ hours: { ...paris, from: '25:00' } }), inWhen('hours.from'), from],
  [policyWhen({ hours: { ...paris, from: '24:00' } }), inWhen('hours.from'), from],
  [policyWhen({ hours: { ...paris, from: '7:5' } }), inWhen('hours.from'), from],
  [policyWhen({ hours: { ...paris, from: '07:60' } }), inWhen('hours.from'), from],
  [policyWhen({ hours: { ...paris, from: '07:00:00' } }), inWhen('hours.from'), from],
  [policyWhen({ hours: { ...paris, from: 'at 07:00' } }), inWhen('hours.from'), from],
  [policyWhen({ hours: { ...paris, from: 9 } }), inWhen('hours.from'), from],
  [policyWhen({ hours: { ...paris, from: ['09:00'] } }), inWhen('hours.from'), from],
  [policyWhen({ hours: { ...paris, to: '24:01' } }), inWhen('hours.to'), to],
  [policyWhen({ hours: { ...paris, to: '9:00 pm' } }), inWhen('hours.to'), to],
  [policyWhen({ hours: { ...paris, to: '09:00' } }), inWhen('hours.to'), empty],

  // Number, caller, country.
  [policyWhen({ number: [] }), inWhen('number'), list],
  [policyWhen({ number: [1234, 0] }), inWhen('number[1]'), numberId],
  [policyWhen({ number: [-1] }), inWhen('number[0]'), numberId],
  [policyWhen({ number: [1.5] }), inWhen('number[0]'), numberId],
  [policyWhen({ number: ['1234'] }), inWhen('number[0]'), numberId],
  [policyWhen({ number: [2 ** 53] }), inWhen('number[0]'), numberId],
  [policyWhen({ caller: [] }), inWhen('caller'), list],
  [policyWhen({ caller: 'anonymous' }), inWhen('caller'), caller],
  [policyWhen({ caller: ['known', 'Unknown'] }), inWhen('caller[1]'), caller],
  [policyWhen({ callerCountry: [] }), inWhen('callerCountry'), list],
  [policyWhen({ callerCountry: ['DE', 'XX'] }), inWhen('callerCountry[1]'), country],
  [policyWhen({ callerCountry: 'Germany' }), inWhen('callerCountry'), country],
  [policyWhen({ callerCountry: 49 }), inWhen('callerCountry'), country],

  // Contact.
  [policyWhen({ contact: {} }), inWhen('contact'), contact],
  [policyWhen({ contact: null }), inWhen('contact'), contact],
  [policyWhen({ contact: 'gold' }), inWhen('contact'), contact],
  [policyWhen({ contact: ['gold'] }), inWhen('contact'), contact],
  [policyWhen({ contact: { tier: [] } }), inWhen('contact.tier'), list],
  [policyWhen({ contact: { tier: '' } }), inWhen('contact.tier'), value],
  [policyWhen({ contact: { tier: ['gold', ' '] } }), inWhen('contact.tier[1]'), value],
  [policyWhen({ contact: { tier: null } }), inWhen('contact.tier'), value],
  [policyWhen({ contact: { tier: { is: 'gold' } } }), inWhen('contact.tier'), value],
  [policyWhen({ contact: { tier: Number.POSITIVE_INFINITY } }), inWhen('contact.tier'), value],
  [policyWhen({ contact: { tier: [['gold']] } }), inWhen('contact.tier[0]'), value],
  [policyWhen({ contact: { 'support level': [] } }), inWhen('contact["support level"]'), list],
  [policyWhen({ contact: { ' tier': 'gold' } }), inWhen('contact[" tier"]'), attribute],
  [policyWhen({ contact: { '': 'gold' } }), inWhen('contact[""]'), attribute],

  // Targets.
  [{ rules: [{ name: 'only' }] }, 'rules[0].targets', list],
  [policyNaming(), 'rules[0].targets', list],
  [{ rules: [{ name: 'only', targets: 'leave' }] }, 'rules[0].targets', list],
  [policyNaming('owner'), firstTarget, target],
  [policyNaming('assigned', null), 'rules[0].targets[1]', target],
  [{ rules: [{ name: 'only', targets: new Array(1) }] }, firstTarget, target],
  [policyNaming(7), firstTarget, target],
  [policyNaming(['assigned']), firstTarget, target],
  [policyNaming({}), firstTarget, target],
  [policyNaming({ strategy: 'random' }), firstTarget, target],
  [policyNaming({ agent: 'jan@example.com', team: 7 }), firstTarget, target],
  [policyNaming({ team: 7, number: '+33199000042' }), firstTarget, target],
  [policyNaming({ agent: 'jan' }), `${firstTarget}.agent`, email],
  [policyNaming({ agent: 456 }), `${firstTarget}.agent`, email],
  [
    policyNaming({ agent: 'jan@example.com', strategy: 'random' }),
    `${firstTarget}.strategy`,
    'one of the keys agent',
  ],
  [policyNaming({ team: 0 }), `${firstTarget}.team`, teamId],
  [policyNaming({ team: '7' }), `${firstTarget}.team`, teamId],
  [policyNaming({ team: 7.5 }), `${firstTarget}.team`, teamId],
  [
    policyNaming({ team: 7, strategy: 'fastest' }),
    `${firstTarget}.strategy`,
    'one of simultaneous, random, longest_idle',
  ],
  [policyNaming({ team: 7, stategy: 'random' }), `${firstTarget}.stategy`, 'one of the keys team, strategy'],
  [policyNaming({ number: '01 99 00 00 42' }), `${firstTarget}.number`, phone],
  [policyNaming({ number: 33199000042 }), `${firstTarget}.number`, phone],
  [
    policyNaming({ number: '+33199000042', strategy: 'random' }),
    `${firstTarget}.strategy`,
    'one of the keys number',
  ],
  [policyNaming('leave', 'assigned'), 'rules[0].targets[1]', unreachable],
  [policyNaming('assigned', 'leave', 'backups', { team: 7 }), 'rules[0].targets[2]', unreachable],
  [policyNaming('leave', 'leave'), 'rules[0].targets[1]', unreachable],
];

const word = fc.constantFrom('gold', 'Platinum', ' silver ', 'Northwind Tea', 7, true);
const oneOrMore = <Value>(entry: fc.Arbitrary<Value>) =>
  fc.oneof(entry, fc.array(entry, { minLength: 1, maxLength: 3 }));
const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

export const anyZone = fc.constantFrom(
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'America/Sao_Paulo',
  'Africa/Casablanca',
);

export const anyHours = fc
  .record(
    {
      zone: anyZone,
      days: fc.uniqueArray(fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'), {
        minLength: 1,
      }),
      from: time,
      to: fc.oneof(time, fc.constant('24:00')),
    },
    { requiredKeys: ['zone', 'from', 'to'] },
  )
  .filter(({ from, to }) => from !== to);

const anyWhen = fc.record(
  {
    dates: oneOrMore(fc.constantFrom('2026-12-24', '2026-12-25', '2028-02-29')),
    hours: anyHours,
    number: oneOrMore(fc.constantFrom(1234, 5678)),
    caller: oneOrMore(fc.constantFrom('known', 'unknown', 'withheld')),
    callerCountry: oneOrMore(fc.constantFrom('GB', 'fr', ' DE ', 'US')),
    contact: fc.dictionary(fc.constantFrom('tier', 'company', 'name', '__proto__'), oneOrMore(word), {
      minKeys: 1,
      noNullPrototype: false,
    }),
  },
  { requiredKeys: [] },
);

const anyTarget = fc.oneof(
  fc.constantFrom('assigned', 'backups', 'last-agent'),
  fc.record({ agent: fc.constantFrom('jan@example.com', ' Jane@Example.com', 'ZOE@example.com') }),
  fc.record(
    {
      team: fc.integer({ min: 1, max: 9 }),
      strategy: fc.constantFrom('simultaneous', 'random', 'longest_idle'),
    },
    { requiredKeys: ['team'] },
  ),
  fc.record({ number: fc.constantFrom('+33 1 99 00 00 42', '+12025550123') }),
);
const anyTargets = fc
  .tuple(fc.array(anyTarget, { maxLength: 5 }), fc.boolean())
  .map(([targets, leaves]) => (leaves || targets.length === 0 ? [...targets, 'leave'] : targets));

/** A rule as written, but for its name. */
export const anyRule = fc.record({ when: anyWhen, targets: anyTargets }, { requiredKeys: ['targets'] });

/** A document with nothing wrong in it. */
export const anyPolicy = fc.record(
  {
    enabled: fc.constantFrom(true, true, true, false),
    routeToAgentIn: fc.uniqueArray(fc.constantFrom('available', 'in_call', 'offline'), { minLength: 1 }),
    whenPresenceUnknown: fc.constantFrom('ask', 'go', 'skip'),
    presenceTrustedForSeconds: fc.integer({ min: 60, max: 86_400 }),
    reserveSeconds: fc.integer({ min: 1, max: 120 }),
    staleAfterSeconds: fc.integer({ min: 5, max: 120 }),
    ringSeconds: fc.integer({ min: 0, max: 120 }),
    lastAgent: fc.record(
      {
        minTalkSeconds: fc.integer({ min: 1, max: 3600 }),
        lookbackDays: fc.integer({ min: 1, max: 365 }),
        includeOutbound: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    insightCard: fc.oneof(
      fc.constant(false),
      fc.record(
        {
          attributes: fc.array(fc.constantFrom('tier', 'Support level'), { minLength: 1 }),
          link: fc.constant('https://crm.example.com/{tier}?q={phone}'),
        },
        { requiredKeys: [] },
      ),
    ),
    assignOwners: fc.boolean(),
    zone: anyZone,
    rules: fc
      .array(anyRule, { minLength: 1, maxLength: 5 })
      .map((rules) => rules.map((rule, index) => ({ name: `rule ${index + 1}`, ...rule }))),
  },
  { requiredKeys: ['rules'] },
);
