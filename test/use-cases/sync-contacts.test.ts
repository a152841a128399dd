import { beforeEach, describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../lib/core/policy.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { KnownContact } from '../../lib/core/sync-contact.ts';
import type { AssignUnassigned, ContactsPage, ReadContacts } from '../../lib/ports.ts';
import { createAssignOwner } from '../../lib/use-cases/assign-owner.ts';
import type { CurrentPolicy } from '../../lib/use-cases/current-policy.ts';
import {
  createSyncContacts,
  type SyncContactsPorts,
  type SyncRemark,
  type SyncWish,
} from '../../lib/use-cases/sync-contacts.ts';
import { createTrackContact } from '../../lib/use-cases/track-contact.ts';
import { contact, contactId, createClock, email, phone, t0 } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const limits = { pageEveryMs: 2000, pausedForMs: 60_000, deadlineMs: 900_000 };

/** Contacts of a list that is cut into pages of two, and gives three pages at most. */
const perPage = 2;
const mostPages = 3;

let clock: ReturnType<typeof createClock>;
let store: ReturnType<typeof createInMemoryStore>;
let list: { readonly madeAtMs: number; readonly contact: KnownContact }[];
let asked: { fromMs: number; page: number; atMs: number }[];
let remarks: SyncRemark[];
let assignOwners: boolean;
let assign: AssignUnassigned;
let readPolicy: CurrentPolicy;

beforeEach(() => {
  clock = createClock();
  store = createInMemoryStore(clock.now, 10_000);
  list = [];
  asked = [];
  remarks = [];
  assignOwners = false;
  assign = store.assignUnassigned;
  readPolicy = async () => succeed({ version: 1, policy: { ...defaultPolicy, assignOwners } });
});

const readContacts: ReadContacts = async ({ fromMs, page }) => {
  asked.push({ fromMs, page, atMs: clock.now() - t0 });
  clock.advance(400);
  const contacts = list.filter(({ madeAtMs }) => madeAtMs >= fromMs);
  const shown = contacts.slice((page - 1) * perPage, page * perPage);
  const hasMore = contacts.length > page * perPage;
  const [firstMs, reachedMs] = [shown[0]?.madeAtMs, shown.at(-1)?.madeAtMs];
  return succeed<ContactsPage>({
    contacts: shown.map(({ contact }) => contact),
    unreadable: 0,
    ...(firstMs !== undefined && { firstMs }),
    ...(reachedMs !== undefined && { reachedMs }),
    more: hasMore ? (page === mostPages ? 'beyond-last-page' : 'next-page') : 'none',
  });
};

function sync(wish: SyncWish = {}, changes: Partial<SyncContactsPorts> = {}) {
  const trackContact = createTrackContact(store);
  const sleep = async (ms: number) => clock.advance(ms);
  const currentPolicy: CurrentPolicy = (...given) => readPolicy(...given);
  const assignUnassigned: AssignUnassigned = (...given) => assign(...given);
  const assignOwner = createAssignOwner({ assignUnassigned, currentPolicy });
  const ports = { readContacts, trackContact, assignOwner, ...store, now: clock.now, sleep, ...changes };
  return createSyncContacts(ports, limits)(wish, (remark) => remarks.push(remark));
}

/** Made at second `made` by Aircall's clock. */
function listed(made: number, changes: Partial<KnownContact> = {}) {
  const known: KnownContact = {
    kind: 'listed',
    contactId: contactId(String(700_000 + made)),
    atMs: t0,
    name: `Nr ${made}`,
    attributes: {},
    phones: [phone(`+120255501${String(made).padStart(2, '0')}`)],
    ...changes,
  };
  return { madeAtMs: made * 1000, contact: known };
}
const names = async () => {
  const found = await store.listContacts(t0);
  return found.ok ? found.value.contacts.map(({ name }) => name) : [];
};
const came = { contacts: 0, updated: 0, unchanged: 0, assigned: 0, unreadable: 0 };
const complete = { isResumed: false, isComplete: true, ...came };

describe('a sync of contacts', () => {
  it('takes in every page, at its pace, and changes nothing the second time', async () => {
    list = [1, 2, 3, 4, 5].map((made) => listed(made));
    expect(await sync()).toEqual(succeed({ ...complete, contacts: 5, updated: 5 }));
    expect(await names()).toEqual(['Nr 1', 'Nr 2', 'Nr 3', 'Nr 4', 'Nr 5']);
    expect(asked).toEqual([
      { fromMs: 0, page: 1, atMs: 0 },
      { fromMs: 0, page: 2, atMs: 2000 },
      { fromMs: 0, page: 3, atMs: 4000 },
    ]);
    expect(remarks).toEqual([
      { kind: 'begun', fromMs: 1000, toMs: 1763851200000, isResumed: false },
      { kind: 'reached', atMs: 2000 },
      { kind: 'reached', atMs: 4000 },
      { kind: 'reached', atMs: 5000 },
    ]);
    expect(await sync()).toEqual(succeed({ ...complete, contacts: 5, unchanged: 5 }));
  });

  it('takes in ten contacts at once, never more, each once, with a deadline of its own', async () => {
    const contacts = Array.from({ length: 25 }, (_, made) => listed(made).contact);
    const taken: unknown[] = [];
    const deadlines = new Set<number>();
    let underWay = 0;
    let most = 0;
    const trackContact: SyncContactsPorts['trackContact'] = async (news, deadlineMs) => {
      taken.push(news.contactId);
      deadlines.add(deadlineMs - clock.now());
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
      return succeed('contact-updated');
    };
    const readAll: ReadContacts = async () => succeed({ contacts, unreadable: 0, more: 'none' });
    expect(await sync({}, { trackContact, readContacts: readAll })).toEqual(
      succeed({ ...complete, contacts: 25, updated: 25 }),
    );
    expect(taken).toEqual(contacts.map(({ contactId: id }) => id));
    expect([most, ...deadlines]).toEqual([10, 900_000]);
  });

  it('of nobody is over at once', async () => {
    expect(await sync()).toEqual(succeed(complete));
    expect(remarks).toEqual([
      { kind: 'begun', fromMs: 0, toMs: 1763851200000, isResumed: false },
      { kind: 'reached', atMs: 0 },
    ]);
  });

  it('goes on beyond the last page that Aircall gives, from the second that was reached', async () => {
    list = [1, 2, 3, 4, 5, 6, 7, 8].map((made) => listed(made));
    expect(await sync()).toEqual(succeed({ ...complete, contacts: 9, updated: 8, unchanged: 1 }));
    expect(asked.map(({ fromMs, page }) => [fromMs, page])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [6000, 1],
      [6000, 2],
    ]);
    expect((await names()).length).toBe(8);
  });

  it('does not go round in circles where one second holds more than Aircall lists', async () => {
    list = [1, 2, 3, 4, 5, 6, 7].map((made) => ({ ...listed(made), madeAtMs: 1000 }));
    expect(await sync()).toEqual(
      fail({
        reason: 'unreadable-answer',
        message: 'GET /v1/contacts: more contacts were made in one second than Aircall lists',
      }),
    );
    expect(asked.map(({ fromMs, page }) => [fromMs, page]).slice(3)).toEqual([
      [1000, 1],
      [1000, 2],
      [1000, 3],
    ]);
  });

  it('goes on where an earlier one died, unless it is to begin anew, and forgets that at its end', async () => {
    list = [1, 2, 3, 4].map((made) => listed(made));
    const unavailable = fail({ reason: 'unavailable', message: 'GET /v1/contacts' } as const);
    const dies: ReadContacts = async (at, deadlineMs) =>
      at.page === 2 ? unavailable : readContacts(at, deadlineMs);
    expect(await sync({}, { readContacts: dies })).toEqual(unavailable);
    expect(await store.findContactSync(t0)).toEqual(succeed({ reachedMs: 2000 }));

    expect(await sync()).toEqual(
      succeed({ ...complete, isResumed: true, contacts: 3, updated: 2, unchanged: 1 }),
    );
    expect(await store.findContactSync(t0)).toEqual(succeed(undefined));
    expect(remarks.filter(({ kind }) => kind === 'begun').at(-1)).toEqual({
      kind: 'begun',
      fromMs: 2000,
      toMs: 1763851202000,
      isResumed: true,
    });

    await store.saveContactSync({ reachedMs: 4000 }, t0);
    expect(await sync({ isFromStart: true })).toEqual(succeed({ ...complete, contacts: 4, unchanged: 4 }));
  });

  it('begins no page that may not be over in its time, and the next one goes on', async () => {
    list = [1, 2, 3, 4, 5, 6].map((made) => listed(made));
    expect(await sync({ untilMs: t0 + 4000 })).toEqual(
      succeed({ ...complete, isComplete: false, contacts: 4, updated: 4 }),
    );
    expect(asked.map(({ atMs }) => atMs)).toEqual([0, 2000]);
    expect(await store.findContactSync(t0)).toEqual(succeed({ reachedMs: 4000 }));
    expect(await sync()).toMatchObject(succeed({ isResumed: true, isComplete: true, updated: 2 }));
  });

  it('pauses after a 429, and asks again', async () => {
    list = [listed(1)];
    const limited: ReadContacts = async (at, deadlineMs) => {
      if (asked.length > 0) return readContacts(at, deadlineMs);
      asked.push({ ...at, atMs: clock.now() - t0 });
      return fail({ reason: 'rate-limited', message: 'GET /v1/contacts: 429' });
    };
    expect(await sync({}, { readContacts: limited })).toEqual(
      succeed({ ...complete, contacts: 1, updated: 1 }),
    );
    expect(asked.map(({ atMs }) => atMs)).toEqual([0, 60_000]);
    expect(remarks[0]).toEqual({ kind: 'paused', forMs: 60_000 });
  });

  it('pauses no longer than its time', async () => {
    const limited: ReadContacts = async () => fail({ reason: 'rate-limited', message: '429' });
    expect(await sync({ untilMs: t0 + 61_000 }, { readContacts: limited })).toEqual(
      succeed({ ...complete, isComplete: false }),
    );
    expect(clock.now()).toBe(t0);
  });

  it('counts what cannot be read', async () => {
    const odd: ReadContacts = async () => succeed({ contacts: [], unreadable: 3, more: 'none' });
    expect(await sync({}, { readContacts: odd })).toEqual(succeed({ ...complete, unreadable: 3 }));
  });

  const broken = fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
  it.each<Partial<SyncContactsPorts>>([
    { findContactSync: async () => broken },
    { trackContact: async () => broken },
    { assignOwner: async () => broken },
    { saveContactSync: async () => broken },
  ])('fails with the store: %o', async (ports) => {
    list = [listed(1, { attributes: { owner: 'jane@example.com' } })];
    expect(await sync({ isAssigning: true }, ports)).toEqual(broken);
  });
});

