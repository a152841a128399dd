import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallFacts, matchRule } from '../../lib/core/match-rule.ts';
import type { AircallNumberId } from '../../lib/core/model.ts';
import type { Conditions, Hours, Rule } from '../../lib/core/policy.ts';
import { contact, email, phone } from '../builders.ts';
import { anyHours } from '../policies.ts';

const numberId = (id: number) => id as AircallNumberId;
const identified = (number: string) => ({ kind: 'identified', phone: phone(number) }) as const;

/** A customer from London who calls the number 1234 on a Wednesday morning. */
function callFacts(changes: Partial<CallFacts> = {}): CallFacts {
  return {
    caller: identified('+442079460123'),
    contact: contact({ attributes: { tier: 'gold' } }),
    aircallNumberId: numberId(1234),
    nowMs: Date.parse('2026-11-25T10:00:00Z'),
    ...changes,
  };
}

function match(when: Conditions, changes: Partial<CallFacts> = {}, zone = 'UTC') {
  const rule: Rule = { name: 'only', when, targets: ['leave'] };
  return matchRule(rule, callFacts(changes), zone);
}

const at = (instant: string) => ({ nowMs: Date.parse(instant) });

describe('a rule without conditions', () => {
  it('is for every call', () => {
    expect(matchRule({ name: 'everyone', targets: ['leave'] }, callFacts(), 'UTC')).toBe('match');
    expect(match({})).toBe('match');
  });

  it('on time is for every time, without a look at a calendar', () => {
    expect(match({ caller: ['known'] }, {}, 'no zone at all')).toBe('match');
  });
});

describe('a rule with several conditions', () => {
  const all: Conditions = {
    dates: ['2026-11-25'],
    hours: { zone: 'UTC', from: '09:00', to: '18:00' },
    number: [numberId(1234)],
    caller: ['known'],
    callerCountry: ['GB'],
    contact: { tier: ['gold'] },
  };

  it('is for a call of which all hold', () => {
    expect(match(all)).toBe('match');
  });

  const failing: [keyof Conditions, Conditions][] = [
    ['dates', { dates: ['2026-11-24'] }],
    ['hours', { hours: { zone: 'UTC', from: '11:00', to: '18:00' } }],
    ['number', { number: [numberId(5678)] }],
    ['caller', { caller: ['withheld'] }],
    ['callerCountry', { callerCountry: ['FR'] }],
    ['contact', { contact: { tier: ['silver'] } }],
  ];

  it.each(failing)('is not for a call of which one, %s, does not hold', (condition, change) => {
    expect(match({ ...all, ...change })).toBe(condition);
  });

  it.each(failing.map(([condition], index) => [condition, index] as const))(
    'names %s as the first where it and all that follow fail',
    (condition, index) => {
      const changes = failing.slice(index).map(([, change]) => change);
      expect(match(Object.assign({ ...all }, ...changes))).toBe(condition);
    },
  );
});

describe('dates', () => {
  it.each([
    ['UTC', '2026-12-24T23:59:59Z', 'dates'],
    ['UTC', '2026-12-25T00:00:00Z', 'match'],
    ['UTC', '2026-12-25T23:59:59Z', 'match'],
    ['UTC', '2026-12-26T00:00:00Z', 'dates'],
    ['Europe/Paris', '2026-12-24T22:59:59Z', 'dates'],
    ['Europe/Paris', '2026-12-24T23:00:00Z', 'match'],
    ['Europe/Paris', '2026-12-25T23:00:00Z', 'dates'],
    ['America/New_York', '2026-12-25T04:59:59Z', 'dates'],
    ['America/New_York', '2026-12-25T05:00:00Z', 'match'],
    ['America/New_York', '2026-12-26T04:59:59Z', 'match'],
  ])('are those of the policy’s zone: with %s at %s, %s', (zone, instant, verdict) => {
    expect(match({ dates: ['2026-12-25'] }, at(instant), zone)).toBe(verdict);
  });

  it('hold on each that is listed', () => {
    const dates = ['2026-12-25', '2027-01-01'];

    expect(match({ dates }, at('2026-12-25T12:00:00Z'))).toBe('match');
    expect(match({ dates }, at('2027-01-01T12:00:00Z'))).toBe('match');
    expect(match({ dates }, at('2026-12-31T12:00:00Z'))).toBe('dates');
  });

  it('are those of the zone of the hours, where there are hours', () => {
    const when = { dates: ['2026-12-25'], hours: { zone: 'Europe/Paris', from: '00:00', to: '12:00' } };

    expect(match(when, at('2026-12-24T23:30:00Z'), 'America/New_York')).toBe('match');
    expect(match(when, at('2026-12-25T23:30:00Z'), 'America/New_York')).toBe('dates');
  });

  it.each([
    ['2026-12-24T07:59:00Z', 'dates'],
    ['2026-12-24T12:00:00Z', 'hours'],
    ['2026-12-24T19:00:00Z', 'match'],
    ['2026-12-25T00:00:00Z', 'match'],
    ['2026-12-25T07:59:00Z', 'match'],
    ['2026-12-25T08:00:00Z', 'dates'],
    ['2026-12-25T19:00:00Z', 'dates'],
  ])('last with hours over midnight until these are over: at %s, %s', (instant, verdict) => {
    const when = { dates: ['2026-12-24'], hours: { zone: 'UTC', from: '19:00', to: '08:00' } };

    expect(match(when, at(instant))).toBe(verdict);
  });
});

