import { beforeEach, describe, expect, it } from 'vitest';
import { type Account, newOwnAccount } from '../../lib/core/account.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import {
  createForEachAccount,
  type ForEachAccountLimits,
  type ForEachAccountPorts,
  type Work,
} from '../../lib/use-cases/for-each-account.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount, createReadableAccounts } from '../acme.ts';
import { createClock, t0 } from '../builders.ts';
import type { InMemoryAccounts } from '../fakes/in-memory-accounts.ts';

const storeDown = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;
const own = newOwnAccount(t0);
const named = (id: string, changes: Partial<Account> = {}) =>
  acmeAccount({ accountId: accountId(id), ...changes });
/** The first run of a round: who is first in the list begins. */
const roundMs = Math.ceil(t0 / (60 * 300_000)) * (60 * 300_000);
const deadlineMs = roundMs + 900_000;

let clock: ReturnType<typeof createClock>;
let store: InMemoryAccounts;
let warnings: unknown[];

beforeEach(() => {
  clock = createClock(roundMs);
  warnings = [];
  install(named('acme'), named('borg'));
});

function install(...accounts: readonly Account[]) {
  store = createReadableAccounts(clock.now, ...accounts);
}

function open(changes: Partial<ForEachAccountPorts & ForEachAccountLimits> = {}) {
  return createForEachAccount(
    {
      own,
      listAccounts: store.listAccounts,
      findAccount: store.findAccount,
      warn: (...given) => warnings.push(given),
      now: clock.now,
      ...changes,
    },
    { accountsAtOnce: 1, accountNeedsMs: 5_000, everyMs: 300_000, ...changes },
  );
}

/** Whom it worked for, in order. */
function tellingWork() {
  const worked: string[] = [];
  const work: Work<number> = async ({ accountId }) => {
    worked.push(accountId);
    return succeed(worked.length);
  };
  return { worked, work };
}

describe('work for each account', () => {
  it('is done for that of the environment and all in the list, each with the deadline', async () => {
    const given: unknown[] = [];
    const done = await open()(async (one, untilMs) => {
      given.push([one, untilMs]);
      return succeed(one.name);
    }, deadlineMs);
    expect(done).toEqual(
      succeed({ default: 'the account of the environment', acme: 'Acme Anvils', borg: 'Acme Anvils' }),
    );
    expect(given).toEqual([
      [own, deadlineMs],
      [named('acme'), deadlineMs],
      [named('borg'), deadlineMs],
    ]);
  });

  it('is done for nobody who is switched off, or gone', async () => {
    install(named('acme', { status: 'disabled' }), named('borg'), named('corp', { status: 'uninstalled' }));
    const { worked, work } = tellingWork();
    await open()(work, deadlineMs);
    expect(worked).toEqual(['default', 'borg']);
  });

  it('is done once for that of the environment although it has an item', async () => {
    install(named('default'), named('acme'));
    const { worked, work } = tellingWork();
    await open()(work, deadlineMs);
    expect(worked).toEqual(['default', 'acme']);
  });

  it('is not done for the item of an environment that has none any more', async () => {
    install(named('default'), named('acme'));
    const { worked, work } = tellingWork();
    await open({ own: undefined })(work, deadlineMs);
    expect(worked).toEqual(['acme']);
  });

  it('may be none', async () => {
    install();
    expect(await open({ own: undefined })(tellingWork().work, deadlineMs)).toEqual(succeed({}));
  });
});

describe('whose turn it is', () => {
  async function firstOfEachRun(runs: number, everyMs: number, accountsAtOnce = 1) {
    const first: (string | undefined)[] = [];
    for (let run = 1; run <= runs; run += 1) {
      const { worked, work } = tellingWork();
      await open({ everyMs, accountsAtOnce })(work, clock.now() + 900_000);
      first.push(worked[0]);
      clock.advance(everyMs);
    }
    return first;
  }

  it('changes with each run: all are first in turn, in the order of the list', async () => {
    expect(await firstOfEachRun(4, 300_000)).toEqual(['default', 'acme', 'borg', 'default']);
  });

  it('changes by as many as are worked on at once', async () => {
    install(...['acme', 'borg', 'corp', 'dyne'].map((id) => named(id)));
    clock = createClock(0);
    expect(await firstOfEachRun(4, 300_000, 2)).toEqual(['default', 'borg', 'dyne', 'acme']);
  });

  it('goes round from the first', async () => {
    const { worked, work } = tellingWork();
    clock.advance(300_000);
    await open()(work, clock.now() + 900_000);
    expect(worked).toEqual(['acme', 'borg', 'default']);
  });

  it.each([
    ['five of them, every 5 minutes', 5, 300_000],
    ['ten of them, every 5 minutes', 10, 300_000],
    ['twenty of them, every day', 20, 86_400_000],
  ])('comes to each: %s', async (_, count, everyMs) => {
    install(...Array.from({ length: count - 1 }, (_, index) => named(`company-${index}`)));
    expect(new Set(await firstOfEachRun(count, everyMs)).size).toBe(count);
  });
});

