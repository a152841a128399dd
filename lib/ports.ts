/**
 * What the use cases need of the world, as small functions. Every `deadlineMs` is a time on the clock of `Now`:
 * by then the function has answered, if only with a failure.
 */
import type { DecidedCall } from './core/hops.ts';
import type { InsightCard } from './core/insight-card.ts';
import type { AgentRules, AgentSkipReason } from './core/judge-agent.ts';
import type { Conversation, LastConversation } from './core/last-agent.ts';
import type { WebhookList } from './core/look-after-webhook.ts';
import type { WebhookSeen } from './core/missed-calls.ts';
import type {
  AccountId,
  Agent,
  AircallContactId,
  AircallFailure,
  AircallResult,
  AircallUser,
  AircallUserId,
  Availability,
  CallId,
  CallNews,
  CallReading,
  Claim,
  ClaimOwner,
  Contact,
  Decision,
  DecisionRecord,
  Door,
  EmailAddress,
  Hop,
  InboundCall,
  PhoneNumber,
  Refusal,
  StoreResult,
  TransferTarget,
} from './core/model.ts';
import type { Policy } from './core/policy.ts';
import type { Presence, PresenceFact, PresenceReading } from './core/presence.ts';
import type { UserList } from './core/reconcile-agents.ts';
import type { Result } from './core/result.ts';
import type { KnownContact, SyncedContact, WordsOfContact } from './core/sync-contact.ts';

/** The time, in ms since 1970. */
export type Now = () => number;

export type Sleep = (ms: number) => Promise<unknown>;

export type FindContact = (
  phone: PhoneNumber,
  deadlineMs: number,
) => Promise<StoreResult<Contact | undefined>>;

/** Whose phone it is, and who spoke to them last: one request. */
export type FindCaller = (phone: PhoneNumber, deadlineMs: number) => Promise<StoreResult<FoundCaller>>;

export type FoundCaller = {
  readonly contact?: Contact;
  readonly lastConversation?: LastConversation;
  /** A last conversation is there, but damaged or newer than this code: which attribute is wrong. */
  readonly unreadable?: string;
};

/**
 * Remembers the agent of a conversation for the other party's phone, in place of an older one. `kept`: this one or a
 * newer one is remembered already. `unknown-agent`: it came without an e-mail, and nobody we know has that login.
 */
export type SaveConversation = (
  conversation: Conversation,
  untilMs: number,
  deadlineMs: number,
) => Promise<StoreResult<'saved' | 'kept' | 'unknown-agent'>>;

/** One page of the calls that began in a span of time, both ends included, oldest first. Pages count from 1. */
export type ReadPastCalls = (
  span: { readonly fromMs: number; readonly toMs: number; readonly page: number },
  deadlineMs: number,
) => Promise<AircallResult<PastCalls>>;

export type PastCalls = {
  /** How many calls were on the page, the inbound ones, and the conversations among them. */
  readonly calls: number;
  readonly inbound: readonly InboundCall[];
  readonly conversations: readonly Conversation[];
  /** When the last of them began; absent for an empty page. */
  readonly reachedMs?: number;
  /** `beyond-last-page`: Aircall counts no further; the rest is the first page of a span that begins later. */
  readonly more: 'none' | 'next-page' | 'beyond-last-page';
};

/** How far a backfill of last agents has come: all calls that began from `sinceMs` to `reachedMs` are done. */
export type BackfillProgress = { readonly sinceMs: number; readonly reachedMs: number };

/** `undefined`: none is under way. */
export type FindBackfill = (deadlineMs: number) => Promise<StoreResult<BackfillProgress | undefined>>;

/** @param progress `undefined`: it is finished */
export type SaveBackfill = (
  progress: BackfillProgress | undefined,
  deadlineMs: number,
) => Promise<StoreResult<void>>;

/** What is known of a contact at Aircall. */
export type FindSyncedContact = (
  contactId: AircallContactId,
  deadlineMs: number,
) => Promise<StoreResult<SyncedContact | undefined>>;

/** `changed-meanwhile`: someone else has begun a version of it; nothing was saved. */
export type SaveSyncedContact = (
  contact: SyncedContact,
  deadlineMs: number,
) => Promise<StoreResult<'saved' | 'changed-meanwhile'>>;

/** Lets a phone have the words of a contact at Aircall, or none. What a later version wrote stays. */
export type SaveWords = (
  phone: PhoneNumber,
  words: {
    readonly contactId: AircallContactId;
    readonly version: number;
    readonly words?: WordsOfContact;
  },
  deadlineMs: number,
) => Promise<StoreResult<void>>;

