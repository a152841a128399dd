/**
 * What an agent is doing, as far as we were told. No clock, no network.
 *
 * Deliveries come twice, late and in any order. So the state is no conclusion: it is the latest time at which each
 * thing was told, and the latest news of each call. To take a fact in is to take a maximum, and a maximum depends
 * neither on the order nor on repetitions. What it all means is worked out when it is read.
 *
 * Aircall gives an event's time in whole seconds. A check is an answer of Aircall's to our question, on our own clock,
 * and the whole truth about what it speaks of: whatever is older on that is void, calls whose end never came included.
 */
import type { CallId } from './model.ts';

/** Aircall's operational vocabulary: the answer to "free now?", not to what someone chose. */
export type Presence = 'available' | 'in_call' | 'after_call_work' | 'do_not_disturb' | 'offline';

export type PresenceFact =
  | { readonly kind: EventKind; readonly atMs: number }
  | { readonly kind: CallNews; readonly callId: CallId; readonly atMs: number }
  | { readonly kind: 'checked'; readonly presence: Presence; readonly atMs: number };

/** `connected`: the agent's workspace is open. `opened`: they take calls, by choice or by their working hours. */
export type EventKind =
  | 'connected'
  | 'disconnected'
  | 'opened'
  | 'closed'
  | 'wrap-up-started'
  | 'wrap-up-ended'
  | 'ringing';

type CallNews = 'call-answered' | 'call-over';

/** A plain JSON value of some 600 bytes at most, and half of that as a rule. */
export type PresenceState = {
  /** When each event, and each answer to a check, was heard last. */
  readonly heard: Readonly<Partial<Record<EventKind | Presence, number>>>;
  /** Newest first, one entry for each call. */
  readonly calls: readonly CallEntry[];
};

type CallEntry = { readonly callId: CallId; readonly news: CallNews; readonly atMs: number };

/** `event`: Aircall announced it. `check`: we asked. */
export type PresenceSource = 'event' | 'check';

export type PresenceReading = {
  readonly presence: Presence;
  /** When it became true, as far as we were told. */
  readonly sinceMs: number;
  /** When we last heard anything of the agent, and where that came from. */
  readonly knownAtMs: number;
  readonly source: PresenceSource;
};

export const nothingHeard: PresenceState = { heard: {}, calls: [] };

/**
 * An agent talks on one line. More calls than one are kept for the late news of older ones.
 *
 * The order of facts can't matter here either. News of a call replaces only older news of it, so that its entry gets
 * only younger; and a call that fell out has four younger ones before it. Whatever is heard of it later is older than
 * those too, and falls out again, or is younger than what was forgotten, and all that counts.
 */
const mostCalls = 4;

export function applyPresence(state: PresenceState, fact: PresenceFact): PresenceState {
  switch (fact.kind) {
    case 'call-answered':
    case 'call-over': {
      const { callId, kind, atMs } = fact;
      return { ...state, calls: keepNewest([...state.calls, { callId, news: kind, atMs }]) };
    }
    case 'checked':
      return { ...state, heard: hear(state.heard, fact.presence, fact.atMs) };
    default:
      return { ...state, heard: hear(state.heard, fact.kind, fact.atMs) };
  }
}

function hear(
  heard: PresenceState['heard'],
  what: EventKind | Presence,
  atMs: number,
): PresenceState['heard'] {
  return { ...heard, [what]: Math.max(heard[what] ?? atMs, atMs) };
}

function keepNewest(calls: readonly CallEntry[]): readonly CallEntry[] {
  // In one second, a call is answered before it is over: `call-over` sorts as the younger of the two.
  const newestFirst = calls.toSorted(
    (a, b) => b.atMs - a.atMs || b.news.localeCompare(a.news) || b.callId.localeCompare(a.callId),
  );
  const latestOfEach = new Map<CallId, CallEntry>();
  for (const call of newestFirst) if (!latestOfEach.has(call.callId)) latestOfEach.set(call.callId, call);

  return [...latestOfEach.values()].slice(0, mostCalls);
}

type Meaning = {
  readonly source: PresenceSource;
  /** Their workspace is open. */
  readonly isThere?: boolean;
  readonly takesCalls?: boolean;
  readonly isWrappingUp?: boolean;
  readonly isInCall?: boolean;
};

/**
 * What each thing says of an agent when we hear it. Of two that are equally young the upper one is believed: the more
 * careful one, except that a wrap-up of less than a second is over.
 *
 * What is said only by implication: a wrap-up follows a call, so calls answered before it are over. An agent who is
 * offline may have chosen anything, and so may one in a call or in wrap-up. That Aircall rings an agent says nothing
 * about them: we may have sent the call ourselves, or it may ring their whole team.
 */
