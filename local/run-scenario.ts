/**
 * Plays a scenario: the telephone of a simulated Aircall on a clock moved by hand, the real handlers, an embedded DynamoDB
 * and a queue, all in this process. Requests are real, time is not.
 */
import { deliveryPath } from '../lib/core/choose-webhook.ts';
import type { Contact, EmailAddress, PhoneNumber } from '../lib/core/model.ts';
import { startContainer } from './deliver.ts';
import { createTake } from './pump-ring-timers.ts';
import type { Scenario, ScenarioCall, ScenarioOutcome } from './scenario.ts';
import { createDoors, type Doors } from './scenario-doors.ts';
import { outcomeOf, readPresences } from './scenario-outcome.ts';
import type { Attempt } from './simulated-aircall/deliveries.ts';
import { createManualScheduler, type Scheduler } from './simulated-aircall/scheduler.ts';
import type { IncomingCall } from './simulated-aircall/telephone.ts';
import type { SimulatedAircall } from './simulated-aircall.ts';
import { type LocalStack, ringToPath, startLocalStack } from './stack.ts';

export type ScenarioRun = {
  readonly startMs: number;
  /** Sets the clock that the handlers read: the caller's `Date`. */
  readonly setNow: (nowMs: number) => void;
};

/** `takenAway`: ids of calls that a transfer took away from a human. There should be none. */
export type Played = { readonly outcome: Required<ScenarioOutcome>; readonly takenAway: readonly string[] };

/** A scenario that takes longer than this never ends. */
const LONGEST_SECONDS = 3 * 3_600;
/** Until the last events of a call are sent, and wrap-ups are over. */
const AFTERMATH_SECONDS = 120;

export async function runScenario(scenario: Scenario, { startMs, setNow }: ScenarioRun): Promise<Played> {
  const scheduler = createManualScheduler(startMs, setNow);
  let doors: Doors | undefined;
  const stack = await startLocalStack({
    ...(scenario.agents !== undefined && { users: scenario.agents.map(dropUndefined) }),
    ...(scenario.contacts !== undefined && { contacts: scenario.contacts.map(toContact) }),
    telephone: {
      scheduler,
      post: async (url, body) => doors?.post(url, body),
      ask: async (flow, body) => doors?.ask(flow, body),
    },
  });
  const failed: string[] = [];
  useEnvironment(stack);
  const { handler } = await startContainer('ring-timeout');
  const timers = createTake(stack.ringTimers, handler, (message) => failed.push(message));
  try {
    if (scenario.policy !== undefined) await stack.setPolicy(scenario.policy);
    doors = await createDoors(scenario, scheduler, startMs);
    const webhookId = stack.addWebhook(`http://localhost${deliveryPath}`);
    stack.setCallFlow(`http://localhost${ringToPath}`);
    const watched = watch(stack.aircall, webhookId);

    const callIds = scenario.calls.map((_, index) => String(812_000_001 + index));
    for (const [index, call] of scenario.calls.entries()) {
      const callId = callIds[index] ?? '';
      scheduler.at(startMs + call.atSeconds * 1000, () => play(call, callId, scenario, stack, scheduler));
    }
    const areOver = () => callIds.every((id) => stack.aircall.telephone.call(id)?.phase === 'over');
    for (let second = 0; !areOver() && second < LONGEST_SECONDS; second += 1) await pass(1);
    for (let second = 0; second < AFTERMATH_SECONDS; second += 1) await pass(1);

    return {
      outcome: {
        calls: callIds.map((id) => outcomeOf(id, stack.aircall, watched.attempts)),
        webhook: { wasSwitchedOff: watched.wasSwitchedOff(), isActive: isActive(stack.aircall, webhookId) },
        presences: await readPresences(),
      },
      takenAway: stack.aircall.telephone.takenAway.map(({ callId }) => callId),
    };
  } finally {
    timers.close();
    await stack.close();
  }

  async function pass(seconds: number): Promise<void> {
    await scheduler.advance(seconds * 1000);
    await timers.take(0);
    if (failed.length > 0) throw new Error(failed.join('\n'));
  }
}

/** The call comes in, and everybody does what the scenario says. */
function play(
  call: ScenarioCall,
  callId: string,
  { deliveries }: Scenario,
  { aircall: { telephone } }: LocalStack,
  scheduler: Scheduler,
): void {
  const after = (seconds: number, act: () => unknown) =>
    void scheduler.at(scheduler.now() + seconds * 1000, () => void act());

  telephone.follow((event) => {
    if (event.callId !== callId) return;
    if (
      event.kind === 'answers' ||
      event.kind === 'transferred-outside' ||
      event.kind === 'flow-rings-outside'
    )
      after(call.talksForSeconds ?? 30, () => telephone.hangUp(callId, 'caller'));
    if (event.kind === 'rings' && event.agent !== undefined) react(event.agent.userId);
  });

  function react(userId: number): void {
    const act = call.agents?.[userId] ?? 'ignores';
    if (act === 'ignores') return;
    if ('answers' in act) after(act.answers, () => telephone.answer(callId, userId));
    else after(act.declines, () => telephone.decline(callId, userId));
  }

  const { from, distribution = [], flow, hangsUpAtSeconds } = call;
  const how = { ...(flow && { flow }), deliveries: deliveryOptions(deliveries) };
  telephone.placeCall({ from, callId, distribution, ...how });
  if (hangsUpAtSeconds !== undefined) after(hangsUpAtSeconds, () => telephone.hangUp(callId, 'caller'));
}

function deliveryOptions(deliveries: Scenario['deliveries']): NonNullable<IncomingCall['deliveries']> {
  const { duplicates = false, reordering, delaySeconds = 0 } = deliveries ?? {};
  return {
    duplicates,
    delayMs: delaySeconds * 1000,
    ...(reordering && { reordering: { seed: reordering.seed, withinMs: reordering.withinSeconds * 1000 } }),
  };
}

function watch(aircall: SimulatedAircall, webhookId: string) {
  const attempts: Attempt[] = [];
  let wasSwitchedOff = false;
  aircall.deliveries.follow((attempt) => {
    attempts.push(attempt);
    wasSwitchedOff ||= !isActive(aircall, webhookId);
  });
  return { attempts, wasSwitchedOff: () => wasSwitchedOff };
}

function isActive(aircall: SimulatedAircall, webhookId: string): boolean {
  return aircall.webhooks().some((webhook) => webhook.webhookId === webhookId && webhook.active);
}

function useEnvironment(stack: LocalStack): void {
  Object.assign(process.env, stack.environment, {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
}

type ScenarioContact = NonNullable<Scenario['contacts']>[number];

function toContact({ phone, name, assignedTo, backups = [] }: ScenarioContact): Contact {
  return {
    phone: phone as PhoneNumber,
    name,
    ...(assignedTo !== undefined && { assignedTo: assignedTo as EmailAddress }),
    backups: backups as EmailAddress[],
    attributes: {},
  };
}

/** zod's optional keys may hold undefined; ours may only be absent. */
function dropUndefined({ availability, wrapUpSeconds, ...agent }: NonNullable<Scenario['agents']>[number]) {
  return {
    ...agent,
    ...(availability !== undefined && { availability }),
    ...(wrapUpSeconds !== undefined && { wrapUpSeconds }),
  };
}
