/** Short ways to say the things tests are about. All people and numbers are invented. */
import type { DecidedCall } from '../lib/core/hops.ts';
import type {
  AircallContactId,
  AircallUserId,
  CallId,
  CallNews,
  ClaimOwner,
  Contact,
  DecisionRecord,
  EmailAddress,
  Hop,
  InboundCall,
  PhoneNumber,
} from '../lib/core/model.ts';

/** 2025-11-22T22:40:00Z. */
export const t0 = 1763851200000;

export const callId = (id: string) => id as CallId;
export const contactId = (id: string) => id as AircallContactId;
export const owner = (id: string) => id as ClaimOwner;
export const email = (address: string) => address as EmailAddress;
export const phone = (number: string) => number as PhoneNumber;
export const userId = (id: number) => id as AircallUserId;

/** A clock that stands still until it is moved. */
export function createClock(startMs = t0) {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

export function inboundCall(changes: Partial<InboundCall> = {}): InboundCall {
  return {
    callId: callId('812000001'),
    caller: { kind: 'identified', phone: phone('+442079460123') },
    status: 'ringing',
    startedAtMs: t0,
    ...changes,
  };
}

export function contact(changes: Partial<Contact> = {}): Contact {
  return {
    phone: phone('+442079460123'),
    name: 'Zoë Martin',
    company: 'Northwind Tea',
    assignedTo: email('jane@example.com'),
    backups: [],
    attributes: {},
    ...changes,
  };
}

export function routedRecord(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    callId: callId('812000001'),
    caller: { kind: 'identified', phone: phone('+442079460123') },
    receivedAtMs: t0,
    door: 'webhook',
    callStartedAtMs: t0,
    decision: {
      outcome: 'routed',
      to: { kind: 'agent', aircallUserId: userId(456) },
      because: 'assigned-agent',
    },
    considered: [],
    attempts: [],
    readings: [],
    passed: [],
    plan: [],
    timings: { claimedMs: 5 },
    ...changes,
  };
}

/** The first time a routed call was given on: to another agent, because the first one declined. */
export function hopRecord(changes: Partial<Hop> = {}): Hop {
  return {
    hop: 1,
    cause: 'agent-declined',
    receivedAtMs: t0 + 4_000,
    decision: { outcome: 'routed', to: { kind: 'agent', aircallUserId: userId(457) }, because: 'backup' },
    considered: [],
    attempts: [],
    readings: [],
    timings: { claimedMs: 6 },
    ...changes,
  };
}

/** What is known of a call of which no event told anything. */
export const nothingTold: CallNews = { isAnswered: false, isOver: false, refusals: [] };

/** A call that was routed and rings, of which nothing was heard since. */
export function decidedCall(changes: Partial<DecidedCall> = {}): DecidedCall {
  return { record: routedRecord(), hops: [], hopsBegun: 0, news: nothingTold, ...changes };
}
