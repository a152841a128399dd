/**
 * What came out of a scenario, in the words in which it says what must.
 */
import { composeOperator } from '../lib/compose-operator.ts';
import type { ScenarioOutcome } from './scenario.ts';
import type { Attempt } from './simulated-aircall/deliveries.ts';
import type { Telephone } from './simulated-aircall/telephone.ts';
import type { SimulatedAircall } from './simulated-aircall.ts';

/** What became of one call. */
export function outcomeOf(
  callId: string,
  { telephone, transfers }: SimulatedAircall,
  attempts: readonly Attempt[],
) {
  return {
    ...readFlowAnswer(callId, telephone),
    ...readDecision(attempts.filter((attempt) => attempt.callId === callId)),
    transfers: transfers.filter((transfer) => transfer.callId === callId).map(({ target }) => target),
    endsWith: endOf(callId, telephone),
  };
}

/** What was answered to the one announcement that was acted on: all others are duplicates. */
function readDecision(attempts: readonly Attempt[]): { outcome?: string; because?: string } {
  const decisions = attempts
    .filter(({ event, status }) => event === 'call.created' && status === 200)
    .map(({ answer }) => JSON.parse(answer) as { outcome: string; because?: string })
    .filter(({ outcome }) => outcome !== 'duplicate');
  const [decision] = decisions;
  if (decision === undefined) return {};
  if (decisions.length > 1) return { outcome: `${decisions.length} decisions` };

  const { outcome, because } = decision;
  return { outcome, ...(because !== undefined && { because }) };
}

function readFlowAnswer(callId: string, telephone: Telephone): { ringTo?: unknown } {
  const answer = telephone.story(callId).find(({ kind }) => kind === 'flow-answer')?.answer;
  return answer?.status === 200 ? { ringTo: JSON.parse(answer.text) } : {};
}

function endOf(callId: string, telephone: Telephone): number | 'missed' | 'abandoned' | 'outside' {
  const call = telephone.call(callId);
  if (call?.talkingTo != null) return call.talkingTo;
  if (call?.externalNumber != null) return 'outside';
  return call?.missedReason === 'agents_did_not_answer' ? 'missed' : 'abandoned';
}

/** What the router takes each agent to be doing, by Aircall user id; who is unknown to it is left out. */
export async function readPresences(): Promise<NonNullable<ScenarioOutcome['presences']>> {
  const operator = composeOperator();
  const listed = await operator.agents().listAgents(operator.deadlineMs());
  if (!listed.ok) throw new Error(`could not list the agents: ${listed.failure.detail}`);

  return Object.fromEntries(
    listed.value.agents.flatMap(({ aircallUserId, presence }) =>
      aircallUserId === undefined || presence === undefined ? [] : [[aircallUserId, presence.presence]],
    ),
  );
}
