import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agent, AircallUser, Availability } from '../../lib/core/model.ts';
import {
  findChanged,
  findChecks,
  findGone,
  isNobodyListed,
  type UserList,
} from '../../lib/core/reconcile-agents.ts';
import { email, t0, userId } from '../builders.ts';

const jane: AircallUser = { email: email('jane@example.com'), aircallUserId: userId(456), name: 'Jane Doe' };
const jan: AircallUser = { email: email('jan@example.com'), aircallUserId: userId(457) };

const stored = (user: AircallUser): Agent => ({ ...user, checkedAtMs: t0 });
const stranger: Agent = { email: email('amelie@example.com'), checkedAtMs: t0 };

const failure = { reason: 'rate-limited', message: 'GET /v2/users: 429' } as const;
const whole = (...users: AircallUser[]): UserList => ({ users, unreadable: 0 });
const withUnreadable = (...users: AircallUser[]): UserList => ({ users, unreadable: 1 });
const broken = (...users: AircallUser[]): UserList => ({ users, unreadable: 0, failure });

describe('an agent is written', () => {
  it.each<[string, Agent[], AircallUser[]]>([
    ['who is new', [], [jane]],
    ['who has another login', [stored({ ...jane, aircallUserId: userId(789) })], [jane]],
    ['who has another name', [stored({ ...jane, name: 'Jane Roe' })], [jane]],
    ['who has no wrap-up any more', [stored({ ...jane, wrapUpSeconds: 30 })], [jane]],
    ['who was gone', [{ email: jane.email, checkedAtMs: t0 }], [jane]],
    ['unless nothing about them changed', [stored(jane)], []],
  ])('%s', (_, agents, changed) => {
    expect(findChanged([jane, jan], [...agents, stored(jan)])).toEqual(changed);
  });

  it('who has wrap-up from now on, and is not written again for it', () => {
    const withWrapUp = { ...jane, wrapUpSeconds: 30 };
    expect(findChanged([withWrapUp], [stored(jane)])).toEqual([withWrapUp]);
    expect(findChanged([withWrapUp], [stored(withWrapUp)])).toEqual([]);
  });
});

describe('an agent is gone', () => {
  it.each<[string, UserList, Agent[]]>([
    ['whom a whole list does not name', whole(jane), [stored(jan)]],
    ['unless someone on the list can not be read', withUnreadable(jane), []],
    ['unless the list broke off', broken(jane), []],
    ['unless the list names nobody', whole(), []],
    ['unless the list names them', whole(jane, jan), []],
  ])('%s', (_, list, gone) => {
    expect(findGone(list, [stored(jane), stored(jan), stranger])).toEqual(gone);
  });
});

describe('nobody is listed', () => {
  it.each<[boolean, string, UserList, Agent[]]>([
    [true, 'an empty list, where an agent has a login', whole(), [stranger, stored(jane)]],
    [true, 'a list of nothing we can read', withUnreadable(), [stored(jane)]],
    [false, 'an empty list, where no agent has a login', whole(), [stranger]],
    [false, 'an empty list, where no agent is stored', whole(), []],
    [false, 'a list that broke off before its first page: that is why', broken(), [stored(jane)]],
    [false, 'a list with someone on it', whole(jan), [stored(jane)]],
  ])('%s: %s', (isNobody, _, list, agents) => {
    expect(isNobodyListed(list, agents)).toBe(isNobody);
  });
});

describe('a check of a login', () => {
  const available = (id: number): Availability => ({
    aircallUserId: userId(id),
    presence: 'available',
    atMs: t0,
  });

  it.each<[string, UserList, Agent[], string[]]>([
    ['is about the user who is listed with it', whole(jane), [], ['jane@example.com']],
    ['is about nobody where nobody has it', whole(jan), [stranger], []],
    ['is about nobody where whoever had it is gone', whole(jan), [stored(jane)], []],
    ['is about the stored agent where the list broke off', broken(jan), [stored(jane)], ['jane@example.com']],
    ['is about the stored agent where the list names nobody', whole(), [stored(jane)], ['jane@example.com']],
    [
      'is about the stored agent where someone can not be read',
      withUnreadable(jan),
      [stored(jane)],
      ['jane@example.com'],
    ],
    [
      'is about whom half a list names, rather than who had it',
      broken({ ...jan, aircallUserId: userId(456) }),
      [stored(jane)],
      ['jan@example.com'],
    ],
    [
      'is about nobody where half a list names who had it with another',
      broken({ ...jane, aircallUserId: userId(789) }),
      [stored(jane)],
      [],
    ],
  ])('%s', (_, list, agents, emails) => {
    const checks = findChecks(list, agents, [available(456)]);
    expect(checks).toEqual(emails.map((address) => ({ email: address, presence: 'available', atMs: t0 })));
  });
});

describe('whatever is stored and listed', () => {
  const users = fc.uniqueArray(
    fc.record({
      email: fc.constantFrom('a', 'b', 'c', 'd').map((name) => email(`${name}@example.com`)),
      aircallUserId: fc.constantFrom(1, 2, 3, 4).map(userId),
    }),
    { selector: (user) => user.email },
  );
  const agents = users.map((some) => some.map(stored));

  it('a whole list leaves nothing to do once it is written', () => {
    fc.assert(
      fc.property(users, agents, (listed, before) => {
        fc.pre(listed.length > 0);
        const gone = findGone(whole(...listed), before);
        const written = [...findChanged(listed, before).map(stored), ...gone.map(({ email }) => ({ email }))];
        const after = new Map<string, Agent>();
        for (const agent of [...before, ...written]) after.set(agent.email, { checkedAtMs: t0, ...agent });

        expect(findChanged(listed, [...after.values()])).toEqual([]);
        expect(findGone(whole(...listed), [...after.values()])).toEqual([]);
      }),
    );
  });

  it('a check is only about who is listed or stored with that very login', () => {
    fc.assert(
      fc.property(users, agents, fc.boolean(), (listed, before, isBroken) => {
        const list = isBroken ? broken(...listed) : whole(...listed);
        for (const id of [1, 2, 3, 4]) {
          const checks = findChecks(list, before, [
            { aircallUserId: userId(id), presence: 'offline', atMs: t0 },
          ]);
          expect(checks.length).toBeLessThanOrEqual(1);
          for (const check of checks) {
            const owners = [...listed, ...before].filter(({ aircallUserId }) => aircallUserId === id);
            expect(owners.map((owner) => owner.email)).toContain(check.email);
          }
        }
      }),
    );
  });
});