/** Assigns a contact unless it is assigned already. */
export type AssignUnassigned = (
  phone: PhoneNumber,
  assignedTo: EmailAddress,
  deadlineMs: number,
) => Promise<StoreResult<'assigned' | 'kept'>>;

/** One page of the contacts at Aircall that were made at a time or later, oldest first. Pages count from 1. */
export type ReadContacts = (
  from: { readonly fromMs: number; readonly page: number },
  deadlineMs: number,
) => Promise<AircallResult<ContactsPage>>;

export type ContactsPage = {
  readonly contacts: readonly KnownContact[];
  /** How many are in a shape we don't know. */
  readonly unreadable: number;
  /** When the first and the last of them were made; absent for an empty page. */
  readonly firstMs?: number;
  readonly reachedMs?: number;
  /** `beyond-last-page`: Aircall counts no further; the rest is the first page from a later time. */
  readonly more: 'none' | 'next-page' | 'beyond-last-page';
};

/** How far a sync of contacts has come: all contacts made before `reachedMs` are done. `undefined`: none is under way. */
export type FindContactSync = (
  deadlineMs: number,
) => Promise<StoreResult<{ readonly reachedMs: number } | undefined>>;

/** @param progress `undefined`: it is finished */
export type SaveContactSync = (
  progress: { readonly reachedMs: number } | undefined,
  deadlineMs: number,
) => Promise<StoreResult<void>>;

/** Every contact, by phone in order; `unreadable` counts those damaged or newer than this code. */
export type ListContacts = (
  deadlineMs: number,
) => Promise<StoreResult<{ readonly contacts: readonly Contact[]; readonly unreadable: number }>>;

/** Writes the contacts that differ from what is stored. @param contacts of different phones, at most 100 */
export type SaveContacts = (
  contacts: readonly Contact[],
  deadlineMs: number,
) => Promise<StoreResult<{ readonly written: number; readonly unchanged: number }>>;

/** Forgets what is ours of a contact. `at-aircall`: Aircall has it, and so it is still there. */
export type DeleteContact = (
  phone: PhoneNumber,
  deadlineMs: number,
) => Promise<StoreResult<'deleted' | 'absent' | 'at-aircall'>>;

/** Takes the right to decide one call. Asking again with the same owner gives the same answer. */
export type ClaimCall = (
  callId: CallId,
  door: Door,
  owner: ClaimOwner,
  deadlineMs: number,
) => Promise<StoreResult<ClaimedCall>>;

/** With the door of whoever claimed it first, and what events told of the call before. */
export type ClaimedCall = { readonly claim: Claim; readonly door: Door; readonly news: CallNews };

/** Stores what was decided and ends the claim. `not-owner`: the claim lapsed and someone else has it; nothing was written. */
export type SettleCall = (
  record: DecisionRecord,
  owner: ClaimOwner,
  deadlineMs: number,
) => Promise<StoreResult<Settled>>;

/** With what events told of the call before it was settled: from then on they find the record. */
export type Settled = { readonly kind: 'settled'; readonly news: CallNews } | { readonly kind: 'not-owner' };

/**
 * Notes down what an event told of a call, whether or not we know it: its `call.created` may still be on its way. Gives
 * the call as it is with that, and `undefined` for one that nobody has decided.
 */
export type NoteCallNews = (
  callId: CallId,
  news: CallNewsItem,
  deadlineMs: number,
) => Promise<StoreResult<DecidedCall | undefined>>;

