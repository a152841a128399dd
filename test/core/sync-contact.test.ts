import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ContactNews,
  type DeletedContact,
  joinContact,
  type KnownContact,
  partContact,
  planSync,
  type SyncedContact,
  type WordsOfContact,
} from '../../lib/core/sync-contact.ts';
import { contact, contactId, email, phone } from '../builders.ts';

const home = phone('+442079460123');
const work = phone('+442079460124');
const mobile = phone('+442079460125');

function news(changes: Partial<KnownContact> = {}): KnownContact {
  return {
    kind: 'updated',
    contactId: contactId('700001'),
    atMs: 5000,
    name: 'Zoë Martin',
    company: 'Northwind Tea',
    attributes: {},
    phones: [home],
    ...changes,
  };
}
const deletion = (atMs = 5000): DeletedContact => ({ kind: 'deleted', contactId: contactId('700001'), atMs });

const storedOf = (told: ContactNews): SyncedContact => ({
  news: told,
  phones: told.kind === 'deleted' ? [] : told.phones,
  version: 3,
  isPending: false,
});

describe('news of a contact', () => {
  it('never heard of: its phones get its words', () => {
    expect(planSync(undefined, news({ phones: [home, work, home] }))).toEqual({
      begun: {
        news: news({ phones: [home, work, home] }),
        phones: [home, work],
        version: 1,
        isPending: true,
      },
      kept: [home, work],
      gone: [],
      done: {
        news: news({ phones: [home, work, home] }),
        phones: [home, work],
        version: 1,
        isPending: false,
      },
    });
  });

  it('with other phones: those it has no more lose its words, and are remembered until they have', () => {
    const told = news({ atMs: 6000, phones: [work, mobile] });
    expect(planSync(storedOf(news({ phones: [home, work] })), told)).toEqual({
      begun: { news: told, phones: [work, mobile, home], version: 4, isPending: true },
      kept: [work, mobile],
      gone: [home],
      done: { news: told, phones: [work, mobile], version: 4, isPending: false },
    });
  });

  it('that it is deleted: every phone loses its words, and the deletion is remembered', () => {
    expect(planSync(storedOf(news({ phones: [home, work] })), deletion(7000))).toEqual({
      begun: { news: deletion(7000), phones: [home, work], version: 4, isPending: true },
      kept: [],
      gone: [home, work],
      done: { news: deletion(7000), phones: [], version: 4, isPending: false },
    });
  });

  it('that is told again, or was overtaken, changes nothing', () => {
    expect(
      planSync(storedOf(news({ phones: [home, work] })), news({ phones: [work, home, work] })),
    ).toBeUndefined();
    expect(planSync(storedOf(news()), news({ atMs: 4999, name: 'Zoe' }))).toBeUndefined();
    expect(planSync(storedOf(deletion()), deletion())).toBeUndefined();
  });

  it('completes what died half-way, whatever it says itself', () => {
    const half: SyncedContact = {
      news: news({ phones: [work] }),
      phones: [work, home],
      version: 4,
      isPending: true,
    };
    const rest = {
      begun: { ...half, version: 5 },
      kept: [work],
      gone: [home],
      done: { ...half, phones: [work], version: 5, isPending: false },
    };
    expect(planSync(half, news({ phones: [work] }))).toEqual(rest);
    expect(planSync(half, news({ atMs: 1, phones: [mobile] }))).toEqual(rest);
  });

  it.each<[string, ContactNews, ContactNews]>([
    ['a later time', news({ atMs: 5001, kind: 'created' }), news({ kind: 'listed' })],
    ['in one second a change, and not the beginning', news(), news({ kind: 'created', name: 'A' })],
    ['in one second the list, and not an event', news({ kind: 'listed' }), news({ name: 'A' })],
    [
      'a deletion, and not what is up to a minute younger',
      deletion(5000),
      news({ kind: 'listed', atMs: 65_000 }),
    ],
    ['what is there again after more than that', news({ kind: 'created', atMs: 65_001 }), deletion(5000)],
    ['the later of two deletions', deletion(2), deletion(1)],
    ['in doubt one and the same: by the name', news({ name: 'B' }), news({ name: 'A' })],
    ['by the company', news({ company: 'B' }), news({ company: 'A' })],
    ['by the attributes', news({ attributes: { tier: 'gold' } }), news({ attributes: { tier: 'amber' } })],
    ['by the phones', news({ phones: [work] }), news({ phones: [home] })],
  ])('counts by %s', (_what, counts, doesNot) => {
    expect(planSync(storedOf(counts), doesNot)).toBeUndefined();
    expect(planSync(storedOf(doesNot), counts)?.done.news).toEqual(counts);
  });

  it('says the same, in whatever order its attributes come', () => {
    const told = news({ attributes: { tier: 'gold', lines: '4' } });
    expect(planSync(storedOf(told), news({ attributes: { lines: '4', tier: 'gold' } }))).toBeUndefined();
  });

  const phones = fc.subarray([home, work, mobile], { minLength: 0 });
  const known = fc.record({
    kind: fc.constantFrom('created', 'updated', 'listed'),
    atMs: fc.integer({ min: 1, max: 4 }),
    name: fc.constantFrom('Zoë', 'Paul'),
    phones,
  });
  const anyNews: fc.Arbitrary<ContactNews> = fc.oneof(
    { weight: 5, arbitrary: known.map((changes) => news(changes as Partial<KnownContact>)) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }).map(deletion) },
  );

  /** Every write of a plan, or only the first `writes`; and which phones have words of the contact then. */
  function apply(told: readonly ContactNews[], diesAfter?: number) {
    let stored: SyncedContact | undefined;
    const words = new Map<string, string>();
    for (const [index, item] of told.entries()) {
      const plan = planSync(stored, item);
      if (plan === undefined) continue;

      const { begun, kept, gone, done } = plan;
      const writes = [
        () => (stored = begun),
        ...kept.map(
          (one) => () => words.set(one, begun.news.kind === 'deleted' ? '' : (begun.news.name ?? '')),
        ),
        ...gone.map((one) => () => words.delete(one)),
        () => (stored = done),
      ];
      const carriedOut = index === diesAfter ? Math.ceil(writes.length / 2) : writes.length;
      for (const write of writes.slice(0, carriedOut)) write();
    }
    return { news: stored?.isPending === false ? stored.news.kind : 'pending', words: [...words].toSorted() };
  }

  it('ends in the same state in any order, however often it comes, and whichever of it died half-way', () => {
    const shuffled = fc
      .array(anyNews, { minLength: 1, maxLength: 6 })
      .chain((told) =>
        fc.tuple(
          fc.constant(told),
          fc.shuffledSubarray([...told, ...told], { minLength: 2 * told.length, maxLength: 2 * told.length }),
          fc.nat({ max: told.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([told, other, diesAfter]) => {
        expect(apply([...other, ...told], diesAfter).words).toEqual(apply(told).words);
        expect(apply([...other, ...told], diesAfter).news).toEqual(apply(told).news);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves no words behind once the deletion was told, whenever that was', () => {
    fc.assert(
      fc.property(fc.array(anyNews), fc.array(anyNews), fc.nat({ max: 9 }), (before, after, atMs) => {
        expect(apply([...before, deletion(atMs), ...after])).toEqual({ news: 'deleted', words: [] });
      }),
    );
  });
});

describe('a contact of ours and of Aircall', () => {
  const ours = contact({ backups: [email('jan@example.com')], attributes: { tier: 'gold', lines: '4' } });
  const words: WordsOfContact = {
    contactId: contactId('700001'),
    atMs: 5000,
    name: 'Zoe Martin-Hill',
    company: 'Northwind',
    attributes: { tier: 'silver', region: 'north' },
  };

  it('is one: names by Aircall, the assignment and what we say of it by us', () => {
    expect(joinContact(home, ours, [words])).toStrictEqual({
      phone: '+442079460123',
      name: 'Zoe Martin-Hill',
      company: 'Northwind',
      assignedTo: 'jane@example.com',
      backups: ['jan@example.com'],
      attributes: { tier: 'gold', lines: '4', region: 'north' },
    });
  });

  it('keeps our names where Aircall has none', () => {
    const nameless: WordsOfContact = { contactId: contactId('700001'), atMs: 5000, attributes: {} };
    expect(joinContact(home, ours, [nameless])).toStrictEqual(ours);
    expect(joinContact(home, undefined, [nameless])).toStrictEqual({
      phone: home,
      backups: [],
      attributes: {},
    });
  });

  it('is who we know where Aircall knows nobody, and nobody where we do not either', () => {
    expect(joinContact(home, ours, [])).toBe(ours);
    expect(joinContact(home, undefined, [])).toBeUndefined();
  });

  it('is whom Aircall knows where we know nobody', () => {
    expect(joinContact(home, undefined, [words])).toStrictEqual({
      phone: '+442079460123',
      name: 'Zoe Martin-Hill',
      company: 'Northwind',
      backups: [],
      attributes: { tier: 'silver', region: 'north' },
    });
  });

  it.each([
    [5001, '700000', 'Paul'],
    [4999, '700002', 'Zoe Martin-Hill'],
    [5000, '700002', 'Paul'],
    [5000, '700000', 'Zoe Martin-Hill'],
  ])('of several with one phone is the one changed last: at %i, %s', (atMs, id, name) => {
    const other = { ...words, contactId: contactId(id), atMs, name: 'Paul' };
    expect(joinContact(home, undefined, [words, other])?.name).toBe(name);
    expect(joinContact(home, undefined, [other, words])?.name).toBe(name);
    expect(partContact(contact({ name }), [words, other])?.name).toBeUndefined();
  });

  it('leaves, without what Aircall says of it, what is ours', () => {
    const joined = joinContact(home, ours, [words]);
    expect(joined && partContact(joined, [words])).toStrictEqual({
      phone: '+442079460123',
      assignedTo: 'jane@example.com',
      backups: ['jan@example.com'],
      attributes: { tier: 'gold', lines: '4' },
    });
    expect(partContact(ours, [words])).toStrictEqual(ours);
    expect(partContact(ours, [])).toBe(ours);
  });

  const bare = { phone: home, backups: [], attributes: {} };
  it.each([
    [{}, undefined],
    [{ name: 'Zoe Martin-Hill', company: 'Northwind', attributes: { tier: 'silver' } }, undefined],
    [{ name: 'Zoë' }, { ...bare, name: 'Zoë' }],
    [{ company: 'Tea' }, { ...bare, company: 'Tea' }],
    [{ assignedTo: email('jane@example.com') }, { ...bare, assignedTo: 'jane@example.com' }],
    [{ backups: [email('jan@example.com')] }, { ...bare, backups: ['jan@example.com'] }],
    [{ attributes: { tier: 'gold' } }, { ...bare, attributes: { tier: 'gold' } }],
  ])('leaves nothing unless something is: %j', (changes, left) => {
    expect(partContact({ ...bare, ...changes }, [words])).toStrictEqual(left);
  });

  it('that is bare, and unknown at Aircall, is a contact all the same', () => {
    expect(partContact(bare, [])).toBe(bare);
  });
});
