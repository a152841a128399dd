import { beforeEach, describe, expect, it } from 'vitest';
import type { StoreResult } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { createRemembered } from '../../lib/use-cases/remember.ts';
import { createClock, t0 } from '../builders.ts';

const limits = { knownForMs: 60_000, unknownForMs: 5_000, usableForMs: 300_000, most: 3 };
const storeDown = fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
const damaged = fail({ reason: 'item-unreadable', detail: 'account: name' } as const);

let clock: ReturnType<typeof createClock>;
let stored: Record<string, StoreResult<string | undefined>>;
let asked: unknown[];

beforeEach(() => {
  clock = createClock();
  stored = { a: succeed('Acme') };
  asked = [];
});

function open() {
  return createRemembered<string, string>(
    async (key, deadlineMs) => {
      asked.push([key, deadlineMs]);
      return stored[key] ?? succeed(undefined);
    },
    clock.now,
    limits,
  );
}

describe('what is there', () => {
  it('is asked for once in 60 s, within the deadline', async () => {
    const { find } = open();
    expect(await find('a', t0 + 4_000)).toEqual(succeed('Acme'));
    clock.advance(59_999);
    expect(await find('a', t0 + 64_000)).toEqual(succeed('Acme'));
    expect(asked).toEqual([['a', 1763851204000]]);
    clock.advance(1);
    await find('a', t0 + 64_000);
    expect(asked).toEqual([
      ['a', 1763851204000],
      ['a', 1763851264000],
    ]);
  });

  it('counts as of when it was asked for, and not of when the answer came', async () => {
    const { find } = createRemembered<string, string>(
      async (key) => {
        asked.push(key);
        clock.advance(1_000);
        return succeed('Acme');
      },
      clock.now,
      limits,
    );
    await find('a', 0);
    clock.advance(59_000);
    await find('a', 0);
    expect(asked).toEqual(['a', 'a']);
  });

  it('is known by its key alone', async () => {
    stored['b'] = succeed('Borg');
    const { find } = open();
    await find('a', 0);
    expect(await find('b', 0)).toEqual(succeed('Borg'));
    expect(await find('a', 0)).toEqual(succeed('Acme'));
  });
});

describe('that something is not there', () => {
  it('is believed for 5 s', async () => {
    const { find } = open();
    expect(await find('new', 0)).toEqual(succeed(undefined));
    stored['new'] = succeed('Newcomer');
    clock.advance(4_999);
    expect(await find('new', 0)).toEqual(succeed(undefined));
    clock.advance(1);
    expect(await find('new', 0)).toEqual(succeed('Newcomer'));
    expect(asked).toHaveLength(2);
  });
});

describe('while the store is away', () => {
  it('an older answer stands in until it is 5 minutes old', async () => {
    const { find } = open();
    await find('a', 0);
    stored = { a: storeDown };
    clock.advance(299_999);
    expect(await find('a', 0)).toEqual(succeed('Acme'));
    clock.advance(1);
    expect(await find('a', 0)).toEqual(storeDown);
  });

  it('the store is asked each time, and what it says when it is back counts', async () => {
    const { find } = open();
    await find('a', 0);
    stored = { a: storeDown };
    clock.advance(60_000);
    await find('a', 0);
    await find('a', 0);
    stored = { a: succeed('Acme & Sons') };
    expect(await find('a', 0)).toEqual(succeed('Acme & Sons'));
    expect(asked).toHaveLength(4);
  });

  it('that something was not there stands in for nothing', async () => {
    const { find } = open();
    await find('new', 0);
    stored = { new: storeDown };
    clock.advance(5_000);
    expect(await find('new', 0)).toEqual(storeDown);
  });

  it('what was never asked for is not known', async () => {
    stored = { a: storeDown };
    expect(await open().find('a', 0)).toEqual(storeDown);
  });

  it('a failure is not kept', async () => {
    const { find } = open();
    stored = { a: storeDown };
    await find('a', 0);
    stored = { a: succeed('Acme') };
    expect(await find('a', 0)).toEqual(succeed('Acme'));
  });

  it('a damaged item is not hidden by how it was before', async () => {
    const { find } = open();
    await find('a', 0);
    stored = { a: damaged };
    clock.advance(60_000);
    expect(await find('a', 0)).toEqual(damaged);
  });
});

