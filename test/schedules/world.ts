/**
 * A world in which calls are routed on moved time: the router's containers, the in-memory store, Aircall and its deliveries,
 * the queue of ring timers. Everything that can happen to a request happens by the facts that are given, and comes out in a
 * ledger.
 */
import { limits } from '../../lib/config.ts';
import type { CallId } from '../../lib/core/model.ts';
import type { Policy } from '../../lib/core/policy.ts';
import type { Presence } from '../../lib/core/presence.ts';
import { succeed } from '../../lib/core/result.ts';
import type { ReadCall, RingTimer } from '../../lib/ports.ts';
import type { RingToAnswer, RingToQuestion } from '../../lib/use-cases/answer-ring-to.ts';
import type { Delivery } from '../../lib/use-cases/receive-event.ts';
import { contact, inboundCall, t0 } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';
import { createAircall, type Event, type Habit } from './aircall.ts';
import type { Invocation, Ledger, Named, TransferRequest } from './ledger.ts';
import { createMortalPorts, type Fate } from './mortal.ts';
import { createMovedTime } from './moved-time.ts';
import { createRouter, type Router } from './router.ts';
import { callIds, loginOf, staff } from './staff.ts';
import { createWitnessedPorts, type Store } from './witnessed-ports.ts';

export type AgentFacts = {
  /** What the router knows of them. `unheard`: nothing lately. `unstored`: not even who they are. */
  readonly known: Presence | 'unheard' | 'unstored';
  /** What Aircall says when it is asked. */
  readonly actually: Presence;
  readonly takesTransfers: boolean;
  readonly whenRung: Habit;
};

/** How a thing that happened gets to us: so much later, so often. */
export type Post = { readonly delayMs: number; readonly copies: number };

export type Happening = {
  readonly atMs: number;
  readonly call: number;
} /** Its `call.created` is delivered. */ & (
  | { readonly kind: 'announced' }
  /** The call flow asks whom to ring. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'answered-in-distribution' }
  | { readonly kind: 'declined-in-distribution'; readonly agent: number }
  | { readonly kind: 'hung-up' }
  /** The operator's switch; of all calls. */
  | { readonly kind: 'switched-off' }
);

/** What a request takes, in turn. */
export type Paces = readonly [number, ...number[]];

export type WorldFacts = {
  readonly policy: Policy;
  /** The first is assigned to the caller, the others are backups. */
  readonly agents: readonly AgentFacts[];
  /** When each call starts. */
  readonly calls: readonly number[];
  readonly happenings: readonly Happening[];
  readonly fatesOf: (invocation: number) => readonly Fate[];
  /** Whoever got no answer brings it again so long after, each time: Aircall a delivery, the queue a timer. */
  readonly againAfterMs: readonly number[];
  /** How far the clocks of containers are ahead, in turn. */
  readonly skews: readonly number[];
  readonly storePaces: Paces;
  readonly aircallPaces: Paces;
  /** A transfer may be carried out so much later than it was sent, and no more. */
  readonly latestTransferMs: number;
  /** Of the events of Aircall and of the timers, in turn; of what comes after the last: at once, once. */
  readonly posts: readonly Post[];
  readonly timerPosts: readonly Post[];
  readonly showsTransferredAsAnswered: boolean;
  /** Containers are used again. */
  readonly areWarm: boolean;
};

/** A port that is broken on purpose. */
export type Sabotage = (store: Store) => Partial<Store> & { readonly readCall?: ReadCall };