describe('several at once', () => {
  it('are as many as allowed, and the next one begins when one is done', async () => {
    install(...['acme', 'borg', 'corp'].map((id) => named(id)));
    const told: string[] = [];
    const finish = new Map<string, () => void>();
    const work: Work<string> = ({ accountId }) => {
      told.push(`begun ${accountId}`);
      return new Promise((resolve) => finish.set(accountId, () => resolve(succeed(accountId))));
    };
    const done = open({ accountsAtOnce: 2 })(work, deadlineMs);
    const end = async (id: string) => {
      await new Promise((resolve) => setImmediate(resolve));
      told.push(`done ${id}`);
      finish.get(id)?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    for (const id of ['acme', 'borg', 'default', 'corp']) await end(id);
    expect(told).toEqual([
      'begun default',
      'begun acme',
      'done acme',
      'begun borg',
      'done borg',
      'begun corp',
      'done default',
      'done corp',
    ]);
    expect(await done).toEqual(succeed({ default: 'default', acme: 'acme', borg: 'borg', corp: 'corp' }));
  });
});

describe('what fails for one', () => {
  it('is done for the others all the same, and told by name at the end', async () => {
    const { worked, work } = tellingWork();
    const done = await open()(
      async (one, untilMs) =>
        one.accountId === 'borg'
          ? work(one, untilMs)
          : fail({ message: `rate-limited: GET /v2/users of ${one.accountId}` }),
      deadlineMs,
    );
    expect(done).toEqual(
      fail({
        message: 'acme: rate-limited: GET /v2/users of acme; default: rate-limited: GET /v2/users of default',
      }),
    );
    expect(worked).toEqual(['borg']);
  });

  it('may throw: the message goes nowhere', async () => {
    const { worked, work } = tellingWork();
    const done = await open()((one, untilMs) => {
      if (one.accountId === 'acme') throw new TypeError('+442079460123 of Zoë Martin');
      return work(one, untilMs);
    }, deadlineMs);
    expect(done).toEqual(fail({ message: 'acme: unexpected-error' }));
    expect(worked).toEqual(['default', 'borg']);
    expect(warnings).toMatchObject([['unexpected-error', { error: 'TypeError', accountId: 'acme' }]]);
    expect(JSON.stringify([done, warnings])).not.toMatch(/7946|Martin/);
  });

  it('may be that no time was left: none is begun that could not end', async () => {
    const { worked, work } = tellingWork();
    const done = await open()(async (one, untilMs) => {
      clock.advance(one.accountId === 'default' ? 895_000 : 1);
      return work(one, untilMs);
    }, deadlineMs);
    expect(worked).toEqual(['default', 'acme']);
    expect(done).toEqual(fail({ message: 'borg: no time was left' }));
  });

  it('may be the list: that of the environment is worked for at least', async () => {
    const { worked, work } = tellingWork();
    expect(await open({ listAccounts: async () => fail(storeDown) })(work, deadlineMs)).toEqual(
      fail({ message: 'the list of accounts: TimeoutError' }),
    );
    expect(worked).toEqual(['default']);
  });

  it('may be one in the list that can not be read: all others are worked for', async () => {
    const { worked, work } = tellingWork();
    const listAccounts = async () => succeed({ accounts: [named('acme')], unreadable: 2 });
    expect(await open({ listAccounts })(work, deadlineMs)).toEqual(
      fail({ message: 'the list of accounts: 2 unreadable' }),
    );
    expect(worked).toEqual(['default', 'acme']);
  });
});

describe('work for one account alone', () => {
  const neverListed = async () => {
    throw new Error('listed');
  };

  it('is done for that one', async () => {
    const { worked, work } = tellingWork();
    const forEachAccount = open({ listAccounts: neverListed });
    expect(await forEachAccount(work, deadlineMs, accountId('borg'))).toEqual(succeed({ borg: 1 }));
    expect(worked).toEqual(['borg']);
  });

  it('may be for the one there is where the environment has none', async () => {
    const { worked, work } = tellingWork();
    await open({ own: undefined })(work, deadlineMs, accountId('borg'));
    expect(worked).toEqual(['borg']);
  });

  it('may be for that of the environment, which needs no read', async () => {
    const { worked, work } = tellingWork();
    const forEachAccount = open({ listAccounts: neverListed, findAccount: async () => fail(storeDown) });
    expect(await forEachAccount(work, deadlineMs, accountId('default'))).toEqual(succeed({ default: 1 }));
    expect(worked).toEqual(['default']);
  });

  it.each<[string, readonly Account[]]>([
    ['switched off', [named('borg', { status: 'disabled' })]],
    ['gone', [named('borg', { status: 'uninstalled' })]],
    ['unknown', []],
  ])('is not done where it is %s', async (_, accounts) => {
    install(...accounts);
    const { worked, work } = tellingWork();
    expect(await open()(work, deadlineMs, accountId('borg'))).toEqual(succeed({}));
    expect(worked).toEqual([]);
  });

  it('fails where it can not be read', async () => {
    const findAccount = async () => fail(storeDown);
    const { worked, work } = tellingWork();
    expect(await open({ findAccount })(work, deadlineMs, accountId('borg'))).toEqual(
      fail({ message: 'borg: TimeoutError' }),
    );
    expect(worked).toEqual([]);
  });
});