describe('the room for answers', () => {
  const keysAsked = () => asked.map((given) => (given as unknown[])[0]).join('');

  it('is for three: the oldest answer goes first', async () => {
    const { find } = open();
    stored = Object.fromEntries(['a', 'b', 'c', 'd'].map((key) => [key, succeed(key)]));
    for (const key of ['a', 'b', 'c', 'd']) await find(key, 0);
    for (const key of ['d', 'c', 'b']) await find(key, 0);
    expect(keysAsked()).toBe('abcd');
    await find('a', 0);
    expect(keysAsked()).toBe('abcda');
  });

  it('counts an answer that was asked for anew as young', async () => {
    stored = Object.fromEntries(['a', 'b', 'c', 'd'].map((key) => [key, succeed(key)]));
    const { find } = open();
    await find('a', 0);
    clock.advance(55_000);
    await find('b', 0);
    await find('c', 0);
    clock.advance(5_000);
    await find('a', 0);
    await find('d', 0);
    await find('a', 0);
    expect(keysAsked()).toBe('abcad');
  });

  it('is for three more that are not there: they push nothing out that is', async () => {
    const { find } = open();
    for (const key of ['a', '1', '2', '3', '4']) await find(key, 0);
    for (const key of ['a', '4', '3', '2']) await find(key, 0);
    expect(keysAsked()).toBe('a1234');
    await find('1', 0);
    expect(keysAsked()).toBe('a12341');
  });

  it('is used once by a thing that came, or went', async () => {
    const { find } = open();
    await find('b', 0);
    stored = { b: succeed('Borg') };
    clock.advance(5_000);
    expect(await find('b', 0)).toEqual(succeed('Borg'));
    stored = {};
    clock.advance(60_000);
    expect(await find('b', 0)).toEqual(succeed(undefined));
    stored = { b: storeDown };
    clock.advance(5_000);
    expect(await find('b', 0)).toEqual(storeDown);
  });
});

describe('concurrent questions', () => {
  it('for one thing share one answer, also one that failed', async () => {
    for (const answer of [succeed('Acme'), storeDown]) {
      stored = { a: answer };
      const { find } = open();
      expect(await Promise.all([find('a', 0), find('a', 0), find('a', 0)])).toEqual([answer, answer, answer]);
    }
    expect(asked).toHaveLength(2);
  });

  it('for different things are asked apart', async () => {
    const { find } = open();
    await Promise.all([find('a', 0), find('b', 0)]);
    expect(asked).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
  });
});

describe('what is forgotten', () => {
  it('is asked for again, and nothing else is', async () => {
    const { find, forget } = open();
    await find('a', 0);
    await find('b', 0);
    forget('a');
    stored = { a: succeed('Acme & Sons') };
    expect(await find('a', 0)).toEqual(succeed('Acme & Sons'));
    await find('b', 0);
    expect(asked).toHaveLength(3);
  });

  it('does not stand in while the store is away', async () => {
    const { find, forget } = open();
    await find('a', 0);
    forget('a');
    stored = { a: storeDown };
    expect(await find('a', 0)).toEqual(storeDown);
  });

  function openSlow() {
    const answers: ((name: string) => void)[] = [];
    const remembered = createRemembered<string, string>(
      (key) => {
        asked.push(key);
        return new Promise((resolve) => answers.push((name) => resolve(succeed(name))));
      },
      clock.now,
      limits,
    );
    return { ...remembered, answers };
  }

  it('is asked for once by all who ask after that', async () => {
    const { find, forget, answers } = openSlow();
    const before = find('a', 0);
    forget('a');
    const after = find('a', 0);
    answers[0]?.('as it was');
    await before;
    const later = find('a', 0);
    answers[1]?.('as it is now');
    expect(await Promise.all([after, later])).toEqual([succeed('as it is now'), succeed('as it is now')]);
    expect(asked).toEqual(['a', 'a']);
  });

  it('is not remembered by a question that was under way', async () => {
    const { find, forget, answers } = openSlow();
    const before = find('a', 0);
    forget('a');
    const after = find('a', 0);
    answers[1]?.('as it is now');
    answers[0]?.('as it was');
    expect(await before).toEqual(succeed('as it was'));
    expect(await after).toEqual(succeed('as it is now'));
    expect(await find('a', 0)).toEqual(succeed('as it is now'));
    expect(asked).toEqual(['a', 'a']);
  });
});