const meanings: Readonly<Record<EventKind | Presence, Meaning>> = {
  disconnected: { source: 'event', isThere: false },
  connected: { source: 'event', isThere: true },
  closed: { source: 'event', takesCalls: false },
  opened: { source: 'event', takesCalls: true },
  'wrap-up-ended': { source: 'event', isWrappingUp: false },
  'wrap-up-started': { source: 'event', isWrappingUp: true, isInCall: false },
  ringing: { source: 'event' },
  offline: { source: 'check', isThere: false, isWrappingUp: false, isInCall: false },
  in_call: { source: 'check', isThere: true, isWrappingUp: false, isInCall: true },
  after_call_work: { source: 'check', isThere: true, isWrappingUp: true, isInCall: false },
  do_not_disturb: { source: 'check', isThere: true, takesCalls: false, isWrappingUp: false, isInCall: false },
  available: { source: 'check', isThere: true, takesCalls: true, isWrappingUp: false, isInCall: false },
};

/**
 * `undefined`: unknown. Free is only who is known to have the workspace open and to take calls; one of the two alone
 * would send callers to someone who is not there. How old the knowledge may be is for the reader to judge.
 */
export function readPresence(state: PresenceState): PresenceReading | undefined {
  const found = derivePresence(state);
  if (found === undefined) return undefined;

  const { atMs: knownAtMs, source } = findNewestWord(state, found.presence);
  return { ...found, knownAtMs, source };
}

function derivePresence(state: PresenceState): Pick<PresenceReading, 'presence' | 'sinceMs'> | undefined {
  const inCallSinceMs = findStartOfCall(state);
  if (inCallSinceMs !== undefined) return { presence: 'in_call', sinceMs: inCallSinceMs };

  const there = readPart(state, 'isThere');
  if (there?.is === false) return { presence: 'offline', sinceMs: there.sinceMs };

  const wrapUp = readPart(state, 'isWrappingUp');
  if (wrapUp?.is === true) return { presence: 'after_call_work', sinceMs: wrapUp.sinceMs };

  const choice = readPart(state, 'takesCalls');
  if (choice?.is === false) return { presence: 'do_not_disturb', sinceMs: choice.sinceMs };

  if (there === undefined || choice === undefined) return undefined;
  const lastWorkMs = [state.heard['wrap-up-ended'] ?? 0, state.calls[0]?.atMs ?? 0];
  return { presence: 'available', sinceMs: Math.max(there.sinceMs, choice.sinceMs, ...lastWorkMs) };
}

type Timed = { readonly atMs: number; readonly source: PresenceSource };

/** What was heard when, and what it says. */
type Word = Meaning & { readonly what: string; readonly atMs: number };

type Part = Exclude<keyof Meaning, 'source'>;

function wordsOf({ heard }: PresenceState): readonly Word[] {
  return Object.entries(meanings)
    .map(([what, meaning]) => ({ ...meaning, what, atMs: heard[what as keyof typeof meanings] }))
    .filter((word): word is Word => word.atMs !== undefined)
    .toSorted((a, b) => ageOrder(b) - ageOrder(a));
}

/** An event may have happened at any time of its second: it counts as younger than every check of that second. */
function ageOrder({ atMs, source }: Timed): number {
  return source === 'event' ? atMs + 999.5 : atMs;
}

/** What the newest word on a part says, and since when no word has said otherwise. */
function readPart(
  state: PresenceState,
  part: Part,
): { readonly is: boolean; readonly sinceMs: number } | undefined {
  const words = wordsOf(state).filter((word) => word[part] !== undefined);
  const is = words[0]?.[part];
  if (is === undefined) return undefined;

  const firstOther = words.findIndex((word) => word[part] !== is);
  const unbroken = firstOther === -1 ? words : words.slice(0, firstOther);
  return { is, sinceMs: Math.min(...unbroken.map(({ atMs }) => atMs)) };
}

/**
 * When the call that an agent is in began; `undefined` for none. Calls answered before the last word on calls are
 * counted no more. Where that was a check that found the agent in a call, it stands for a call of its own, which ends
 * with the next end of any.
 */
function findStartOfCall(state: PresenceState): number | undefined {
  const words = wordsOf(state).filter(({ isInCall }) => isInCall !== undefined);
  const isSince = (word: Word | undefined) => (call: CallEntry) =>
    word === undefined || ageOrder({ ...call, source: 'event' }) >= ageOrder(word);
  const answered = state.calls.filter(({ news }) => news === 'call-answered');
  const over = state.calls.filter(({ news }) => news === 'call-over');

  const [last] = words;
  const isFound = last?.isInCall === true && !over.some(isSince(last));
  const starts = isFound
    ? [last, ...answered.filter(isSince(words.find(({ isInCall }) => isInCall === false)))]
    : answered.filter(isSince(last));
  return starts.length === 0 ? undefined : Math.min(...starts.map(({ atMs }) => atMs));
}

/** That an agent rings bears out that they are available, and nothing else. */
function findNewestWord(state: PresenceState, presence: Presence): Timed {
  const words = wordsOf(state).filter(({ what }) => what !== 'ringing' || presence === 'available');
  const calls = state.calls.map(({ atMs }) => ({ atMs, source: 'event' as const }));

  return [...words, ...calls].reduce((newest, word) => (ageOrder(word) > ageOrder(newest) ? word : newest));
}
