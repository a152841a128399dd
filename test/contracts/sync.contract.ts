/**
 * What every store must do that keeps contacts in step with Aircall's.
 */
import { describe, expect, it } from 'vitest';
import type { DeletedContact, KnownContact, SyncedContact } from '../../lib/core/sync-contact.ts';
import { contact, contactId, email, phone, t0 } from '../builders.ts';
import type { SyncStore } from '../fakes/in-memory-store.ts';

const ok = <Value>(value: Value) => ({ ok: true, value });
const soon = t0 + 1_000_000_000;

const zoe = phone('+442079460123');
const id = contactId('700001');
const words = {
  contactId: id,
  atMs: t0,
  name: 'Zoe Martin-Hill',
  company: 'Northwind',
  attributes: { owner: 'jan@example.com' },
};
const news: KnownContact = { kind: 'updated', ...words, phones: [zoe] };
const deletion: DeletedContact = { kind: 'deleted', contactId: id, atMs: t0 };
const begun: SyncedContact = { news, phones: [zoe], version: 1, isPending: true };
const atAircall = {
  phone: '+442079460123',
  name: 'Zoe Martin-Hill',
  company: 'Northwind',
  backups: [],
  attributes: { owner: 'jan@example.com' },
};

/** @param createStore an empty one */
export function testSyncStore(name: string, createStore: () => Promise<SyncStore>): void {
  describe(`${name}: a contact at Aircall`, () => {
    it('is found as it was saved, with little in it, and deleted', async () => {
      const store = await createStore();
      expect(await store.findSyncedContact(id, soon)).toEqual(ok(undefined));
      const bare: KnownContact = { kind: 'created', contactId: id, atMs: t0, attributes: {}, phones: [] };
      for (const [index, told] of [news, bare, deletion].entries()) {
        const saved: SyncedContact = { news: told, phones: [zoe], version: index + 1, isPending: true };
        expect(await store.saveSyncedContact(saved, soon)).toEqual(ok('saved'));
        expect(await store.findSyncedContact(id, soon)).toStrictEqual(ok(saved));
      }
    });

    it('is begun by one writer only, and done by none who was overtaken', async () => {
      const store = await createStore();
      expect(await store.saveSyncedContact(begun, soon)).toEqual(ok('saved'));
      expect(await store.saveSyncedContact(begun, soon)).toEqual(ok('changed-meanwhile'));
      const second = { ...begun, version: 2 };
      expect(await store.saveSyncedContact(second, soon)).toEqual(ok('saved'));
      const done = { ...begun, isPending: false };
      expect(await store.saveSyncedContact(done, soon)).toEqual(ok('changed-meanwhile'));
      expect(await store.saveSyncedContact({ ...second, isPending: false }, soon)).toEqual(ok('saved'));
      expect(await store.findSyncedContact(id, soon)).toStrictEqual(ok({ ...second, isPending: false }));
    });
  });

  describe(`${name}: what Aircall says of a phone`, () => {
    it('is a contact, for whoever looks up a contact or a caller', async () => {
      const store = await createStore();
      expect(await store.saveWords(zoe, { contactId: id, version: 1, words }, soon)).toEqual(ok(undefined));
      expect(await store.findContact(zoe, soon)).toEqual(ok(atAircall));
      expect(await store.findCaller(zoe, soon)).toEqual(ok({ contact: atAircall }));
      expect(await store.listContacts(soon)).toEqual(ok({ contacts: [atAircall], unreadable: 0 }));
    });

    it('is joined with what is ours, and leaves it as it was', async () => {
      const store = await createStore();
      const ours = contact({ attributes: { tier: 'gold' } });
      await store.saveContacts([ours], soon);
      await store.saveWords(zoe, { contactId: id, version: 1, words }, soon);
      const joined = {
        ...atAircall,
        assignedTo: 'jane@example.com',
        attributes: { owner: 'jan@example.com', tier: 'gold' },
      };
      expect(await store.findContact(zoe, soon)).toEqual(ok(joined));
      expect(await store.findCaller(zoe, soon)).toEqual(ok({ contact: joined }));

      await store.saveWords(zoe, { contactId: id, version: 2 }, soon);
      expect(await store.findContact(zoe, soon)).toEqual(ok(ours));
    });

    it('taken back is gone, and does not come back by who was overtaken', async () => {
      const store = await createStore();
      await store.saveWords(zoe, { contactId: id, version: 1, words }, soon);
      await store.saveWords(zoe, { contactId: id, version: 3 }, soon);
      expect(await store.saveWords(zoe, { contactId: id, version: 2, words }, soon)).toEqual(ok(undefined));
      expect(await store.findContact(zoe, soon)).toEqual(ok(undefined));
      expect(await store.findCaller(zoe, soon)).toEqual(ok({}));
      expect(await store.listContacts(soon)).toEqual(ok({ contacts: [], unreadable: 0 }));
      await store.saveWords(zoe, { contactId: id, version: 4, words }, soon);
      expect(await store.findContact(zoe, soon)).toEqual(ok(atAircall));
    });

    it('is said by each contact at Aircall for itself', async () => {
      const store = await createStore();
      const paul = { contactId: contactId('700002'), atMs: t0 + 1000, name: 'Paul Lefèvre', attributes: {} };
      await store.saveWords(zoe, { contactId: paul.contactId, version: 1, words: paul }, soon);
      await store.saveWords(zoe, { contactId: id, version: 1, words }, soon);
      expect(await store.findContact(zoe, soon)).toMatchObject(ok({ name: 'Paul Lefèvre' }));
      await store.saveWords(zoe, { contactId: paul.contactId, version: 2 }, soon);
      expect(await store.findContact(zoe, soon)).toEqual(ok(atAircall));
    });
  });

  describe(`${name}: saving contacts that Aircall has`, () => {
    it('writes nothing where they say the same together', async () => {
      const store = await createStore();
      await store.saveContacts([contact({ name: 'Zoë' })], soon);
      await store.saveWords(zoe, { contactId: id, version: 1, words }, soon);
      const found = await store.findContact(zoe, soon);
      const exported = found.ok && found.value !== undefined ? [found.value] : [];
      expect(await store.saveContacts(exported, soon)).toEqual(ok({ written: 0, unchanged: 1 }));

      await store.saveWords(zoe, { contactId: id, version: 2 }, soon);
      expect(await store.findContact(zoe, soon)).toMatchObject(ok({ name: 'Zoë' }));
    });

    it('keeps of them what Aircall does not say, and that alone', async () => {
      const store = await createStore();
      await store.saveWords(zoe, { contactId: id, version: 1, words }, soon);
      const saved = { ...atAircall, phone: zoe, assignedTo: email('jane@example.com') };
      expect(await store.saveContacts([saved], soon)).toEqual(ok({ written: 1, unchanged: 0 }));
      expect(await store.saveContacts([saved], soon)).toEqual(ok({ written: 0, unchanged: 1 }));
      expect(await store.findContact(zoe, soon)).toEqual(ok(saved));

      await store.saveWords(zoe, { contactId: id, version: 2 }, soon);
      expect(await store.findContact(zoe, soon)).toStrictEqual(
        ok({ phone: '+442079460123', assignedTo: 'jane@example.com', backups: [], attributes: {} }),
      );
    });

    it('leaves nothing of ours where nothing is', async () => {
      const store = await createStore();
      await store.saveContacts([contact({ assignedTo: email('jane@example.com') })], soon);
      await store.saveWords(zoe, { contactId: id, version: 1, words }, soon);
      const unassigned = {
        phone: zoe,
        name: 'Zoe Martin-Hill',
        company: 'Northwind',
        backups: [],
        attributes: {},
      };
      expect(await store.saveContacts([unassigned], soon)).toEqual(ok({ written: 1, unchanged: 0 }));
      expect(await store.saveContacts([unassigned], soon)).toEqual(ok({ written: 0, unchanged: 1 }));

      await store.saveWords(zoe, { contactId: id, version: 2 }, soon);
      expect(await store.findContact(zoe, soon)).toEqual(ok(undefined));
    });

    it('deletes what is ours, and says that Aircall has them', async () => {
      const store = await createStore();
      await store.saveContacts([contact()], soon);
      await store.saveWords(zoe, { contactId: id, version: 1, words }, soon);
      expect(await store.deleteContact(zoe, soon)).toEqual(ok('at-aircall'));
      expect(await store.findContact(zoe, soon)).toEqual(ok(atAircall));
      await store.saveWords(zoe, { contactId: id, version: 2 }, soon);
      expect(await store.deleteContact(zoe, soon)).toEqual(ok('absent'));
    });
  });

  describe(`${name}: an assignment that Aircall suggests`, () => {
    it('is taken where there is none, and never in place of one', async () => {
      const store = await createStore();
      expect(await store.assignUnassigned(zoe, email('jane@example.com'), soon)).toEqual(ok('assigned'));
      expect(await store.assignUnassigned(zoe, email('jan@example.com'), soon)).toEqual(ok('kept'));
      expect(await store.findContact(zoe, soon)).toEqual(
        ok({ phone: '+442079460123', assignedTo: 'jane@example.com', backups: [], attributes: {} }),
      );
    });

    it('leaves the rest of a contact as it is', async () => {
      const store = await createStore();
      const { assignedTo: _, ...unassigned } = contact({
        backups: [email('jan@example.com')],
        attributes: { tier: 'gold' },
      });
      await store.saveContacts([unassigned], soon);
      expect(await store.assignUnassigned(zoe, email('jane@example.com'), soon)).toEqual(ok('assigned'));
      expect(await store.findContact(zoe, soon)).toEqual(
        ok({ ...unassigned, assignedTo: 'jane@example.com' }),
      );
    });
  });

  describe(`${name}: all contacts`, () => {
    it('are listed by phone, ours and those at Aircall', async () => {
      const store = await createStore();
      const later = phone('+442079460199');
      await store.saveContacts([contact({ phone: later }), contact({ phone: phone('+12025550101') })], soon);
      await store.saveWords(zoe, { contactId: id, version: 1, words }, soon);
      const listed = await store.listContacts(soon);
      expect(listed.ok && listed.value.contacts.map((one) => one.phone)).toEqual([
        '+12025550101',
        '+442079460123',
        '+442079460199',
      ]);
    });
  });

  describe(`${name}: how far a sync has come`, () => {
    it('is kept until it is finished', async () => {
      const store = await createStore();
      expect(await store.findContactSync(soon)).toEqual(ok(undefined));
      expect(await store.saveContactSync({ reachedMs: 5000 }, soon)).toEqual(ok(undefined));
      expect(await store.findContactSync(soon)).toEqual(ok({ reachedMs: 5000 }));
      expect(await store.saveContactSync(undefined, soon)).toEqual(ok(undefined));
      expect(await store.findContactSync(soon)).toEqual(ok(undefined));
    });
  });
}