describe('hours', () => {
  const office: Hours = { zone: 'Europe/Paris', days: ['mon', 'fri'], from: '09:00', to: '18:00' };
  const night: Hours = { zone: 'Europe/Paris', days: ['mon', 'tue'], from: '19:00', to: '08:00' };

  it.each([
    ['mon 08:59', '2026-11-23T07:59:59Z', 'hours'],
    ['mon 09:00', '2026-11-23T08:00:00Z', 'match'],
    ['mon 17:59', '2026-11-23T16:59:59Z', 'match'],
    ['mon 18:00', '2026-11-23T17:00:00Z', 'hours'],
    ['tue 12:00', '2026-11-24T11:00:00Z', 'hours'],
    ['fri 12:00', '2026-11-27T11:00:00Z', 'match'],
  ])('hold from the first minute to the last: at %s, %s, %s', (_, instant, verdict) => {
    expect(match({ hours: office }, at(instant))).toBe(verdict);
  });

  it.each([
    ['mon 03:00, of sunday’s night', '2026-11-23T02:00:00Z', 'hours'],
    ['mon 12:00', '2026-11-23T11:00:00Z', 'hours'],
    ['mon 18:59', '2026-11-23T17:59:59Z', 'hours'],
    ['mon 19:00', '2026-11-23T18:00:00Z', 'match'],
    ['mon 23:59', '2026-11-23T22:59:59Z', 'match'],
    ['tue 00:00', '2026-11-23T23:00:00Z', 'match'],
    ['tue 03:00', '2026-11-24T02:00:00Z', 'match'],
    ['tue 07:59', '2026-11-24T06:59:59Z', 'match'],
    ['tue 08:00', '2026-11-24T07:00:00Z', 'hours'],
    ['tue 19:00', '2026-11-24T18:00:00Z', 'match'],
    ['wed 07:59, of tuesday’s night', '2026-11-25T06:59:59Z', 'match'],
    ['wed 08:00', '2026-11-25T07:00:00Z', 'hours'],
    ['wed 19:00', '2026-11-25T18:00:00Z', 'hours'],
    ['thu 03:00, of wednesday’s night', '2026-11-26T02:00:00Z', 'hours'],
  ])('over midnight belong to the day they begin on: at %s, %s, %s', (_, instant, verdict) => {
    expect(match({ hours: night }, at(instant))).toBe(verdict);
  });

  it.each([
    ['00:00', '24:00', '2026-11-25T00:00:00Z', 'match'],
    ['00:00', '24:00', '2026-11-25T23:59:59Z', 'match'],
    ['18:00', '24:00', '2026-11-25T23:59:59Z', 'match'],
    ['18:00', '24:00', '2026-11-26T00:00:00Z', 'hours'],
    ['18:00', '00:00', '2026-11-25T23:59:59Z', 'match'],
    ['18:00', '00:00', '2026-11-26T00:00:00Z', 'hours'],
    ['18:00', '00:00', '2026-11-25T17:59:59Z', 'hours'],
  ])('may end at midnight: %s to %s at %s, %s', (from, to, instant, verdict) => {
    expect(match({ hours: { zone: 'UTC', days: ['wed'], from, to } }, at(instant))).toBe(verdict);
  });

  it('from a time to the same hold never', () => {
    for (const time of ['08:59', '09:00', '09:01']) {
      const hours = { zone: 'UTC', from: '09:00', to: '09:00' };
      expect(match({ hours }, at(`2026-11-25T${time}:00Z`))).toBe('hours');
    }
  });

  it('without days are those of every day', () => {
    for (const day of [22, 23, 24, 25, 26, 27, 28]) {
      const noon = at(`2026-11-${day}T12:00:00Z`);
      expect(match({ hours: { zone: 'UTC', from: '09:00', to: '18:00' } }, noon)).toBe('match');
      expect(match({ hours: { zone: 'UTC', from: '19:00', to: '08:00' } }, noon)).toBe('hours');
    }
  });

  it.each<[string, Hours, string, 'match' | 'hours']>([
    // Paris, 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
    ['before a gap', hoursOf('Europe/Paris', '01:30', '03:00'), '2026-03-29T00:29:59Z', 'hours'],
    ['before a gap', hoursOf('Europe/Paris', '01:30', '03:00'), '2026-03-29T00:30:00Z', 'match'],
    ['at the end of 01:59', hoursOf('Europe/Paris', '01:30', '03:00'), '2026-03-29T00:59:59Z', 'match'],
    ['after a gap', hoursOf('Europe/Paris', '01:30', '03:00'), '2026-03-29T01:00:00Z', 'hours'],
    ['in a gap', hoursOf('Europe/Paris', '02:15', '02:45'), '2026-03-29T00:59:59Z', 'hours'],
    ['in a gap', hoursOf('Europe/Paris', '02:15', '02:45'), '2026-03-29T01:00:00Z', 'hours'],
    ['in a gap', hoursOf('Europe/Paris', '02:15', '02:45'), '2026-03-29T01:15:00Z', 'hours'],
    ['from within a gap', hoursOf('Europe/Paris', '02:30', '04:00'), '2026-03-29T01:00:00Z', 'match'],
    ['a short night', hoursOf('Europe/Paris', '22:00', '06:00', 'sat'), '2026-03-28T20:59:59Z', 'hours'],
    ['a short night', hoursOf('Europe/Paris', '22:00', '06:00', 'sat'), '2026-03-28T21:00:00Z', 'match'],
    ['a short night', hoursOf('Europe/Paris', '22:00', '06:00', 'sat'), '2026-03-29T03:59:59Z', 'match'],
    ['a short night', hoursOf('Europe/Paris', '22:00', '06:00', 'sat'), '2026-03-29T04:00:00Z', 'hours'],
    // Paris, 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
    ['an hour that comes twice', hoursOf('Europe/Paris', '02:15', '02:45'), '2026-10-25T00:14:59Z', 'hours'],
    ['an hour that comes twice', hoursOf('Europe/Paris', '02:15', '02:45'), '2026-10-25T00:15:00Z', 'match'],
    ['an hour that comes twice', hoursOf('Europe/Paris', '02:15', '02:45'), '2026-10-25T00:45:00Z', 'hours'],
    ['an hour that comes twice', hoursOf('Europe/Paris', '02:15', '02:45'), '2026-10-25T01:14:59Z', 'hours'],
    ['an hour that comes twice', hoursOf('Europe/Paris', '02:15', '02:45'), '2026-10-25T01:15:00Z', 'match'],
    ['an hour that comes twice', hoursOf('Europe/Paris', '02:15', '02:45'), '2026-10-25T01:45:00Z', 'hours'],
    ['a long night', hoursOf('Europe/Paris', '22:00', '06:00', 'sat'), '2026-10-24T19:59:59Z', 'hours'],
    ['a long night', hoursOf('Europe/Paris', '22:00', '06:00', 'sat'), '2026-10-24T20:00:00Z', 'match'],
    ['a long night', hoursOf('Europe/Paris', '22:00', '06:00', 'sat'), '2026-10-25T04:59:59Z', 'match'],
    ['a long night', hoursOf('Europe/Paris', '22:00', '06:00', 'sat'), '2026-10-25T05:00:00Z', 'hours'],
    // New York, 8 March 2026: 02:00 becomes 03:00 at 07:00 UTC.
    ['around a gap', hoursOf('America/New_York', '01:30', '03:30'), '2026-03-08T06:29:59Z', 'hours'],
    ['around a gap', hoursOf('America/New_York', '01:30', '03:30'), '2026-03-08T06:30:00Z', 'match'],
    ['around a gap', hoursOf('America/New_York', '01:30', '03:30'), '2026-03-08T07:29:59Z', 'match'],
    ['around a gap', hoursOf('America/New_York', '01:30', '03:30'), '2026-03-08T07:30:00Z', 'hours'],
    // New York, 1 November 2026: 02:00 becomes 01:00 at 06:00 UTC.
    ['an hour of two', hoursOf('America/New_York', '01:00', '02:00'), '2026-11-01T04:59:59Z', 'hours'],
    ['an hour of two', hoursOf('America/New_York', '01:00', '02:00'), '2026-11-01T05:00:00Z', 'match'],
    ['an hour of two', hoursOf('America/New_York', '01:00', '02:00'), '2026-11-01T06:59:59Z', 'match'],
    ['an hour of two', hoursOf('America/New_York', '01:00', '02:00'), '2026-11-01T07:00:00Z', 'hours'],
  ])('are those of the clocks on a day of their change: %s, %j at %s, %s', (_, hours, instant, verdict) => {
    expect(match({ hours }, at(instant))).toBe(verdict);
  });

  it('hold at an instant if a walk over their minutes comes past what the clock shows', () => {
    fc.assert(
      fc.property(anyHours, fc.integer({ min: start2026, max: start2036 }), (generated, nowMs) => {
        const hours = generated as Hours;
        const isCovered = walkComesPast(hours, clockOf(hours.zone, nowMs));

        expect(match({ hours }, { nowMs })).toBe(isCovered ? 'match' : 'hours');
      }),
      { numRuns: 200 },
    );
  });
});

