/**
 * The store's ports over maps. Trustworthy because it passes the same contracts as the DynamoDB adapters.
 */
import { isDeepStrictEqual } from 'node:util';
import { judgeAgent } from '../../lib/core/judge-agent.ts';
import type {
  Agent,
  AircallUserId,
  CallId,
  Contact,
  DecisionRecord,
  EmailAddress,
  PhoneNumber,
} from '../../lib/core/model.ts';
import { applyPresence, nothingHeard, type PresenceState, readPresence } from '../../lib/core/presence.ts';
import { succeed } from '../../lib/core/result.ts';
import type {
  AgentRef,
  ClaimCall,
  DeleteContact,
  FindAgent,
  FindContact,
  ListAgents,
  Now,
  ReleaseAgent,
  ReserveAgent,
  SaveAgent,
  SaveContacts,
  SettleCall,
  TrackPresence,
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

/** The part of a store that knows who may ring. */
export type PresenceStore = Pick<Store, 'findAgent' | 'saveAgent' | 'listAgents'> & {
  readonly trackPresence: TrackPresence;
  readonly reserveAgent: ReserveAgent;
  readonly releaseAgent: ReleaseAgent;
};

type StoredClaim = { owner: string; lapsesAtMs: number; takenOver: boolean; record?: DecisionRecord };

export function createInMemoryStore(
  now: Now,
  claimLapsesAfterMs: number,
): Store & PresenceStore & { readonly records: () => readonly DecisionRecord[] } {
  const claims = new Map<CallId, StoredClaim>();
  const contacts = new Map<PhoneNumber, Contact>();
  const agents = new Map<EmailAddress, Agent>();
  const emails = new Map<AircallUserId, EmailAddress>();
  const presences = new Map<EmailAddress, PresenceState>();

  const emailOf = (who: AgentRef) => (typeof who === 'string' ? who : emails.get(who));

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

    saveAgent: async ({ email, aircallUserId, name, checkedAtMs }) => {
      const { presence, hold } = agents.get(email) ?? {};
      if (aircallUserId !== undefined) emails.set(aircallUserId, email);
      agents.set(email, {
        email,
        ...(aircallUserId !== undefined && { aircallUserId }),
        ...(name !== undefined && { name }),
        checkedAtMs,
        ...(presence !== undefined && { presence }),
        ...(hold !== undefined && { hold }),
      });
      return succeed(undefined);
    },

    listAgents: async () => succeed({ agents: [...agents.values()], unreadable: 0 }),

    trackPresence: async (who, fact) => {
      const agent = agents.get(emailOf(who) as EmailAddress);
      const isOther = typeof who === 'number' && agent?.aircallUserId !== who;
      if (agent === undefined || isOther) return succeed({ kind: 'unknown-agent' });

      const state = presences.get(agent.email) ?? nothingHeard;
      const next = applyPresence(state, fact);
      const readings = { before: readPresence(state), after: readPresence(next) };
      if (isDeepStrictEqual(state, next)) return succeed({ kind: 'unchanged', ...readings });

      const { presence: _, ...others } = agent;
      presences.set(agent.email, next);
      agents.set(agent.email, { ...others, ...(readings.after && { presence: readings.after }) });
      return succeed({ kind: 'changed', ...readings });
    },

    reserveAgent: async (email, callId, rules) => {
      const agent = agents.get(email);
      if (agent === undefined) return succeed({ kind: 'skipped', because: 'agent-not-on-aircall' });

      const { aircallUserId, presence } = agent;
      const seen = presence && {
        presence: presence.presence,
        presenceAgeMs: now() - presence.knownAtMs,
        presenceSource: presence.source,
      };
      const verdict = judgeAgent(agent, rules, now(), callId);
      if (verdict !== 'go') return succeed({ kind: 'skipped', because: verdict, agent, ...seen });

      agents.set(email, { ...agent, hold: { callId, untilMs: now() + rules.reserveForMs } });
      return succeed({ kind: 'reserved', aircallUserId: aircallUserId as AircallUserId, ...seen });
    },

    releaseAgent: async (who, callId) => {
      const agent = agents.get(emailOf(who) as EmailAddress);
      if (agent?.hold?.callId !== callId) return succeed('not-held');

      const { hold: _, ...others } = agent;
      agents.set(agent.email, others);
      return succeed('released');
    },
  };
}
