/**
 * The words of the router: who calls, who could ring, what was decided and why.
 */
import type { AgentSkipReason } from './judge-agent.ts';
import type { PassedRule } from './plan-targets.ts';
import type { Presence, PresenceReading } from './presence.ts';
import type { Result } from './result.ts';

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A company we route for; `default` is the one whose credentials are in the environment. */
export type AccountId = Branded<string, 'AccountId'>;
/** Aircall's id of a call: an Int64 in decimal digits, kept as text because a JavaScript number can't hold them all. */
export type CallId = Branded<string, 'CallId'>;
/** Aircall's id of an agent's login. */
export type AircallUserId = Branded<number, 'AircallUserId'>;
/** Aircall's id of a contact of the company's: an Int64 as that of a call. */
export type AircallContactId = Branded<string, 'AircallContactId'>;
/** Aircall's id of a team. */
export type AircallTeamId = Branded<number, 'AircallTeamId'>;
/** Aircall's id of a number of ours, one that can be called. */
export type AircallNumberId = Branded<number, 'AircallNumberId'>;
/** E.164, for instance `+442079460123`. */
export type PhoneNumber = Branded<string, 'PhoneNumber'>;
/** An e-mail address in lower case: systems differ in the case they store. */
export type EmailAddress = Branded<string, 'EmailAddress'>;
/** Who holds a claim: the id of one Lambda invocation. */
export type ClaimOwner = Branded<string, 'ClaimOwner'>;

/** Who is ringing. `unreadable`: digits came, but they are no international phone number. */
export type Caller =
  | { readonly kind: 'identified'; readonly phone: PhoneNumber }
  | { readonly kind: 'withheld' }
  | { readonly kind: 'unreadable' };

/** A call as its `call.created` tells it. */
export type InboundCall = {
  readonly callId: CallId;
  readonly caller: Caller;
  /** The number of ours that was called, where Aircall tells. */
  readonly aircallNumberId?: AircallNumberId;
  readonly aircallNumber?: PhoneNumber;
  readonly status: CallStatus;
  readonly startedAtMs: number;
};

export type CallStatus = 'ringing' | 'answered' | 'over';

/** A call as Aircall tells it when asked. `isTouched`: someone has been given this call, or has given it away. */
export type CallReading = {
  readonly status: CallStatus;
  readonly startedAtMs: number;
  readonly isTouched: boolean;
  /** Aircall knows when it was answered. Without that, `answered` may only mean that it has been transferred. */
  readonly hasAnswerTime: boolean;
};

/** What events told of a call, whoever decided on it, and also before anyone did. */
export type CallNews = {
  readonly isAnswered: boolean;
  /** Who answered last, where an event told. */
  readonly answeredBy?: AircallUserId;
  readonly isOver: boolean;
  readonly refusals: readonly Refusal[];
};

/** Someone who will not take a call: they declined it, or a transfer to them failed. */
export type Refusal = { readonly because: RefusalCause; readonly by: AircallUserId };

type RefusalCause = 'agent-declined' | 'transfer-failed';

/** Why a call that rings goes on to someone else. */
export type HopCause = RefusalCause | 'ring-timeout';

/** A customer we know, by one of their phones. */
export type Contact = {
  readonly phone: PhoneNumber;
  readonly name?: string;
  readonly company?: string;
  readonly assignedTo?: EmailAddress;
  readonly backups: readonly EmailAddress[];
  readonly attributes: Readonly<Record<string, string>>;
};

/** Our colleague. Without an `aircallUserId`, Aircall did not know the e-mail at `checkedAtMs`. */
export type Agent = {
  readonly email: EmailAddress;
  readonly aircallUserId?: AircallUserId;
  readonly name?: string;
  /** How long they may wrap up after a call. Absent: not at all. */
  readonly wrapUpSeconds?: number;
  readonly checkedAtMs: number;
  /** Absent: unknown. */
  readonly presence?: PresenceReading;
  readonly hold?: Hold;
};