const start2026 = Date.parse('2026-01-01T00:00:00Z');
const start2036 = Date.parse('2036-01-01T00:00:00Z');

function hoursOf(zone: string, from: string, to: string, day: 'sat' | 'sun' = 'sun'): Hours {
  return { zone, days: [day], from, to };
}

/** `tue 03:00`, as Intl writes it. */
function clockOf(zone: string, nowMs: number): string {
  const weekday = new Date(nowMs).toLocaleDateString('en-GB', { timeZone: zone, weekday: 'short' });
  const time = new Date(nowMs).toLocaleTimeString('en-GB', { timeZone: zone, timeStyle: 'short' });
  return `${weekday.toLowerCase()} ${time}`;
}

/** From each day's first minute, one after the other, until the last. */
function walkComesPast(hours: Hours, clock: string): boolean {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  for (const day of hours.days ?? days) {
    let [today, minute] = [days.indexOf(day), 0];
    const time = () =>
      `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    while (time() !== hours.from) minute += 1;
    do {
      if (clock === `${days[today]} ${time()}`) return true;
      minute += 1;
      if (time() === hours.to) break;
      if (minute === 1440) [today, minute] = [(today + 1) % 7, 0];
    } while (time() !== hours.to);
  }
  return false;
}

describe('the number called', () => {
  it.each([
    [numberId(1234), 'match'],
    [numberId(5678), 'match'],
    [numberId(9), 'number'],
    [undefined, 'number'],
  ])('%s, of 1234 and 5678: %s', (aircallNumberId, verdict) => {
    expect(match({ number: [numberId(1234), numberId(5678)] }, { aircallNumberId })).toBe(verdict);
  });

  it.each([
    ['+33199001234', 'match'],
    ['+33199005678', 'number'],
    [undefined, 'number'],
  ])('%s, of +33 1 99 00 12 34: %s', (digits, verdict) => {
    const aircallNumber = digits === undefined ? undefined : phone(digits);
    const called = { aircallNumberId: undefined, aircallNumber };
    expect(match({ number: [phone('+33199001234')] }, called)).toBe(verdict);
  });
});

describe('a caller', () => {
  const { contact: customer } = callFacts();
  const unreadable = { kind: 'unreadable' } as const;
  const withheld = { kind: 'withheld' } as const;

  it.each([
    ['with a contact', identified('+442079460123'), customer, 'known'],
    ['without a contact', identified('+442079460123'), undefined, 'unknown'],
    ['whose digits nobody can read', unreadable, undefined, 'unknown'],
    ['who withholds their number', withheld, undefined, 'withheld'],
    ['who withholds their number, whatever contact they may be', withheld, customer, 'withheld'],
  ] as const)('%s is of one kind', (_, caller, contact, kind) => {
    const kinds = ['known', 'unknown', 'withheld'] as const;
    const facts = { caller, contact };

    expect(kinds.filter((kind) => match({ caller: [kind] }, facts) === 'match')).toEqual([kind]);
    expect(match({ caller: kinds }, facts)).toBe('match');
  });
});

describe('a caller’s country', () => {
  it.each([
    [identified('+442079460123'), 'match'],
    [identified('+493023125001'), 'match'],
    [identified('+33199001234'), 'callerCountry'],
    [identified('+12025550123'), 'callerCountry'],
    [identified('+447700900123'), 'callerCountry'],
    [{ kind: 'withheld' } as const, 'callerCountry'],
    [{ kind: 'unreadable' } as const, 'callerCountry'],
  ])('of %j, GB or DE: %s', (caller, verdict) => {
    expect(match({ callerCountry: ['GB', 'DE'] }, { caller })).toBe(verdict);
  });

  it('is told apart from another with the same code', () => {
    expect(match({ callerCountry: ['US'] }, { caller: identified('+12025550123') })).toBe('match');
    expect(match({ callerCountry: ['US'] }, { caller: identified('+14165550123') })).toBe('callerCountry');
    expect(match({ callerCountry: ['CA'] }, { caller: identified('+14165550123') })).toBe('match');
  });
});

describe('a contact', () => {
  const customer = contact({
    name: 'Zoë Martin',
    company: 'Northwind Tea',
    backups: [email('jan@example.com'), email('amelie@example.com')],
    attributes: {
      tier: ' Gold',
      seats: '50',
      city: 'Großenhain',
      'Support Level': '24/7',
      region: 'West',
      Region: 'East',
    },
  });

  it.each<[string, Conditions['contact'] & {}, 'match' | 'contact']>([
    ['has the value', { tier: ['Gold'] }, 'match'],
    ['has one of the values', { tier: ['platinum', 'gold'] }, 'match'],
    ['has the value in another letter case', { tier: ['GOLD'] }, 'match'],
    ['has the value but for space around it', { tier: [' gold '] }, 'match'],
    ['has none of the values', { tier: ['silver', 'platinum'] }, 'contact'],
    ['has more than the value', { tier: ['gol'] }, 'contact'],
    ['has no such attribute', { industry: ['tea'] }, 'contact'],
    ['has an attribute in another letter case than the rule', { Tier: ['gold'] }, 'match'],
    ['has an attribute in capitals', { 'support level': ['24/7'] }, 'match'],
    ['has one of two attributes of the same name but for its letter case', { region: ['east'] }, 'match'],
    ['has the other of the two', { region: ['west'] }, 'match'],
    ['has none of the two', { region: ['north'] }, 'contact'],
    ['has no attribute of JavaScript’s', { constructor: ['function Object() { [native code] }'] }, 'contact'],
    ['has all attributes', { tier: ['gold'], seats: ['50'] }, 'match'],
    ['has one of two attributes', { tier: ['gold'], seats: ['51'] }, 'contact'],
    ['has the name', { name: ['zoë martin'] }, 'match'],
    ['has the company', { company: ['northwind tea'] }, 'match'],
    ['has a column in another letter case than the rule', { COMPANY: ['northwind tea'] }, 'match'],
    ['has the agent', { agent_email: ['zoe@example.com', 'Jane@Example.com '] }, 'match'],
    ['has another agent', { agent_email: ['jan@example.com'] }, 'contact'],
    ['has a backup', { backup_emails: ['Amelie@example.com'] }, 'match'],
    ['has another backup first', { Backup_Emails: ['jan@example.com'] }, 'match'],
    ['has no such backup', { backup_emails: ['jane@example.com'] }, 'contact'],
    ['has the number', { phone: ['+12025550101', '+44 20 7946 0123'] }, 'match'],
    ['has the number, its digits alone', { phone: ['442079460123'] }, 'contact'],
    ['has another number', { Phone: ['+442079460124'] }, 'contact'],
    ['has an attribute that looks like the number', { seats: ['+50'] }, 'contact'],
    ['has the value in capitals beyond ASCII', { city: ['GROẞENHAIN'] }, 'match'],
    ['has another company', { company: ['Southwind'] }, 'contact'],
  ])('that %s: %j, %s', (_, wanted, verdict) => {
    expect(match({ contact: wanted }, { contact: customer })).toBe(verdict);
  });

  it('without a company is of none', () => {
    const { company: _, ...freelancer } = customer;
    expect(match({ contact: { company: ['undefined', 'northwind tea'] } }, { contact: freelancer })).toBe(
      'contact',
    );
  });

  it('whom nobody looks after is of no agent', () => {
    const { assignedTo: _, ...nobodys } = contact();
    const wanted = { agent_email: ['undefined', 'jane@example.com'] };
    expect(match({ contact: wanted }, { contact: nobodys })).toBe('contact');
    expect(match({ contact: { backup_emails: ['undefined', ''] } }, { contact: nobodys })).toBe('contact');
  });

  it('nobody knows has no attributes', () => {
    expect(match({ contact: { tier: ['gold'] } }, { contact: undefined })).toBe('contact');
  });
});
