/**
 * All contacts at Aircall, brought in step: what events that got lost would have told.
 *
 * Oldest first, for contacts that are made meanwhile don't shift those pages. How far it has come is stored after each page:
 * a run that died, or whose time was over, goes on from there, and what is read twice changes nothing.
 */
import type { AircallFailure, StoreFailure, StoreResult } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { KnownContact } from '../core/sync-contact.ts';
import type { ContactsPage, FindContactSync, Now, ReadContacts, SaveContactSync, Sleep } from '../ports.ts';
import type { AssignOwner } from './assign-owner.ts';
import type { TrackContact } from './track-contact.ts';

export type SyncContactsPorts = {
  readonly readContacts: ReadContacts;
  readonly trackContact: TrackContact;
  readonly assignOwner: AssignOwner;
  readonly findContactSync: FindContactSync;
  readonly saveContactSync: SaveContactSync;
  readonly now: Now;
  readonly sleep: Sleep;
};

export type SyncContactsLimits = {
  /** From one request to the next: the company's other requests come first. */
  readonly pageEveryMs: number;
  /** After a 429. */
  readonly pausedForMs: number;
  /** For one page. */
  readonly deadlineMs: number;
};

export type SyncWish = {
  /** Forget how far an earlier run has come. @default false */
  readonly isFromStart?: boolean;
  /** Assign contacts that are assigned to nobody to the owner that their information names. @default as the policy says */
  readonly isAssigning?: boolean;
  /** No page is begun that may not be over by then. @default none */
  readonly untilMs?: number;
};

/** What is worth telling on the way. `fromMs`, `atMs`: when contacts were made. */
export type SyncRemark =
  | { readonly kind: 'begun'; readonly fromMs: number; readonly toMs: number; readonly isResumed: boolean }
  | { readonly kind: 'reached'; readonly atMs: number }
  | { readonly kind: 'paused'; readonly forMs: number };

export type SyncSummary = {
  readonly isResumed: boolean;
  /** Whether all was read; else the next run goes on. */
  readonly isComplete: boolean;
  readonly contacts: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Phones that were assigned to nobody, and now are to an owner. */
  readonly assigned: number;
  /** In a shape we don't know. */
  readonly unreadable: number;
};

export type SyncContacts = (
  wish: SyncWish,
  tell: (remark: SyncRemark) => void,
) => Promise<Result<SyncSummary, StoreFailure | AircallFailure>>;

const mostUnderWay = 10;

export function createSyncContacts(ports: SyncContactsPorts, limits: SyncContactsLimits): SyncContacts {
  return async function syncContacts({ isFromStart, isAssigning, untilMs = Infinity }, tell) {
    const toMs = ports.now();
    const before = isFromStart ? succeed(undefined) : await ports.findContactSync(deadline());
    if (!before.ok) return before;

    const isResumed = before.value !== undefined;
    const came = { contacts: 0, updated: 0, unchanged: 0, assigned: 0, unreadable: 0 };
    let isBegun = false;
    let mayAskAtMs = toMs;
    for (let at: Position = { fromMs: before.value?.reachedMs ?? 0, page: 1 }; ; ) {
      const read = await readAtPace(at);
      if (read === 'time-over') return succeed({ isResumed, isComplete: false, ...came });
      if (!read.ok) return read;
      const page = read.value;
      const { reachedMs = at.fromMs } = page;
      if (!isBegun) tell({ kind: 'begun', fromMs: page.firstMs ?? at.fromMs, toMs, isResumed });
      isBegun = true;

      const taken = await takeIn(page);
      if (!taken.ok) return taken;
      tell({ kind: 'reached', atMs: reachedMs });

      const next = nextPosition(at, page);
      if (next === 'circles') return fail(endless);
      const saved = await ports.saveContactSync(next && { reachedMs }, deadline());
      if (!saved.ok) return saved;
      if (next === undefined) return succeed({ isResumed, isComplete: true, ...came });
      at = next;
    }

    async function readAtPace(at: Position) {
      for (;;) {
        if (mayAskAtMs + limits.pageEveryMs > untilMs) return 'time-over';
        await ports.sleep(Math.max(0, mayAskAtMs - ports.now()));
        mayAskAtMs = ports.now() + limits.pageEveryMs;
        const read = await ports.readContacts(at, deadline());
        if (read.ok || read.failure.reason !== 'rate-limited') return read;

        tell({ kind: 'paused', forMs: limits.pausedForMs });
        mayAskAtMs = ports.now() + limits.pausedForMs;
      }
    }

    async function takeIn({ contacts, unreadable }: ContactsPage): Promise<StoreResult<void>> {
      came.unreadable += unreadable;
      for (let start = 0; start < contacts.length; start += mostUnderWay) {
        const batch = contacts.slice(start, start + mostUnderWay);
        for (const taken of await Promise.all(batch.map(takeInOne))) if (!taken.ok) return taken;
      }
      return succeed(undefined);
    }

    async function takeInOne(contact: KnownContact): Promise<StoreResult<void>> {
      const tracked = await ports.trackContact(contact, deadline());
      if (!tracked.ok) return tracked;
      came.contacts += 1;
      came[tracked.value === 'contact-unchanged' ? 'unchanged' : 'updated'] += 1;

      const assigned = await ports.assignOwner(contact, isAssigning, deadline());
      if (!assigned.ok) return assigned;
      came.assigned += assigned.value;
      return succeed(undefined);
    }
  };

  function deadline(): number {
    return ports.now() + limits.deadlineMs;
  }
}

type Position = Parameters<ReadContacts>[0];

/** The second that was reached is read again: more contacts may have been made in it. */
function nextPosition(
  at: Position,
  { more, reachedMs = at.fromMs }: ContactsPage,
): Position | 'circles' | undefined {
  if (more === 'none') return undefined;
  if (more === 'next-page') return { ...at, page: at.page + 1 };
  return reachedMs > at.fromMs ? { fromMs: reachedMs, page: 1 } : 'circles';
}

const endless: AircallFailure = {
  reason: 'unreadable-answer',
  message: 'GET /v1/contacts: more contacts were made in one second than Aircall lists',
};
