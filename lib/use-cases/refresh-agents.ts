/**
 * The agents in the store brought in step with the users at Aircall: new ones added, changed ones written, those who
 * are gone marked; unchanged agents cost no write. Then what each of them is doing, as Aircall has it: events get lost,
 * and an answered call whose end never came would keep an agent from every caller.
 */
import { troubleFrom } from '../core/explain-failure.ts';
import type { Agent, AircallTrouble, StoreFailure, StoreResult } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type {
  AircallUser,
  Availability,
  ListAgents,
  ListAvailabilities,
  ListUsers,
  Now,
  SaveAgent,
  TrackPresence,
  Warn,
} from '../ports.ts';

export type RefreshAgentsPorts = {
  readonly listUsers: ListUsers;
  readonly listAgents: ListAgents;
  readonly saveAgent: SaveAgent;
  readonly listAvailabilities: ListAvailabilities;
  readonly trackPresence: TrackPresence;
  readonly warn: Warn;
  readonly now: Now;
};

export type RefreshSummary = {
  readonly users: number;
  readonly written: number;
  readonly gone: number;
  /** Agents whose presence was checked, and those of them who were doing something else than we thought. */
  readonly presences: number;
  readonly corrected: number;
};

/** `nobody-listed`: Aircall named no user at all while we know some: an error there, not a company without people. */
export type RefreshFailure = {
  readonly reason: StoreFailure['reason'] | AircallTrouble | 'nobody-listed';
  readonly message: string;
};

export type RefreshAgents = (deadlineMs: number) => Promise<Result<RefreshSummary, RefreshFailure>>;

/** 5,000 agents take some ten seconds, in the time that is left beside 200 pages at a page a second. */
const atOnce = 10;

export function createRefreshAgents(ports: RefreshAgentsPorts): RefreshAgents {
  return async function refreshAgents(deadlineMs) {
    const refreshed = await refreshUsers(deadlineMs);
    if (!refreshed.ok) return refreshed;

    const { users, written, gone } = refreshed.value;
    const checked = await checkPresences(users, deadlineMs);
    return checked.ok ? succeed({ users: users.length, written, gone, ...checked.value }) : checked;
  };

  async function refreshUsers(
    deadlineMs: number,
  ): Promise<Result<{ users: readonly AircallUser[]; written: number; gone: number }, RefreshFailure>> {
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

    const saved = await forEach([...changed, ...gone], (agent) => ports.saveAgent(agent, deadlineMs));
    if (saved.ok && saved.value.refused > 0) ports.warn('agents-unreadable', saved.value);
    return saved.ok ? succeed({ users, written: changed.length, gone: gone.length }) : saved;
  }

  async function checkPresences(
    users: readonly AircallUser[],
    deadlineMs: number,
  ): Promise<Result<{ presences: number; corrected: number }, RefreshFailure>> {
    const listed = await ports.listAvailabilities(deadlineMs);
    if (!listed.ok) return fail({ reason: troubleFrom(listed.failure), message: listed.failure.message });

    const { availabilities, unreadable } = listed.value;
    if (unreadable > 0) ports.warn('availabilities-unreadable', { unreadable });

    let presences = 0;
    let corrected = 0;
    const tracked = await forEach(findChecks(users, availabilities), async ({ email, presence, atMs }) => {
      const answer = await ports.trackPresence(email, { kind: 'checked', presence, atMs }, deadlineMs);
      if (!answer.ok || answer.value.kind === 'unknown-agent') return answer;

      const { before, after } = answer.value;
      presences += 1;
      // What was unknown is no error of ours that needs correcting.
      if (before !== undefined && before.presence !== after?.presence) corrected += 1;
      return answer;
    });
    // What was corrected before the store failed is corrected.
    if (corrected > 0) ports.warn('presence-corrected', { count: corrected });
    return tracked.ok ? succeed({ presences, corrected }) : tracked;
  }
}

/** Some at once, and no further ones after a failure. An item that newer code wrote is not ours to change, and no reason to stop. */
async function forEach<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<StoreResult<unknown>>,
): Promise<Result<{ refused: number }, RefreshFailure>> {
  const left = items.values();
  let refused = 0;
  let failure: StoreFailure | undefined;

  async function work(): Promise<void> {
    for (const item of left) {
      const answer = await act(item);
      if (!answer.ok && answer.failure.reason === 'item-unreadable') refused += 1;
      else if (!answer.ok) failure ??= answer.failure;
      if (failure !== undefined) return;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return failure === undefined
    ? succeed({ refused })
    : fail({ reason: failure.reason, message: failure.detail });
}

/** By e-mail, which is how agents are stored: a user whom the list of users left out is not ours yet. */
function findChecks(users: readonly AircallUser[], availabilities: readonly Availability[]) {
  const emails = new Map(users.map(({ aircallUserId, email }) => [aircallUserId, email]));
  return availabilities.flatMap(({ aircallUserId, presence, atMs }) => {
    const email = emails.get(aircallUserId);
    return email === undefined ? [] : [{ email, presence, atMs }];
  });
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
