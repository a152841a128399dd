/**
 * What the use cases need of the world, as small functions. Every `deadlineMs` is a time on the clock of `Now`:
 * by then the function has answered, if only with a failure.
 */
import type {
  Agent,
  AircallResult,
  AircallUserId,
  CallId,
  CallReading,
  Claim,
  ClaimOwner,
  Contact,
  Decision,
  DecisionRecord,
  Destination,
  EmailAddress,
  InboundCall,
  PhoneNumber,
  StoreResult,
} from './core/model.ts';

/** The time, in ms since 1970. */
export type Now = () => number;

export type FindContact = (
  phone: PhoneNumber,
  deadlineMs: number,
) => Promise<StoreResult<Contact | undefined>>;

/** Writes the contacts that differ from what is stored. @param contacts of different phones, at most 100 */
export type SaveContacts = (
  contacts: readonly Contact[],
  deadlineMs: number,
) => Promise<StoreResult<{ readonly written: number; readonly unchanged: number }>>;

export type DeleteContact = (
  phone: PhoneNumber,
  deadlineMs: number,
) => Promise<StoreResult<'deleted' | 'absent'>>;

/** Takes the right to decide one call. Asking again with the same owner gives the same answer. */
export type ClaimCall = (
  call: InboundCall,
  owner: ClaimOwner,
  deadlineMs: number,
) => Promise<StoreResult<Claim>>;

/** Stores what was decided and ends the claim. `not-owner`: the claim lapsed and someone else has it; nothing was written. */
export type SettleCall = (
  record: DecisionRecord,
  owner: ClaimOwner,
  deadlineMs: number,
) => Promise<StoreResult<'settled' | 'not-owner'>>;

/** Gives a call to someone. Not idempotent: a `lost-answer` may have happened. */
export type TransferCall = (
  callId: CallId,
  to: Destination,
  deadlineMs: number,
) => Promise<AircallResult<void>>;

export type ReadCall = (callId: CallId, deadlineMs: number) => Promise<AircallResult<CallReading>>;

export type AircallUser = {
  readonly aircallUserId: AircallUserId;
  readonly email: EmailAddress;
  readonly name?: string;
};

/** `undefined`: Aircall knows no such e-mail. */
export type FetchUser = (
  email: EmailAddress,
  deadlineMs: number,
) => Promise<AircallResult<AircallUser | undefined>>;

/** All users, all pages; `unreadable` counts those whose shape we don't know. */
export type ListUsers = (
  deadlineMs: number,
) => Promise<AircallResult<{ readonly users: readonly AircallUser[]; readonly unreadable: number }>>;

export type FindAgent = (email: EmailAddress, deadlineMs: number) => Promise<StoreResult<Agent | undefined>>;

/** Writes who an agent is at Aircall; without an `aircallUserId`, that Aircall doesn't know them. */
export type SaveAgent = (agent: Agent, deadlineMs: number) => Promise<StoreResult<void>>;

/** Every agent; `unreadable` counts the items that are damaged or newer than this code. */
export type ListAgents = (
  deadlineMs: number,
) => Promise<StoreResult<{ readonly agents: readonly Agent[]; readonly unreadable: number }>>;

/** What an operator is told of one delivery. Free of names, numbers, tokens and bodies. */
export type DeliveryReport = {
  readonly requestId: string;
  readonly event?: string;
  readonly callId?: CallId;
  /** `withheld`, `unreadable`, or the last two digits. */
  readonly caller?: string;
  readonly decision: Decision | { readonly outcome: 'refused'; readonly because: RejectionReason };
  readonly tookMs: number;
  readonly record?: DecisionRecord;
};

export type RejectionReason = 'unauthorized' | 'bad-request' | 'too-large';

export type Report = (report: DeliveryReport) => void;

/** Something an operator should see although the call went on. `detail` is free of names, numbers and tokens. */
export type Warn = (what: WarningKind, detail: Readonly<Record<string, string | number>>) => void;

export type WarningKind =
  | 'store-trouble'
  | 'aircall-trouble'
  | 'settle-failed'
  | 'unexpected-error'
  | 'users-unreadable'
  | 'agents-unreadable';
