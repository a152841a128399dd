/**
 * Background work for each account that we route for, some at once: each company has a rate limit of its own. What fails for
 * one is done for the others all the same, and the run fails at its end, with the names of those.
 *
 * Every run begins with another one of them: where the time is too short for all, it is not the same ones that wait.
 */
import type { FindAccount, ListAccounts } from '../account-ports.ts';
import { type Account, ownAccountId } from '../core/account.ts';
import { describeError } from '../core/describe.ts';
import type { AccountId } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { Now, Warn } from '../ports.ts';

export type ForEachAccountPorts = {
  /** That of the environment, which is in no list. */
  readonly own: Account | undefined;
  readonly listAccounts: ListAccounts;
  readonly findAccount: FindAccount;
  readonly warn: Warn;
  readonly now: Now;
};

export type ForEachAccountLimits = {
  readonly accountsAtOnce: number;
  /** With less time left none is begun. */
  readonly accountNeedsMs: number;
  /** From one run to the next. */
  readonly everyMs: number;
};

export type Work<Done> = (
  account: Account,
  deadlineMs: number,
) => Promise<Result<Done, { readonly message: string }>>;

/** @param only of one account. @returns what was done, by account */
export type ForEachAccount = <Done>(
  work: Work<Done>,
  deadlineMs: number,
  only?: AccountId,
) => Promise<Result<Readonly<Record<string, Done>>, { readonly message: string }>>;

export function createForEachAccount(
  ports: ForEachAccountPorts,
  limits: ForEachAccountLimits,
): ForEachAccount {
  return async function forEachAccount<Done>(work: Work<Done>, deadlineMs: number, only?: AccountId) {
    const { accounts, failures } =
      only === undefined ? await listActive(deadlineMs) : await findActive(only, deadlineMs);
    const done: Record<string, Done> = {};
    const left = accounts.values();

    async function workOn(): Promise<void> {
      for (const account of left) {
        const answer = await dare(work, account, deadlineMs);
        if (answer.ok) done[account.accountId] = answer.value;
        else failures.push(`${account.accountId}: ${answer.failure.message}`);
      }
    }
    await Promise.all(Array.from({ length: limits.accountsAtOnce }, workOn));
    return failures.length === 0 ? succeed(done) : fail({ message: failures.toSorted().join('; ') });
  };

  async function dare<Done>(work: Work<Done>, account: Account, deadlineMs: number) {
    if (deadlineMs - ports.now() < limits.accountNeedsMs) return fail({ message: 'no time was left' });
    try {
      return await work(account, deadlineMs);
    } catch (error) {
      ports.warn('unexpected-error', { ...describeError(error), accountId: account.accountId });
      return fail({ message: 'unexpected-error' });
    }
  }

  /** Where the list can't be read, that of the environment is worked for at least. */
  async function listActive(deadlineMs: number): Promise<Found> {
    const listed = await ports.listAccounts(deadlineMs);
    const own = ports.own === undefined ? [] : [ports.own];
    if (!listed.ok) return { accounts: own, failures: [`the list of accounts: ${listed.failure.detail}`] };

    const { accounts, unreadable } = listed.value;
    const others = accounts.filter(
      ({ accountId, status }) => accountId !== ownAccountId && status === 'active',
    );
    return {
      accounts: turn([...own, ...others], Math.floor(ports.now() / limits.everyMs), limits.accountsAtOnce),
      failures: unreadable === 0 ? [] : [`the list of accounts: ${unreadable} unreadable`],
    };
  }

  async function findActive(accountId: AccountId, deadlineMs: number): Promise<Found> {
    if (accountId === ports.own?.accountId) return { accounts: [ports.own], failures: [] };

    const found = await ports.findAccount(accountId, deadlineMs);
    if (!found.ok) return { accounts: [], failures: [`${accountId}: ${found.failure.detail}`] };
    return { accounts: found.value?.status === 'active' ? [found.value] : [], failures: [] };
  }
}

type Found = { readonly accounts: readonly Account[]; readonly failures: string[] };

/** As many at a time go first as are worked on at once. */
function turn(accounts: readonly Account[], run: number, atOnce: number): readonly Account[] {
  const first = accounts.length === 0 ? 0 : (run * atOnce) % accounts.length;
  return [...accounts.slice(first), ...accounts.slice(0, first)];
}
