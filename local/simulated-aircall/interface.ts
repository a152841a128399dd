/**
 * What a test or a stack can do with the simulated Aircall besides asking it over HTTP.
 */
import type { Ask, CallFlow } from './call-flow.ts';
import type {
  RecordedInsightCard,
  RecordedTransfer,
  SimulatedAvailability,
  SimulatedCall,
  SimulatedContact,
  SimulatedUser,
  SimulatedWebhook,
} from './company.ts';
import type { Deliveries, Post } from './deliveries.ts';
import type { Fault } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { Telephone } from './telephone.ts';

export type SimulatedAircallOptions = {
  /** @default 0, a free one */
  port?: number;
  apiId: string;
  apiToken: string;
  users?: SimulatedUser[];
  /** @default 120 */
  requestsPerMinute?: number;
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number;
  /**
   * Whether reading or transferring a call never heard of creates it first, as a young inbound one: for a
   * stack poked by hand.
   * @default false
   */
  acceptUnknownCalls?: boolean;
  /** When the telephone does what, and, without `now`, the time. @default the real clock */
  scheduler?: Scheduler;
  /** How deliveries get to webhooks. @default over HTTP, with 5 s of patience */
  post?: Post;
  /** How a call flow's question gets to who answers it. @default over HTTP, with 3 s of patience */
  ask?: Ask;
};

/** `path` with its query. `status` is undefined for as long as the request is not answered. */
export type RecordedRequest = { method: string; path: string; status: number | undefined };

export type SimulatedAircall = {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  /** Every transfer accepted, in order. */
  transfers: RecordedTransfer[];
  /** Every insight card accepted, in order. */
  insightCards: RecordedInsightCard[];
  /** Every request received, in order. */
  requests: RecordedRequest[];

  /** Adds a user, or replaces the one with this id. */
  addUser(user: SimulatedUser): void;
  removeUser(userId: number): void;
  setAvailability(userId: number, availability: SimulatedAvailability): void;

  /** Adds a call, or changes the given fields of one that is there. */
  putCall(call: SimulatedCall): void;
  call(id: string): Required<SimulatedCall> | undefined;
  /** Adds a contact, or changes the given fields of one that is there: `contact.created` or `contact.updated`. */
  putContact(contact: SimulatedContact): void;
  /** `contact.deleted`, without its phones. */
  removeContact(id: string): void;
  /** From now on (until `heal`) a transfer to this user is answered 405. */
  refuseTransfersTo(userId: number): void;

  /** What comes in, rings and is told. */
  telephone: Telephone;
  deliveries: Deliveries;

  /** Where the call flow asks who should ring. Until it is told, nobody answers it. */
  setCallFlow(flow: CallFlow): void;

  webhooks(): SimulatedWebhook[];
  /** Adds an active one, whose token is known beforehand. @returns its id */
  addWebhook(webhook: Pick<SimulatedWebhook, 'url' | 'token' | 'events' | 'customName'>): string;
  /** What Aircall does to a webhook whose deliveries keep failing. */
  deactivateWebhook(webhookId: string): void;

  /**
   * Makes the next requests of a route go wrong, after those already asked for.
   * @example aircall.failNext('POST /v1/calls/:id/transfers', { kind: 'reset-after-work' })
   */
  failNext(route: string, fault: Fault, times?: number): void;
  failAlways(route: string, fault: Fault): void;
  /** Takes back every fault and refusal; requests that hang go on hanging. */
  heal(): void;

  /** Closes every connection, those of hanging requests too. */
  close(): Promise<void>;
};
