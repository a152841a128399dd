/**
 * The store's ports over maps. Trustworthy because it passes the same contracts as the DynamoDB adapters.
 */
import { isDeepStrictEqual } from 'node:util';
import type {
  Agent,
  CallId,
  Contact,
  DecisionRecord,
  EmailAddress,
  PhoneNumber,
} from '../../lib/core/model.ts';
import { succeed } from '../../lib/core/result.ts';
import type {
  ClaimCall,
  DeleteContact,
  FindAgent,
  FindContact,
  ListAgents,
  Now,
  SaveAgent,
  SaveContacts,
  SettleCall,
} from '../../lib/ports.ts';

export type Store = {
  readonly claimCall: ClaimCall;
  readonly settleCall: SettleCall;
  readonly findContact: FindContact;
  readonly saveContacts: SaveContacts;
  readonly deleteContact: DeleteContact;
  readonly findAgent: FindAgent;
  readonly saveAgent: SaveAgent;
  readonly listAgents: ListAgents;
};

type StoredClaim = { owner: string; lapsesAtMs: number; takenOver: boolean; record?: DecisionRecord };

export function createInMemoryStore(
  now: Now,
  claimLapsesAfterMs: number,
): Store & { readonly records: () => readonly DecisionRecord[] } {
  const claims = new Map<CallId, StoredClaim>();
  const contacts = new Map<PhoneNumber, Contact>();
  const agents = new Map<EmailAddress, Agent>();

  return {
    records: () => [...claims.values()].flatMap(({ record }) => record ?? []),

    claimCall: async ({ callId }, owner) => {
      const held = claims.get(callId);
      const lapsesAtMs = now() + claimLapsesAfterMs;
      if (held === undefined) {
        claims.set(callId, { owner, lapsesAtMs, takenOver: false });
        return succeed('claimed');
      }
      if (held.record !== undefined) return succeed('duplicate');
      if (held.lapsesAtMs <= now()) {
        claims.set(callId, { owner, lapsesAtMs, takenOver: true });
        return succeed('in-doubt');
      }
      if (held.owner !== owner) return succeed('duplicate');
      return succeed(held.takenOver ? 'in-doubt' : 'claimed');
    },

    settleCall: async (record, owner) => {
      const held = claims.get(record.callId);
      if (held?.owner !== owner) return succeed('not-owner');
      claims.set(record.callId, { ...held, record });
      return succeed('settled');
    },

    findContact: async (phone) => succeed(contacts.get(phone)),

    saveContacts: async (given) => {
      const changed = given.filter((contact) => !isDeepStrictEqual(contacts.get(contact.phone), contact));
      for (const contact of changed) contacts.set(contact.phone, contact);
      return succeed({ written: changed.length, unchanged: given.length - changed.length });
    },

    deleteContact: async (phone) => succeed(contacts.delete(phone) ? 'deleted' : 'absent'),

    findAgent: async (email) => succeed(agents.get(email)),

    saveAgent: async (agent) => {
      agents.set(agent.email, agent);
      return succeed(undefined);
    },

    listAgents: async () => succeed({ agents: [...agents.values()], unreadable: 0 }),
  };
}
