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
  EmailAddress,
  InboundCall,
  PhoneNumber,
  StoreResult,
  TransferTarget,
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
  to: TransferTarget,
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

/** All users, all pages; `unreadable` counts those whose shape we don't know, or who fell between two pages. */
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

/** `unreadable-event`: it proved itself, and is not as an event of Aircall's is. */
export type RejectionReason = 'unauthorized' | 'bad-request' | 'unreadable-event' | 'too-large';

export type Report = (report: DeliveryReport) => void;

/** Something an operator should see although the call went on. `detail` is free of names, numbers and tokens. */
export type Warn = (what: WarningKind, detail: Readonly<Record<string, string | number>>) => void;

export type WarningKind =
  | 'store-trouble'
  | 'item-unreadable'
  | 'aircall-trouble'
  | 'settle-failed'
  | 'unexpected-error'
  | 'users-unreadable'
  | 'agents-unreadable';

/** Makes an agent the one a contact is assigned to, creating the contact if there is none; without `backups`, these stay. */
export type AssignContact = (
  phone: PhoneNumber,
  assignment: { readonly assignedTo: EmailAddress; readonly backups?: readonly EmailAddress[] },
  deadlineMs: number,
) => Promise<StoreResult<'assigned' | 'created'>>;

/** The rows of one CSV file from its start, the header too; read anew at each call. Blank lines are not told. */
export type ReadCsv = () => AsyncIterable<CsvRow>;

/** `line` is where the row begins, counted in the file from 1. */
export type CsvRow =
  | { readonly kind: 'cells'; readonly line: number; readonly cells: readonly string[] }
  | { readonly kind: 'broken'; readonly line: number; readonly because: CsvProblem };

export type CsvProblem = 'broken-quotes' | 'row-too-long';

/** One line of the history of calls. `outcome` and `because` are as stored: newer code may know more of them. */
export type CallSummary = {
  readonly callId: CallId;
  readonly claimedAtMs: number;
  /** Absent: claimed, and not settled. */
  readonly settledAtMs?: number;
  readonly outcome?: string;
  readonly because?: string;
  readonly to?: TransferTarget;
};

/** The calls claimed since then, newest first, at most `limit` of them. */
export type ListCalls = (
  sinceMs: number,
  limit: number,
  deadlineMs: number,
) => Promise<StoreResult<{ readonly calls: readonly CallSummary[]; readonly unreadable: number }>>;

export type StoredCall = {
  readonly callId: CallId;
  readonly claimedAtMs: number;
  readonly lapsesAtMs: number;
  /** An earlier claim lapsed unsettled, and this one took its place. */
  readonly takenOver: boolean;
  readonly settled?: { readonly atMs: number; readonly record: DecisionRecord };
};

export type FindCall = (callId: CallId, deadlineMs: number) => Promise<StoreResult<StoredCall | undefined>>;

/** `incomplete`: an index is missing. */
export type ProbeTable = (deadlineMs: number) => Promise<StoreResult<'ready' | 'absent' | 'incomplete'>>;

/** A registration at Aircall: which events are delivered where. */
export type Webhook = {
  readonly webhookId: string;
  /** Absent where Aircall doesn't tell. */
  readonly name?: string;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  /** A secret: what its deliveries prove themselves with. */
  readonly token: string;
};

/** All webhooks of the company, all pages; `unreadable` counts those whose shape we don't know. */
export type ListWebhooks = (
  deadlineMs: number,
) => Promise<AircallResult<{ readonly webhooks: readonly Webhook[]; readonly unreadable: number }>>;

/** Not idempotent: after `lost-answer` or `no-answer` there may be one more. */
export type CreateWebhook = (
  webhook: { readonly name: string; readonly url: string; readonly events: readonly string[] },
  deadlineMs: number,
) => Promise<AircallResult<Webhook>>;

/** Switches a webhook on, for exactly these events. */
export type ActivateWebhook = (
  webhookId: string,
  events: readonly string[],
  deadlineMs: number,
) => Promise<AircallResult<Webhook>>;

/** Whether Aircall takes our credentials. */
export type PingAircall = (deadlineMs: number) => Promise<AircallResult<void>>;

/** How far our clock is ahead of Aircall's; `undefined` where it doesn't tell. */
export type CompareClocks = (
  deadlineMs: number,
) => Promise<AircallResult<{ readonly aheadMs: number } | undefined>>;
