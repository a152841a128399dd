/**
 * What every store must do that knows who spoke to whom: remember the newest conversation of a phone, and find it with
 * the contact.
 */
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../lib/core/last-agent.ts';
import { contact, email, phone, t0, userId } from '../builders.ts';
import type { LastAgentStore } from '../fakes/in-memory-store.ts';

const ok = <Value>(value: Value) => ({ ok: true, value });
const soon = t0 + 1_000_000_000;
const untilMs = t0 + 2_592_000_000;

const caller = phone('+442079460123');
const withJan: Conversation = {
  phone: caller,
  aircallUserId: userId(457),
  email: email('jan@example.com'),
  direction: 'inbound',
  answeredAtMs: t0 - 60_000,
  endedAtMs: t0,
};
const withJane: Conversation = {
  phone: caller,
  aircallUserId: userId(456),
  email: email('jane@example.com'),
  direction: 'outbound',
  answeredAtMs: t0 + 20_000,
  endedAtMs: t0 + 90_000,
};
const janRemembered = {
  aircallUserId: 457,
  email: 'jan@example.com',
  direction: 'inbound',
  answeredAtMs: 1763851140000,
  endedAtMs: 1763851200000,
};
const janeRemembered = {
  aircallUserId: 456,
  email: 'jane@example.com',
  direction: 'outbound',
  answeredAtMs: 1763851220000,
  endedAtMs: 1763851290000,
};

/** @param createStore an empty one */
export function testLastAgentStore(name: string, createStore: () => Promise<LastAgentStore>): void {
  describe(`${name}: the last conversation of a phone`, () => {
    it('is remembered and found, contact or not', async () => {
      const store = await createStore();
      expect(await store.saveConversation(withJan, untilMs, soon)).toEqual(ok('saved'));
      expect(await store.findCaller(caller, soon)).toEqual(ok({ lastConversation: janRemembered }));
    });

    it('is found with the contact', async () => {
      const store = await createStore();
      await store.saveContacts([contact()], soon);
      await store.saveConversation(withJan, untilMs, soon);
      expect(await store.findCaller(caller, soon)).toEqual(
        ok({ contact: contact(), lastConversation: janRemembered }),
      );
    });

    it('is not there where nobody spoke, and neither is a contact where there is none', async () => {
      const store = await createStore();
      await store.saveContacts([contact()], soon);
      expect(await store.findCaller(caller, soon)).toEqual(ok({ contact: contact() }));
      expect(await store.findCaller(phone('+12025550199'), soon)).toEqual(ok({}));
    });

    it('gives way to a newer one', async () => {
      const store = await createStore();
      await store.saveConversation(withJan, untilMs, soon);
      expect(await store.saveConversation(withJane, untilMs, soon)).toEqual(ok('saved'));
      expect(await store.findCaller(caller, soon)).toEqual(ok({ lastConversation: janeRemembered }));
    });

    it('stays when an older one, or the same, is told later', async () => {
      const store = await createStore();
      await store.saveConversation(withJane, untilMs, soon);
      expect(await store.saveConversation(withJan, untilMs, soon)).toEqual(ok('kept'));
      expect(await store.saveConversation(withJane, untilMs, soon)).toEqual(ok('kept'));
      expect(await store.findCaller(caller, soon)).toEqual(ok({ lastConversation: janeRemembered }));
    });

    it('is the newest of twenty told at once, in any order', async () => {
      const store = await createStore();
      const conversations = Array.from({ length: 20 }, (_, index) => ({
        ...withJan,
        endedAtMs: t0 + ((index * 7) % 20),
      }));
      await Promise.all(conversations.map((one) => store.saveConversation(one, untilMs, soon)));
      expect(await store.findCaller(caller, soon)).toMatchObject(
        ok({ lastConversation: { endedAtMs: 1763851200019 } }),
      );
    });

    it('of one phone says nothing of another', async () => {
      const store = await createStore();
      await store.saveConversation(withJan, untilMs, soon);
      await store.saveConversation({ ...withJane, phone: phone('+12025550133') }, untilMs, soon);
      expect(await store.findCaller(caller, soon)).toEqual(ok({ lastConversation: janRemembered }));
    });

    it('told without an e-mail is remembered by that of the login', async () => {
      const store = await createStore();
      const { email: _, ...nameless } = withJan;
      await store.saveAgent(
        { email: email('jan.de.vries@example.com'), aircallUserId: userId(457), checkedAtMs: t0 },
        soon,
      );
      expect(await store.saveConversation(nameless, untilMs, soon)).toEqual(ok('saved'));
      expect(await store.findCaller(caller, soon)).toMatchObject(
        ok({ lastConversation: { email: 'jan.de.vries@example.com', aircallUserId: 457 } }),
      );
    });

    it('of a login that nobody has is not remembered', async () => {
      const store = await createStore();
      const { email: _, ...nameless } = withJan;
      expect(await store.saveConversation(nameless, untilMs, soon)).toEqual(ok('unknown-agent'));
      expect(await store.findCaller(caller, soon)).toEqual(ok({}));
    });
  });

  describe(`${name}: how far a backfill has come`, () => {
    const progress = { sinceMs: t0 - untilMs, reachedMs: t0 };

    it('is nothing before one was begun', async () => {
      const store = await createStore();
      expect(await store.findBackfill(soon)).toEqual(ok(undefined));
    });

    it('is what was noted last', async () => {
      const store = await createStore();
      await store.saveBackfill(progress, soon);
      await store.saveBackfill({ ...progress, reachedMs: t0 + 1 }, soon);
      expect(await store.findBackfill(soon)).toEqual(ok({ ...progress, reachedMs: 1763851200001 }));
    });

    it('is nothing again once it is finished', async () => {
      const store = await createStore();
      await store.saveBackfill(progress, soon);
      expect(await store.saveBackfill(undefined, soon)).toEqual(ok(undefined));
      expect(await store.saveBackfill(undefined, soon)).toEqual(ok(undefined));
      expect(await store.findBackfill(soon)).toEqual(ok(undefined));
    });
  });
}
