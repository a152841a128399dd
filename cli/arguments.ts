/**
 * Arguments that several commands take.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CountryCode } from 'libphonenumber-js/min';
import { parseAccountId } from '../lib/core/account.ts';
import { parseEmailAddress } from '../lib/core/email-address.ts';
import type { AccountId, EmailAddress } from '../lib/core/model.ts';
import { parseCountry } from '../lib/core/phone-number.ts';

export function defaultCountryOption(): Option {
  return new Option(
    '--default-country <code>',
    'where national phone numbers belong, for instance FR',
  ).argParser((text): CountryCode => {
    const country = parseCountry(text);
    if (country === undefined) throw new InvalidArgumentError('Not a country code such as FR.');
    return country;
  });
}

export function describePhoneProblem(defaultCountry: CountryCode | undefined): string {
  return defaultCountry === undefined
    ? 'phone: not an international phone number (give --default-country for national ones)'
    : `phone: not a phone number in ${defaultCountry}, nor an international one`;
}

export function accountOption(): Option {
  return new Option(
    '--account <id>',
    'the company to work on, of those that accounts list shows (default: the one of the environment, called default)',
  ).argParser(parseAccountArgument);
}

export function parseAccountArgument(text: string): AccountId {
  const accountId = parseAccountId(text);
  if (accountId === undefined) {
    throw new InvalidArgumentError('Not an account id: a-z, 0-9 and -, at most 40.');
  }
  return accountId;
}

export function jsonOption(): Option {
  return new Option('--json', 'print JSON');
}

export function showTokenOption(): Option {
  return new Option('--show-token', 'print the token too, a secret');
}

export function yesOption(): Option {
  return new Option('--yes', 'do it without asking');
}

/** Of a policy; 0 is the built-in one. */
export function parseVersionArgument(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Not a version such as 3.');
  return Number(text);
}

export function parseEmailArgument(text: string): EmailAddress {
  const email = parseEmailAddress(text);
  if (email === undefined) throw new InvalidArgumentError('Not an e-mail address.');
  return email;
}

/** Several, with `;` between them; none for an empty text. */
export function parseEmailsArgument(text: string): EmailAddress[] {
  return text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map(parseEmailArgument);
}

/** Where Aircall delivers to. */
export function parseWebhookUrlArgument(text: string): URL {
  const url = URL.parse(text);
  const isOfThisMachine = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname);
  if (url?.protocol === 'https:' || isOfThisMachine) return url;
  throw new InvalidArgumentError('Not an https URL.');
}

export function addExample(command: Command, ...lines: string[]): Command {
  return command.addHelpText(
    'after',
    `\nExample:\n${lines.map((line) => `  npx call-router ${line}`).join('\n')}`,
  );
}
