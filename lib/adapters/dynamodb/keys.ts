/**
 * Every key of the table. `docs/storage.md` describes what lies under each.
 * No part can hold a `#`: phones, call ids and e-mail addresses are parsed before they get here.
 */
import type {
  AccountId,
  AircallContactId,
  AircallUserId,
  CallId,
  EmailAddress,
  PhoneNumber,
} from '../../core/model.ts';

export type Key = { readonly pk: string; readonly sk: string };

export function contactKey(account: AccountId, phone: PhoneNumber): Key {
  return { pk: `ACCOUNT#${account}#PHONE#${phone}`, sk: 'CONTACT' };
}

/** Before the last agent, so that one request finds all that is known of a phone. */
export const contactWordsSort = 'CONTACT#AIRCALL#';

/** What a contact at Aircall says of who has a phone. */
export function contactWordsKey(account: AccountId, phone: PhoneNumber, contactId: AircallContactId): Key {
  return { ...contactKey(account, phone), sk: `${contactWordsSort}${contactId}` };
}

export function syncedContactKey(account: AccountId, contactId: AircallContactId): Key {
  return { pk: `ACCOUNT#${account}#CONTACT#${contactId}`, sk: 'AIRCALL' };
}

/** How far the sync of contacts has come. */
export function contactSyncKey(account: AccountId): Key {
  return { pk: `ACCOUNT#${account}`, sk: 'SYNC#CONTACTS' };
}

/** Beside the contact, so that one request finds both. */
export function lastAgentKey(account: AccountId, phone: PhoneNumber): Key {
  return { ...contactKey(account, phone), sk: 'LAST_AGENT' };
}

export function callKey(account: AccountId, callId: CallId): Key {
  return { pk: `ACCOUNT#${account}#CALL#${callId}`, sk: 'ROUTING' };
}

export function agentKey(account: AccountId, email: EmailAddress): Key {
  return { pk: `ACCOUNT#${account}#AGENT#${email}`, sk: 'AGENT' };
}

/** Which agent has a login at Aircall. */
export function userKey(account: AccountId, aircallUserId: AircallUserId): Key {
  return { pk: `ACCOUNT#${account}#USER#${aircallUserId}`, sk: 'AGENT' };
}

/** The policy in force; with a version, one that was. */
export function policyKey(account: AccountId, version?: number): Key {
  const sk = version === undefined ? policySort : `${policySort}#${String(version).padStart(6, '0')}`;
  return { pk: `ACCOUNT#${account}`, sk };
}

/** With this begins the sort key of every policy of an account. */
export const policySort = 'POLICY';

/** How far `last-agent backfill` has come. */
export function backfillKey(account: AccountId): Key {
  return { pk: `ACCOUNT#${account}`, sk: 'BACKFILL#LAST_AGENT' };
}

/** When the webhook was last seen to announce calls. */
export function webhookSeenKey(account: AccountId): Key {
  return { pk: `ACCOUNT#${account}`, sk: 'WEBHOOK_SEEN' };
}

/** All accounts lie together, to be listed: they are few, and read once a minute by each container. */
export const accountsPartition = 'ACCOUNTS';

export function accountKey(account: AccountId): Key {
  return { pk: accountsPartition, sk: `ACCOUNT#${account}` };
}

/** With these begins every key of what an account has, but for the account itself and its tokens. */
export function accountPartitions(account: AccountId): { readonly own: string; readonly others: string } {
  return { own: `ACCOUNT#${account}`, others: `ACCOUNT#${account}#` };
}

/** Whose webhook has a token. */
export function webhookTokenKey(tokenHash: string): Key {
  return { pk: `WEBHOOK#${tokenHash}`, sk: 'TOKEN' };
}

/** An installation that was begun. */
export function installStateKey(stateHash: string): Key {
  return { pk: `INSTALL#${stateHash}`, sk: 'STATE' };
}

/** Index `byDay`: the calls claimed on one day (UTC), in order of time. */
export const byDayIndex = 'byDay';

export function dayPartition(account: AccountId, atMs: number): string {
  return `ACCOUNT#${account}#DAY#${new Date(atMs).toISOString().slice(0, 10)}`;
}

export function daySort(atMs: number, callId: CallId): string {
  return `${new Date(atMs).toISOString()}#${callId}`;
}

/** Index `agents`: an account's agents by e-mail. */
export const agentsIndex = 'agents';

export function agentsPartition(account: AccountId): string {
  return `ACCOUNT#${account}#AGENTS`;
}
