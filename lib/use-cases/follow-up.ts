/**
 * What is done once a call was given to someone, while that is being stored: agents who were held and are not rung are
 * let go, the ringing of the one who is rung is timed, and they are shown who is calling. None of it delays the transfer,
 * or undoes it.
 */
import { isTrouble } from '../core/decisions.ts';
import { troubleOf } from '../core/explain-failure.ts';
import { type CallSoFar, findGiven, findRungInVain, findUntried } from '../core/hops.ts';
import type { CallId, Choice, Considered, Contact, EmailAddress, PhoneNumber } from '../core/model.ts';
import type { Policy } from '../core/policy.ts';
import type { FindContact, ReleaseAgent, StartRingTimer, Warn } from '../ports.ts';
import type { ShowCard } from './show-card.ts';

export type FollowUpPorts = {
  readonly releaseAgent: ReleaseAgent;
  readonly startRingTimer: StartRingTimer;
  readonly findContact: FindContact;
  readonly showCard: ShowCard;
  readonly warn: Warn;
};

/** @param known the caller's contact, where it was looked up already */
export type FollowUp = (
  call: CallSoFar,
  policy: Policy,
  deadlineMs: number,
  known?: { readonly contact: Contact | undefined },
) => Promise<void>;

export function createFollowUp(ports: FollowUpPorts): FollowUp {
  return async function followUp(call, policy, deadlineMs, known) {
    const choice = call.hops.at(-1) ?? call.record;
    await Promise.all([
      letGo(call, choice, deadlineMs),
      timeRinging(call, choice, policy, deadlineMs),
      showCaller(call, choice, policy, deadlineMs, known),
    ]);
  };

  /** Free for the next call at once: who was held for nothing, and who rang before the call went on. */
  async function letGo({ record, hops }: CallSoFar, choice: Choice, deadlineMs: number): Promise<void> {
    const ringing = findGiven({ record, hops })?.target;
    const before = findGiven({ record, hops: hops.slice(0, -1) })?.target;
    const leftBehind = choice.decision.outcome === 'routed' && hops.length > 0 ? before : undefined;
    const held = choice.considered.filter(({ verdict }) => mayHold(verdict)).map(({ target }) => target);
    const idle = [...held.filter((target) => target !== ringing), leftBehind];
    await Promise.all(
      idle.map(async (target) => {
        if (target?.kind === 'agent') await release(target.email, record.callId, deadlineMs);
      }),
    );
  }

  async function release(email: EmailAddress, callId: CallId, deadlineMs: number): Promise<void> {
    const released = await ports.releaseAgent(email, callId, deadlineMs);
    if (released.ok) return;
    const { detail } = released.failure;
    ports.warn(troubleOf(released.failure), { callId, during: 'letting an agent go', detail });
  }

  /** A team is rung by Aircall, which has its own time for that; and with nobody left, there is nothing to wake for. */
  async function timeRinging(
    call: CallSoFar,
    { decision, receivedAtMs, timings }: Choice,
    { ringSeconds }: Policy,
    deadlineMs: number,
  ): Promise<void> {
    if (decision.outcome !== 'routed' || decision.to.kind !== 'agent') return;
    if (ringSeconds === 0 || timings.transferredMs === undefined || findUntried(call).length === 0) return;

    const { callId } = call.record;
    const dueAtMs = receivedAtMs + timings.transferredMs + ringSeconds * 1000;
    const started = await ports.startRingTimer({ callId, hop: call.hops.length, dueAtMs }, deadlineMs);
    if (!started.ok) ports.warn('queue-trouble', { callId, detail: started.failure.detail });
  }

  async function showCaller(
    call: CallSoFar,
    choice: Choice,
    { insightCard }: Policy,
    deadlineMs: number,
    known: { readonly contact: Contact | undefined } | undefined,
  ): Promise<void> {
    const { callId, caller, rule } = call.record;
    const target = findGiven(call)?.target;
    if (insightCard === false || choice.decision.outcome !== 'routed' || target === undefined) return;
    // The call flow asked: nobody rings before it has our answer.
    if (call.record.door === 'ring-to') return;

    const phone = caller.kind === 'identified' ? caller.phone : undefined;
    const found = known ?? (phone && (await findAgain(phone)));
    const facts = {
      phone,
      contact: found?.contact,
      target,
      ...(rule !== undefined && { rule }),
      considered: [call.record, ...call.hops].flatMap(({ considered }) => considered),
      rung: findRungInVain(call),
    };
    await ports.showCard(callId, facts, insightCard, deadlineMs);

    /** A card without a name is better than none. */
    async function findAgain(callersPhone: PhoneNumber) {
      const contact = await ports.findContact(callersPhone, deadlineMs);
      return { contact: contact.ok ? contact.value : undefined };
    }
  }
}

/** In trouble they may be held although we were not told, or could not be let go when we were. */
function mayHold(verdict: Considered['verdict']): boolean {
  return verdict === 'go' || verdict === 'call-refused' || isTrouble(verdict);
}