/** One who can log in at Aircall. */
export type AircallUser = {
  readonly aircallUserId: AircallUserId;
  readonly email: EmailAddress;
  readonly name?: string;
  /** Absent: none, or unreadable. */
  readonly wrapUpSeconds?: number;
};

/** What Aircall answered to a check of an agent, and when it was asked. */
export type Availability = {
  readonly aircallUserId: AircallUserId;
  readonly presence: Presence;
  readonly atMs: number;
};

/** An agent held for one call; over at `untilMs`, whether or not it was released. */
export type Hold = { readonly callId: CallId; readonly untilMs: number };

/** How the agents of a team are rung. Aircall's own default: `simultaneous`. */
export type TeamStrategy = 'simultaneous' | 'random' | 'longest_idle';

/** Whom a transfer reaches. */
export type TransferTarget =
  | { readonly kind: 'agent'; readonly aircallUserId: AircallUserId }
  | { readonly kind: 'team'; readonly teamId: AircallTeamId; readonly strategy?: TeamStrategy }
  | { readonly kind: 'number'; readonly phone: PhoneNumber };

/** Who could ring, and the source that named them. */
export type Target =
  | {
      readonly kind: 'agent';
      readonly email: EmailAddress;
      readonly because: 'assigned-agent' | 'backup' | 'last-agent' | 'policy-agent';
    }
  | {
      readonly kind: 'team';
      readonly teamId: AircallTeamId;
      readonly strategy?: TeamStrategy;
      readonly because: 'policy-team';
    }
  | { readonly kind: 'number'; readonly phone: PhoneNumber; readonly because: 'policy-number' };

/** What can be wrong with the store, or with one item in it. `detail` names an error or an attribute, never a value. */
export type StoreFailure = {
  readonly reason: 'store-unavailable' | 'item-unreadable';
  readonly detail: string;
};

/** What Aircall, or the way to it, can answer instead of what was asked. */
export type AircallFailure = {
  readonly reason:
    | 'unauthorized'
    | 'forbidden'
    | 'not-found'
    | 'call-ended'
    | 'refused'
    | 'rate-limited'
    /** Nothing reached Aircall: the connection could not be made. */
    | 'unavailable'
    /** It may or may not have happened, and is over: reset, 5xx. */
    | 'lost-answer'
    /** It may or may not have happened, or happen yet: we gave up waiting, or something on the way did. */
    | 'no-answer'
    /** Nothing was sent: no time was left to hear an answer. */
    | 'out-of-time'
    /** An answer came, but not in a shape we know. */
    | 'unreadable-answer'
    /** Nothing was sent: our credentials could not be opened. */
    | 'no-credentials';
  /** Names method, path and status; no credential, no e-mail, no number. */
  readonly message: string;
  readonly status?: number;
};

export type IgnoreReason =
  | 'event-not-routed'
  | 'outbound-call'
  | 'call-unreadable'
  | 'contact-unreadable'
  /** The company's account is switched off by us, or was uninstalled by them. */
  | 'account-disabled'
  | 'account-uninstalled'
  /** News of an installation that another one has replaced. */
  | 'earlier-installation';

/** What came of news of an agent. `presence-from-the-future`: by its own time it has not happened yet, by far. */
export type TrackReason =
  | 'presence-changed'
  | 'presence-unchanged'
  | 'unknown-agent'
  | 'presence-from-the-future'
  /** Of a call alone. */
  | 'call-noted'
  /** Of a contact at Aircall. */
  | ContactReason
  /** Of the account itself. */
  | 'account-uninstalled'
  | 'internal-error'
  | StoreFailure['reason'];

/** What came of news of a contact at Aircall. `contact-unchanged`: these, or newer ones, were known. */
export type ContactReason = 'contact-updated' | 'contact-deleted' | 'contact-unchanged';

/** Why a call is not for us, whoever is calling. */
export type CallReason = 'stale' | 'call-over' | 'call-answered';

/** Why nobody could be planned. */
export type PlanReason =
  | 'router-disabled'
  | 'no-rule-matches'
  | 'policy-says-leave'
  | 'caller-withheld'
  | 'caller-unreadable'
  | 'unknown-caller'
  | 'no-assigned-agent'
  | 'no-target-available';

