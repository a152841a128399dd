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
  type Reader,
  record,
  refuse,
  scalar,
  text,
  wholeNumber,
} from './document-reader.ts';
import { parseEmailAddress } from './email-address.ts';
import { hasOwnDomain } from './insight-card.ts';
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
  const settings: Read<Partial<Policy>> = readSettings(document, '');
  if (!settings.ok) return settings;

  return succeed({ ...defaultPolicy, ...settings.value });
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
const readNumberOfOurs = scalar(
  'the id of an Aircall number, or the number with its country code',
  (value) =>
    parseId<AircallNumberId>(value) ?? (typeof value === 'string' ? parsePhoneNumber(value) : undefined),
);
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
    number: oneOrMore(readNumberOfOurs),
    caller: oneOrMore(oneOf(callerKinds)),
    callerCountry: oneOrMore(readCountry),
    contact: checked(
      record('a column of the contacts or an attribute, each with its values', oneOrMore(readContactValue)),
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

const readFlag = scalar('true or false', (value) => (typeof value === 'boolean' ? value : undefined));

const readLastAgentSettings = object(
  {},
  {
    minTalkSeconds: wholeNumber(1, 3600),
    lookbackDays: wholeNumber(1, 365),
    includeOutbound: readFlag,
  },
);
const readLastAgent: Reader<Policy['lastAgent']> = (value, path) => {
  const settings = readLastAgentSettings(value, path);
  return settings.ok ? succeed({ ...defaultPolicy.lastAgent, ...settings.value }) : settings;
};

const readCard = object(
  {},
  {
    attributes: list(readName),
    link: text(
      'a link that begins with https:// and a domain of its own, {phone} and the like in it',
      parseLink,
    ),
  },
);

const readCardOrNone: Reader<Policy['insightCard']> = (value, path) =>
  value === false ? succeed(false as const) : readCard(value, path);

const readSettings = object(
  {},
  {
    enabled: readFlag,
    routeToAgentIn: list(oneOf(presences)),
    whenPresenceUnknown: oneOf(['ask', 'go', 'skip']),
    presenceTrustedForSeconds: wholeNumber(60, 86_400),
    reserveSeconds: wholeNumber(1, 120),
    staleAfterSeconds: wholeNumber(5, 120),
    ringSeconds: wholeNumber(0, 120),
    lastAgent: readLastAgent,
    insightCard: readCardOrNone,
    assignOwners: readFlag,
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

/** Tried without each `{…}`. */
function parseLink(link: string): string | undefined {
  const tried = link.replace(/\{[^{}]+\}/g, '');
  return !/[{}]/.test(tried) && URL.canParse(tried) && hasOwnDomain(link) ? link : undefined;
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
