/**
 * The agents in the store brought in step with the users at Aircall: new ones added, changed ones written, those who
 * are gone marked; unchanged agents cost no write. Then what each of them is doing, as Aircall has it: events get lost,
 * and an answered call whose end never came would keep an agent from every caller.
 *
 * The two lists fail each for itself: what came of them is used, and the run fails at its end. Trouble in the store
 * ends it at once.
 */
import type { Agent, StoreFailure, StoreResult } from '../core/model.ts';
import {
  findChanged,
  findChecks,
  findGone,
  isNobodyListed,
  type UserList,
} from '../core/reconcile-agents.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type {
  ListAgents,
  ListAvailabilities,
  ListUsers,
  Now,
  SaveAgent,
  TrackPresence,
  Warn,
} from '../ports.ts';
import { fromAircall, fromStore, type RefreshTrouble, tellTroubles } from './refresh-trouble.ts';

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
  /** Named by Aircall, in the pages that came. */
  readonly users: number;
  readonly written: number;
  readonly gone: number;
  /** Agents whose presence was checked, and those of them who were doing something else than we thought. */
  readonly presences: number;
  readonly corrected: number;
};

export type RefreshFailure = {
  /** At least one. */
  readonly troubles: readonly RefreshTrouble[];
  /** In spite of them. */
  readonly done: RefreshSummary;
  /** All of this in one line. */
  readonly message: string;
};

export type RefreshAgents = (deadlineMs: number) => Promise<Result<RefreshSummary, RefreshFailure>>;

/** 5,000 agents take some ten seconds, in the time that is left beside 200 pages at a page a second. */
const atOnce = 10;

/** Of the time left when a list is begun: whatever came of it is still to be written, and a second list to be read. */
const shareOfTime = { users: 0.5, availabilities: 0.9 };

export function createRefreshAgents(ports: RefreshAgentsPorts): RefreshAgents {
  return async function refreshAgents(deadlineMs) {
    const [list, stored] = await Promise.all([
      ports.listUsers(within(shareOfTime.users, deadlineMs)),
      ports.listAgents(deadlineMs),
    ]);
    const agents = stored.ok ? stored.value.agents : [];
    const troubles = troublesOf(list, agents);
    let done = { users: list.users.length, written: 0, gone: 0, presences: 0, corrected: 0 };
    if (!stored.ok) return fail(describe([...troubles, fromStore(stored.failure)], done));

    if (list.unreadable > 0) ports.warn('users-unreadable', { unreadable: list.unreadable });
    if (stored.value.unreadable > 0) ports.warn('agents-unreadable', { unreadable: stored.value.unreadable });

    const saved = await saveUsers(list, agents, deadlineMs);
    done = { ...done, ...saved.done };
    if (saved.failure !== undefined) return fail(describe([...troubles, fromStore(saved.failure)], done));

    const checked = await checkPresences(list, agents, deadlineMs);
    done = { ...done, ...checked.done };
    troubles.push(...checked.troubles);
    return troubles.length === 0 ? succeed(done) : fail(describe(troubles, done));
  };

  async function saveUsers(list: UserList, agents: readonly Agent[], deadlineMs: number) {
    const checkedAtMs = ports.now();
    const save = (agent: Agent) => ports.saveAgent(agent, deadlineMs);
    const changed = findChanged(list.users, agents).map((user) => ({ ...user, checkedAtMs }));
    const gone = findGone(list, agents).map(({ email }) => ({ email, checkedAtMs }));

    const written = await forEach(changed, save);
    const marked = written.failure === undefined ? await forEach(gone, save) : nothing;
    const refused = written.refused + marked.refused;
    if (refused > 0) ports.warn('agents-unreadable', { refused });
    return {
      done: { written: written.done, gone: marked.done },
      failure: written.failure ?? marked.failure,
    };
  }

  async function checkPresences(list: UserList, agents: readonly Agent[], deadlineMs: number) {
    const listed = await ports.listAvailabilities(within(shareOfTime.availabilities, deadlineMs));
    const { availabilities, unreadable } = listed;
    if (unreadable > 0) ports.warn('availabilities-unreadable', { unreadable });

    let presences = 0;
    let corrected = 0;
    const checks = findChecks(list, agents, availabilities);
    const tracked = await forEach(checks, async ({ email, presence, atMs }) => {
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
    const troubles = [
      ...(listed.failure === undefined ? [] : [fromAircall(listed.failure)]),
      ...(tracked.failure === undefined ? [] : [fromStore(tracked.failure)]),
    ];
    return { done: { presences, corrected }, troubles };
  }

  function within(share: number, deadlineMs: number): number {
    const nowMs = ports.now();
    return nowMs + Math.floor((deadlineMs - nowMs) * share);
  }
}

function describe(troubles: readonly RefreshTrouble[], done: RefreshSummary): RefreshFailure {
  const { written, gone, presences, corrected } = done;
  const despite = `agents written ${written}, gone ${gone}; presences checked ${presences}, corrected ${corrected}`;
  return { troubles, done, message: `${tellTroubles(troubles)} (all the same: ${despite})` };
}

function troublesOf(list: UserList, agents: readonly Agent[]): RefreshTrouble[] {
  if (list.failure !== undefined) return [fromAircall(list.failure)];
  return isNobodyListed(list, agents) ? [{ reason: 'nobody-listed', message: 'Aircall listed no user' }] : [];
}

/** `refused`: items that newer code wrote. */
type Done = { readonly done: number; readonly refused: number; readonly failure?: StoreFailure };

const nothing: Done = { done: 0, refused: 0 };

/** Some at once, and no further ones after a failure. An item that newer code wrote is not ours to change, and no reason to stop. */
async function forEach<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<StoreResult<unknown>>,
): Promise<Done> {
  const left = items.values();
  let done = 0;
  let refused = 0;
  let failure: StoreFailure | undefined;

  async function work(): Promise<void> {
    for (const item of left) {
      const answer = await act(item);
      if (answer.ok) done += 1;
      else if (answer.failure.reason === 'item-unreadable') refused += 1;
      else failure ??= answer.failure;
      if (failure !== undefined) return;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return { done, refused, ...(failure !== undefined && { failure }) };
}
