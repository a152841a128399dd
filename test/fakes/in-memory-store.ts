/**
 * The store's ports over maps. Trustworthy because it passes the same contracts as the DynamoDB adapters.
 */
import { isDeepStrictEqual } from 'node:util';
import type { DecidedCall } from '../../lib/core/hops.ts';
import { judgeAgent } from '../../lib/core/judge-agent.ts';
import type { LastConversation } from '../../lib/core/last-agent.ts';
import type { WebhookSeen } from '../../lib/core/missed-calls.ts';
import type {
  Agent,
  AircallContactId,
  AircallUserId,
  CallId,
  CallNews,
  Claim,
  Contact,
  DecisionRecord,
  Door,
  EmailAddress,
  Hop,
  PhoneNumber,
  Refusal,
} from '../../lib/core/model.ts';
import { applyPresence, nothingHeard, type PresenceState, readPresence } from '../../lib/core/presence.ts';
import { succeed } from '../../lib/core/result.ts';
import {
  joinContact,
  partContact,
  type SyncedContact,
  type WordsOfContact,
} from '../../lib/core/sync-contact.ts';
import type {
  AgentRef,
  AssignUnassigned,
  BackfillProgress,
  ClaimCall,
  ClaimHop,
  DeleteContact,
  FindAgent,
  FindBackfill,
  FindCaller,
  FindContact,
  FindContactSync,
  FindDecidedCall,
  FindSyncedContact,
  FindWebhookSeen,
  ListAgents,
  ListContacts,
  NoteCallNews,
  Now,
  ReleaseAgent,
  ReserveAgent,
  SaveAgent,
  SaveBackfill,
  SaveContactSync,
  SaveContacts,
  SaveConversation,
  SaveSyncedContact,
  SaveWebhookSeen,
  SaveWords,
  SettleCall,
  SettleHop,
  TrackPresence,
} from '../../lib/ports.ts';

