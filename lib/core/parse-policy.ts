/**
 * A policy as an operator wrote it → a policy in order, or everything that is wrong with it, all at once.
 *
 * What is left out at the top is the default's. E-mails come out in lower case, numbers as E.164, countries in upper
 * case, and a condition's single value as a list of one: what comes out parses to itself.
 */
import {
  checked,
  type DocumentProblem,
  isObject,
  isWhole,
  list,
  object,
  oneOf,
  oneOrMore,
  type Read,
  record,
  refuse,
  scalar,
  text,
  wholeNumber,
} from './document-reader.ts';
import { parseEmailAddress } from './email-address.ts';
import { isDate, isZone } from './local-time.ts';
import type { AircallNumberId, AircallTeamId } from './model.ts';
import { parseCountry, parsePhoneNumber } from './phone-number.ts';
import {
  callerKinds,
  defaultPolicy,
  type Policy,
  type PolicyTarget,
  presences,
  targetWords,
  weekdays,
} from './policy.ts';
import { succeed } from './result.ts';

export type PolicyProblem = DocumentProblem;

export function parsePolicy(document: unknown): Read<Policy> {
  const settings = readSettings(document, '');
  return settings.ok ? succeed({ ...defaultPolicy, ...settings.value }) : settings;
}

const readName = scalar('a name', parseFilledText);
const readZone = text('an IANA time zone, for instance Europe/Paris', (text) =>
  isZone(text) ? text : undefined,
);
const readDate = text('a date that exists, for instance 2026-12-25', (text) =>
  isDate(text) ? text : undefined,
);
const readEmail = text('an e-mail address', parseEmailAddress);
const readPhone = text('a phone number with its country code, for instance +33199000042', (text) =>
  parsePhoneNumber(text),
);
const readCountry = text('an ISO 3166 country code, for instance DE', parseCountry);
const readTeamId = scalar('the id of an Aircall team', parseId<AircallTeamId>);
const readNumberId = scalar('the id of an Aircall number', parseId<AircallNumberId>);
const readFrom = text('a time from 00:00 to 23:59', (text) => (isTime(text) ? text : undefined));
const readTo = text('a time from 00:00 to 24:00', (text) =>
  isTime(text) || text === '24:00' ? text : undefined,
);
const readContactValue = scalar('text, a number, true or false', parseContactValue);

const readHours = checked(
  object({ zone: readZone, from: readFrom, to: readTo }, { days: oneOrMore(oneOf(weekdays)) }),
  findEmptyRange,
);

const readConditions = object(
  {},
  {
    dates: oneOrMore(readDate),
    hours: readHours,
    number: oneOrMore(readNumberId),
    caller: oneOrMore(oneOf(callerKinds)),
    callerCountry: oneOrMore(readCountry),
    contact: checked(
      record('name, company or attributes, each with its values', oneOrMore(readContactValue)),
      findUntrimmedKeys,
    ),
  },
);

const targetReaders = {
  agent: object({ agent: readEmail }, {}),
  team: object({ team: readTeamId }, { strategy: oneOf(['simultaneous', 'random', 'longest_idle']) }),
  number: object({ number: readPhone }, {}),
};
const targetKinds = ['agent', 'team', 'number'] as const;
const expectedTarget = `${targetWords.join(', ')}, or an object with one of ${targetKinds.join(', ')}`;
const readTargetWord = text(expectedTarget, (text) => targetWords.find((word) => word === text));

const readRule = object(
  { name: readName, targets: checked(list(readTarget), findUnreachable) },
  { when: readConditions },
);

const readSettings = object(
  {},
  {
    enabled: scalar('true or false', (value) => (typeof value === 'boolean' ? value : undefined)),
    routeToAgentIn: list(oneOf(presences)),
    whenPresenceUnknown: oneOf(['ask', 'go', 'skip']),
    presenceTrustedForSeconds: wholeNumber(60, 86_400),
    reserveSeconds: wholeNumber(1, 120),
    staleAfterSeconds: wholeNumber(5, 120),
    zone: readZone,
    rules: checked(list(readRule), findRepeatedNames),
  },
);

function readTarget(value: unknown, path: string): Read<PolicyTarget> {
  if (!isObject(value)) return readTargetWord(value, path);

  const [kind, another] = targetKinds.filter((kind) => Object.hasOwn(value, kind));
  if (kind === undefined || another !== undefined) return refuse(path, expectedTarget);
  return targetReaders[kind](value, path);
}

/** What stands after `leave` can never be reached. */
function findUnreachable(targets: unknown, path: string): readonly DocumentProblem[] {
  if (!Array.isArray(targets) || !targets.includes('leave')) return [];

  const next = targets.indexOf('leave') + 1;
  return next === targets.length
    ? []
    : [{ path: `${path}[${next}]`, expected: 'nothing after leave, which ends the list' }];
}

function findEmptyRange(hours: unknown, path: string): readonly DocumentProblem[] {
  return isObject(hours) && isTime(hours['from']) && hours['from'] === hours['to']
    ? [{ path: `${path}.to`, expected: 'another time than from: a whole day is 00:00 to 24:00' }]
    : [];
}

function findRepeatedNames(rules: unknown, path: string): readonly DocumentProblem[] {
  if (!Array.isArray(rules)) return [];

  const names = rules.map(nameOf);
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [{ path: `${path}[${index}].name`, expected: 'a name that no rule above it has' }]
      : [],
  );
}

function nameOf(rule: unknown): string | undefined {
  return isObject(rule) ? parseFilledText(rule['name']) : undefined;
}

/** The importer trims the names of columns: one with space around it would never be met. */
function findUntrimmedKeys(contact: unknown, path: string): readonly DocumentProblem[] {
  if (!isObject(contact)) return [];

  return Object.keys(contact)
    .filter((key) => key === '' || key !== key.trim())
    .map((key) => ({ path: `${path}[${JSON.stringify(key)}]`, expected: 'a name without space around it' }));
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value);
}

function parseFilledText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

function parseId<Id extends number>(value: unknown): Id | undefined {
  return isWhole(value) && value > 0 ? (value as Id) : undefined;
}

function parseContactValue(value: unknown): string | undefined {
  return typeof value === 'boolean' || Number.isFinite(value) ? String(value) : parseFilledText(value);
}
