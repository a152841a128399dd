/**
 * The agents in the store brought in step with the users at Aircall: new ones added, changed ones written, those who
 * are gone marked. Unchanged agents cost no write.
 */
import { troubleFrom } from '../core/explain-failure.ts';
import type { Agent, AircallTrouble, StoreFailure } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { AircallUser, ListAgents, ListUsers, Now, SaveAgent, Warn } from '../ports.ts';

export type RefreshAgentsPorts = {
  readonly listUsers: ListUsers;
  readonly listAgents: ListAgents;
  readonly saveAgent: SaveAgent;
  readonly warn: Warn;
  readonly now: Now;
};

export type RefreshSummary = { readonly users: number; readonly written: number; readonly gone: number };

/** `nobody-listed`: Aircall named no user at all while we know some: an error there, not a company without people. */
export type RefreshFailure = {
  readonly reason: StoreFailure['reason'] | AircallTrouble | 'nobody-listed';
  readonly message: string;
};

export type RefreshAgents = (deadlineMs: number) => Promise<Result<RefreshSummary, RefreshFailure>>;

export function createRefreshAgents(ports: RefreshAgentsPorts): RefreshAgents {
  return async function refreshAgents(deadlineMs) {
    const [listed, stored] = await Promise.all([ports.listUsers(deadlineMs), ports.listAgents(deadlineMs)]);
    if (!listed.ok) return fail({ reason: troubleFrom(listed.failure), message: listed.failure.message });
    if (!stored.ok) return fail({ reason: stored.failure.reason, message: stored.failure.detail });

    const { users, unreadable } = listed.value;
    const { agents } = stored.value;
    const isSomeoneKnown = agents.some((agent) => agent.aircallUserId !== undefined);
    if (users.length === 0 && isSomeoneKnown) {
      return fail({ reason: 'nobody-listed', message: 'Aircall listed no user' });
    }
    if (unreadable > 0) ports.warn('users-unreadable', { unreadable });
    if (stored.value.unreadable > 0) ports.warn('agents-unreadable', { unreadable: stored.value.unreadable });

    const checkedAtMs = ports.now();
    const changed = findChanged(users, agents).map((user) => ({ ...user, checkedAtMs }));
    // Whoever can't be read may be anyone: nobody is called gone on such a list.
    const gone = unreadable > 0 ? [] : findGone(users, agents).map(({ email }) => ({ email, checkedAtMs }));

    let refused = 0;
    for (const agent of [...changed, ...gone]) {
      const saved = await ports.saveAgent(agent, deadlineMs);
      if (saved.ok) continue;
      if (saved.failure.reason !== 'item-unreadable') {
        return fail({ reason: saved.failure.reason, message: saved.failure.detail });
      }
      // What newer code wrote is not ours to change, and no reason to stop.
      refused += 1;
    }
    if (refused > 0) ports.warn('agents-unreadable', { refused });
    return succeed({ users: users.length, written: changed.length, gone: gone.length });
  };
}

function findChanged(users: readonly AircallUser[], stored: readonly Agent[]): readonly AircallUser[] {
  const known = new Map(stored.map((agent) => [agent.email, agent]));
  return users.filter((user) => {
    const agent = known.get(user.email);
    return agent === undefined || agent.aircallUserId !== user.aircallUserId || agent.name !== user.name;
  });
}

function findGone(users: readonly AircallUser[], stored: readonly Agent[]): readonly Agent[] {
  const present = new Set(users.map((user) => user.email));
  return stored.filter((agent) => agent.aircallUserId !== undefined && !present.has(agent.email));
}
