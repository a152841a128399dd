import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import type { ContactNews, DeletedContact, KnownContact } from '../../lib/core/sync-contact.ts';
import type { AssignOwner } from '../../lib/use-cases/assign-owner.ts';
import {
  createTrackContact,
  createTrackContactNews,
  type TrackContactPorts,
} from '../../lib/use-cases/track-contact.ts';
import { contact, contactId, createClock, phone, t0 } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const home = phone('+442079460123');
const work = phone('+442079460124');
const soon = t0 + 10_000;

function news(changes: Partial<KnownContact> = {}): KnownContact {
  return {
    kind: 'updated',
    contactId: contactId('700001'),
    atMs: t0,
    name: 'Zoë Martin',
    attributes: {},
    phones: [home],
    ...changes,
  };
}
const deletion = (id = '700001'): DeletedContact => ({ kind: 'deleted', contactId: contactId(id), atMs: t0 });

let store: ReturnType<typeof createInMemoryStore>;
beforeEach(() => {
  store = createInMemoryStore(createClock().now, 10_000);
});

const track = (told: ContactNews, changes: Partial<TrackContactPorts> = {}) =>
  createTrackContact({ ...store, ...changes })(told, soon);

async function names(of = store) {
  const listed = await of.listContacts(soon);
  return listed.ok ? listed.value.contacts.map((one) => `${one.phone} ${one.name}`) : [];
}

describe('news of a contact', () => {
  it('reaches its phones, moves with them, and takes everything back', async () => {
    expect(await track(news({ kind: 'created', phones: [] }))).toEqual(succeed('contact-updated'));
    expect(await names()).toEqual([]);
    expect(await track(news({ phones: [home] }))).toEqual(succeed('contact-updated'));
    expect(await track(news({ phones: [home] }))).toEqual(succeed('contact-unchanged'));
    expect(await names()).toEqual(['+442079460123 Zoë Martin']);
    expect(await track(news({ atMs: t0 + 1000, phones: [work] }))).toEqual(succeed('contact-updated'));
    expect(await names()).toEqual(['+442079460124 Zoë Martin']);
    expect(await track(deletion())).toEqual(succeed('contact-deleted'));
    expect(await track(news({ atMs: t0 + 2000 }))).toEqual(succeed('contact-unchanged'));
    expect(await names()).toEqual([]);
  });

  it('joins who we know by the phone, and leaves them when it goes', async () => {
    await store.saveContacts([contact({ name: 'Zoë' })], soon);
    await track(news());
    expect(await store.findContact(home, soon)).toEqual(succeed(contact({ name: 'Zoë Martin' })));
    await track(deletion());
    expect(await store.findContact(home, soon)).toEqual(succeed(contact({ name: 'Zoë' })));
  });

  it('that someone else takes in at the same moment is looked at again', async () => {
    let isOvertaken = false;
    const findSyncedContact: TrackContactPorts['findSyncedContact'] = async (...given) => {
      const found = await store.findSyncedContact(...given);
      if (!isOvertaken) {
        isOvertaken = true;
        await track(news({ atMs: t0 + 1000, name: 'Zoe' }));
      }
      return found;
    };
    expect(await track(news(), { findSyncedContact })).toEqual(succeed('contact-unchanged'));
    expect(await names()).toEqual(['+442079460123 Zoe']);
  });

  it('is given up in a crowd after ten tries', async () => {
    let tries = 0;
    const saveSyncedContact: TrackContactPorts['saveSyncedContact'] = async () => {
      tries += 1;
      return succeed('changed-meanwhile');
    };
    expect(await track(news(), { saveSyncedContact })).toEqual(
      fail({ reason: 'store-unavailable', detail: 'a contact that others keep changing' }),
    );
    expect(tries).toBe(10);
  });

  const broken = fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
  it('fails with the store, wherever that fails', async () => {
    expect(await track(news(), { findSyncedContact: async () => broken })).toEqual(broken);
    expect(await track(news(), { saveSyncedContact: async () => broken })).toEqual(broken);
    expect(await track(news(), { saveWords: async () => broken })).toEqual(broken);
    const saveDone: TrackContactPorts['saveSyncedContact'] = async (synced, deadlineMs) =>
      synced.isPending ? store.saveSyncedContact(synced, deadlineMs) : broken;
    expect(await track(news(), { saveSyncedContact: saveDone })).toEqual(broken);
    expect(await track(news({ atMs: 1 }))).toEqual(succeed('contact-updated'));
    expect(await names()).toEqual(['+442079460123 Zoë Martin']);
  });

  it('of an event comes to a reason, and a failure is warned of', async () => {
    const warnings: unknown[] = [];
    const warn = (...given: unknown[]) => warnings.push(given);
    const trackContact = createTrackContact(store);
    const asked: unknown[] = [];
    const assignOwner: AssignOwner = async (...given) => {
      asked.push(given);
      return succeed(0);
    };
    const told = createTrackContactNews({ trackContact, assignOwner, warn });
    expect(await told(news(), soon)).toBe('contact-updated');
    expect(asked).toEqual([[news(), undefined, soon]]);

    const lost = createTrackContactNews({ trackContact: async () => broken, assignOwner, warn });
    expect(await lost(news(), soon)).toBe('store-unavailable');
    const half = createTrackContactNews({ trackContact, assignOwner: async () => broken, warn });
    expect(await half(news(), soon)).toBe('store-unavailable');
    expect(warnings).toEqual(
      Array(2).fill([
        'store-trouble',
        { during: 'storing what Aircall says of a contact', detail: 'TimeoutError' },
      ]),
    );
  });

  const ids = fc.constantFrom('700001', '700002');
  const known = fc.record({
    kind: fc.constantFrom('created' as const, 'updated' as const, 'listed' as const),
    contactId: ids.map(contactId),
    atMs: fc.integer({ min: 1, max: 4 }),
    name: fc.constantFrom('Zoë', 'Paul'),
    phones: fc.subarray([home, work]),
  });
  const anyNews: fc.Arbitrary<ContactNews> = fc.oneof(
    { weight: 6, arbitrary: known.map(news) },
    { weight: 1, arbitrary: ids.map(deletion) },
  );

  it('of two contacts with the same phones ends in one state, taken in one by one or all at once, with any request failing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyNews, { minLength: 1, maxLength: 6 }),
        fc.scheduler(),
        fc.array(fc.boolean(), { maxLength: 12 }),
        async (told, scheduler, failing) => {
          const calm = createInMemoryStore(createClock().now, 10_000);
          for (const item of told) await createTrackContact(calm)(item, soon);

          const wild = createInMemoryStore(createClock().now, 10_000);
          const fails = [...failing];
          /** A request is carried out at some time, or not at all. */
          const disturbed = <Given extends unknown[], Value>(request: (...given: Given) => Promise<Value>) =>
            scheduler.scheduleFunction(async (...given: Given) =>
              fails.shift() ? (broken as unknown as Value) : request(...given),
            );
          const trackWildly = createTrackContact({
            findSyncedContact: disturbed(wild.findSyncedContact),
            saveSyncedContact: disturbed(wild.saveSyncedContact),
            saveWords: disturbed(wild.saveWords),
          });
          await scheduler.waitFor(Promise.all([...told, ...told].map((item) => trackWildly(item, soon))));
          // Told once more, as Aircall repeats and a sync lists it.
          for (const item of told.toReversed()) await createTrackContact(wild)(item, soon);

          expect(await names(wild)).toEqual(await names(calm));
        },
      ),
      { numRuns: 300 },
    );
  });
});