/** Lives through the facts, to the end. */
export async function live(facts: WorldFacts, sabotage?: Sabotage): Promise<Ledger> {
  const time = createMovedTime(t0);
  const { now, at } = time;
  let skewMs = 0;
  // DynamoDB has no say in what time it is: whoever asks brings their own.
  const store = createInMemoryStore(() => now() + skewMs, limits.claimLapsesAfterMs);
  const requests: TransferRequest[] = [];
  const named: Named[] = [];
  const invocations: Invocation[] = [];
  const settledBy = new Map<string, string>();
  const idle = new Map<string, Container[]>();
  let events = 0;
  let timers = 0;
  let containers = 0;
  const asked = { store: 0, aircall: 0 };
  let isSwitchedOff = false;

  const people = facts.agents.map((agent, index) => ({ ...agent, aircallUserId: loginOf(index) }));
  const aircall = createAircall(
    time,
    {
      habits: new Map(people.map(({ aircallUserId, whenRung }) => [aircallUserId, whenRung])),
      presences: new Map(people.map(({ aircallUserId, actually }) => [aircallUserId, actually])),
      refuses: new Set(
        people.filter(({ takesTransfers }) => !takesTransfers).map(({ aircallUserId }) => aircallUserId),
      ),
      showsTransferredAsAnswered: facts.showsTransferredAsAnswered,
    },
    (event) => {
      events += 1;
      post(facts.posts[events - 1] ?? atOnce, now(), () => deliverEvent(event));
    },
  );
  const broken = sabotage?.(store) ?? {};
  const around = {
    time,
    readCall: broken.readCall ?? (async (id: CallId) => succeed(aircall.read(id))),
    store: { ...store, ...broken },
    aircall,
    policy: () => (isSwitchedOff ? { ...facts.policy, enabled: false } : facts.policy),
    onClockOf: <Value>(invocation: Invocation, act: () => Value): Value => {
      skewMs = invocation.skewMs;
      const value = act();
      skewMs = 0;
      return value;
    },
    startTimer: (timer: RingTimer, invocation: Invocation) => {
      timers += 1;
      const dueAtMs = timer.dueAtMs - invocation.skewMs;
      post(facts.timerPosts[timers - 1] ?? atOnce, dueAtMs, () => wake(timer, 1));
    },
    latestTransferMs: facts.latestTransferMs,
    requests,
    settledBy,
  };

  fillStore();
  for (const [index, startsAtMs] of facts.calls.entries())
    at(t0 + startsAtMs, () => aircall.begin(idOfCall(index)));
  for (const happening of facts.happenings)
    at(t0 + (facts.calls[happening.call] ?? 0) + happening.atMs, () => happen(happening));
  await time.pass();

  return {
    requests,
    named,
    invocations,
    calls: aircall.calls(),
    decided: store.decided,
    settledBy: (id, hop) => settledBy.get(`${id} ${hop}`),
  };

  function fillStore(): void {
    const [assignedTo, ...backups] = staff.slice(0, people.length).map(({ email }) => email);
    void store.saveContacts([contact({ ...(assignedTo && { assignedTo }), backups })], t0);
    for (const [index, { known }] of people.entries()) {
      const user = staff[index];
      if (user === undefined || known === 'unstored') continue;
      void store.saveAgent({ ...user, checkedAtMs: t0 }, t0);
      if (known === 'unheard') continue;
      void store.trackPresence(user.email, { kind: 'checked', presence: known, atMs: t0 - 5000 }, t0);
    }
  }

  function happen(happening: Happening): void {
    const id = idOfCall(happening.call);
    switch (happening.kind) {
      case 'announced':
        announce(id);
        break;
      case 'asked':
        ask(id);
        break;
      case 'answered-in-distribution':
        aircall.answerInDistribution(id);
        break;
      case 'declined-in-distribution':
        aircall.declineInDistribution(id, loginOf(happening.agent));
        break;
      case 'hung-up':
        aircall.hangUp(id);
        break;
      case 'switched-off':
        isSwitchedOff = true;
    }
  }

  function post({ delayMs, copies }: Post, fromMs: number, deliver: () => void): void {
    for (let copy = 0; copy < copies; copy += 1) at(Math.max(now(), fromMs) + delayMs, deliver);
  }

  function announce(id: CallId): void {
    const { startedAtMs } = aircall.truthOf(id);
    // As it was when the payload was made.
    deliver({ kind: 'inbound-call', event: 'call.created', call: inboundCall({ callId: id, startedAtMs }) });
  }

  function deliverEvent({ ofCall, ofAgent }: Event): void {
    const { callId: id, kind } = ofCall;
    deliver({ kind: 'news', event: kind, callId: id, ofCall, ...(ofAgent && { ofAgent }) });
  }

  function deliver(delivery: Delivery): void {
    const again = () => deliver(delivery);
    invoke('webhook', delivery.event, limits.deadlineMs, again, async (container, invocation) => {
      container.seat.delivery = delivery;
      const answer = await container.router.receiveEvent(succeed(''), invocation);
      if (answer.kind === 'rejected') return 'rejected';
      const { decision } = answer;
      return 'because' in decision ? `${decision.outcome} ${decision.because}` : decision.outcome;
    });
  }

  function ask(id: CallId): void {
    invoke(
      'ring-to',
      'ring-to',
      limits.ringTo.deadlineMs,
      () => ask(id),
      async (container, invocation) => {
        const { caller } = inboundCall();
        container.seat.question = { callId: id, caller };
        const request = succeed({ authorization: undefined, body: '' });
        const answer = await container.router.answerRingTo(request, invocation);
        if (!answer.ok) return 'rejected';
        const { to } = answer.value as RingToAnswer;
        if (to === undefined) return 'nobody';
        if (invocation.isDead) return 'unheard';
        named.push({ callId: id, to });
        aircall.ringByFlow(id, to);
        return 'named';
      },
    );
  }

  function wake(timer: RingTimer, tries: number): void {
    const again = () => {
      if (tries < 3) wake(timer, tries + 1);
    };
    invoke('ring-timer', 'ring-timeout', limits.deadlineMs, again, async ({ router }, invocation) => {
      const came = await router.handleRingTimer(timer, invocation);
      if (came === 'try-again') at(now() + 30_000, again);
      return came;
    });
  }

  function invoke(
    door: string,
    what: string,
    deadlineAfterMs: number,
    bringAgain: () => void,
    run: (container: Container, invocation: Invocation & { requestId: string }) => Promise<string>,
  ): void {
    const container = idle.get(door)?.pop() ?? start();
    const id = `request-${invocations.length + 1}`;
    const invocation: Invocation & { requestId: string } = {
      id,
      requestId: id,
      what,
      skewMs: container.skewMs,
      deadlineMs: now() + container.skewMs + deadlineAfterMs,
      fates: facts.fatesOf(invocations.length),
      isDead: false,
      asked: [],
      underWay: 0,
      look: undefined,
      answered: undefined,
      die: () => {
        invocation.isDead = true;
        for (const afterMs of facts.againAfterMs) at(now() + afterMs, bringAgain);
      },
    };
    invocations.push(invocation);
    container.seat.invocation = invocation;
    void run(container, invocation)
      .catch((error: unknown) => `internal-error: ${error instanceof Error ? error.stack : error}`)
      .then((as) => {
        if (invocation.isDead) return;
        invocation.answered = { atMs: now() + container.skewMs, as, underWay: invocation.underWay };
        if (facts.areWarm) idle.set(door, [...(idle.get(door) ?? []), container]);
      });
  }

  function start(): Container {
    const seat: Seat = {};
    const ahead = facts.skews[containers % facts.skews.length] ?? 0;
    containers += 1;
    const ports = createWitnessedPorts(
      around,
      createMortalPorts(time, () => taken(seat.invocation), paceOf),
    );
    const given = { delivery: () => taken(seat.delivery), question: () => taken(seat.question) };
    return { seat, skewMs: ahead, router: createRouter(ports, given, () => now() + ahead) };
  }

  function paceOf(name: string): number {
    const where = aircallPorts.has(name) ? 'aircall' : 'store';
    const paces = where === 'aircall' ? facts.aircallPaces : facts.storePaces;
    asked[where] += 1;
    return paces[(asked[where] - 1) % paces.length] ?? paces[0];
  }
}

type Container = { readonly seat: Seat; readonly skewMs: number; readonly router: Router };

/** Of the invocation that runs in a container: one at a time. */
type Seat = { invocation?: Invocation; delivery?: Delivery; question?: RingToQuestion };

function taken<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('nobody asked');
  return value;
}

const atOnce: Post = { delayMs: 200, copies: 1 };
const aircallPorts: ReadonlySet<string> = new Set([
  'transferCall',
  'readCall',
  'fetchUser',
  'fetchAvailability',
  'showInsightCard',
]);

function idOfCall(index: number): CallId {
  const id = callIds[index];
  if (id === undefined) throw new Error(`there is no call ${index}`);
  return id;
}