describe('the owner that a contact’s information names', () => {
  const owned = (attributes: Record<string, string>) =>
    listed(1, { attributes, phones: [phone('+12025550101'), phone('+12025550102')] });
  const assignedTo = async (number: string) => {
    const found = await store.findContact(phone(number), t0);
    return found.ok ? found.value?.assignedTo : undefined;
  };

  it('is assigned, when asked for, to whichever of its phones nobody is assigned to', async () => {
    await store.saveContacts(
      [contact({ phone: phone('+12025550102'), assignedTo: email('jan@example.com') })],
      t0,
    );
    list = [owned({ owner: 'Jane@example.com' })];
    expect(await sync({ isAssigning: true })).toMatchObject(succeed({ assigned: 1 }));
    expect(await assignedTo('+12025550101')).toBe('jane@example.com');
    expect(await assignedTo('+12025550102')).toBe('jan@example.com');
    expect(await sync({ isAssigning: true })).toMatchObject(succeed({ assigned: 0, unchanged: 1 }));
  });

  it('is an attribute only, unless asked for', async () => {
    list = [owned({ owner: 'jane@example.com' })];
    expect(await sync()).toMatchObject(succeed({ assigned: 0 }));
    expect(await assignedTo('+12025550101')).toBeUndefined();
  });

  it('is assigned without being asked for, where the policy says so, and not where whoever asks says otherwise', async () => {
    assignOwners = true;
    list = [owned({ owner: 'jane@example.com' })];
    expect(await sync({ isAssigning: false })).toMatchObject(succeed({ assigned: 0 }));
    expect(await sync()).toMatchObject(succeed({ assigned: 2 }));
    expect(await assignedTo('+12025550101')).toBe('jane@example.com');
  });

  it('fails with the store', async () => {
    assign = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' });
    list = [owned({ owner: 'jane@example.com' })];
    expect(await sync({ isAssigning: true })).toMatchObject({ failure: { detail: 'TimeoutError' } });
  });

  it('is nobody’s to assign while the policy can’t be read, unless whoever asks says so', async () => {
    const failure = { reason: 'item-unreadable', detail: 'policy: document' } as const;
    readPolicy = async () => fail(failure);
    list = [owned({ owner: 'jane@example.com' })];
    expect(await sync()).toEqual(fail(failure));
    expect(await assignedTo('+12025550101')).toBeUndefined();
    expect(await sync({ isAssigning: true })).toMatchObject(succeed({ assigned: 2 }));
  });

  it('that is no e-mail address is nobody', async () => {
    list = [owned({ owner: 'Jane' })];
    expect(await sync({ isAssigning: true })).toMatchObject(succeed({ assigned: 0 }));
  });
});
