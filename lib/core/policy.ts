/**
 * A company's own rules: for whom which agent, team or number rings, and on what an agent's presence may rest.
 *
 * The shape is that of the document an operator writes: what was parsed can be stored, shown and parsed again.
 */
import type { CountryCode } from 'libphonenumber-js/min';
import type {
  AircallNumberId,
  AircallTeamId,
  EmailAddress,
  NonEmpty,
  PhoneNumber,
  TeamStrategy,
} from './model.ts';
import type { Presence } from './presence.ts';

export type Policy = {
  /** `false` leaves every call: the operator's switch. @default true */
  readonly enabled: boolean;
  /** Who of the agents may be rung. @default ['available'] */
  readonly routeToAgentIn: NonEmpty<Presence>;
  /** What an agent's presence is worth who was not heard of for `presenceTrustedForSeconds`. @default 'ask' */
  readonly whenPresenceUnknown: 'ask' | 'go' | 'skip';
  /** Older presence is unknown. @default 600 */
  readonly presenceTrustedForSeconds: number;
  /** How long an agent is held for one call. @default 20 */
  readonly reserveSeconds: number;
  /** A call that started longer ago is old news. @default 30 */
  readonly staleAfterSeconds: number;
  /** How long an agent is let ring before the call goes on; 0: for as long as Aircall lets them. @default 25 */
  readonly ringSeconds: number;
  readonly lastAgent: LastAgentSettings;
  /** What the agent who is rung is shown of the caller; `false`: nothing. @default false */
  readonly insightCard: false | InsightCardSettings;
  /** Whether the owner that a contact's information at Aircall names becomes its agent, if nobody is. @default false */
  readonly assignOwners: boolean;
  /** IANA zone of the `dates` of a rule that has no `hours`; one that has them keeps to their zone. @default 'UTC' */
  readonly zone: string;
  /** The first that matches wins; there is no way on to the next. */
  readonly rules: readonly Rule[];
};

/** Which conversations make an agent the caller's last one. */
export type LastAgentSettings = {
  /** Shorter ones don't count. @default 30 */
  readonly minTalkSeconds: number;
  /** How long one is remembered. @default 30 */
  readonly lookbackDays: number;
  /** Whether calls that the agent made count as well. @default false */
  readonly includeOutbound: boolean;
};

export type InsightCardSettings = {
  /** Those of the contact's attributes that are shown, in this order. */
  readonly attributes?: readonly string[];
  /**
   * Where a click on the caller's name leads; `{phone}`, `{name}`, `{company}` and `{an attribute}` stand for the
   * contact's, encoded for a URL.
   * @example 'https://crm.example.com/search?q={phone}'
   */
  readonly link?: string;
};

export const presences = [
  'available',
  'in_call',
  'after_call_work',
  'do_not_disturb',
  'offline',
] as const satisfies readonly Presence[];

export type Rule = {
  /** No two rules have the same. */
  readonly name: string;
  /** All must hold. Absent or empty: the rule is for every call. */
  readonly when?: Conditions;
  /** Tried in this order. */
  readonly targets: readonly PolicyTarget[];
};

/** Each holds if it is met by one of the values it lists. */
export type Conditions = {
  /** Local dates, `2026-12-25`. With `hours` over midnight a date, too, lasts until its range is over. */
  readonly dates?: readonly string[];
  readonly hours?: Hours;
  /** The number of ours that was called: its id at Aircall, or the number itself, which is all that some doors know. */
  readonly number?: readonly (AircallNumberId | PhoneNumber)[];
  readonly caller?: readonly CallerKind[];
  readonly callerCountry?: readonly CountryCode[];
  /**
   * A column of the contacts' file (`phone`, `name`, `company`, `agent_email`, `backup_emails`) or an attribute → the
   * values it may have, whatever the letter case of either. All names must be met.
   * @example { tier: ['gold', 'platinum'] }
   */
  readonly contact?: Readonly<Record<string, readonly string[]>>;
};

/** A range over midnight (`19:00` to `08:00`) belongs to the day it begins on: that of `mon` covers 3 a.m. on Tuesday. */
export type Hours = {
  /** An IANA time zone. */
  readonly zone: string;
  /** @default every day */
  readonly days?: readonly Weekday[];
  /** `HH:MM` on the zone's clocks, the first minute that belongs to the range. */
  readonly from: string;
  /** `HH:MM` or `24:00`, the first minute that no longer does. */
  readonly to: string;
};

export type Weekday = (typeof weekdays)[number];
/** In the order in which JavaScript counts them. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** `known`: a contact. `unknown`: a number, or digits nobody can read, of no contact. */
export type CallerKind = (typeof callerKinds)[number];
export const callerKinds = ['known', 'unknown', 'withheld'] as const;

export type PolicyTarget =
  | TargetWord
  | { readonly agent: EmailAddress }
  | { readonly team: AircallTeamId; readonly strategy?: TeamStrategy }
  | { readonly number: PhoneNumber };

/** Whom the contact names, their agent and the agent's backups, or who spoke to the caller last; `leave` ends the list. */
export type TargetWord = (typeof targetWords)[number];
export const targetWords = ['assigned', 'backups', 'last-agent', 'leave'] as const;

/** For an account that has stored none. */
export const defaultPolicy: Policy = {
  enabled: true,
  routeToAgentIn: ['available'],
  whenPresenceUnknown: 'ask',
  presenceTrustedForSeconds: 600,
  reserveSeconds: 20,
  staleAfterSeconds: 30,
  ringSeconds: 25,
  lastAgent: { minTalkSeconds: 30, lookbackDays: 30, includeOutbound: false },
  insightCard: false,
  assignOwners: false,
  zone: 'UTC',
  rules: [{ name: 'everyone', targets: ['assigned', 'backups', 'leave'] }],
};
