import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countryOf,
  maskPhoneNumber,
  parseCaller,
  parseCountry,
  parsePhoneNumber,
} from '../../lib/core/phone-number.ts';
import { phone } from '../builders.ts';

describe('the digits of a delivery', () => {
  it.each([
    ['spaced', '+44 20 7946 0123', '+442079460123'],
    ['dashed', '+1 202-555-0123', '+12025550123'],
    ['un-spaced', '+33199001234', '+33199001234'],
    ['with brackets', '+1 (202) 555-0123', '+12025550123'],
    ['with dots', '+33.1.99.00.12.34', '+33199001234'],
    ['with no-break spaces', '+33\u00a01\u00a099\u00a000\u00a012\u00a034', '+33199001234'],
    ['with space around', '  +442079460123\n', '+442079460123'],
  ])('%s are one phone number', (_, digits, expected) => {
    expect(parseCaller(digits)).toEqual({ kind: 'identified', phone: expected });
  });

  it.each([['anonymous'], ['Anonymous'], ['ANONYMOUS'], [' anonymous '], [''], ['   '], [undefined]])(
    '%j are a withheld number',
    (digits) => {
      expect(parseCaller(digits)).toEqual({ kind: 'withheld' });
    },
  );

  it.each([
    ['national', '020 7946 0123'],
    ['without a plus', '442079460123'],
    ['too short', '+44 20'],
    ['too long', '+44 20 7946 0123 4567 8901'],
    ['of a country that does not exist', '+999 20 7946 0123'],
    ['words', 'unknown'],
    ['a number among words', 'call me at +44 20 7946 0123'],
    ['two numbers', '+442079460123 +33199001234'],
    ['a SIP address', 'sip:+442079460123@example.com'],
    ['control characters', '\u0000\u0001'],
    ['very long', '+'.repeat(10_000)],
  ])('that are %s are unreadable', (_, digits) => {
    expect(parseCaller(digits)).toEqual({ kind: 'unreadable' });
  });

  it('never throw, and are E.164 or nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'+0123456789 -()') })),
        (digits) => {
          const caller = parseCaller(digits);
          if (caller.kind === 'identified') expect(caller.phone).toMatch(/^\+[1-9]\d{4,14}$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a phone number in a file', () => {
  it('may be national to a country that is given', () => {
    expect(parsePhoneNumber('020 7946 0123', 'GB')).toBe('+442079460123');
    expect(parsePhoneNumber('01 99 00 12 34', 'FR')).toBe('+33199001234');
  });

  it('keeps its own country code whatever country is given', () => {
    expect(parsePhoneNumber('+1 202 555 0123', 'FR')).toBe('+12025550123');
  });

  it('may have space around it', () => {
    expect(parsePhoneNumber(' +442079460123\t')).toBe('+442079460123');
    expect(parsePhoneNumber(' 020 7946 0123 ', 'GB')).toBe('+442079460123');
  });

  it('without a country is none', () => {
    expect(parsePhoneNumber('020 7946 0123')).toBeUndefined();
  });
});

describe('a country', () => {
  it('is a code in either case', () => {
    expect(parseCountry('fr')).toBe('FR');
    expect(parseCountry(' GB ')).toBe('GB');
  });

  it.each([['XX'], ['France'], [''], ['__proto__']])('is not %j', (text) => {
    expect(parseCountry(text)).toBeUndefined();
  });
});

describe('the country of a number', () => {
  it.each([
    ['+442079460123', 'GB'],
    ['+33199001234', 'FR'],
    ['+493023125001', 'DE'],
    ['+12025550123', 'US'],
    ['+14165550123', 'CA'],
    ['+18765550123', 'JM'],
    ['+18005550123', 'US'],
  ])('%s is %s', (number, country) => {
    expect(countryOf(phone(number))).toBe(country);
  });

  it.each([
    ['one of several that share a code', '+447700900123'],
    ['nowhere', '+80000000000'],
    ['nothing that could be read', 'anonymous'],
  ])('of %s is not known', (_, number) => {
    expect(countryOf(phone(number))).toBeUndefined();
  });
});

it('a masked phone number shows its last two digits', () => {
  expect(maskPhoneNumber(phone('+442079460123'))).toBe('…23');
});
