/**
 * Everything the simulated Aircall knows about one company: state only, the rules are in the routes.
 */
import type { CallFlow } from './call-flow.ts';

export type SimulatedAvailability =
  | 'available'
  | 'offline'
  | 'do_not_disturb'
  | 'in_call'
  | 'after_call_work';

export type SimulatedUser = {
  id: number;
  name: string;
  email: string;
  /** @default 'available' */
  availability?: SimulatedAvailability;
  /** @default 'Etc/UTC' */
  timeZone?: string;
  /** How long they are left in peace after a call. @default 0 */
  wrapUpSeconds?: number;
};

/** The number at which calls come in. */
export type SimulatedNumber = {
  id: number;
  name: string;
  /** As Aircall shows it: `+33 1 99 00 12 34`. */
  digits: string;
  country: string;
  timeZone: string;
};

export type SimulatedCall = {
  /** Decimal digits, up to 19 of them: Aircall's ids are Int64. */
  id: string;
  /** @default 'inbound' */
  direction?: 'inbound' | 'outbound';
  /** @default 'initial' */
  status?: 'initial' | 'answered' | 'done';
  /** @default now */
  startedAtSeconds?: number;
  /** @default now, once the status is 'answered' */
  answeredAtSeconds?: number | null;
  /** @default now, once the status is 'done' */
  endedAtSeconds?: number | null;
  rawDigits?: string | null;
  /** Who answered, or dialled. */
  userId?: number | null;
  transferredToUserId?: number | null;
  /** Of a call that ended unanswered. @default 'agents_did_not_answer' */
  missedCallReason?: string | null;
};

export type SimulatedContact = {
  /** Decimal digits: Aircall's ids are Int64. */
  id: string;
  firstName?: string | null;
  lastName?: string | null;
  companyName?: string | null;
  information?: string | null;
  /** @default none */
  phones?: readonly string[];
  /** @default now */
  createdAtSeconds?: number;
  /** @default now */
  updatedAtSeconds?: number;
};

export type TransferTarget =
  | { user_id: number }
  | { team_id: number; dispatching_strategy?: string }
  | { number: string };

export type RecordedTransfer = { callId: string; target: TransferTarget; atMs: number };

export type CardContent =
  | { type: 'title'; text: string; link?: string }
  | { type: 'shortText'; label: string; text: string; link?: string };

export type RecordedInsightCard = { callId: string; contents: CardContent[]; atMs: number };

export type SimulatedWebhook = {
  webhookId: string;
  customName: string | undefined;
  url: string;
  events: string[];
  active: boolean;
  token: string;
  createdAtMs: number;
  /** By an app, with the access token of its installation. @default false */
  isMadeOverOauth?: boolean;
};

/** What a company's installation of the OAuth app is at Aircall. */
export type Integration = { id: number; name: string; isEnabled: boolean };

export type Company = {
  id: number;
  name: string;
  number: SimulatedNumber;
  /** Where this Aircall answers; every link it prints starts with it. */
  url: string;
  nowMs: () => number;
  /** Whether a call it never heard of is taken for a ringing one. */
  isUnknownCallAccepted: (callId: string) => boolean;
  users: Map<number, SimulatedUser>;
  calls: Map<string, Required<SimulatedCall>>;
  contacts: Map<string, Required<SimulatedContact>>;
  webhooks: Map<string, SimulatedWebhook>;
  /** The one call flow, of calls that come in by it. */
  callFlow: CallFlow | undefined;
  /** Absent for as long as the OAuth app is not installed. */
  integration: Integration | undefined;
  /** Users to whom every transfer is refused. */
  refusedUserIds: Set<number>;
  transfers: RecordedTransfer[];
  insightCards: RecordedInsightCard[];
  /** Told of every transfer that was accepted, once it is recorded. */
  onTransfer: (callId: string, target: TransferTarget) => void;
  /** Told of every insight card that was accepted, once it is recorded. */
  onInsightCard: (card: RecordedInsightCard) => void;
};

export function createCompany({
  users,
  ...settings
}: Pick<Company, 'id' | 'name' | 'number' | 'url' | 'nowMs' | 'isUnknownCallAccepted'> & {
  users: readonly SimulatedUser[];
}): Company {
  return {
    ...settings,
    users: new Map(users.map((user) => [user.id, { ...user }])),
    calls: new Map(),
    contacts: new Map(),
    webhooks: new Map(),
    callFlow: undefined,
    integration: undefined,
    refusedUserIds: new Set(),
    transfers: [],
    insightCards: [],
    onTransfer: () => undefined,
    onInsightCard: () => undefined,
  };
}