export type Store = {
  readonly claimCall: ClaimCall;
  readonly settleCall: SettleCall;
  readonly noteCallNews: NoteCallNews;
  readonly findDecidedCall: FindDecidedCall;
  readonly claimHop: ClaimHop;
  readonly settleHop: SettleHop;
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

/** The part of a store that knows who spoke to whom. */
export type LastAgentStore = Pick<Store, 'saveContacts' | 'saveAgent'> & {
  readonly findCaller: FindCaller;
  readonly saveConversation: SaveConversation;
  readonly findBackfill: FindBackfill;
  readonly saveBackfill: SaveBackfill;
};

/** The part of a store that is in step with the contacts at Aircall. */
export type SyncStore = Pick<Store, 'findContact' | 'saveContacts' | 'deleteContact'> &
  Pick<LastAgentStore, 'findCaller'> & {
    readonly findSyncedContact: FindSyncedContact;
    readonly saveSyncedContact: SaveSyncedContact;
    readonly saveWords: SaveWords;
    readonly assignUnassigned: AssignUnassigned;
    readonly listContacts: ListContacts;
    readonly findContactSync: FindContactSync;
    readonly saveContactSync: SaveContactSync;
  };

/** The part of a store that knows when calls were announced. */
export type WebhookSeenStore = {
  readonly findWebhookSeen: FindWebhookSeen;
  readonly saveWebhookSeen: SaveWebhookSeen;
};

type StoredClaim = {
  door: Door;
  owner: string;
  lapsesAtMs: number;
  takenOver: boolean;
  record?: DecisionRecord;
};
type StoredHops = { begun: number; owner: string; hops: readonly Hop[] };
const nothingTold: CallNews = { isAnswered: false, isOver: false, refusals: [] };

export function createInMemoryStore(
  now: Now,
  claimLapsesAfterMs: number,
): Store &
  PresenceStore &
  LastAgentStore &
  WebhookSeenStore &
  SyncStore & {
    readonly records: () => readonly DecisionRecord[];
    readonly decided: (callId: CallId) => DecidedCall | undefined;
  } {
  const claims = new Map<CallId, StoredClaim>();
  const hopsOf = new Map<CallId, StoredHops>();
  const told = new Map<CallId, CallNews>();
  const contacts = new Map<PhoneNumber, Contact>();
  const wordsOf = new Map<PhoneNumber, Map<AircallContactId, { version: number; words?: WordsOfContact }>>();
  const syncedContacts = new Map<AircallContactId, SyncedContact>();
  let contactSync: { readonly reachedMs: number } | undefined;
  const lastConversations = new Map<PhoneNumber, LastConversation>();
  let backfill: BackfillProgress | undefined;
  let webhookSeen: WebhookSeen | undefined;
  const agents = new Map<EmailAddress, Agent>();
  const emails = new Map<AircallUserId, EmailAddress>();
  const presences = new Map<EmailAddress, PresenceState>();

  const knownWords = (phone: PhoneNumber) =>
    [...(wordsOf.get(phone)?.values() ?? [])].flatMap(({ words }) => words ?? []);
  const joined = (phone: PhoneNumber) => joinContact(phone, contacts.get(phone), knownWords(phone));

  const emailOf = (who: AgentRef) => (typeof who === 'string' ? who : emails.get(who));

  const newsOf = (callId: CallId) => told.get(callId) ?? nothingTold;

  function takeClaim(callId: CallId, door: Door, owner: string): Claim {
    const held = claims.get(callId);
    const lapsesAtMs = now() + claimLapsesAfterMs;
    if (held === undefined) {
      claims.set(callId, { door, owner, lapsesAtMs, takenOver: false });
      return 'claimed';
    }
    if (held.record !== undefined) return 'duplicate';
    if (held.lapsesAtMs <= now()) {
      claims.set(callId, { ...held, owner, lapsesAtMs, takenOver: true });
      return 'in-doubt';
    }
    if (held.owner !== owner) return 'duplicate';
    return held.takenOver ? 'in-doubt' : 'claimed';
  }

  function decided(callId: CallId): DecidedCall | undefined {
    const record = claims.get(callId)?.record;
    const { begun = 0, hops = [] } = hopsOf.get(callId) ?? {};
    return record && { record, hops, hopsBegun: begun, news: newsOf(callId) };
  }

  return {
    decided,

    records: () => [...claims.values()].flatMap(({ record }) => record ?? []),

    claimCall: async (callId, door, owner) => {
      const claim = takeClaim(callId, door, owner);
      return succeed({ claim, door: claims.get(callId)?.door ?? door, news: newsOf(callId) });
    },

    settleCall: async (record, owner) => {
      const held = claims.get(record.callId);
      if (held?.owner !== owner) return succeed({ kind: 'not-owner' });
      claims.set(record.callId, { ...held, record });
      return succeed({ kind: 'settled', news: newsOf(record.callId) });
    },

    noteCallNews: async (callId, item) => {
      const news = newsOf(callId);
      told.set(callId, {
        ...news,
        isAnswered: news.isAnswered || item.kind === 'answered',
        ...(item.kind === 'answered' && item.by !== undefined && { answeredBy: item.by }),
        isOver: news.isOver || item.kind === 'over',
        refusals: item.kind === 'refused' ? addTo(news.refusals, item.refusal) : news.refusals,
      });
      return succeed(decided(callId));
    },

    findDecidedCall: async (callId) => succeed(decided(callId)),

    claimHop: async (callId, hop, owner) => {
      const call = decided(callId);
      const { begun = 0, owner: begunBy, hops = [] } = hopsOf.get(callId) ?? {};
      if (begun === hop && hops.length === hop - 1 && begunBy === owner) return succeed('claimed');
      const isNext = begun === hop - 1 && hops.length === hop - 1;
      if (call === undefined || call.news.isAnswered || call.news.isOver || !isNext)
        return succeed('refused');

      hopsOf.set(callId, { begun: hop, owner, hops });
      return succeed('claimed');
    },

    settleHop: async (callId, hop, owner) => {
      const stored = hopsOf.get(callId);
      if (stored?.owner !== owner || stored.begun !== hop.hop) return succeed({ kind: 'not-owner' });
      hopsOf.set(callId, { ...stored, hops: [...stored.hops.slice(0, hop.hop - 1), hop] });
      return succeed({ kind: 'settled', news: newsOf(callId) });
    },

    findContact: async (phone) => succeed(joined(phone)),

    findCaller: async (phone) => {
      const contact = joined(phone);
      const lastConversation = lastConversations.get(phone);
      return succeed({ ...(contact && { contact }), ...(lastConversation && { lastConversation }) });
    },

    saveConversation: async ({ phone, email: told, ...talk }) => {
      const email = told ?? emailOf(talk.aircallUserId);
      if (email === undefined) return succeed('unknown-agent');
      const before = lastConversations.get(phone);
      if (before !== undefined && before.endedAtMs >= talk.endedAtMs) return succeed('kept');

      lastConversations.set(phone, { ...talk, email });
      return succeed('saved');
    },

    findBackfill: async () => succeed(backfill),

    saveBackfill: async (progress) => {
      backfill = progress;
      return succeed(undefined);
    },

    findWebhookSeen: async () => succeed(webhookSeen),

    saveWebhookSeen: async (seen) => {
      webhookSeen = seen;
      return succeed(undefined);
    },

    saveContacts: async (given) => {
      let written = 0;
      for (const contact of given) {
        const { phone } = contact;
        if (isDeepStrictEqual(joined(phone), contact)) continue;
        const ours = partContact(contact, knownWords(phone));
        if (isDeepStrictEqual(ours, contacts.get(phone))) continue;
        if (ours === undefined) contacts.delete(phone);
        else contacts.set(phone, ours);
        written += 1;
      }
      return succeed({ written, unchanged: given.length - written });
    },

    deleteContact: async (phone) => {
      const deleted = contacts.delete(phone) ? 'deleted' : 'absent';
      return succeed(knownWords(phone).length > 0 ? 'at-aircall' : deleted);
    },

    findSyncedContact: async (contactId) => succeed(syncedContacts.get(contactId)),

    saveSyncedContact: async (synced) => {
      const { news, version, isPending } = synced;
      const replaced = isPending ? version - 1 : version;
      if ((syncedContacts.get(news.contactId)?.version ?? 0) !== replaced)
        return succeed('changed-meanwhile');
      syncedContacts.set(news.contactId, synced);
      return succeed('saved');
    },

    saveWords: async (phone, { contactId, version, words }) => {
      const ofPhone = wordsOf.get(phone) ?? new Map();
      const before = ofPhone.get(contactId);
      if (before !== undefined && before.version > version) return succeed(undefined);
      wordsOf.set(phone, ofPhone.set(contactId, { version, ...(words && { words: pickWords(words) }) }));
      return succeed(undefined);
    },

    assignUnassigned: async (phone, assignedTo) => {
      const ours = contacts.get(phone) ?? { phone, backups: [], attributes: {} };
      if (ours.assignedTo !== undefined) return succeed('kept');
      contacts.set(phone, { ...ours, assignedTo });
      return succeed('assigned');
    },

    listContacts: async () => {
      const phones = [...new Set([...contacts.keys(), ...wordsOf.keys()])].toSorted();
      return succeed({ contacts: phones.flatMap((phone) => joined(phone) ?? []), unreadable: 0 });
    },

    findContactSync: async () => succeed(contactSync),

    saveContactSync: async (progress) => {
      contactSync = progress;
      return succeed(undefined);
    },

    findAgent: async (email) => succeed(agents.get(email)),

    saveAgent: async ({ email, aircallUserId, name, wrapUpSeconds, checkedAtMs }) => {
      const { presence, hold } = agents.get(email) ?? {};
      if (aircallUserId !== undefined) emails.set(aircallUserId, email);
      agents.set(email, {
        email,
        ...(aircallUserId !== undefined && { aircallUserId }),
        ...(name !== undefined && { name }),
        ...(wrapUpSeconds !== undefined && { wrapUpSeconds }),
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
      const hasWrapUp = (agent.wrapUpSeconds ?? 0) > 0;
      const readings = { before: readPresence(state, hasWrapUp), after: readPresence(next, hasWrapUp) };
      if (isDeepStrictEqual(state, next)) return succeed({ kind: 'unchanged', ...readings });

      const { presence: _, ...others } = agent;
      presences.set(agent.email, next);
      agents.set(agent.email, { ...others, ...(readings.after && { presence: readings.after }) });
      return succeed({ kind: 'changed', ...readings });
    },

    reserveAgent: async (email, callId, rules) => {
      const agent = agents.get(email);
      if (agent === undefined) return succeed({ kind: 'skipped', because: 'agent-not-on-aircall' });

      const { aircallUserId, name, presence } = agent;
      const seen = presence && {
        presence: presence.presence,
        presenceAgeMs: now() - presence.knownAtMs,
        presenceSource: presence.source,
      };
      const verdict = judgeAgent(agent, rules, now(), callId);
      if (verdict !== 'go') return succeed({ kind: 'skipped', because: verdict, agent, ...seen });

      agents.set(email, { ...agent, hold: { callId, untilMs: now() + rules.reserveForMs } });
      return succeed({
        kind: 'reserved',
        aircallUserId: aircallUserId as AircallUserId,
        ...(name !== undefined && { agentName: name }),
        ...seen,
      });
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

function pickWords({ contactId, atMs, name, company, attributes }: WordsOfContact): WordsOfContact {
  return {
    contactId,
    atMs,
    ...(name !== undefined && { name }),
    ...(company !== undefined && { company }),
    attributes,
  };
}

function addTo(refusals: readonly Refusal[], refusal: Refusal): readonly Refusal[] {
  return refusals.some((one) => isDeepStrictEqual(one, refusal)) ? refusals : [...refusals, refusal];
}
