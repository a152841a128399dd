/**
 * Digits as people and telephone systems write them → E.164.
 *
 * The library's small metadata is asked for lengths only: a number range opened last month must not cost a caller
 * their agent.
 */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min/es6';
import type { Caller, PhoneNumber } from './model.ts';

/** `undefined` unless the text is one phone number, international (`+…`) or national to `defaultCountry`. */
export function parsePhoneNumber(text: string, defaultCountry?: CountryCode): PhoneNumber | undefined {
  const parsed = parsePhoneNumberFromString(text.trim(), {
    ...(defaultCountry && { defaultCountry }),
    extract: false,
  });
  if (parsed === undefined || !parsed.isPossible()) return undefined;

  return parsed.number as string as PhoneNumber;
}

/** An ISO 3166 country code that has phone numbers, in either case; `undefined` for anything else. */
export function parseCountry(text: string): CountryCode | undefined {
  const code = text.trim().toUpperCase();
  return isSupportedCountry(code) ? code : undefined;
}

/**
 * The country a number belongs to, told by its first digits. Countries that share a code are told apart: `+1 202…` is US,
 * `+1 416…` CA, and an American number without a place (`+1 800…`) US. `undefined` where the small
 * metadata can't tell which of them it is, as for `+44 7700 900…`, and for numbers of no country (`+800…`).
 */
export function countryOf(phone: PhoneNumber): CountryCode | undefined {
  return parsePhoneNumberFromString(phone)?.country;
}

/** Nothing, and the word `anonymous`, are a withheld number. Aircall writes numbers in international form: no country is guessed. */
export function parseCaller(digits: string | undefined): Caller {
  const text = digits?.trim() ?? '';
  if (text === '' || text.toLowerCase() === 'anonymous') return { kind: 'withheld' };

  const phone = parsePhoneNumber(text);
  return phone === undefined ? { kind: 'unreadable' } : { kind: 'identified', phone };
}

/** The last two digits, for logs. */
export function maskPhoneNumber(phone: PhoneNumber): string {
  return `…${phone.slice(-2)}`;
}
