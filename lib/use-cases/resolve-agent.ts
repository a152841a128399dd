/**
 * An agent's e-mail → their Aircall user id: from memory, else from the store, else from Aircall.
 *
 * Who is known stays in memory for `knownForMs` and in the store until the refresh says otherwise. Who is unknown to
 * Aircall is asked for again only after `unknownForMs`, whichever container asks. Concurrent questions for one e-mail
 * share one answer.
 */
import { troubleFrom, troubleOf } from '../core/explain-failure.ts';
import { isLookUpDue } from '../core/look-up-agent.ts';
import type { Agent, AircallUserId, EmailAddress, SkipReason } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { FetchUser, FindAgent, Now, SaveAgent, Warn } from '../ports.ts';

export type ResolvedAgent = {
  /** Absent: Aircall doesn't know this e-mail. */
  readonly aircallUserId?: AircallUserId;
  readonly source: AgentSource;
  /** How long ago that was last written down. */
  readonly ageMs: number;
  /** Being written down; never rejects. Whoever answers has to wait for it, the caller need not. */
  readonly saving?: Promise<void>;
};

export type ResolveAgent = (
  email: EmailAddress,
  deadlineMs: number,
) => Promise<Result<ResolvedAgent, { readonly reason: SkipReason }>>;

export type ResolveAgentPorts = {
  readonly findAgent: FindAgent;
  readonly saveAgent: SaveAgent;
  readonly fetchUser: FetchUser;
  readonly warn: Warn;
  readonly now: Now;
};

export type ResolveAgentLimits = { readonly knownForMs: number; readonly unknownForMs: number };

/** Where it is known from. */
export type AgentSource = 'memory' | 'store' | 'aircall';

type Found = { readonly agent: Agent; readonly source: AgentSource; readonly saving?: Promise<void> };

export function createResolveAgent(ports: ResolveAgentPorts, limits: ResolveAgentLimits): ResolveAgent {
  const remembered = new Map<EmailAddress, { agent: Agent; untilMs: number }>();
  const underWay = new Map<EmailAddress, ReturnType<typeof lookUp>>();

  return async function resolveAgent(email, deadlineMs) {
    const memory = remembered.get(email);
    if (memory !== undefined && memory.untilMs > ports.now())
      return describe({ agent: memory.agent, source: 'memory' });

    const question = underWay.get(email) ?? lookUp(email, deadlineMs).finally(() => underWay.delete(email));
    underWay.set(email, question);
    const found = await question;
    if (!found.ok) return found;

    return describe(found.value);
  };

  async function lookUp(
    email: EmailAddress,
    deadlineMs: number,
  ): Promise<Result<Found, { readonly reason: SkipReason }>> {
    const stored = await ports.findAgent(email, deadlineMs);
    if (!stored.ok) {
      ports.warn(troubleOf(stored.failure), { during: 'finding an agent', detail: stored.failure.detail });
      return stored;
    }
    if (stored.value !== undefined && !isLookUpDue(stored.value, limits.unknownForMs, ports.now())) {
      remember(stored.value);
      return succeed({ agent: stored.value, source: 'store' });
    }

    const user = await ports.fetchUser(email, deadlineMs);
    if (!user.ok) {
      ports.warn('aircall-trouble', { during: 'looking an agent up', failure: user.failure.message });
      return fail({ reason: troubleFrom(user.failure) });
    }

    const agent: Agent = { ...user.value, email, checkedAtMs: ports.now() };
    remember(agent);
    return succeed({ agent, source: 'aircall', saving: save(agent, deadlineMs) });
  }

  /** That it can't be written down is the next call's loss, not this one's. */
  async function save(agent: Agent, deadlineMs: number): Promise<void> {
    const saved = await ports.saveAgent(agent, deadlineMs);
    if (saved.ok) return;
    ports.warn(troubleOf(saved.failure), { during: 'saving an agent', detail: saved.failure.detail });
    // Who is not stored can't be held: the next call tries again.
    remembered.delete(agent.email);
  }

  function remember(agent: Agent): void {
    remembered.set(agent.email, { agent, untilMs: rememberUntilMs(agent) });
  }

  function rememberUntilMs(agent: Agent): number {
    return agent.aircallUserId === undefined
      ? agent.checkedAtMs + limits.unknownForMs
      : ports.now() + limits.knownForMs;
  }

  function describe({ agent, source, saving }: Found) {
    return succeed({
      ...(agent.aircallUserId !== undefined && { aircallUserId: agent.aircallUserId }),
      source,
      ageMs: ports.now() - agent.checkedAtMs,
      ...(saving !== undefined && { saving }),
    });
  }
}
