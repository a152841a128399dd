/**
 * News of one contact at Aircall, carried out. Three rounds of writes: what is about to change, the phones, that it has. A
 * run that dies on the way leaves a pending contact, and the next news of it completes that.
 */
import { troubleOf } from '../core/explain-failure.ts';
import type { ContactReason, StoreFailure, StoreResult } from '../core/model.ts';
import { fail, succeed } from '../core/result.ts';
import { type ContactNews, planSync, type SyncPlan } from '../core/sync-contact.ts';
import type { FindSyncedContact, SaveSyncedContact, SaveWords, Warn } from '../ports.ts';
import type { AssignOwner } from './assign-owner.ts';

export type TrackContactPorts = {
  readonly findSyncedContact: FindSyncedContact;
  readonly saveSyncedContact: SaveSyncedContact;
  readonly saveWords: SaveWords;
};

export type TrackContact = (news: ContactNews, deadlineMs: number) => Promise<StoreResult<ContactReason>>;

/** Each failed try is another writer's success. */
const mostTries = 10;

export function createTrackContact(ports: TrackContactPorts): TrackContact {
  return async function trackContact(news, deadlineMs) {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const stored = await ports.findSyncedContact(news.contactId, deadlineMs);
      if (!stored.ok) return stored;

      const plan = planSync(stored.value, news);
      if (plan === undefined) return succeed('contact-unchanged');

      const begun = await ports.saveSyncedContact(plan.begun, deadlineMs);
      if (!begun.ok) return begun;
      if (begun.value === 'saved') return complete(plan, deadlineMs);
    }
    return fail({ reason: 'store-unavailable', detail: 'a contact that others keep changing' });
  };

  async function complete(plan: SyncPlan, deadlineMs: number): Promise<StoreResult<ContactReason>> {
    const { version, news } = plan.begun;
    const { contactId } = news;
    const writes = [
      ...plan.kept.map((phone) =>
        ports.saveWords(
          phone,
          { contactId, version, ...(news.kind !== 'deleted' && { words: news }) },
          deadlineMs,
        ),
      ),
      ...plan.gone.map((phone) => ports.saveWords(phone, { contactId, version }, deadlineMs)),
    ];
    for (const written of await Promise.all(writes)) if (!written.ok) return written;

    // Whoever has begun a later version in between has taken these phones over with it.
    const done = await ports.saveSyncedContact(plan.done, deadlineMs);
    if (!done.ok) return done;
    return succeed(news.kind === 'deleted' ? 'contact-deleted' : 'contact-updated');
  }
}

/** The same for an event. One that gets lost here is lost, for Aircall is told 200: the next sync makes up for it. */
export type TrackContactNews = (
  news: ContactNews,
  deadlineMs: number,
) => Promise<ContactReason | StoreFailure['reason']>;

export function createTrackContactNews({
  trackContact,
  assignOwner,
  warn,
}: {
  readonly trackContact: TrackContact;
  readonly assignOwner: AssignOwner;
  readonly warn: Warn;
}): TrackContactNews {
  return async function trackContactNews(news, deadlineMs) {
    const tracked = await trackContact(news, deadlineMs);
    if (!tracked.ok) return tell(tracked.failure);

    // Also of what was known already: an earlier delivery may have died between the two.
    const assigned = await assignOwner(news, undefined, deadlineMs);
    return assigned.ok ? tracked.value : tell(assigned.failure);
  };

  function tell(failure: StoreFailure): StoreFailure['reason'] {
    warn(troubleOf(failure), { during: 'storing what Aircall says of a contact', detail: failure.detail });
    return failure.reason;
  }
}