export type AircallTrouble =
  | 'aircall-unauthorized'
  | 'aircall-forbidden'
  | 'aircall-refused'
  | 'aircall-unavailable'
  | 'rate-limited'
  | 'out-of-time'
  | 'no-credentials';

export type LeaveReason =
  | CallReason
  | PlanReason
  | StoreFailure['reason']
  | AircallTrouble
  | 'call-not-found'
  | 'transfer-refused'
  | 'webhook-was-off'
  | 'internal-error';

/** Why it could not be settled whether a transfer happened. */
export type DoubtReason =
  | CallReason
  | AircallTrouble
  | StoreFailure['reason']
  | 'call-touched'
  | 'answer-lost';

/** What one delivery came to. */
export type Decision =
  | { readonly outcome: 'routed'; readonly to: TransferTarget; readonly because: Target['because'] }
  | { readonly outcome: 'left'; readonly because: LeaveReason }
  | { readonly outcome: 'in-doubt'; readonly because: DoubtReason }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'ignored'; readonly because: IgnoreReason }
  | { readonly outcome: 'tracked'; readonly because: TrackReason };

/** Why a target was passed over. */
export type SkipReason = AgentSkipReason | 'call-refused' | StoreFailure['reason'] | AircallTrouble;

/** A target that was looked at, and the verdict. */
export type Considered = {
  readonly target: Target;
  readonly verdict: 'go' | SkipReason;
  /** What Aircall calls the agent, where that is known. */
  readonly agentName?: string;
  /** What the agent was doing, how old that knowledge was, and who told: an event, a check of all, or Aircall when asked. */
  readonly presence?: Presence;
  readonly presenceAgeMs?: number;
  readonly presenceSource?: PresenceReading['source'];
};

/** One transfer request and what Aircall said to it. */
export type TransferAttempt = {
  readonly to: TransferTarget;
  readonly answer: 'accepted' | AircallFailure['reason'];
  readonly status?: number;
  readonly tookMs: number;
};

/** How someone was chosen to ring, and what came of it. Times in ms after `receivedAtMs`. */
export type Choice = {
  readonly receivedAtMs: number;
  readonly decision: Decision;
  /** The policy that decided; 0 is the built-in one. Absent where none was asked. */
  readonly policyVersion?: number;
  readonly considered: readonly Considered[];
  readonly attempts: readonly TransferAttempt[];
  /** What Aircall said of the call when we asked: before a hop, after a lost answer, after a lapsed claim. */
  readonly readings: readonly ('untouched' | 'still-ringing' | DoubtReason)[];
  readonly timings: Timings;
};

/** Why this caller reached that person: all that a decision rested on. */
export type DecisionRecord = Choice & {
  readonly callId: CallId;
  readonly caller: Caller;
  /** Which question of Aircall's was answered: the webhook's, by a transfer, or that of the call flow, by naming someone. */
  readonly door: Door;
  readonly callStartedAtMs: number;
  /** The rule that matched, and those above it with the first of their conditions that did not hold. */
  readonly rule?: string;
  readonly passed: readonly PassedRule[];
  /** Everyone the rule names, in order. */
  readonly plan: readonly Target[];
};

export type Door = 'webhook' | 'ring-to';

/** The call given on to the next one of its plan. Counted from 1. */
export type Hop = Choice & { readonly hop: number; readonly cause: HopCause };

export type Timings = {
  readonly claimedMs?: number;
  readonly resolvedMs?: number;
  readonly transferredMs?: number;
};

/** `claimed`: ours. `in-doubt`: ours, but an earlier owner lapsed unsettled. `duplicate`: another delivery has or had it. */
export type Claim = 'claimed' | 'in-doubt' | 'duplicate';

export type StoreResult<Value> = Result<Value, StoreFailure>;
export type AircallResult<Value> = Result<Value, AircallFailure>;

export type NonEmpty<Value> = readonly [Value, ...Value[]];