export type CallNewsItem =
  | { readonly kind: 'answered'; readonly atMs: number; readonly by?: AircallUserId }
  | { readonly kind: 'over'; readonly atMs: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A call that was decided; `undefined` for every other. */
export type FindDecidedCall = (
  callId: CallId,
  deadlineMs: number,
) => Promise<StoreResult<DecidedCall | undefined>>;

/**
 * Takes the right to give a call on for the `hop`th time. `refused`: someone else has or had it, an earlier hop is under
 * way, or the call was answered or is over. Asking again with the same owner gives the same answer.
 */
export type ClaimHop = (
  callId: CallId,
  hop: number,
  owner: ClaimOwner,
  deadlineMs: number,
) => Promise<StoreResult<'claimed' | 'refused'>>;

/** Stores what came of a hop. */
export type SettleHop = (
  callId: CallId,
  hop: Hop,
  owner: ClaimOwner,
  deadlineMs: number,
) => Promise<StoreResult<Settled>>;

/** Gives a call to someone. Not idempotent: a `lost-answer` may have happened. */
export type TransferCall = (
  callId: CallId,
  to: TransferTarget,
  deadlineMs: number,
) => Promise<AircallResult<void>>;

/** Shows who is calling to whoever the call rings. Nothing else comes of it. */
export type ShowInsightCard = (
  callId: CallId,
  card: InsightCard,
  deadlineMs: number,
) => Promise<AircallResult<void>>;

export type ReadCall = (callId: CallId, deadlineMs: number) => Promise<AircallResult<CallReading>>;

/** `undefined`: Aircall knows no such e-mail. */
export type FetchUser = (
  email: EmailAddress,
  deadlineMs: number,
) => Promise<AircallResult<AircallUser | undefined>>;

/** All users, all pages; where a page fails, those of the pages before it, and the failure. */
export type ListUsers = (deadlineMs: number) => Promise<UserList>;

export type FindAgent = (email: EmailAddress, deadlineMs: number) => Promise<StoreResult<Agent | undefined>>;

/** Writes who an agent is at Aircall; without an `aircallUserId`, that Aircall doesn't know them. Presence and hold stay as they are. */
export type SaveAgent = (agent: Agent, deadlineMs: number) => Promise<StoreResult<void>>;

/** Every agent; `unreadable` counts the items that are damaged or newer than this code. */
export type ListAgents = (
  deadlineMs: number,
) => Promise<StoreResult<{ readonly agents: readonly Agent[]; readonly unreadable: number }>>;

/** An agent by e-mail, or by their login at Aircall. */
export type AgentRef = EmailAddress | AircallUserId;

/** Takes in what was told of an agent; the same state, told again, costs no write. */
export type TrackPresence = (
  who: AgentRef,
  fact: PresenceFact,
  deadlineMs: number,
) => Promise<StoreResult<TrackedPresence>>;

/** `undefined`: unknown. `unknown-agent`: nobody we know has that login, or that e-mail. */
export type TrackedPresence =
  | {
      readonly kind: 'changed' | 'unchanged';
      readonly before: PresenceReading | undefined;
      readonly after: PresenceReading | undefined;
    }
  | { readonly kind: 'unknown-agent' };

export type ReserveRules = AgentRules & { readonly reserveForMs: number };

/** Holds an agent for a call if they may be rung for it: one round trip. Asking again for the same call holds them anew. */
export type ReserveAgent = (
  email: EmailAddress,
  callId: CallId,
  rules: ReserveRules,
  deadlineMs: number,
) => Promise<StoreResult<Reservation>>;

/** With the presence the verdict rested on, where there is one; and the agent, unless nobody is stored by that e-mail. */
export type Reservation = (
  | { readonly kind: 'reserved'; readonly aircallUserId: AircallUserId; readonly agentName?: string }
  | { readonly kind: 'skipped'; readonly because: AgentSkipReason; readonly agent?: Agent }
) & {
  readonly presence?: Presence;
  readonly presenceAgeMs?: number;
  readonly presenceSource?: PresenceReading['source'];
};

/** Ends the hold of an agent for a call. `not-held`: they are not held for it. */
export type ReleaseAgent = (
  who: AgentRef,
  callId: CallId,
  deadlineMs: number,
) => Promise<StoreResult<'released' | 'not-held'>>;

/**
 * Every user's, all pages; where a page fails, those of the pages before it, and the failure. `unreadable` counts those
 * in a shape or a word we don't know.
 */
export type ListAvailabilities = (deadlineMs: number) => Promise<{
  readonly availabilities: readonly Availability[];
  readonly unreadable: number;
  readonly failure?: AircallFailure;
}>;

/** `undefined`: Aircall knows no such user. */
export type FetchAvailability = (
  aircallUserId: AircallUserId,
  deadlineMs: number,
) => Promise<AircallResult<Availability | undefined>>;

/** What an operator is told of one delivery. Free of names, numbers, tokens and bodies. */
export type DeliveryReport = {
  readonly requestId: string;
  /** Absent where nobody's token proved it. */
  readonly accountId?: AccountId;
  readonly event?: string;
  readonly callId?: CallId;
  /** `withheld`, `unreadable`, or the last two digits. */
  readonly caller?: string;
  readonly decision: Decision | { readonly outcome: 'refused'; readonly because: RejectionReason };
  readonly tookMs: number;
  readonly record?: DecisionRecord;
  /** Where the call was given on, and this is what came of that. */
  readonly hop?: Hop;
};

/** `unreadable-event`: it proved itself, and is not as an event of Aircall's is. */
export type RejectionReason = 'unauthorized' | 'bad-request' | 'unreadable-event' | 'too-large';

export type Report = (report: DeliveryReport) => void;

/**
 * Something an operator should see although the call went on. `detail` is free of names, numbers and tokens; a `count`
 * in it says how often it happened.
 */
export type Warn = (what: WarningKind, detail: Readonly<Record<string, string | number>>) => void;

export type WarningKind =
  | 'store-trouble'
  | 'item-unreadable'
  | 'aircall-trouble'
  | 'settle-failed'
  | 'insight-card-failed'
  | 'unexpected-error'
  | 'users-unreadable'
  | 'agents-unreadable'
  | 'availabilities-unreadable'
  /** A check found agents doing something else than we thought. */
  | 'presence-corrected'
  /** An account's credentials could not be opened: Aircall is asked nothing for it. */
  | 'credentials-closed'
  /** Earlier webhooks that could not be deleted: each call is announced once more. */
  | 'webhook-left-over'
  /** A company could not be installed; Aircall refused the code that a browser brought. */
  | 'install-refused'
  | 'install-failed'
  /** The agents and contacts of a new account are brought in step by the schedules only. */
  | 'first-refresh-failed'
  /** A ring timer could not be started, or one that came could not be read. */
  | 'queue-trouble'
  /** A webhook of ours was found switched off; told of events other than ours, and was put right; is not there. */
  | 'webhook-was-off'
  | 'webhook-events-corrected'
  | 'webhook-gone'
  /** One in its place was made. */
  | 'webhook-made-again';

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

/** The calls claimed since then, at most `limit` of them; with `outcome` or `because`, those that came to it. */
export type CallQuery = {
  readonly sinceMs: number;
  readonly limit: number;
  readonly outcome?: string;
  readonly because?: string;
};

/** Newest first. */
export type ListCalls = (
  query: CallQuery,
  deadlineMs: number,
) => Promise<StoreResult<{ readonly calls: readonly CallSummary[]; readonly unreadable: number }>>;

export type StoredCall = {
  readonly callId: CallId;
  readonly claimedAtMs: number;
  readonly lapsesAtMs: number;
  /** An earlier claim lapsed unsettled, and this one took its place. */
  readonly takenOver: boolean;
  readonly settled?: DecidedCall & { readonly atMs: number };
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
export type ListWebhooks = (deadlineMs: number) => Promise<AircallResult<WebhookList<Webhook>>>;

/** When a webhook of ours was last seen to announce calls; `undefined`: never. */
export type FindWebhookSeen = (deadlineMs: number) => Promise<StoreResult<WebhookSeen | undefined>>;

export type SaveWebhookSeen = (seen: WebhookSeen, deadlineMs: number) => Promise<StoreResult<void>>;

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

/** A policy that is in force, or was. Versions count from 1. */
export type StoredPolicy = {
  readonly version: number;
  readonly storedAtMs: number;
  readonly policy: Policy;
};

/** The policy in force; `undefined` where none is stored. */
export type FindPolicy = (deadlineMs: number) => Promise<StoreResult<StoredPolicy | undefined>>;

/**
 * Puts a policy into force in place of `replaced`, which goes into the history. `changed-meanwhile`: another one is in
 * force than that; nothing was put.
 *
 * @param replaced `unreadable`: the one in force can't be read; it goes into the history as it is, under a number of its own
 */
export type PutPolicy = (
  policy: Policy,
  replaced: StoredPolicy | 'unreadable' | undefined,
  deadlineMs: number,
) => Promise<StoreResult<PolicyPut>>;

export type PolicyPut =
  | { readonly kind: 'stored'; readonly version: number }
  | { readonly kind: 'changed-meanwhile' };

/** The policy in force and all that were, newest first; `unreadable` counts those damaged or newer than this code. */
export type ListPolicies = (
  deadlineMs: number,
) => Promise<StoreResult<{ readonly policies: readonly StoredPolicy[]; readonly unreadable: number }>>;

/**
 * Asks to be woken at `dueAtMs`, at most 15 minutes ahead, about a call that rings. Woken at least once, never early,
 * perhaps later. Asking again may wake once more.
 */
export type StartRingTimer = (timer: RingTimer, deadlineMs: number) => Promise<Result<void, QueueFailure>>;

/** Wakes for an account. `hop`: how often the call had been given on when the timer was started. */
export type RingTimer = { readonly callId: CallId; readonly hop: number; readonly dueAtMs: number };

export type QueueFailure = { readonly reason: 'queue-unavailable'; readonly detail: string };
