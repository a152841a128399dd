/**
 * Whether a rule is for this call, and if not, the first of its conditions that does not hold. Time is handed in.
 */
import { localTimeIn } from './local-time.ts';
import type { AircallNumberId, Caller, Contact, PhoneNumber } from './model.ts';
import { countryOf, parsePhoneNumber } from './phone-number.ts';
import type { CallerKind, Conditions, Hours, Rule } from './policy.ts';

export type CallFacts = {
  readonly caller: Caller;
  readonly contact: Contact | undefined;
  /** The number of ours that was called. */
  readonly aircallNumberId?: AircallNumberId | undefined;
  readonly aircallNumber?: PhoneNumber | undefined;
  readonly nowMs: number;
};

export type FailedCondition = keyof Conditions;

/** @param zone where the `dates` of a rule without `hours` are */
export function matchRule(rule: Rule, facts: CallFacts, zone: string): 'match' | FailedCondition {
  const { number, caller, callerCountry, contact, ...time } = rule.when ?? {};

  const failedTime = matchTime(time, facts.nowMs, zone);
  if (failedTime !== undefined) return failedTime;
  if (number && !number.some((one) => one === facts.aircallNumberId || one === facts.aircallNumber)) {
    return 'number';
  }
  if (caller && !caller.includes(kindOf(facts))) return 'caller';
  if (callerCountry && !matchCountry(callerCountry, facts.caller)) return 'callerCountry';
  if (contact && !matchContact(contact, facts.contact)) return 'contact';

  return 'match';
}

/** After midnight a range that began the evening before still has that day's date and weekday. */
function matchTime(
  { dates, hours }: Pick<Conditions, 'dates' | 'hours'>,
  nowMs: number,
  zone: string,
): 'dates' | 'hours' | undefined {
  if (dates === undefined && hours === undefined) return undefined;

  const { time, today, yesterday } = localTimeIn(hours?.zone ?? zone, nowMs);
  const { date, weekday } = hours && isOverMidnight(hours) && time < hours.to ? yesterday : today;
  if (dates && !dates.includes(date)) return 'dates';
  if (hours?.days && !hours.days.includes(weekday)) return 'hours';
  if (hours && !isWithin(hours, time)) return 'hours';

  return undefined;
}

function isWithin(hours: Hours, time: string): boolean {
  return isOverMidnight(hours)
    ? time >= hours.from || time < hours.to
    : time >= hours.from && time < hours.to;
}

function isOverMidnight({ from, to }: Hours): boolean {
  return from > to;
}

function kindOf({ caller, contact }: CallFacts): CallerKind {
  if (caller.kind === 'withheld') return 'withheld';
  return contact === undefined ? 'unknown' : 'known';
}

function matchCountry(wanted: NonNullable<Conditions['callerCountry']>, caller: Caller): boolean {
  if (caller.kind !== 'identified') return false;

  const country = countryOf(caller.phone);
  return wanted.some((code) => code === country);
}

function matchContact(wanted: NonNullable<Conditions['contact']>, contact: Contact | undefined): boolean {
  if (contact === undefined) return false;

  const fields = fieldsOf(contact);
  return Object.entries(wanted).every(([name, values]) =>
    fields.some((field) => field.name === fold(name) && values.some((value) => hasValue(field, value))),
  );
}

type Field = { readonly name: string; readonly value: string };

/** By the names of the columns of the file they came from. Attributes keep their names as written there. */
function fieldsOf({ phone, name, company, assignedTo, backups, attributes }: Contact): readonly Field[] {
  const fields = [
    ...Object.entries({ phone, name, company, agent_email: assignedTo }),
    ...backups.map((backup) => ['backup_emails', backup] as const),
    ...Object.entries(attributes),
  ];
  return fields
    .map(([name, value]) => ({ name: fold(name), value }))
    .filter((field): field is Field => field.value !== undefined);
}

function hasValue({ name, value }: Field, wanted: string): boolean {
  return name === 'phone' ? parsePhoneNumber(wanted) === value : fold(wanted) === fold(value);
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
