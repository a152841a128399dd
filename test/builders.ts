/** Short ways to say the things tests are about. All people and numbers are invented. */
import type {
  AircallUserId,
  CallId,
  ClaimOwner,
  Contact,
  DecisionRecord,
  EmailAddress,
  InboundCall,
  PhoneNumber,
} from '../lib/core/model.ts';

/** 2025-11-22T22:40:00Z. */
export const t0 = 1763851200000;

export const callId = (id: string) => id as CallId;
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
    timings: { claimedMs: 5 },
    ...changes,
  };
}
