/**
 * What a test or a stack can do with one company of the simulated Aircall besides asking it over HTTP.
 */
import { randomUUID } from 'node:crypto';
import type { CallFlow } from './call-flow.ts';
import { putCall } from './calls.ts';
import type {
  Company,
  RecordedInsightCard,
  RecordedTransfer,
  SimulatedAvailability,
  SimulatedCall,
  SimulatedContact,
  SimulatedUser,
  SimulatedWebhook,
} from './company.ts';
import { putContact, removeContact } from './contacts.ts';
import type { Deliveries } from './deliveries.ts';
import type { Telephone } from './telephone.ts';

export type CompanyHandle = {
  /** Every transfer accepted, in order. */
  transfers: RecordedTransfer[];
  /** Every insight card accepted, in order. */
  insightCards: RecordedInsightCard[];

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
  addWebhook(
    webhook: Pick<SimulatedWebhook, 'url' | 'token' | 'events' | 'customName' | 'isMadeOverOauth'>,
  ): string;
  /** What Aircall does to a webhook whose deliveries keep failing. */
  deactivateWebhook(webhookId: string): void;
};

export function createCompanyHandle(
  company: Company,
  deliveries: Deliveries,
  telephone: Telephone,
): CompanyHandle {
  return {
    transfers: company.transfers,
    insightCards: company.insightCards,
    addUser(user) {
      company.users.set(user.id, { ...user });
    },
    removeUser(userId) {
      company.users.delete(userId);
    },
    setAvailability(userId, availability) {
      company.users.set(userId, { ...existing(company.users, userId, 'user'), availability });
    },
    putCall(call) {
      putCall(call, company);
    },
    call: (id) => company.calls.get(id),
    putContact(contact) {
      putContact(contact, company, deliveries);
    },
    removeContact(id) {
      removeContact(id, company, deliveries);
    },
    refuseTransfersTo(userId) {
      company.refusedUserIds.add(userId);
    },
    telephone,
    deliveries,
    setCallFlow(flow) {
      company.callFlow = flow;
    },
    webhooks: () => [...company.webhooks.values()],
    addWebhook(webhook) {
      const webhookId = randomUUID();
      company.webhooks.set(webhookId, { ...webhook, webhookId, active: true, createdAtMs: company.nowMs() });
      return webhookId;
    },
    deactivateWebhook(webhookId) {
      company.webhooks.set(webhookId, { ...existing(company.webhooks, webhookId, 'webhook'), active: false });
    },
  };
}

function existing<Id, Item>(items: Map<Id, Item>, id: Id, kind: string): Item {
  const item = items.get(id);
  if (item === undefined) throw new Error(`the simulated Aircall has no ${kind} ${id}`);
  return item;
}
